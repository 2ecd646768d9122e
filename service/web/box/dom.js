// Elements made by DOM methods only: text stays text, whatever it holds, and nothing here is a sink
// that Trusted Types or a Content-Security-Policy would have to allow.

const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', "#34": '"', "#39": "'", "#x27": "'" };
const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  search: "M10.5 3a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15M16 16l5 5",
  clear: "M6 6l12 12M18 6L6 18",
  article: "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
  filters: "M4 6h16M7 12h10M10 18h4",
};

// Make an element of a name, id and classes such as "p#hint.hint"; a page around styles the classes
// as parts. Attributes and children that are null, undefined or false are left out.
export function element(selector, attributes = {}, ...children) {
  const [tag, ...classes] = selector.split(".");
  const [name, id] = tag.split("#");
  const made = document.createElement(name);
  if (id) made.id = id;
  if (classes.length) made.className = made.part = classes.join(" ");
  setAttributes(made, attributes);
  made.append(...children.filter((child) => (child ?? false) !== false));
  return made;
}

function setAttributes(made, attributes) {
  for (const [key, value] of Object.entries(attributes)) {
    if ((value ?? false) !== false) made.setAttribute(key, value === true ? "" : value);
  }
}

export function icon(name) {
  const drawn = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  setAttributes(drawn, { viewBox: "0 0 24 24", "aria-hidden": "true", class: "icon" });
  setAttributes(path, { d: ICONS[name] });
  drawn.append(path);
  return drawn;
}

// The texts of highlights: escaped, with <mark> around what matched; any other markup stays text.
export function highlighted(...all) {
  return all.flatMap((html, index) => [index && " … ", ...html.split(/<mark>([^]*?)<\/mark>/).map((piece, at) => {
    const text = piece.replace(/&(amp|lt|gt|quot|#34|#39|#x27);/g, (_, name) => ENTITIES[name]);
    return at % 2 ? element("mark", {}, text) : text;
  })].filter(Boolean));
}

// Only web addresses become links; anything else yields an empty string.
export function safeLink(url, anchor = "") {
  if (!/^https?:\/\/[^\s/\\?#]+([/?#]\S*)?$/i.test(url) || /[\p{C}\p{Z}]/u.test(url)) return "";
  return anchor ? url.split("#")[0] + "#" + encodeURIComponent(anchor) : url;
}

// What a notice may link to: a number to call, or a page over TLS.
export function safeAction(href) {
  return /^tel:\+?[0-9*#().-]+$/i.test(href) || /^https:/i.test(safeLink(href));
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
