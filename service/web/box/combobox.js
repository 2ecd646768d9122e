// The list of suggestions, by the combobox pattern of the WAI-ARIA Authoring Practices: an editable
// combobox with list autocomplete and manual selection. The focus stays in the field;
// aria-activedescendant names the suggestion that the arrow keys have reached.

import { element, highlight, icon, safeLink } from "./dom.js";

export class Combobox {
  #input;
  #list;
  #words;
  #choose;
  #options = [];
  #active = -1;

  // `choose(suggestion, event)` is called with the suggestion that was chosen.
  constructor(input, list, words, choose) {
    this.#input = input;
    this.#list = list;
    this.#words = words;
    this.#choose = choose;
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the focus
  }

  get isOpen() {
    return !this.#list.hidden;
  }

  get size() {
    return this.#options.length;
  }

  show(suggestions) {
    this.#options = suggestions;
    this.#list.replaceChildren(...suggestions.map((each, index) => this.#draw(each, index)));
    this.open();
  }

  open() {
    this.#list.hidden = !this.#options.length;
    this.#input.setAttribute("aria-expanded", String(this.isOpen));
    this.#activate(-1);
  }

  close() {
    this.#list.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#activate(-1);
  }

  forget() {
    this.show([]);
  }

  // Act on a key; true if it was for the list and nobody else should act on it.
  take(event) {
    const { key, altKey } = event;
    if (key === "ArrowDown" || key === "ArrowUp") return this.#arrow(key === "ArrowDown", altKey);
    if (key === "Enter" && this.isOpen && this.#active >= 0) {
      this.#choose(this.#options[this.#active], event);
      return true;
    }
    if (key === "Escape" && this.isOpen) {
      this.close();
      return true;
    }
    if (key === "Tab") this.close();
    else if (!["Shift", "Control", "Alt", "Meta"].includes(key)) this.#activate(-1);
    return false; // Home, End, arrows to the side and letters are the field's own
  }

  #arrow(isDown, isAlt) {
    if (!this.#options.length) return false;
    if (isAlt) {
      if (isDown) this.open();
      else this.close();
      return true;
    }
    if (!this.isOpen) this.open();
    const places = this.#options.length + 1; // the field itself is one of them
    this.#activate(((this.#active + 1 + (isDown ? 1 : places - 1)) % places) - 1);
    return true;
  }

  #activate(index) {
    this.#active = index;
    [...this.#list.children].forEach((option, at) => {
      option.setAttribute("aria-selected", String(at === index));
      if (at === index) option.scrollIntoView({ block: "nearest" });
    });
    if (index < 0) this.#input.removeAttribute("aria-activedescendant");
    else this.#input.setAttribute("aria-activedescendant", `suggestion-${index}`);
  }

  #draw(suggestion, index) {
    const { kind } = suggestion;
    const opens = kind === "title" && safeLink(suggestion.url ?? "");
    const name = opens ? "article" : kind === "topic" ? "topic" : "search";
    const note = { article: this.#words.texts.opens, topic: this.#words.texts.topic }[name];
    const option = element("li", {
      id: `suggestion-${index}`, role: "option", part: "suggestion", class: "option", "aria-selected": "false",
    },
    icon(name),
    element("span", { dir: "auto", class: "option-text" }, ...highlight(suggestion.highlight)),
    note && element("span", { class: "visually-hidden" }, ", "),
    note && element("span", { class: "option-note" }, note));
    option.addEventListener("click", (event) => this.#choose(suggestion, event));
    return option;
  }
}
