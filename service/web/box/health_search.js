// <health-search>: reads what is typed, asks the service, and shows what it answers.

import { Announcer } from "./announcer.js";
import { Combobox } from "./combobox.js";
import { safeLink } from "./dom.js";
import { drawFrame, sheet } from "./frame.js";
import { followed, stateLink } from "./links.js";
import { Panel } from "./panel.js";
import { keepState, stateHere } from "./place.js";
import { Results } from "./results.js";
import { Service } from "./service.js";
import { settingsOf } from "./settings.js";
import { START, toFragment } from "./state.js";
import { languageOf, Words } from "./words.js";

const TYPING_PAUSE_MS = 250; // long enough to finish a word, short enough to feel at once
const BUSY_AFTER_MS = 400; // answers that come sooner are not worth announcing
const MAX_SUGGESTED_CHARS = 100;

class HealthSearch extends HTMLElement {
  static observedAttributes = [
    "endpoint", "facets", "key", "lang", "language", "mode", "per-page", "placeholder", "results-url", "topic",
  ];

  #root = this.attachShadow({ mode: "open" });
  #state = START;
  #settings;
  #service;
  #words;
  #parts;
  #combobox;
  #results;
  #panel;
  #announcer;
  #life; // ends what the box listens to
  #typing = 0;

  constructor() {
    super();
    this.#root.adoptedStyleSheets = [sheet];
  }

