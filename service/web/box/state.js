// A search as the box keeps it; in a URL's fragment, which browsers send to no server.

export const MAX_CHARS = 500;

const MAX_FILTERS = 20;
const MAX_FILTER_CHARS = 200;
const MAX_PAGE = 1000;
const SORTS = ["relevance", "newest", "reviewed"];

export const UNFILTERED = {
  topic: [], language: [], audience: [], publisher: [], reviewed_after: "", reading_level_max: "",
};

export const START = { q: "", page: 1, sort: SORTS[0], ...UNFILTERED, expand: true };

// Whether a state says anything else of `name` than one at the start.
function says(state, name) {
  return String(state[name]) !== String(START[name]);
}

export function isFiltered(state) {
  return Object.keys(UNFILTERED).some((name) => says(state, name));
}

// How the fields may be written in an address; one that is not usable is as at the start.
const USABLE = {
  q: (text) => text.slice(0, MAX_CHARS),
  page: (text) => /^\d+$/.test(text) && text >= 1 && text <= MAX_PAGE && Number(text),
  sort: (text) => SORTS.includes(text) && text,
  reviewed_after: (text) => /^\d{4}-\d\d-\d\d$/.test(text) && Date.parse(text) && text,
  reading_level_max: (text) => /^1?\d(\.\d+)?$/.test(text) && text,
};

export function readState(text) {
  const params = new URLSearchParams(text.slice(1));
  const fields = Object.entries(START).map(([name, initial]) => {
    const value = params.get(name) ?? "";
    if (Array.isArray(initial)) return [name, readList(params.getAll(name))];
    if (name === "expand") return [name, value !== "false"];
    return [name, USABLE[name](value) || initial];
  });
  return Object.fromEntries(fields);
}

function readList(values) {
  const usable = values.filter((value) => value && value.length <= MAX_FILTER_CHARS);
  return [...new Set(usable)].slice(0, MAX_FILTERS);
}

// The fields of a state that say something, as names and values.
function told(state) {
  return Object.entries(state).filter(([name]) => says(state, name));
}

export function toFragment(state) {
  const params = new URLSearchParams();
  for (const [name, value] of told(state)) {
    for (const each of [value].flat()) params.append(name, each);
  }
  return "#" + params;
}

// The body of a search, with what the page that holds the box fixes: filters, facets, page size.
export function toRequest(state, { request, filters: { topic, language } }) {
  const asked = { ...Object.fromEntries(told(state)), ...request };
  if (asked.reading_level_max) asked.reading_level_max = Number(asked.reading_level_max);
  if (language.length) asked.language = language;
  if (topic.length) asked.topic = readList([...topic, ...state.topic]);
  return asked;
}

// A page's own parameters, without those that were a search.
export function withoutSearch(params) {
  for (const name of Object.keys(START)) params.delete(name);
  return params.size ? `?${params}` : "";
}
