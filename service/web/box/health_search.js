// <health-search>: reads what is typed, asks the service, and shows what it answers.

import { Announcer } from "./announcer.js";
import { Combobox } from "./combobox.js";
import { STYLE } from "./data.js";
import { element, safeLink } from "./dom.js";
import { drawFrame } from "./frame.js";
import { keepState, placePanel, stateHere } from "./place.js";
import { Results } from "./results.js";
import { Newest, post } from "./service.js";
import { settingsOf } from "./settings.js";
import { makeState, toFragment, toRequest } from "./state.js";
import { languageOf, Words } from "./words.js";

const TYPING_PAUSE_MS = 250; // long enough to finish a word, short enough to feel at once
const BUSY_AFTER_MS = 400; // answers that come sooner are not worth announcing
const MAX_SUGGESTED_CHARS = 100;
const SUGGESTIONS = 6;
const COMPACT_SUGGESTIONS = 4;

const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);

class HealthSearch extends HTMLElement {
  static observedAttributes = [
    "dir", "endpoint", "facets", "key", "lang", "language", "mode", "per-page", "placeholder", "topic",
  ];

  #root = this.attachShadow({ mode: "open" });
  #searches = new Newest();
  #suggesting = new Newest();
  #state = makeState();
  #settings;
  #words;
  #parts;
  #combobox;
  #results;
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
    if (wasFocused) this.#parts.input.focus();
    this.#start(fallback?.value ?? "");
  }

  disconnectedCallback() {
    this.#life.abort();
    this.#searches.stop();
    this.#suggesting.stop();
    clearTimeout(this.#typing);
    this.#announcer.hush();
  }

  attributeChangedCallback() {
    if (!this.isConnected || !this.#parts) return;
    this.#life.abort();
    this.#build();
    this.#showState();
    this.#search({});
  }

  // What is searched for now: the query, and all of it as a URL's fragment.
  get asked() {
    return { query: this.#state.q.trim(), fragment: toFragment(this.#state) };
  }

  // Focus the field.
  focus(options) {
    this.#parts?.input.focus(options);
  }

  // Focus the results, for a page's skip link; the field if there are none.
  focusResults() {
    (this.#state.q.trim() ? this.#results : this.#parts.input).focus();
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
    on(input, "focus", () => this.#openPanel());
    on(box, "keydown", (event) => this.#key(event));
    on(box, "change", (event) => this.#choice(event.target));
    on(box, "focusin", ({ target }) => target === input || this.#combobox.close());
    on(box, "focusout", ({ relatedTarget: to }) => to && !box.contains(to) && this.#closeLists());
    on(document, "pointerdown", (event) => {
      const path = event.composedPath();
      if (!path.includes(input.parentElement)) this.#combobox.close();
      if (!path.includes(this)) this.#closeLists();
    });
    on(clear, "click", () => this.#clear());
    on(opener, "click", () => this.#results.toggleFilters());
    on(form, "submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    on(window, "popstate", () => this.#settings.fragment && this.#restore());
    const observer = new ResizeObserver(() => this.#results.arrange());
    observer.observe(box);
    on(signal, "abort", () => observer.disconnect());
  }

  #start(typed) {
    const fromPlace = this.#settings.fragment ? stateHere() : null;
    if (fromPlace?.q) {
      this.#state = fromPlace;
      keepState(this.#state, true);
      this.#showState();
      this.#tell("change", this.asked);
      this.#search({});
    } else if (typed) { // before this script was there, or kept on reload
      this.#parts.input.value = typed;
      this.#go(this.#fromInput(), { replace: true });
    }
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
    const { input, columns } = this.#parts;
    const panelOpen = this.#settings.compact && !columns.hidden;
    if (event.key === "Escape" && panelOpen) {
      input.focus();
      this.#closeLists();
    } else if (event.target === input && this.#combobox.take(event)) {
      if (this.#combobox.isOpen) this.#openPanel();
    } else if (event.key === "Escape" && event.target === input && input.value) this.#clear();
    else return;
    event.preventDefault();
  }

  #choice(target) {
    const { sort, facets } = this.#parts;
    if (target === sort) this.#go({ ...this.#fromInput(), sort: sort.value });
    if (!facets.contains(target)) return;
    const chosen = [...facets.querySelectorAll("input:checked")].filter((box) => box.name === target.name);
    this.#go({ ...this.#fromInput(), [target.name]: chosen.map((box) => box.value) });
  }

  #choose(suggestion, event) {
    const url = suggestion.kind === "title" ? safeLink(suggestion.url ?? "") : "";
    if (!this.#tell("select", { kind: "suggestion", title: suggestion.text, url }, true)) return;
    if (url && (event.ctrlKey || event.metaKey)) window.open(url, "_blank", "noopener");
    else if (url) location.assign(url);
    else {
      this.#parts.input.value = suggestion.text;
      this.#submit();
    }
  }

  #submit() {
    const { compact, resultsUrl } = this.#settings;
    const next = this.#fromInput();
    this.#suggesting.stop();
    this.#combobox.close();
    if (compact && resultsUrl && next.q.trim()) location.assign(this.#resultsAddress(next));
    else this.#go(next, { focus: true });
  }

  #clear() {
    const { input, clear } = this.#parts;
    input.value = "";
    clear.hidden = true;
    this.#combobox.forget();
    this.#suggesting.stop();
    this.#go(this.#fromInput(), { replace: true });
    input.focus();
  }

  // The state that the field asks for. What was typed anew has not been asked about.
  #fromInput() {
    const q = this.#parts.input.value;
    return { ...this.#state, q, page: 1, expand: this.#state.expand || q !== this.#state.q };
  }

  // Make a state the current one, and search for it. While typing the history keeps one entry.
  #go(next, { replace = false, focus = false, typing = false } = {}) {
    clearTimeout(this.#typing);
    this.#state = next;
    if (this.#settings.fragment) keepState(next, replace);
    this.#tell("change", this.asked);
    this.#search({ focus, typing });
  }

  #restore() {
    const here = stateHere();
    if (!here) return;
    clearTimeout(this.#typing);
    this.#state = here;
    this.#showState();
    this.#tell("change", this.asked);
    this.#search({});
  }

  // ── Asking and showing ────────────────────────────────────────────────────────────────────────

  async #search({ focus = false, typing = false }) {
    const state = this.#state;
    this.#announcer.hush();
    if (!state.q.trim()) {
      this.#searches.stop();
      this.#results.clear();
      this.#closeLists();
      return;
    }
    const busy = setTimeout(() => this.#busy(typing), BUSY_AFTER_MS);
    let found;
    try {
      const reply = await this.#searches.run((signal) =>
        this.#post("v1/search", toRequest(state, this.#settings.fixed), { signal }));
      if (!reply) return; // a newer search has begun
      found = this.#results.show(reply, state);
      if (reply.status === 200) this.#tell("results", { query: state.q, total: reply.body.total, answer: reply.body });
    } catch {
      found = this.#results.showError(this.#words.texts.error_connection, state);
    } finally {
      clearTimeout(busy);
    }
    this.#openPanel();
    this.#announcer.answered(found, typing);
    if (focus) this.#results.focus();
  }

  #busy(typing) {
    this.#results.busy();
    if (!typing) this.#announcer.answered(this.#words.texts.searching, false);
  }

  async #suggest() {
    const { input } = this.#parts;
    const q = input.value;
    this.#combobox.forget();
    if (!q.trim() || q.length > MAX_SUGGESTED_CHARS) return this.#suggesting.stop();
    const { compact, fixed: { filters: { language } } } = this.#settings;
    const asked = { q, limit: compact ? COMPACT_SUGGESTIONS : SUGGESTIONS };
    if (language.length) asked.language = language;
    try {
      const reply = await this.#suggesting.run((signal) => this.#post("v1/suggest", asked, { signal }));
      if (reply?.status === 200 && input.value === q) this.#showSuggestions(reply.body.suggestions);
    } catch {
      // Suggestions are an extra; the search itself says what is wrong.
    }
  }

  #showSuggestions(suggestions) {
    const { input } = this.#parts;
    if (this.#root.activeElement !== input) return;
    const typed = input.value.trim().toLowerCase();
    const useful = suggestions.filter((each) => each.url || each.text.toLowerCase() !== typed);
    this.#combobox.show(useful);
    if (!useful.length) return;
    this.#openPanel();
    this.#announcer.suggested(this.#words.suggestions(useful.length));
  }

  #showState() {
    const { clear, input, sort } = this.#parts;
    input.value = this.#state.q;
    clear.hidden = !input.value;
    sort.value = this.#state.sort;
  }

  // ── The panel of a compact box ────────────────────────────────────────────────────────────────

  #openPanel() {
    const { columns, input, results, all } = this.#parts;
    if (!this.#settings.compact) return;
    results.hidden = this.#results.isEmpty;
    columns.hidden = (results.hidden && !this.#combobox.isOpen) || !this.matches(":focus-within");
    if (all) all.href = this.#resultsAddress(this.#state);
    if (!columns.hidden) placePanel(columns, input.parentElement);
  }

  #closeLists() {
    this.#combobox.close();
    if (this.#settings.compact) this.#parts.columns.hidden = true;
  }

  #resultsAddress(state) {
    return this.#settings.resultsUrl.split("#")[0] + toFragment(state);
  }

  // ── Links, and what the page around is told ───────────────────────────────────────────────────

  // A link to another search: one that can be opened elsewhere, if the address holds the state.
  #link(changes, text, { rel, ...attributes } = {}) {
    const next = { ...this.#state, page: 1, ...changes };
    const made = this.#settings.fragment
      ? element("a", { href: toFragment(next), rel, ...attributes }, text)
      : element("button", { type: "button", class: "as-link", ...attributes }, text);
    made.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      this.#state = next;
      this.#showState();
      this.#go(next, { focus: true });
    });
    return made;
  }

  // Tell when a link to an article is followed.
  #following(link, hit, position) {
    const follow = (event) => {
      if (event.button > 1) return; // the menu of the right button
      const { id, title, url } = hit;
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
  #tell(name, detail, cancelable = false) {
    return this.dispatchEvent(
      new CustomEvent(`health-search:${name}`, { detail, cancelable, bubbles: true, composed: true }),
    );
  }
}

if (!customElements.get("health-search")) customElements.define("health-search", HealthSearch);
