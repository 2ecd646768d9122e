// <health-search>: reads what is typed, asks the service, and shows what it answers.

import { Announcer } from "./announcer.js";
import { Combobox } from "./combobox.js";
import { STYLE } from "./data.js";
import { element, safeLink } from "./dom.js";
import { drawFrame } from "./frame.js";
import { Panel } from "./panel.js";
import { keepState, stateHere } from "./place.js";
import { Results } from "./results.js";
import { Newest, post } from "./service.js";
import { settingsOf } from "./settings.js";
import { START, toFragment, toRequest } from "./state.js";
import { languageOf, Words } from "./words.js";

const TYPING_PAUSE_MS = 250; // long enough to finish a word, short enough to feel at once
const BUSY_AFTER_MS = 400; // answers that come sooner are not worth announcing
const MAX_SUGGESTED_CHARS = 100;
const SUGGESTIONS = 6;

const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);

class HealthSearch extends HTMLElement {
  static observedAttributes = [
    "endpoint", "facets", "key", "lang", "language", "mode", "per-page", "placeholder", "results-url", "topic",
  ];

  #root = this.attachShadow({ mode: "open" });
  #searches = new Newest();
  #suggesting = new Newest();
  #state = START;
  #settings;
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
    const wasFocused = fallback && fallback === document.activeElement;
    this.#build();
    if (wasFocused) this.focus();
    const here = this.#settings.fragment && stateHere();
    if (here?.q) {
      keepState(here, true);
      this.#take(here);
    } else if (fallback?.value) { // typed before this script was there, or kept on reload
      this.#parts.input.value = fallback.value;
      this.#go(this.#fromInput(), { replace: true });
    }
  }

  disconnectedCallback() {
    this.#life.abort();
    this.#searches.stop();
    this.#suggesting.stop();
    this.#announcer.hush();
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
    this.#settings = settingsOf(this);
    this.#words = new Words(languageOf(this));
    this.#parts = drawFrame(this.#words, this.#settings);
    const { input, list, box, status } = this.#parts;
    this.#combobox = new Combobox(input, list, this.#words, (...chosen) => this.#choose(...chosen));
    this.#results = new Results(this.#parts, this.#words, this.#settings, {
      go: (...given) => this.#link(...given),
      following: (...given) => this.#following(...given),
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
    on(form, "submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    on(window, "popstate", () => this.#settings.fragment && this.#take(stateHere()));
    on(window, "resize", () => this.#panel.place());
    const observer = new ResizeObserver(() => this.#results.arrange());
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
      this.#suggest();
      this.#go(this.#fromInput(), { replace: Boolean(this.#state.q), typing: true });
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

  #choose({ kind, text, url }, event) {
    const href = kind === "title" && safeLink(url ?? "");
    if (!this.#tell("select", { kind: "suggestion", title: text, url: href || "" }, true)) return;
    if (href && (event.ctrlKey || event.metaKey)) window.open(href, "_blank", "noopener");
    else if (href) location.assign(href);
    else {
      this.#parts.input.value = text;
      this.#submit();
    }
  }

  #submit() {
    const { compact, resultsUrl } = this.#settings;
    const next = this.#fromInput();
    this.#suggesting.stop();
    this.#combobox.close();
    if (compact && resultsUrl && next.q.trim()) location.assign(this.#results.addressOf(next));
    else this.#go(next, { focus: true });
  }

  #clear() {
    this.#suggesting.stop();
    this.#combobox.show([]);
    this.#parts.input.value = "";
    this.#go(this.#fromInput(), { replace: true });
    this.focus();
  }

  // The state that the field asks for. What was typed anew has not been asked about.
  #fromInput() {
    const q = this.#parts.input.value;
    return { ...this.#state, q, page: 1, expand: this.#state.expand || q !== this.#state.q };
  }

  // Make a state the current one, and search for it. While typing the history keeps one entry.
  #go(next, { replace = false, ...how } = {}) {
    if (this.#settings.fragment) keepState(next, replace);
    this.#take(next, how);
  }

  // The same for a state that the address has already; none is left alone.
  #take(next, how = {}) {
    if (!next) return;
    const { clear, input, sort } = this.#parts;
    clearTimeout(this.#typing);
    this.#state = next;
    if (input.value !== next.q) input.value = next.q; // setting it moves the cursor
    clear.hidden = !next.q;
    sort.value = next.sort;
    this.#tell("change", this.asked);
    this.#search(how);
  }

  // ── Asking and showing ────────────────────────────────────────────────────────────────────────

  async #search({ focus, typing }) {
    const state = this.#state;
    this.#announcer.hush();
    if (!state.q.trim()) {
      this.#searches.stop();
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
      const reply = await this.#searches.run((signal) =>
        this.#post("v1/search", toRequest(state, this.#settings.fixed), { signal }));
      if (!reply) return; // a newer search has begun
      found = this.#results.show(reply, state);
      if (reply.status === 200) this.#tell("results", { ...this.asked, answer: reply.body });
    } catch {
      found = this.#results.showError(this.#words.texts.error_connection, state);
    } finally {
      clearTimeout(busy);
    }
    this.#open();
    this.#announcer.answered(found, typing);
    if (focus) this.#results.focus();
  }

  async #suggest() {
    const { input } = this.#parts;
    const { language } = this.#settings.fixed.filters;
    const q = input.value;
    this.#combobox.show([]);
    this.#suggesting.stop();
    if (!q.trim() || q.length > MAX_SUGGESTED_CHARS) return;
    try {
      const reply = await this.#suggesting.run((signal) =>
        this.#post("v1/suggest", { q, language, limit: SUGGESTIONS }, { signal }));
      if (reply?.status !== 200 || input.value !== q || this.#root.activeElement !== input) return;
      const typed = q.trim().toLowerCase();
      const useful = reply.body.suggestions.filter(({ text, url }) => url || text.toLowerCase() !== typed);
      this.#combobox.show(useful);
      this.#open();
      if (useful.length) this.#announcer.suggested(this.#words.fill("suggested", { count: useful.length }));
    } catch {
      // Suggestions are an extra; the search itself says what is wrong.
    }
  }

  #open() {
    if (this.matches(":focus-within")) this.#panel.open(this.#combobox.isOpen, !this.#results.isEmpty);
  }

  #close() {
    this.#combobox.close();
    this.#panel.close();
  }

  // ── Links, and what the page around is told ───────────────────────────────────────────────────

  // A link to another search: one that can be opened elsewhere, if the address holds the state.
  #link(changes, text, attributes) {
    const next = { ...this.#state, page: 1, ...changes };
    const made = this.#settings.fragment
      ? element("a", { href: toFragment(next), ...attributes }, text)
      : element("button.as-link", { type: "button", ...attributes }, text);
    made.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      this.#go(next, { focus: true });
    });
    return made;
  }

  // Tell when a link to an article is followed.
  #following(link, { id, title, url }, position) {
    const follow = (event) => {
      if (event.button > 1) return; // the menu of the right button
      if (!this.#tell("select", { kind: "result", id, title, url, position }, true)) event.preventDefault();
      if (!this.#settings.clicks || !position) return;
      this.#post("v1/clicks", { query: this.#state.q, position }, { keepalive: true }).catch(() => {});
    };
    link.addEventListener("click", follow);
    link.addEventListener("auxclick", follow);
    return link;
  }

  #post(path, body, options) {
    const { endpoint, key } = this.#settings;
    return post(endpoint, path, body, { key, ...options });
  }

  // Dispatch an event; false if the page around has taken it over.
  #tell(name, detail, cancelable) {
    return this.dispatchEvent(
      new CustomEvent(`health-search:${name}`, { detail, cancelable, bubbles: true, composed: true }),
    );
  }
}

if (!customElements.get("health-search")) customElements.define("health-search", HealthSearch);
