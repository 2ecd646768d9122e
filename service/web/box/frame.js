// The parts of the box that stay: the field with its suggestions, and the places for an answer.

import { element, icon } from "./dom.js";
import { MAX_CHARS } from "./state.js";

function drawField({ texts }, placeholder) {
  const input = element("input", {
    type: "text", id: "q", name: "q", part: "input", role: "combobox", maxlength: MAX_CHARS, dir: "auto",
    placeholder, autocomplete: "off", autocapitalize: "none", spellcheck: "false", enterkeyhint: "search",
    inputmode: "search", "aria-autocomplete": "list", "aria-expanded": "false",
    "aria-controls": "suggestions", "aria-describedby": "hint keys",
  });
  const clear = element("button", {
    type: "button", class: "clear", part: "clear", "aria-label": texts.clear, hidden: true,
  }, icon("clear"));
  const list = element("ul", {
    id: "suggestions", role: "listbox", part: "suggestions", class: "options",
    "aria-label": texts.suggestions, hidden: true,
  });
  return { input, clear, list };
}

function drawToolbar({ texts }) {
  const sort = element("select", { id: "sort", name: "sort", form: "search", part: "sort" },
    ...["relevance", "newest", "reviewed"].map((value) =>
      element("option", { value }, texts[`sort_${value}`])));
  const count = element("p", { id: "count", class: "count", part: "count" });
  const opener = element("button", {
    type: "button", class: "to-filters", "aria-expanded": "false", "aria-controls": "filters",
  }, icon("filters"), texts.filters_short);
  const toolbar = element("div", { id: "toolbar", class: "toolbar", hidden: true },
    count, opener, element("p", { class: "sort" }, element("label", { for: "sort" }, texts.sort), sort));
  return { toolbar, count, opener, sort };
}

function drawFilters({ texts }) {
  const facets = element("div", { id: "facets" });
  const clearing = element("p", { class: "filter-actions", hidden: true });
  const filters = element("aside", {
    id: "filters", class: "filters", part: "filters", "aria-labelledby": "filters-title", tabindex: -1,
    hidden: true,
  }, element("h2", { id: "filters-title" }, texts.filters), facets, clearing);
  return { filters, facets, clearing };
}

// Draw it all, and return the elements that change.
export function drawFrame(words, { compact, placeholder, resultsUrl }) {
  const { texts, lang } = words;
  const field = drawField(words, placeholder);
  const submit = element("button", { type: "submit", class: "primary", part: "button" },
    icon("search"), element("span", { class: compact && "visually-hidden" }, texts.search));
  const hint = element("p", { id: "hint", class: compact ? "visually-hidden" : "hint", part: "hint" }, texts.hint);
  const form = element("form", { role: "search", id: "search", class: "ask", part: "form" },
    element("label", { for: "q", class: compact && "visually-hidden", part: "label" }, texts.query_label),
    element("div", { class: "ask-row" },
      element("div", { class: "field", part: "field" }, field.input, field.clear, compact || field.list), submit),
    hint, element("p", { id: "keys", class: "visually-hidden" }, texts.keys));
  const bar = drawToolbar(words);
  const side = drawFilters(words);
  const notices = element("div", { id: "notices" });
  const answer = element("div", { id: "answer" });
  const results = element("section", {
    id: "results", part: "results", "aria-labelledby": "results-title", tabindex: -1, hidden: compact,
  }, element("h2", { id: "results-title", class: "visually-hidden" }, texts.results), notices, bar.toolbar, answer);
  const all = compact && resultsUrl ? element("a", { class: "all", part: "all-results" }, texts.all_results) : null;
  if (all) results.append(all);
  const columns = element("div", { class: "columns", hidden: compact, part: compact && "panel" },
    compact && field.list, results, compact || side.filters);
  const status = element("p", { id: "status", role: "status", class: "visually-hidden" });
  const box = element("div", { class: compact ? "box compact" : "box", part: "box", lang }, form, columns, status);
  return { ...field, ...bar, ...side, form, all, hint, notices, answer, results, columns, status, box };
}
