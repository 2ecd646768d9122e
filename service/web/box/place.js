// Where things are: the search in the page's address, and the panel beside its field.

import { readState, toFragment, withoutSearch } from "./state.js";

const MARGIN = 8;
const PANEL_WIDTH = 560;
const PANEL_HEIGHT = 240;

// The state that the address holds; null if its fragment is none of ours.
export function stateHere() {
  const { hash, search } = location;
  if (hash.length > 1) return new URLSearchParams(hash.slice(1)).has("q") ? readState(hash) : null;
  return readState(new URLSearchParams(search).has("q") ? search : "");
}

// Keep a state in the address. A query that came in the address itself leaves it.
export function keepState(state, replace) {
  const fragment = toFragment(state).replace(/^#$/, "");
  const params = new URLSearchParams(location.search);
  const query = params.has("q") ? withoutSearch(params) : location.search;
  const same = fragment === location.hash;
  history[replace || same ? "replaceState" : "pushState"](history.state, "", location.pathname + query + fragment);
}

// Put the panel under its field, as wide as it is useful and within the window.
export function placePanel(panel, field) {
  const space = document.documentElement.clientWidth;
  const { left, right, bottom, width } = field.getBoundingClientRect();
  const wide = Math.min(Math.max(width, PANEL_WIDTH), space - 2 * MARGIN);
  const start = getComputedStyle(field).direction === "rtl" ? right - wide : left;
  const x = Math.min(Math.max(start, MARGIN), space - MARGIN - wide);
  const height = (window.visualViewport?.height ?? window.innerHeight) - bottom - 2 * MARGIN;
  panel.style.width = `${wide}px`;
  panel.style.left = `${x - left}px`;
  panel.style.maxHeight = `${Math.max(height, PANEL_HEIGHT)}px`;
}
