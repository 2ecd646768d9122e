// What the page around the box asks of it, by attributes.

const HERE = new URL(".", document.currentScript?.src || document.baseURI).href;

const DEFAULT_FACETS = "topic language";
const COMPACT_HITS = 4;
const MAX_PER_PAGE = 50;

export function settingsOf(host) {
  const given = (name, otherwise = "") => host.getAttribute(name) ?? otherwise;
  const listOf = (name) => given(name).split("|").map((each) => each.trim()).filter(Boolean);
  const compact = given("mode") === "box";
  const facets = compact ? "" : given("facets", DEFAULT_FACETS).trim();
  const asked = Number.parseInt(given("per-page"), 10);
  const perPage = asked > 0 ? Math.min(asked, MAX_PER_PAGE) : compact && COMPACT_HITS;
  const words = facets.split(/\s+/).filter(Boolean);
  return {
    compact,
    // The service is where the script came from, unless the page names another.
    endpoint: new URL(given("endpoint", HERE).replace(/\/*$/, "/"), document.baseURI),
    key: given("key"),
    clicks: host.hasAttribute("clicks"),
    fragment: !compact && host.hasAttribute("fragment"),
    resultsUrl: given("results-url"),
    placeholder: given("placeholder", null),
    fixed: {
      // What is as the service has it anyway is left out.
      request: { finish: true, ...(perPage && { per_page: perPage }), ...(facets !== DEFAULT_FACETS && { facets: words }) },
      facets: words,
      filters: { topic: listOf("topic"), language: listOf("language") },
    },
  };
}
