// The search in the address of the page: in the fragment, so that it reaches no server.

import { readState, toFragment, withoutSearch } from "./state.js";

// The state that the address holds; null if its fragment is none of ours.
export function stateHere() {
  const { hash, search } = location;
  const here = hash.length > 1 ? hash : search;
  if (new URLSearchParams(here.slice(1)).has("q")) return readState(here);
  return here === hash && hash ? null : readState("");
}

// Keep a state in the address. A query that came in the address itself leaves it.
export function keepState(state, replace) {
  const fragment = toFragment(state).replace(/^#$/, "");
  const params = new URLSearchParams(location.search);
  const query = params.has("q") ? withoutSearch(params) : location.search;
  const same = fragment === location.hash;
  history[replace || same ? "replaceState" : "pushState"](history.state, "", location.pathname + query + fragment);
}
