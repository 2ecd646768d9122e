// A search as the page keeps it: in the URL's fragment, which browsers send to no server.

const SORTS = ["relevance", "newest", "reviewed"];

export const MAX_FILTERS = 20;

export function makeState(fields = {}) {
  return { q: "", page: 1, sort: "relevance", topic: [], language: [], expand: true, ...fields };
}

export function readState(text) {
  const params = new URLSearchParams(text.replace(/^[#?]/, ""));
  const page = Number.parseInt(params.get("page") ?? "", 10);
  const sort = params.get("sort");
  return makeState({
    q: params.get("q") ?? "",
    page: page >= 1 && page <= 1000 ? page : 1,
    sort: SORTS.includes(sort) ? sort : "relevance",
    topic: readList(params, "topic"),
    language: readList(params, "language"),
    expand: params.get("expand") !== "false",
  });
}

function readList(params, name) {
  const usable = params.getAll(name).filter((value) => value && value.length <= 200);
  return [...new Set(usable)].slice(0, MAX_FILTERS);
}

// The fragment of a state; `changes` go back to page 1 unless they name one.
export function toFragment(state, changes = { page: state.page }) {
  const { q, page, sort, topic, language, expand } = { ...state, page: 1, ...changes };
  const params = new URLSearchParams();
  if (q) params.set("q", q);
  if (page > 1) params.set("page", page);
  if (sort !== "relevance") params.set("sort", sort);
  for (const value of topic) params.append("topic", value);
  for (const value of language) params.append("language", value);
  if (!expand) params.set("expand", "false");
  return "#" + params;
}

export function toRequest({ q, page, sort, topic, language, expand }) {
  return { q, page, sort, topic, language, expand };
}
