// Draws an answer with DOM methods only: text stays text, whatever it holds.

import { toFragment } from "./state.js";
import {
  dateLine, fill, lang, languageNames, readableUrl, safeLink, texts, writtenNumber,
} from "./words.js";

const MAX_WINDOW = 10000;
const PAGES_AROUND = 2;
const MAX_FACET_VALUES = 12;
const MAX_RELATED = 3;
const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', "#34": '"', "#39": "'", "#x27": "'" };

// Make an element. Attributes that are null or undefined are left out.
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

function decodeEntities(text) {
  return text.replace(/&(amp|lt|gt|quot|#34|#39|#x27);/g, (_, name) => ENTITIES[name]);
}

// A highlight is escaped text with <mark> around what matched; any other markup stays text.
export function highlight(html) {
  return html.split(/<mark>([^]*?)<\/mark>/).map((piece, index) => {
    const text = decodeEntities(piece);
    return index % 2 ? element("mark", {}, text) : text;
  });
}

function highlights(all) {
  return all.flatMap((html, index) => (index ? [" … ", ...highlight(html)] : highlight(html)));
}

function link(href, ...children) {
  return href ? element("a", { href, dir: "auto" }, ...children) : element("bdi", {}, ...children);
}

function drawSection(hit) {
  if (!hit.section?.heading) return null;
  const target = hit.section.anchor ? safeLink(hit.url, hit.section.anchor) : "";
  return element("li", {}, element("span", { lang }, texts.section), " ",
    link(target, hit.section.heading));
}

function drawDate(hit) {
  const line = dateLine(hit);
  return line && element("li", {}, element("time", { datetime: line[1], lang }, line[0]));
}

function drawHit(hit) {
  const href = safeLink(hit.url);
  const marked = hit.highlights.title.length ? highlights(hit.highlights.title) : [hit.title];
  const title = href ? [element("a", { href }, ...marked)] : marked;
  const body = hit.highlights.body;
  return element("li", { class: "hit", lang: hit.language === "und" ? "" : hit.language },
    element("h3", { dir: "auto" }, ...title),
    href && element("p", { class: "address" }, element("bdi", { dir: "ltr" }, readableUrl(hit.url))),
    body.length ? element("p", { class: "snippet", dir: "auto" }, ...highlights(body)) : null,
    element("ul", { class: "about" },
      drawSection(hit),
      ...hit.topics.slice(0, 3).map((topic) => element("li", { class: "topic" }, link("", topic))),
      drawDate(hit)));
}

export function drawMessage(title, lines, linkText, href) {
  const message = element("div", { class: "message" }, element("h3", {}, title));
  if (lines.length > 1) {
    message.append(element("ul", {}, ...lines.map((line) => element("li", {}, line))));
  } else {
    message.append(...lines.map((line) => element("p", {}, line)));
  }
  if (href) message.append(element("p", {}, element("a", { href }, linkText)));
  return message;
}

function drawNothing(answer, state) {
  if (answer.total) return drawMessage(texts.past_end, [], texts.first_page, toFragment(state, {}));
  const advice = [texts.empty_spelling, texts.empty_fewer];
  if (state.topic.length || state.language.length) advice.push(texts.empty_filters);
  return drawMessage(texts.empty_title, advice);
}

function drawPages(answer, state) {
  const last = Math.ceil(Math.min(answer.total, MAX_WINDOW) / answer.per_page);
  if (last <= 1) return null;
  const { page } = answer;
  const item = (target, text, attributes) => element("li", {},
    element("a", { href: toFragment(state, { page: target }), "data-page": target, ...attributes }, text));
  const numbers = [1];
  for (let number = Math.max(2, page - PAGES_AROUND); number <= Math.min(last, page + PAGES_AROUND); number += 1) {
    numbers.push(number);
  }
  const items = numbers.map((number) => item(number, number, {
    "aria-label": fill("page", { number }),
    "aria-current": number === page ? "page" : null,
  }));
  if (page > 1) items.unshift(item(page - 1, texts.previous, { rel: "prev" }));
  if (page < last) items.push(item(page + 1, texts.next, { rel: "next" }));
  return element("nav", { class: "pages", "aria-label": texts.pages }, element("ul", {}, ...items));
}

function drawSuggestions(answer, state) {
  const drawn = answer.notices.map((notice) =>
    element("p", { class: "notice", role: "note", dir: "auto" }, notice.text));
  return [...drawn, drawSpelling(answer, state), drawNames(answer, state)].filter(Boolean);
}

function drawSpelling(answer, state) {
  const { did_you_mean: meant, corrected, query } = answer;
  if (!meant) return null;
  if (!corrected) {
    return element("p", { class: "suggestion" }, texts.did_you_mean, " ",
      link(toFragment(state, { q: meant, expand: true }), meant), "?");
  }
  return element("p", { class: "suggestion" },
    texts.showing_for, " ", element("strong", { dir: "auto" }, meant), ". ",
    texts.search_instead, " ", link(toFragment(state, { expand: false }), query), ".");
}

function drawNames(answer, state) {
  const names = [...new Set(answer.expansions.flatMap((expansion) => expansion.to))];
  const drawn = element("p", { class: "suggestion" });
  if (names.length) {
    const shown = names.flatMap((name, index) => [index ? ", " : " ", element("bdi", {}, name)]);
    drawn.append(texts.also_searched, ...shown, ".");
    if (!answer.corrected) {
      drawn.append(" ", element("a", { href: toFragment(state, { expand: false }) }, texts.search_only));
    }
  } else if (!state.expand && !answer.did_you_mean) {
    drawn.append(texts.only_typed, " ",
      element("a", { href: toFragment(state, { expand: true }) }, texts.search_wider));
  }
  return drawn.hasChildNodes() ? drawn : null;
}

function drawRelated(hits) {
  return element("section", { class: "related", "aria-labelledby": "related-title" },
    element("h2", { id: "related-title" }, texts.related),
    element("p", {}, texts.related_note),
    element("ul", { class: "hits" }, ...hits.map(drawHit)));
}

export function drawAnswer(answer, state) {
  const drawn = drawSuggestions(answer, state);
  if (!answer.hits.length) return [...drawn, drawNothing(answer, state)];
  const start = (answer.page - 1) * answer.per_page + 1;
  const matching = answer.hits.filter((hit) => !hit.related);
  const related = answer.hits.filter((hit) => hit.related);
  if (matching.length) drawn.push(element("ol", { class: "hits", start }, ...matching.map(drawHit)));
  if (related.length) drawn.push(drawRelated(related.slice(0, MAX_RELATED)));
  const pages = matching.length ? drawPages(answer, state) : null;
  return pages ? [...drawn, pages] : drawn;
}

function drawChoice(name, value, count, chosen) {
  const box = element("input", { type: "checkbox", form: "search", name, value });
  box.checked = chosen;
  const shown = name === "language" ? languageNames[value] ?? value : value;
  return element("label", { class: "choice" }, box, element("span", { dir: "auto" }, shown),
    element("span", { class: "amount" }, writtenNumber(count)));
}

function drawFacet(name, counted, chosen) {
  const count = new Map(counted.map((facet) => [facet.value, facet.count]));
  const offered = [...count.keys()].filter((value) => !chosen.includes(value));
  const choices = [
    ...chosen.map((value) => drawChoice(name, value, count.get(value) ?? 0, true)),
    ...offered.slice(0, MAX_FACET_VALUES).map((value) => drawChoice(name, value, count.get(value), false)),
  ];
  if (!choices.length) return null;
  return element("fieldset", {}, element("legend", {}, texts[name]), ...choices);
}

export function drawFacets(answer, state) {
  return ["topic", "language"]
    .map((name) => drawFacet(name, answer.facets[name] ?? [], state[name]))
    .filter(Boolean);
}