  connectedCallback() {
    const fallback = this.querySelector("input[name=q]");
    const isFocused = this.matches(":focus-within");
    this.#build();
    if (isFocused) this.focus();
    const here = this.#settings.fragment && stateHere();
    if (here?.q) {
      keepState(here, true);
      this.#take(here);
    } else if (fallback?.value) { // typed before this script was there, or kept on reload
      this.#parts.input.value = fallback.value;
      this.#go(this.#fromInput(), { replace: true });
    } else if (this.#state.q) this.#take(this.#state); // put elsewhere in the page
  }

  disconnectedCallback() {
    this.#life.abort();
    this.#service.stop();
    clearTimeout(this.#typing);
  }

  attributeChangedCallback() {
    if (!this.isConnected || !this.#parts) return;
    this.#life.abort();
    this.#build();
    this.#take(this.#state);
  }

  // What is searched for now: the query, and all of it as a URL's fragment.
  get asked() {
    return { query: this.#state.q.trim(), fragment: toFragment(this.#state) };
  }

  focus(options) {
    this.#parts?.input.focus(options);
  }

  // Focus the results, for a page's skip link; the field if there are none.
  focusResults() {
    if (this.#state.q.trim()) this.#results.focus();
    else this.focus();
  }

  // ── Building ──────────────────────────────────────────────────────────────────────────────────

  #build() {
    this.#service?.stop();
    this.#settings = settingsOf(this);
    this.#service = new Service(this.#settings);
    this.#words = new Words(languageOf(this));
    this.#parts = drawFrame(this.#words, this.#settings);
    const { input, list, box, status } = this.#parts;
    this.#combobox = new Combobox(input, list, this.#words, (chosen) => this.#choose(chosen));
    this.#results = new Results(this.#parts, this.#words, this.#settings, {
      go: (changes, text, attributes) => stateLink(
        { ...this.#state, page: 1, ...changes }, text, attributes, this.#settings,
        (next) => this.#go(next, { focus: true }),
      ),
      following: (link, hit, position) => followed(link, () => this.#follow(hit, position)),
    });
    this.#panel = new Panel(this.#parts, this.#settings);
    this.#announcer = new Announcer(status);
    this.#root.replaceChildren(box);
    this.#listen();
  }

  #listen() {
    const { box, clear, form, input, opener } = this.#parts;
    this.#life = new AbortController();
    const { signal } = this.#life;
    const on = (target, type, act) => target.addEventListener(type, act, { signal });
    on(input, "input", (event) => this.#typed(event));
    on(input, "compositionend", (event) => this.#typed(event));
    on(box, "keydown", (event) => this.#key(event));
    on(box, "change", (event) => this.#change(event.target));
    on(box, "focusin", ({ target }) => (target === input ? this.#open() : this.#combobox.close()));
    on(box, "focusout", ({ relatedTarget: to }) => to && !box.contains(to) && this.#close());
    on(document, "pointerdown", (event) => event.composedPath().includes(this) || this.#close());
    on(clear, "click", () => this.#clear());
    on(opener, "click", () => this.#results.toggleFilters());
    on(form, "submit", (event) => this.#submit(event));
    on(window, "popstate", () => this.#settings.fragment && this.#take(stateHere()));
    const observer = new ResizeObserver(() => {
      this.#results.arrange();
      this.#panel.place();
    });
    observer.observe(box);
    on(signal, "abort", () => observer.disconnect());
  }

  // ── What the visitor does ─────────────────────────────────────────────────────────────────────

  #typed(event) {
    const { clear, input } = this.#parts;
    clear.hidden = !input.value;
    clearTimeout(this.#typing);
    this.#announcer.hush(); // it says nothing while somebody types
    if (event.isComposing) return;
    this.#typing = setTimeout(() => {
      this.#suggest(this.#go(this.#fromInput(), { replace: Boolean(this.#state.q), typing: true }));
    }, TYPING_PAUSE_MS);
  }

  #key(event) {
    if (event.isComposing || event.keyCode === 229) return; // the keys are an input method's
    const { input } = this.#parts;
    const isEscape = event.key === "Escape";
    const isInField = event.target === input;
    if (isEscape && this.#panel.isOpen) {
      this.focus();
      this.#close();
    } else if (isInField && this.#combobox.take(event)) this.#open();
    else if (isInField && isEscape && input.value) this.#clear();
    else return;
    event.preventDefault();
  }

  // A filter or the order was changed.
  #change(target) {
    const { facets, sort } = this.#parts;
    const boxes = [...facets.querySelectorAll(":checked")].filter(({ name }) => name === target.name);
    const chosen = target === sort ? { sort: sort.value } : { [target.name]: boxes.map(({ value }) => value) };
    if (target === sort || facets.contains(target)) this.#go({ ...this.#fromInput(), ...chosen });
  }

  #choose({ kind, text, url }) {
    const href = kind === "title" && safeLink(url ?? "");
    if (!this.#tell("select", { kind: "suggestion", title: text, url: href || "" }, true)) return;
    if (href) location.assign(href);
    else {
      this.#combobox.show([]);
      this.#parts.input.value = text;
      this.#submit();
    }
  }

  #submit(event) {
    event?.preventDefault();
    const { compact, resultsUrl } = this.#settings;
    const next = this.#fromInput();
    this.#service.stop();
    this.#combobox.close();
    if (compact && resultsUrl && next.q.trim()) location.assign(this.#results.addressOf(next));
    else this.#go(next, { focus: true });
  }

  #clear() {
    this.#service.stop();
    this.#combobox.show([]);
    this.#parts.input.value = "";
    this.#go(this.#fromInput(), { replace: true });
    this.focus();
  }

  // The state that the field asks for; what was typed anew has not been asked about.
  #fromInput() {
    const q = this.#parts.input.value;
    return { ...this.#state, q, page: 1, expand: this.#state.expand || q !== this.#state.q };
  }

  // Search for a state, and put it into the address. While typing the history keeps one entry.
  #go(next, { replace = false, ...how } = {}) {
    if (this.#settings.fragment) keepState(next, replace);
    return this.#take(next, how);
  }

  // The same for a state that the address has already, if it is one.
  async #take(next, how = {}) {
    if (!next) return;
    const { clear, input, sort } = this.#parts;
    clearTimeout(this.#typing);
    this.#state = next;
    if (input.value !== next.q) input.value = next.q; // setting it moves the cursor
    clear.hidden = !next.q;
    sort.value = next.sort;
    this.#tell("change", this.asked);
    await this.#search(how);
  }

  // ── Asking and showing ────────────────────────────────────────────────────────────────────────

  async #search({ focus, typing }) {
    const state = this.#state;
    this.#announcer.hush();
    if (!state.q.trim()) {
      this.#service.stop();
      this.#results.clear();
      this.#close();
      return;
    }
    const busy = setTimeout(() => {
      this.#results.busy();
      if (!typing) this.#announcer.answered(this.#words.texts.searching);
    }, BUSY_AFTER_MS);
    let found;
    try {
      const reply = await this.#service.search(state);
      if (!reply) return; // a newer search has begun
      found = this.#results.show(reply, state);
      if (reply.status === 200) this.#tell("results", { ...this.asked, answer: reply.body });
    } catch {
      found = this.#results.showError(this.#words.texts.error_connection, state);
    } finally {
      clearTimeout(busy);
    }
    if (this.#results.hasNotices) this.#combobox.show([]);
    this.#open();
    this.#announcer.answered(found, typing);
    if (focus) this.#results.focus();
  }

  // Suggestions wait for the answer: they give way to its notices, which they would cover.
  async #suggest(answered) {
    const { input } = this.#parts;
    const q = input.value;
    const typed = q.trim().toLowerCase();
    let useful = [];
    try {
      const reply = typed && q.length <= MAX_SUGGESTED_CHARS && await this.#service.suggest(q);
      await answered;
      if (reply === undefined || input.value !== q) return; // newer ones will come
      if (reply.status === 200 && this.#root.activeElement === input && !this.#results.hasNotices) {
        useful = reply.body.suggestions.filter(({ text, url }) => url || text.toLowerCase() !== typed);
      }
    } catch {
      // Suggestions are an extra; the search itself says what is wrong.
    }
    this.#combobox.show(useful);
    this.#open();
    if (useful.length && this.#results.isAdvice) this.#announcer.hush(); // it may be half a word
    if (useful.length) this.#announcer.suggested(this.#words.fill("suggested", { count: useful.length }));
  }

  #open() {
    if (this.matches(":focus-within")) this.#panel.open(this.#combobox.isOpen, !this.#results.isEmpty);
  }

  #close() {
    this.#combobox.close();
    this.#panel.close();
  }

  // ── What the page around is told ──────────────────────────────────────────────────────────────

  // An article is about to be opened: count that, and say whether the page around lets it.
  #follow({ id, title, url }, position) {
    this.#service.clicked(this.#state.q, position);
    return this.#tell("select", { kind: "result", id, title, url, position }, true);
  }

  // Dispatch an event; false if the page around has taken it over.
  #tell(name, detail, cancelable) {
    const told = { detail, cancelable, bubbles: true, composed: true };
    return this.dispatchEvent(new CustomEvent(`health-search:${name}`, told));
  }
}

if (!customElements.get("health-search")) customElements.define("health-search", HealthSearch);
