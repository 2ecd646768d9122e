// Draws an answer: notices, what was searched, hits, related articles, pages; or why there is none.

import { element, safeAction } from "./dom.js";
import { drawHit } from "./hits.js";
import { isFiltered, UNFILTERED } from "./state.js";

const MAX_WINDOW = 10000;
const PAGES_AROUND = 2;
const MAX_RELATED = 3;

export function drawNotices({ notices }) {
  return notices.map(({ severity, title, text, actions, language }, index) => {
    const useful = actions.filter(({ href }) => safeAction(href));
    return element(`section.notice.${severity}`, { "aria-labelledby": `notice-${index}`, lang: language || null },
      element(`h3#notice-${index}`, { dir: "auto" }, title),
      element("p", { dir: "auto" }, text),
      useful.length > 0 && element("ul.actions", {}, ...useful.map(({ href, label }) =>
        element("li", {}, element("a", { href, dir: "auto" }, label)))));
  });
}

function drawSpelling({ did_you_mean: meant, corrected, query }, { words: { texts }, go }) {
  if (!meant) return null;
  const dir = "auto";
  if (!corrected) {
    return element("p.searched", {}, texts.did_you_mean, " ", go({ q: meant, expand: true }, meant, { dir }), "?");
  }
  return element("p.searched", {}, texts.showing_for, " ", element("strong", { dir }, meant), ". ",
    texts.search_instead, " ", go({ expand: false }, query, { dir }), ".");
}

function drawNames(answer, state, { words: { texts }, go }) {
  const names = [...new Set(answer.expansions.flatMap((expansion) => expansion.to))];
  if (names.length) {
    const shown = names.flatMap((name, index) => [index ? ", " : " ", element("bdi", {}, name)]);
    const undo = answer.corrected ? [] : [" ", go({ expand: false }, texts.search_only)];
    return element("p.searched", {}, texts.also_searched, ...shown, ".", ...undo);
  }
  if (state.expand || answer.did_you_mean) return null;
  return element("p.searched", {}, texts.only_typed, " ", go({ expand: true }, texts.search_wider));
}

function drawAbsent({ absent, hits }, { words: { texts } }) {
  const shown = absent.flatMap((word, index) => [index ? ", " : " ", element("strong", { dir: "auto" }, word)]);
  return hits.length > 0 && absent.length > 0 && element("p.searched", {}, texts.absent, ...shown, ".");
}

function drawRelated(related, ui) {
  const { texts } = ui.words;
  return element("section.related", { "aria-labelledby": "related-title" },
    element("h2#related-title", {}, texts.related),
    element("p", {}, texts.related_note),
    element("ul.hits", {}, ...related.slice(0, MAX_RELATED).map((hit) => drawHit(hit, ui, 0))));
}

function drawPages({ page, total, per_page: size }, { words, go }) {
  const { texts } = words;
  const last = Math.ceil(Math.min(total, MAX_WINDOW) / size);
  if (last <= 1) return null;
  const middle = Math.min(page, last);
  const item = (number, text, attributes) => element("li", {}, go({ page: number }, text, attributes));
  const items = [];
  for (let each = 1; each <= last; each += 1) {
    if (each > 1 && Math.abs(each - middle) > PAGES_AROUND) continue;
    items.push(item(each, each, {
      "aria-label": words.fill("page", { number: each }), "aria-current": each === page && "page",
    }));
  }
  if (page > 1) items.unshift(item(page - 1, texts.previous));
  if (page < last) items.push(item(page + 1, texts.next));
  return element("nav.pages", { "aria-label": texts.pages }, element("ul", {}, ...items));
}

function drawNothing(answer, state, { words: { texts }, go }) {
  if (answer.total) return drawMessage(texts.past_end, [], go({ page: 1 }, texts.first_page));
  const filtered = isFiltered(state);
  const advice = [texts.empty_spelling, texts.empty_fewer, filtered && texts.empty_filters];
  return drawMessage(texts.empty_title, advice.filter(Boolean), filtered && go(UNFILTERED, texts.clear_filters));
}

// Draw a message: one line as a paragraph, several as a list, and what can be done about it.
export function drawMessage(title, lines, action) {
  return element("div.message", {},
    element("h3", {}, title),
    lines.length > 1
      ? element("ul", {}, ...lines.map((line) => element("li", {}, line)))
      : element("p", {}, ...lines),
    action && element("p", {}, action));
}

export function drawAnswer(answer, state, ui) {
  const matching = answer.hits.filter((hit) => !hit.related);
  const related = answer.hits.filter((hit) => hit.related);
  const start = (answer.page - 1) * answer.per_page + 1;
  return [
    drawSpelling(answer, ui),
    drawNames(answer, state, ui),
    drawAbsent(answer, ui),
    matching.length > 0
      && element("ol.hits", { start }, ...matching.map((hit, index) => drawHit(hit, ui, start + index))),
    related.length > 0 && drawRelated(related, ui),
    answer.hits.length ? matching.length > 0 && ui.paged && drawPages(answer, ui) : drawNothing(answer, state, ui),
  ].filter(Boolean);
}
