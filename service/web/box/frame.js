// The parts of the box that stay: the field with its suggestions, and the places for an answer.

import { STYLE } from "./data.js";
import { element, icon } from "./dom.js";
import { MAX_CHARS } from "./state.js";

// The style of all boxes on a page. Policies that forbid inline styles do not forbid such a sheet.
export const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);

function drawField({ texts }, placeholder) {
  return {
    input: element("input#q.input", {
      name: "q", role: "combobox", maxlength: MAX_CHARS, dir: "auto", placeholder,
      autocomplete: "off", autocapitalize: "none", spellcheck: "false", enterkeyhint: "search",
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "suggestions",
      "aria-describedby": "hint keys",
    }),
    clear: element("button.clear", { type: "button", "aria-label": texts.clear_query, hidden: true }, icon("clear")),
    list: element("ul#suggestions.suggestions", { role: "listbox", "aria-label": texts.suggestions, hidden: true }),
  };
}

function drawToolbar({ texts }) {
  const sort = element("select#sort.select", {}, ...["relevance", "newest", "reviewed"].map((value) =>
    element("option", { value }, texts[`sort_${value}`])));
  const count = element("p#count.count");
  const opener = element("button.filter-button", { type: "button", "aria-controls": "filters" },
    icon("filters"), texts.filters_short);
  const toolbar = element("div.toolbar", { hidden: true }, count, opener,
    element("p.sort", {}, element("label", { for: "sort" }, texts.sort), sort));
  return { toolbar, count, opener, sort };
}

function drawFilters({ texts }) {
  const facets = element("div#facets");
  const clearing = element("p.filter-actions");
  const filters = element("aside#filters.filters", { "aria-labelledby": "filters-title", tabindex: -1, hidden: true },
    element("h2#filters-title", {}, texts.filters), facets, clearing);
  return { filters, facets, clearing };
}

// Draw it all, and return the elements that change.
export function drawFrame(words, { compact, placeholder, resultsUrl }) {
  const { texts, lang } = words;
  const quiet = compact ? ".visually-hidden" : "";
  const field = drawField(words, placeholder);
  const bar = drawToolbar(words);
  const side = drawFilters(words);
  const form = element("form.form", { role: "search" },
    element(`label.label${quiet}`, { for: "q" }, texts.query_label),
    element("div.row", {},
      element("div.field", {}, field.input, field.clear, !compact && field.list),
      element("button.button", {}, icon("search"), element(`span${quiet}`, {}, texts.search))),
    element(`p#hint.hint${quiet}`, {}, texts.hint),
    element("p#keys.visually-hidden", {}, texts.keys_hint));
  const notices = element("div");
  const answer = element("div#answer");
  const all = compact && resultsUrl && element("a.all-results", {}, texts.all_results);
  const role = compact && "group"; // beside the region that a page with all results has
  const results = element("section#results.results", { role, "aria-labelledby": "results-title", tabindex: -1 },
    element("h2#results-title.visually-hidden", {}, texts.results), notices, bar.toolbar, answer, all);
  const panel = element("div.panel", { hidden: compact }, compact && field.list, results, !compact && side.filters);
  const status = element("p#status.visually-hidden", { role: "status" });
  const box = element(compact ? "div.box.compact" : "div.box", { lang }, form, panel, status);
  return { ...field, ...bar, ...side, all, form, notices, answer, results, panel, status, box };
}
