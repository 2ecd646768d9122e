// Links to other searches, and links to articles that tell when they are followed.

import { element } from "./dom.js";
import { toFragment } from "./state.js";

// A link to a state; one that can be opened elsewhere, if the address of the page holds the state.
export function stateLink(state, text, attributes, { fragment }, go) {
  const made = fragment
    ? element("a", { href: toFragment(state), ...attributes }, text)
    : element("button.as-link", { type: "button", ...attributes }, text);
  made.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(state);
  });
  return made;
}

// Call `follow` before a link is followed; it says whether that may happen.
export function followed(link, follow) {
  const act = (event) => {
    if (event.button < 2 && !follow()) event.preventDefault(); // the third button opens a menu
  };
  link.addEventListener("click", act);
  link.addEventListener("auxclick", act);
  return link;
}
