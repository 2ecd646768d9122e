// The place where answers are shown: results with their filters, or a message.

import { drawAnswer, drawMessage, drawNotices } from "./answer.js";
import { drawFacets } from "./filters.js";
import { isFiltered, toFragment, UNFILTERED } from "./state.js";

export class Results {
  #parts;
  #words;
  #settings;
  #ui;
  #filtersOpen = false;

  // `ui` makes what answers are drawn with: `go` the links to other searches, `following` those
  // that tell when an article is opened.
  constructor(parts, words, settings, ui) {
    this.#parts = parts;
    this.#words = words;
    this.#settings = settings;
    this.#ui = { ...ui, words, brief: settings.compact, paged: !(settings.compact && settings.resultsUrl) };
  }

  get isEmpty() {
    return !this.#parts.answer.hasChildNodes();
  }

  // Whether it only says how to find something: no other message is a list.
  get isAdvice() {
    return this.#parts.answer.querySelector(".message ul");
  }

  get hasNotices() {
    return this.#parts.notices.hasChildNodes();
  }

  // Show a reply to a search, and return what is to be announced of it.
  show({ status, body, wait }, state) {
    const { texts } = this.#words;
    if (status === 200 && Array.isArray(body.hits)) return this.#showAnswer(body, state);
    if (body.code === "query-empty") return this.clear();
    const busy = this.#words.fill("error_busy", { seconds: wait });
    const told = {
      401: texts.error_closed,
      403: texts.error_closed,
      429: busy,
      503: body.code === "overloaded" ? busy : texts.error_unavailable,
    };
    return this.showError(told[status] ?? texts.error_connection, state);
  }

  // Where a compact box sends to for all results of a state.
  addressOf(state) {
    return this.#settings.resultsUrl.split("#")[0] + toFragment(state);
  }

  showError(text, state) {
    const { texts } = this.#words;
    return this.#showMessage(texts.error_title, text, this.#ui.go({ page: state.page }, texts.retry));
  }

  clear() {
    this.#showParts([], [], false);
    return "";
  }

  busy() {
    this.#parts.results.setAttribute("aria-busy", "true");
  }

  focus() {
    const { results } = this.#parts;
    results.focus({ preventScroll: true });
    if (results.getBoundingClientRect().top < 0 || this.#isNarrow) results.scrollIntoView();
  }

  toggleFilters() {
    this.#filtersOpen = !this.#filtersOpen;
    this.arrange();
    if (this.#filtersOpen) this.#parts.filters.focus();
  }

  // Where there is no room beside the results, the filters stand above them, behind a button.
  arrange() {
    const { filters, toolbar, opener, facets, panel } = this.#parts;
    if (this.#settings.compact) return;
    if (this.#isNarrow) {
      if (toolbar.nextSibling !== filters) toolbar.after(filters);
    } else if (filters.parentNode !== panel) panel.append(filters);
    const useful = !toolbar.hidden && facets.hasChildNodes();
    opener.hidden = !useful;
    opener.setAttribute("aria-expanded", String(this.#filtersOpen));
    filters.hidden = !useful || (this.#isNarrow && !this.#filtersOpen);
  }

  get #isNarrow() {
    const { box } = this.#parts;
    return getComputedStyle(box).getPropertyValue("--narrow").trim() === "1";
  }

  #showAnswer(answer, state) {
    const { all, count, clearing, facets } = this.#parts;
    const { texts } = this.#words;
    const found = this.#words.count(answer.total, answer.total_relation);
    count.textContent = found;
    if (all) all.href = this.addressOf(state);
    this.#showParts(drawNotices(answer), drawAnswer(answer, state, this.#ui), true);
    this.#keepingFocus(() => {
      facets.replaceChildren(...drawFacets(answer, state, this.#settings.fixed, this.#words));
      clearing.replaceChildren(...(isFiltered(state) ? [this.#ui.go(UNFILTERED, texts.clear_filters)] : []));
      this.arrange();
    });
    const titles = answer.notices.map((notice) => `${notice.title}. `).join("");
    const meant = answer.corrected ? `${texts.showing_for} ${answer.did_you_mean}. ` : "";
    return titles + meant + found;
  }

  #showMessage(title, text, action) {
    this.#showParts([], [drawMessage(title, [text], action)], false);
    return `${title}. ${text}`;
  }

  #showParts(notices, answer, withToolbar) {
    this.#parts.results.removeAttribute("aria-busy");
    this.#parts.notices.replaceChildren(...notices);
    this.#parts.answer.replaceChildren(...answer);
    this.#parts.toolbar.hidden = !withToolbar || this.#settings.compact;
    this.arrange();
  }

  // Redraw the facets without losing the checkbox that has the focus.
  #keepingFocus(redraw) {
    const { facets, filters } = this.#parts;
    const held = facets.getRootNode().activeElement;
    const wasInside = facets.contains(held);
    redraw();
    if (!wasInside) return;
    const boxes = [...facets.querySelectorAll("input")];
    (boxes.find((box) => box.name === held.name && box.value === held.value) ?? filters).focus();
  }
}
