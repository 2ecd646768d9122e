// Draws hits: title, snippet, section, topics and date.

import { element, highlights, readableUrl, safeLink } from "./dom.js";

const MAX_TOPICS = 3;

function drawSection(hit, ui, follow) {
  if (!hit.section?.heading) return null;
  const target = hit.section.anchor ? safeLink(hit.url, hit.section.anchor) : "";
  const { lang, texts } = ui.words;
  return element("li", {}, element("span", { lang }, texts.section), " ",
    target ? follow(element("a", { href: target, dir: "auto" }, hit.section.heading))
      : element("bdi", {}, hit.section.heading));
}

function drawDate(hit, { words: { lang, texts }, words }) {
  const line = words.date(hit);
  return [
    line && element("li", {}, element("time", { datetime: line[1], lang }, line[0])),
    hit.outdated && element("li", { class: "outdated", lang }, texts.outdated),
  ];
}

// Draw a hit. `position` counts from 1 over all pages; related articles have none.
export function drawHit(hit, ui, position) {
  const follow = (link) => ui.following(link, hit, position);
  const href = safeLink(hit.url);
  const marked = hit.highlights.title.length ? highlights(hit.highlights.title) : [hit.title];
  const title = href ? [follow(element("a", { href, part: "title" }, ...marked))] : marked;
  const body = hit.highlights.body;
  return element("li", { class: "hit", part: "hit", lang: hit.language === "und" ? "" : hit.language },
    element("h3", { dir: "auto" }, ...title),
    href && element("p", { class: "address", part: "address" },
      element("bdi", { dir: "ltr" }, readableUrl(hit.url))),
    body.length > 0
      && element("p", { class: "snippet", part: "snippet", dir: "auto" }, ...highlights(body)),
    element("ul", { class: "about" },
      hit.pinned && element("li", { class: "pinned", lang: ui.words.lang }, ui.words.texts.pinned),
      drawSection(hit, ui, follow),
      ...hit.topics.slice(0, MAX_TOPICS).map((topic) =>
        element("li", { class: "topic" }, element("bdi", {}, topic))),
      ...drawDate(hit, ui)));
}
