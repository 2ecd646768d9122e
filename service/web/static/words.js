// The page's texts, and how numbers, dates and addresses are written in its language.

const data = JSON.parse(document.getElementById("texts").textContent);

export const { texts, languageNames, siteName, maxChars } = data;

export const lang = document.documentElement.lang;

export function fill(key, values) {
  return texts[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

export function writtenNumber(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, texts.thousands);
}

export function resultCount(total, relation) {
  if (relation === "eq" && total <= 1) return total ? texts.results_one : texts.results_none;
  return fill(relation === "eq" ? "results_other" : "results_least", { count: writtenNumber(total) });
}

// The most telling date of a hit: [sentence, ISO date], or null.
export function dateLine(hit) {
  const dates = { reviewed: hit.last_reviewed, modified: hit.modified, published: hit.published };
  const kind = Object.keys(dates).find((name) => dates[name]);
  if (!kind) return null;
  const [year, month, day] = dates[kind].split("-").map(Number);
  const date = fill("date", { day, month: texts.months.split(" ")[month - 1], year });
  return [fill(kind, { date }), dates[kind]];
}

// Only web addresses become links; anything else yields an empty string.
export function safeLink(url, anchor = "") {
  if (!/^https?:\/\/[^\s/\\?#]+([/?#]\S*)?$/i.test(url) || /[\p{C}\p{Z}]/u.test(url)) return "";
  return anchor ? url.split("#")[0] + "#" + encodeURIComponent(anchor) : url;
}

export function readableUrl(url) {
  const [, host, path] = /^https?:\/\/([^/?#]+)([^?#]*)/i.exec(url);
  let shown = path;
  try {
    shown = decodeURIComponent(path);
  } catch {
    // not UTF-8: shown as it is
  }
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(shown)) shown = path;
  const site = host.split("@").pop().replace(/^www\./, "");
  return [site, ...shown.split("/").filter(Boolean)].join(" › ");
}
