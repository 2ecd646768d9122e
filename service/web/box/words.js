// The texts in one language, and how numbers and dates are written in it.

import { LANGUAGE_NAMES, LANGUAGES, TEXTS } from "./data.js";

// The language of a box: its own `lang`, else that of the closest element around it.
export function languageOf(host) {
  for (let node = host; node; node = node.parentElement ?? node.getRootNode().host) {
    const tag = node.getAttribute("lang");
    if (tag) {
      const lang = tag.toLowerCase().split("-")[0];
      return LANGUAGES.includes(lang) ? lang : LANGUAGES[0];
    }
  }
  return LANGUAGES[0];
}

export class Words {
  constructor(lang) {
    this.lang = lang;
    const index = LANGUAGES.indexOf(lang);
    this.texts = Object.fromEntries(Object.entries(TEXTS).map(([key, all]) => [key, all[index]]));
  }

  fill(key, values) {
    return this.texts[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }

  number(number) {
    return String(number).replace(/\B(?=(\d{3})+$)/g, this.texts.thousands);
  }

  count(total, relation) {
    if (relation === "eq" && total <= 1) {
      return total ? this.texts.results_one : this.texts.results_none;
    }
    return this.fill(relation === "eq" ? "results_other" : "results_least", { count: this.number(total) });
  }

  // The most telling date of a hit: [sentence, ISO date], or null.
  date(hit) {
    const dates = { reviewed: hit.last_reviewed, modified: hit.modified, published: hit.published };
    const kind = Object.keys(dates).find((name) => dates[name]);
    if (!kind) return null;
    const day = new Date(dates[kind]);
    const month = day.toLocaleString(this.lang, { month: "long", timeZone: "UTC" });
    const date = this.fill("date", { day: day.getUTCDate(), month, year: day.getUTCFullYear() });
    return [this.fill(kind, { date }), dates[kind]];
  }

  // A facet's value as people read it.
  value(facet, value) {
    return facet === "language" && Object.hasOwn(LANGUAGE_NAMES, value) ? LANGUAGE_NAMES[value] : value;
  }
}
