// Draws the facets as groups of checkboxes. Chosen values always come along, first.

import { element } from "./dom.js";

const MAX_VALUES = 12;

function drawChoice(name, value, count, chosen, words) {
  const box = element("input", { type: "checkbox", name, value });
  box.checked = chosen;
  return element("label", { class: "choice" }, box,
    element("span", { dir: "auto" }, words.value(name, value)),
    element("span", { class: "amount" }, words.number(count)));
}

function drawFacet(name, counted, chosen, words) {
  const count = new Map(counted.map((facet) => [facet.value, facet.count]));
  const offered = [...count.keys()].filter((value) => !chosen.includes(value)).slice(0, MAX_VALUES);
  const choices = [
    ...chosen.map((value) => drawChoice(name, value, count.get(value) ?? 0, true, words)),
    ...offered.map((value) => drawChoice(name, value, count.get(value), false, words)),
  ];
  return choices.length > 0
    && element("fieldset", {}, element("legend", {}, words.texts[name]), ...choices);
}

// Draw the facets of an answer. What the page around the box fixes is no choice, and left out.
export function drawFacets(answer, state, fixed, words) {
  const { topic, language } = fixed.filters;
  return fixed.facets.map((name) => {
    if (name === "language" && language.length) return null;
    const free = (answer.facets[name] ?? []).filter((each) => name !== "topic" || !topic.includes(each.value));
    return drawFacet(name, free, state[name], words);
  }).filter(Boolean);
}
