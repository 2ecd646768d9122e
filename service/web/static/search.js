// Makes the search page answer without reloading. The query goes out in POST bodies and is kept in
// the URL's fragment, so that it reaches no server log. Without this script the form works as it is.

import { drawAnswer, drawFacets, drawMessage } from "./render.js";
import { makeState, readState, toFragment, toRequest } from "./state.js";
import { fill, lang, maxChars, resultCount, siteName, texts } from "./words.js";

const TYPING_PAUSE_MS = 300; // long enough to finish a word, short enough to feel at once
const BUSY_AFTER_MS = 400; // answers that come sooner are not worth announcing

const at = (id) => document.getElementById(id);
const form = at("search");
const input = at("q");

let state = makeState();
let running = null;
let typing = 0;

// ── Asking ──────────────────────────────────────────────────────────────────────────────────────

async function ask(signal) {
  const response = await fetch("v1/search", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(toRequest(state)),
    cache: "no-store",
    credentials: "same-origin",
    signal,
  });
  return [response.status, await response.json()];
}

// Search for the current state. A newer search makes the reply of an older one go nowhere.
async function search({ focus = false } = {}) {
  running?.abort();
  const own = (running = new AbortController());
  if (!state.q.trim()) {
    showStart();
    return;
  }
  const busy = setTimeout(showBusy, BUSY_AFTER_MS);
  try {
    const [status, body] = await ask(own.signal);
    if (own.signal.aborted) return;
    show(status, body);
    if (focus) focusResults();
  } catch (error) {
    if (!own.signal.aborted) showMessage(texts.error_title, texts.error_connection, true);
  } finally {
    clearTimeout(busy);
    if (running === own) at("main").removeAttribute("aria-busy");
  }
}

// ── Showing ─────────────────────────────────────────────────────────────────────────────────────

function showBusy() {
  at("main").setAttribute("aria-busy", "true");
  at("status").textContent = texts.searching;
}

function showStart() {
  at("answer").replaceChildren();
  at("facets").replaceChildren();
  at("status").textContent = "";
  setParts(false);
}

function show(status, body) {
  if (status === 200) showAnswer(body);
  else if (body.code === "query-empty") showStart();
  else if (body.code === "query-too-long") {
    showMessage(texts.too_long_title, fill("too_long", { limit: maxChars }), false);
  } else if (status === 503) showMessage(texts.error_title, texts.error_unavailable, true);
  else showMessage(texts.error_title, texts.error_connection, true);
}

function showAnswer(answer) {
  const count = resultCount(answer.total, answer.total_relation);
  at("count").textContent = count;
  at("status").textContent = answer.corrected
    ? `${texts.showing_for} ${answer.did_you_mean}. ${count}` : count;
  at("answer").replaceChildren(...drawAnswer(answer, state));
  keepingFocus(() => at("facets").replaceChildren(...drawFacets(answer, state)));
  at("clear").href = toFragment(state, { topic: [], language: [] });
  at("clear").hidden = !state.topic.length && !state.language.length;
  setParts(true);
}

function showMessage(title, text, again) {
  at("answer").replaceChildren(drawMessage(title, [text], texts.retry, again && toFragment(state)));
  at("status").textContent = `${title}. ${text}`;
  setParts(false);
}

function setParts(visible) {
  at("toolbar").hidden = !visible;
  at("filters").hidden = !visible;
}

// Redraw the facets without losing the checkbox that has the focus.
function keepingFocus(redraw) {
  const { name, value } = document.activeElement;
  const held = at("facets").contains(document.activeElement);
  redraw();
  if (!held) return;
  const boxes = [...at("facets").querySelectorAll("input")];
  (boxes.find((box) => box.name === name && box.value === value) ?? at("filters")).focus();
}

function focusResults() {
  const results = at("results");
  results.focus({ preventScroll: true });
  if (results.getBoundingClientRect().top < 0 || matchMedia("(max-width: 40rem)").matches) {
    results.scrollIntoView();
  }
}

// ── State: form, fragment, history ──────────────────────────────────────────────────────────────

function readForm() {
  const data = new FormData(form);
  const q = data.get("q") ?? "";
  return makeState({
    q,
    expand: state.expand || q !== state.q, // what was typed anew has not been asked about
    sort: data.get("sort") ?? "relevance",
    topic: data.getAll("topic"),
    language: data.getAll("language"),
  });
}

function showState() {
  input.value = state.q;
  at("sort").value = state.sort;
  for (const box of at("facets").querySelectorAll("input")) {
    box.checked = state[box.name].includes(box.value);
  }
  showAddress();
}

function showAddress() {
  document.title = state.q.trim() ? `${state.q.trim()} – ${siteName}` : siteName;
  for (const other of document.querySelectorAll(".other-language")) {
    other.href = `?lang=${other.dataset.lang}${toFragment(state)}`;
  }
}

// Take a state over from the form. While typing the history keeps one entry.
function change(next, { replace = false, focus = false } = {}) {
  clearTimeout(typing);
  state = next;
  const same = toFragment(state) === location.hash;
  history[replace || same ? "replaceState" : "pushState"](null, "", address(state));
  showAddress();
  search({ focus });
}

function address(of) {
  const asked = new URLSearchParams(location.search).get("lang");
  return location.pathname + (asked ? `?lang=${lang}` : "") + toFragment(of);
}

function restore() {
  clearTimeout(typing);
  state = readState(location.hash);
  showState();
  search();
}

// ── Events ──────────────────────────────────────────────────────────────────────────────────────

input.addEventListener("input", (event) => {
  clearTimeout(typing);
  if (event.isComposing) return;
  const inSearch = Boolean(state.q);
  typing = setTimeout(() => change(readForm(), { replace: inSearch }), TYPING_PAUSE_MS);
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  change(readForm(), { focus: true });
});

document.addEventListener("change", (event) => {
  if (event.target.form === form && event.target !== input) change(readForm());
});

// Links to a fragment of this page are searches: paging, “did you mean”, “try again”.
document.addEventListener("click", (event) => {
  const target = event.target.closest?.("a[href^='#']");
  if (!target || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const place = at(target.getAttribute("href").slice(1));
  if (place) {
    place.focus(); // the skip link and its like: no search, and nothing for the history
    return;
  }
  const next = readState(target.getAttribute("href"));
  state = next;
  showState();
  change(next, { focus: true });
});

window.addEventListener("popstate", restore);

// ── Start ───────────────────────────────────────────────────────────────────────────────────────

document.documentElement.classList.add("scripted");
const asked = new URLSearchParams(location.search);
if (location.hash.length > 1) {
  restore();
} else if (asked.get("q")) {
  // Came with the query in the URL, as from a site's own search box: answered already, so only
  // take the query out of the address.
  state = readState(location.search);
  history.replaceState(null, "", address(state));
  showState();
  search();
} else if (input.value) {
  change(readForm(), { replace: true }); // typed before this script was there, or kept on reload
}
