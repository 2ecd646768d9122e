// What the page around the box asks of it, by attributes.

const SCRIPT = document.currentScript?.src || document.baseURI;

const DEFAULT_FACETS = ["topic", "language"];
const COMPACT_HITS = 4;
const MAX_PER_PAGE = 50;

function listOf(host, name) {
  return (host.getAttribute(name) ?? "").split("|").map((each) => each.trim()).filter(Boolean);
}

function facetsOf(host) {
  const asked = host.getAttribute("facets");
  return asked === null ? DEFAULT_FACETS : asked.split(/\s+/).filter(Boolean);
}

// The service is where the script came from, unless the page names another.
function endpointOf(host) {
  const given = host.getAttribute("endpoint");
  const address = given === null ? new URL(".", SCRIPT) : given.replace(/\/*$/, "/");
  return URL.canParse(address, document.baseURI) ? new URL(address, document.baseURI) : null;
}

export function settingsOf(host) {
  const compact = host.getAttribute("mode") === "box";
  const facets = compact ? [] : facetsOf(host);
  const asked = Number.parseInt(host.getAttribute("per-page") ?? "", 10);
  const perPage = asked >= 1 ? Math.min(asked, MAX_PER_PAGE) : compact ? COMPACT_HITS : 0;
  const request = {};
  if (perPage) request.per_page = perPage;
  if (facets.join() !== DEFAULT_FACETS.join()) request.facets = facets;
  return {
    compact,
    endpoint: endpointOf(host),
    key: host.getAttribute("key"),
    clicks: host.hasAttribute("clicks"),
    fragment: !compact && host.hasAttribute("fragment"),
    resultsUrl: host.getAttribute("results-url"),
    placeholder: host.getAttribute("placeholder"),
    fixed: { request, facets, filters: { topic: listOf(host, "topic"), language: listOf(host, "language") } },
  };
}
