// Draws an answer: notices, what was searched, hits, related articles, pages; or why there is none.

import { element, safeAction } from "./dom.js";
import { drawHit } from "./hits.js";
import { isFiltered, UNFILTERED } from "./state.js";

const MAX_WINDOW = 10000;
const PAGES_AROUND = 2;
const MAX_RELATED = 3;

export function drawNotices(answer) {
  return answer.notices.map((notice, index) => {
    const actions = notice.actions.filter((each) => safeAction(each.href));
    return element("section", {
      class: `notice ${notice.severity}`, part: `notice notice-${notice.severity}`,
      "aria-labelledby": `notice-${index}`, lang: notice.language || null,
    },
    element("h3", { id: `notice-${index}`, dir: "auto" }, notice.title),
    element("p", { dir: "auto" }, notice.text),
    actions.length > 0 && element("ul", { class: "actions" }, ...actions.map((each) =>
      element("li", {}, element("a", { href: each.href, dir: "auto" }, each.label)))));
  });
}

function drawSpelling(answer, { words: { texts }, go }) {
  const { did_you_mean: meant, corrected, query } = answer;
  if (!meant) return null;
  if (!corrected) {
    return element("p", { class: "suggestion" },
      texts.did_you_mean, " ", go({ q: meant, expand: true }, meant, { dir: "auto" }), "?");
  }
  return element("p", { class: "suggestion" },
    texts.showing_for, " ", element("strong", { dir: "auto" }, meant), ". ",
    texts.search_instead, " ", go({ expand: false }, query, { dir: "auto" }), ".");
}

function drawNames(answer, state, { words: { texts }, go }) {
  const names = [...new Set(answer.expansions.flatMap((expansion) => expansion.to))];
  if (names.length) {
    const shown = names.flatMap((name, index) => [index ? ", " : " ", element("bdi", {}, name)]);
    const undo = answer.corrected ? [] : [" ", go({ expand: false }, texts.search_only)];
    return element("p", { class: "suggestion" }, texts.also_searched, ...shown, ".", ...undo);
  }
  if (state.expand || answer.did_you_mean) return null;
  return element("p", { class: "suggestion" },
    texts.only_typed, " ", go({ expand: true }, texts.search_wider));
}

function drawHits(answer, ui) {
  const start = (answer.page - 1) * answer.per_page + 1;
  const matching = answer.hits.filter((hit) => !hit.related);
  if (!matching.length) return null;
  return element("ol", { class: "hits", start },
    ...matching.map((hit, index) => drawHit(hit, ui, start + index)));
}

function drawRelated(answer, ui) {
  const related = answer.hits.filter((hit) => hit.related).slice(0, MAX_RELATED);
  if (!related.length) return null;
  return element("section", { class: "related", "aria-labelledby": "related-title" },
    element("h2", { id: "related-title" }, ui.words.texts.related),
    element("p", {}, ui.words.texts.related_note),
    element("ul", { class: "hits" }, ...related.map((hit) => drawHit(hit, ui, 0))));
}

function drawPages(answer, { words, go }) {
  const last = Math.ceil(Math.min(answer.total, MAX_WINDOW) / answer.per_page);
  const { page } = answer;
  if (last <= 1 || !answer.hits.some((hit) => !hit.related)) return null;
  const middle = Math.min(page, last);
  const first = Math.max(1, middle - PAGES_AROUND);
  const shown = new Set([1]);
  for (let each = first; each <= Math.min(last, middle + PAGES_AROUND); each += 1) shown.add(each);
  const item = (number, text, attributes) => element("li", {}, go({ page: number }, text, attributes));
  const items = [...shown].map((number) => item(number, String(number), {
    "aria-label": words.fill("page", { number }), "aria-current": number === page && "page",
  }));
  if (page > 1) items.unshift(item(page - 1, words.texts.previous, { rel: "prev" }));
  if (page < last) items.push(item(page + 1, words.texts.next, { rel: "next" }));
  return element("nav", { class: "pages", part: "pages", "aria-label": words.texts.pages },
    element("ul", {}, ...items));
}

function drawNothing(answer, state, { words: { texts }, go }) {
  if (answer.total) return drawMessage(texts.past_end, [], go({ page: 1 }, texts.first_page));
  const filtered = isFiltered(state);
  const advice = [texts.empty_spelling, texts.empty_fewer, filtered && texts.empty_filters];
  return drawMessage(texts.empty_title, advice.filter(Boolean),
    filtered && go(UNFILTERED, texts.clear_filters));
}

// Draw a message: one line as a paragraph, several as a list, and what can be done about it.
export function drawMessage(title, lines, action = null) {
  const told = lines.length > 1
    ? [element("ul", {}, ...lines.map((line) => element("li", {}, line)))]
    : lines.map((line) => element("p", {}, line));
  return element("div", { class: "message", part: "message" },
    element("h3", {}, title), ...told, action && element("p", {}, action));
}

export function drawAnswer(answer, state, ui) {
  const drawn = [drawSpelling(answer, ui), drawNames(answer, state, ui)];
  if (answer.hits.length) {
    drawn.push(drawHits(answer, ui), drawRelated(answer, ui), ui.paged && drawPages(answer, ui));
  } else drawn.push(drawNothing(answer, state, ui));
  return drawn.filter(Boolean);
}
