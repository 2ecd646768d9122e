// Draws the facets as groups of checkboxes. Chosen values always come along, first.

import { element } from "./dom.js";

const MAX_VALUES = 12;

function drawFacet(name, counted, chosen, words) {
  const count = new Map(counted.map((facet) => [facet.value, facet.count]));
  const offered = [...count.keys()].filter((value) => !chosen.includes(value)).slice(0, MAX_VALUES);
  const choices = [...chosen, ...offered].map((value, index) => {
    const box = element("input", { type: "checkbox", name, value });
    box.checked = index < chosen.length;
    return element("label.choice", {}, box, element("span", { dir: "auto" }, words.value(name, value)),
      element("span.amount", {}, words.number(count.get(value) ?? 0)));
  });
  return choices.length > 0 && element("fieldset", {}, element("legend", {}, words.texts[name]), ...choices);
}

// Draw the facets of an answer. What the page around the box fixes is no choice, and left out; nor
// is what all matches have.
export function drawFacets(answer, state, { facets, filters: { topic, language } }, words) {
  const idle = { topic, language: ["und"] }; // that a language is not known is no choice either
  return facets.map((name) => {
    if (name === "language" && language.length) return false;
    const free = (answer.facets[name] ?? []).filter(({ value }) => !idle[name]?.includes(value));
    const isChoice = state[name].length || free.some(({ count }) => count < answer.total);
    return isChoice && drawFacet(name, free, state[name], words);
  }).filter(Boolean);
}
