// Draws hits: title, snippet, section, topics and date.

import { element, highlighted, readableUrl, safeLink } from "./dom.js";

const MAX_TOPICS = 3;

function drawSection({ section, url }, { lang, texts }, follow) {
  if (!section?.heading) return null;
  const href = section.anchor && safeLink(url, section.anchor);
  return element("li", {}, element("span", { lang }, texts.section), " ",
    href ? follow(element("a", { href, dir: "auto" }, section.heading)) : element("bdi", {}, section.heading));
}

// Draw a hit. `position` counts from 1 over all pages; related articles have none. Where there is
// little room, fewer sentences are shown, and none is cut: what is left out may be the "not".
export function drawHit(hit, { words, following, brief }, position) {
  const { lang, texts } = words;
  const { title } = hit.highlights;
  const body = hit.highlights.body.slice(0, brief ? 1 : undefined);
  const follow = (link) => following(link, hit, position);
  const href = safeLink(hit.url);
  const named = title.length ? highlighted(...title) : [hit.title];
  const [date, iso] = words.date(hit) ?? [];
  return element("li.hit", { lang: hit.language === "und" ? "" : hit.language },
    element("h3", { dir: "auto" }, ...(href ? [follow(element("a.title", { href }, ...named))] : named)),
    href && element("p.address", {}, element("bdi", { dir: "ltr" }, readableUrl(hit.url))),
    body.length > 0 && element("p.snippet", { dir: "auto" }, ...highlighted(...body)),
    element("ul.about", {},
      hit.pinned && element("li.pinned", { lang }, texts.pinned),
      drawSection(hit, words, follow),
      ...hit.topics.slice(0, MAX_TOPICS).map((topic) => element("li.topic", {}, element("bdi", {}, topic))),
      date && element("li", {}, element("time", { datetime: iso, lang }, date)),
      hit.outdated && element("li.outdated", { lang }, texts.outdated)));
}
