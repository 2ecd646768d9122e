// A search as the box keeps it; in a URL's fragment, which browsers send to no server.

export const LISTS = ["topic", "language", "audience", "publisher"];

export const MAX_CHARS = 500;

const SORTS = ["relevance", "newest", "reviewed"];
const MAX_FILTERS = 20;
const FIELDS = ["q", "page", "sort", ...LISTS, "reviewed_after", "reading_level_max", "expand"];

export function makeState(fields = {}) {
  const lists = Object.fromEntries(LISTS.map((name) => [name, []]));
  return {
    q: "", page: 1, sort: "relevance", ...lists, reviewed_after: "", reading_level_max: "", expand: true,
    ...fields,
  };
}

export function readState(text) {
  const params = new URLSearchParams(text.replace(/^[#?]/, ""));
  const page = Number.parseInt(params.get("page") ?? "", 10);
  const sort = params.get("sort");
  const after = params.get("reviewed_after") ?? "";
  const level = params.get("reading_level_max") ?? "";
  return makeState({
    q: params.get("q") ?? "",
    page: page >= 1 && page <= 1000 ? page : 1,
    sort: SORTS.includes(sort) ? sort : "relevance",
    ...Object.fromEntries(LISTS.map((name) => [name, readList(params, name)])),
    reviewed_after: isDay(after) ? after : "",
    reading_level_max: /^(20|1?\d(\.\d+)?)$/.test(level) ? level : "",
    expand: params.get("expand") !== "false",
  });
}

function readList(params, name) {
  const usable = params.getAll(name).filter((value) => value && value.length <= 200);
  return [...new Set(usable)].slice(0, MAX_FILTERS);
}

function isDay(text) {
  const day = /^\d{4}-\d\d-\d\d$/.test(text) && !text.startsWith("0000") ? new Date(text) : NaN;
  return !Number.isNaN(Number(day)) && day.toISOString().startsWith(text);
}

export function isFiltered(state) {
  return LISTS.some((name) => state[name].length) || Boolean(state.reviewed_after || state.reading_level_max);
}

export const UNFILTERED = Object.fromEntries(
  [...LISTS.map((name) => [name, []]), ["reviewed_after", ""], ["reading_level_max", ""]],
);

// The fields of a state that say something, as names and values.
function told(state) {
  return FIELDS.filter((name) => {
    const value = state[name];
    if (Array.isArray(value)) return value.length;
    return value !== { page: 1, sort: "relevance", expand: true }[name] && value !== "";
  }).map((name) => [name, state[name]]);
}

export function toFragment(state) {
  const params = new URLSearchParams();
  for (const [name, value] of told(state)) {
    for (const each of [value].flat()) params.append(name, each);
  }
  return "#" + params;
}

// The body of a search, with what the page that holds the box fixes: filters, facets, page size.
export function toRequest(state, fixed) {
  const request = { ...Object.fromEntries(told(state)), ...fixed.request };
  if (request.reading_level_max) request.reading_level_max = Number(request.reading_level_max);
  const { topic, language } = fixed.filters;
  if (language.length) request.language = language;
  if (topic.length) request.topic = [...new Set([...topic, ...state.topic])].slice(0, MAX_FILTERS);
  return request;
}

// A page's own parameters, without those that were a search.
export function withoutSearch(query) {
  const params = new URLSearchParams(query);
  for (const name of FIELDS) params.delete(name);
  return params.size ? `?${params}` : "";
}
