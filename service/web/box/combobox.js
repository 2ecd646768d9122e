// The list of suggestions, by the combobox pattern of the WAI-ARIA Authoring Practices: an editable
// combobox with list autocomplete and manual selection. The focus stays in the field;
// aria-activedescendant names the suggestion that the arrow keys have reached.

import { element, highlighted, icon, safeLink } from "./dom.js";

const LOW = 400; // a window magnified so much has room for a list only if the field is at its top

export class Combobox {
  #input;
  #list;
  #words;
  #choose;
  #shown = [];
  #active = -1;

  // `choose` is called with the suggestion that was chosen.
  constructor(input, list, words, choose) {
    this.#input = input;
    this.#list = list;
    this.#words = words;
    this.#choose = choose;
    list.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the focus
  }

  get isOpen() {
    return !this.#list.hidden;
  }

  show(suggestions) {
    this.#shown = suggestions;
    this.#list.replaceChildren(...suggestions.map((each, index) => this.#draw(each, index)));
    this.#set(suggestions.length > 0);
    if (this.isOpen && window.innerHeight < LOW) this.#input.scrollIntoView();
  }

  close() {
    this.#set(false);
  }

  // Act on a key; true if it was for the list and nobody else should act on it.
  take(event) {
    const { key, altKey } = event;
    if (/^Arrow(Up|Down)$/.test(key)) return this.#arrow(key === "ArrowDown", altKey);
    if (key === "Enter" && this.#active >= 0) {
      this.#choose(this.#shown[this.#active]);
      return true;
    }
    if (key === "Escape" && this.isOpen) {
      this.close();
      return true;
    }
    // Home, End, arrows to the side and letters are the field's own, and go back to it.
    if (key === "Tab") this.close();
    else if (!/^(Shift|Control|Alt|Meta)$/.test(key)) this.#activate(-1);
    return false;
  }

  #arrow(isDown, isAlt) {
    const places = this.#shown.length + 1; // the field itself is one of them
    if (places === 1) return false;
    const before = this.#active;
    if (isAlt || !this.isOpen) this.#set(isDown || !isAlt);
    if (!isAlt) this.#activate(((before + 1 + (isDown ? 1 : places - 1)) % places) - 1);
    return true;
  }

  #set(isOpen) {
    this.#list.hidden = !isOpen;
    this.#input.setAttribute("aria-expanded", isOpen);
    this.#activate(-1);
  }

  #activate(index) {
    this.#active = index;
    [...this.#list.children].forEach((option, at) => option.setAttribute("aria-selected", at === index));
    const option = this.#list.children[index];
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.#input.setAttribute("aria-activedescendant", option.id);
    else this.#input.removeAttribute("aria-activedescendant");
  }

  #draw(suggestion, index) {
    const { kind, text, url, highlight } = suggestion;
    const { texts } = this.#words;
    const opens = kind === "title" && safeLink(url ?? "");
    const note = opens ? texts.opens : kind === "topic" && texts.topic;
    const option = element(`li#suggestion-${index}.suggestion`, {
      role: "option", "aria-selected": "false", "aria-label": note && `${text}, ${note}`,
    },
      icon(opens ? "article" : "search"), element("span", { dir: "auto" }, ...highlighted(highlight)),
      note && element("span", {}, note));
    option.addEventListener("click", () => this.#choose(suggestion));
    return option;
  }
}
