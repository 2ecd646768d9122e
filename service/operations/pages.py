"""What browsers ask for: pages, and what belongs to them."""

from service.operations.operation import JSON, Operation, Operations

PAGE_PARAMETERS = {
    "q": "What to search for; without it the page only asks.",
    "page": "Page of results, from 1.",
    "sort": "`relevance`, `newest` or `reviewed`.",
    "topic": "Only articles on this topic; may be repeated.",
    "language": "Only articles in this language; may be repeated.",
    "audience": "Only articles for this audience; may be repeated.",
    "publisher": "Only articles of this publisher; may be repeated.",
    "reviewed_after": "Only articles that were last reviewed on this day or later.",
    "reading_level_max": "Only articles that can be read at this school grade, as estimated.",
    "expand": "`false` searches for nothing but what was typed.",
    "lang": "Language of the page itself: `en` or `es`.",
}

PAGES: Operations = {
    ("/openapi.json", "get"): Operation(
        "This document", "OpenAPI 3.1, made from the service's types.", JSON
    ),
    ("/docs", "get"): Operation("This document as a page", "For people.", "text/html"),
    ("/search-box.js", "get"): Operation(
        "The search box",
        "A script for any page: it defines `<health-search>`. `/embed` says how to use it.",
        "text/javascript",
        is_conditional=True,
    ),
    ("/embed", "get"): Operation(
        "How to put the search box on a page", "For the people of a site.", "text/html"
    ),
    ("/opensearch.xml", "get"): Operation(
        "The search, for browsers",
        "An OpenSearch description, by which a browser can add the site's search.",
        "application/opensearchdescription+xml",
    ),
    ("/opensearch/suggest", "get"): Operation(
        "Complete, for browsers",
        "The same completions as a list: what was typed, and a list of texts (OpenSearch "
        "Suggestions). Browsers send what is typed in the URL. What cannot be completed has no "
        "completions; nothing is refused.",
        "application/x-suggestions+json",
        parameters={"q": "What stands in the browser's search field."},
        problems=(
            "index-unavailable",
            "overloaded",
        ),
    ),
    ("/", "get"): Operation(
        "The search page",
        "For visitors; works without JavaScript. Parameters that it does not know are ignored. "
        "What is refused is told by a page, too.",
        "text/html",
        parameters=PAGE_PARAMETERS,
        statuses={
            200: "The page.",
            401: "The page, saying that it may not use the search: it needs a key.",
            403: "The page, saying that it may not use the search with this key.",
            422: "The page, saying that the query is too long.",
            429: "The page, saying after how many seconds to try again.",
            503: "The page, saying that there is no index, or that too much is asked at once.",
        },
    ),
}
