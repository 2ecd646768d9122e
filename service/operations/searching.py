"""What programs and search boxes ask: searches, completions, articles."""

from service.models import MAX_SEARCHES, ArticleAnswer, Batch, BatchAnswer, Click
from service.operations.operation import ARTICLE_ID, JSON, SENDING, Operation, Operations
from service.search.request import RelatedRequest, SearchRequest
from service.search.response import RelatedResponse, SearchResponse
from service.search.suggest.suggestion import SuggestRequest, SuggestResponse

ASKING = (
    "query-empty",
    "query-too-long",
    "unknown-field",
    "invalid-field",
    "index-unavailable",
    "overloaded",
)

SEARCHING: Operations = {
    ("/v1/search", "get"): Operation(
        "Search by URL",
        "Ranked articles for a query, with highlighted snippets. Prefer POST: queries in URLs end "
        "up in histories and proxy logs. The answer has an `ETag` unless it ran out of time; it "
        "stays the same until the index changes, and to a request that shows it in "
        "`If-None-Match` the answer is 304, without a search. Answers are `no-store`, because "
        "they tell what somebody worries about: this is for programs that keep them themselves.",
        JSON,
        SearchResponse,
        parameters=SearchRequest,
        is_conditional=True,
        problems=(*ASKING, "cursor-expired", "unauthorized"),
    ),
    ("/v1/search", "post"): Operation(
        "Search",
        "The same search with its fields in a JSON body, which keeps the query out of URLs.",
        JSON,
        SearchResponse,
        body=SearchRequest,
        problems=(
            *ASKING,
            "cursor-expired",
            "unauthorized",
            "invalid-json",
            "unsupported-media-type",
        ),
    ),
    ("/v1/search:batch", "post"): Operation(
        "Search many times",
        f"Up to {MAX_SEARCHES} searches, answered one after the other. One that is malformed "
        "refuses the batch; `errors` names it.",
        JSON,
        BatchAnswer,
        body=Batch,
        problems=(*ASKING, *SENDING, "cursor-expired", "unauthorized"),
    ),
    ("/v1/articles/{id}", "get"): Operation(
        "Read an article",
        "The article whole, section by section, as plain text. It has an `ETag` that stays the "
        "same until the index changes.",
        JSON,
        ArticleAnswer,
        path=ARTICLE_ID,
        is_conditional=True,
        problems=("article-unknown", "not-found", "index-unavailable", "overloaded"),
    ),
    ("/v1/articles/{id}/related", "get"): Operation(
        "Articles like one",
        "Those that share the words that tell most, without copies of the article itself. Their "
        "highlights are the sentences they begin with. An article whose own id ends in `/related` "
        "can be found, but not read under this path.",
        JSON,
        RelatedResponse,
        parameters=RelatedRequest,
        path=ARTICLE_ID,
        is_conditional=True,
        problems=(
            "article-unknown",
            "not-found",
            "unknown-field",
            "invalid-field",
            "index-unavailable",
            "overloaded",
        ),
    ),
    ("/v1/suggest", "get"): Operation(
        "Complete by URL",
        "Titles, topics and frequent terms that what was typed may become, the most useful first. "
        "Prefer POST, for the same reason as for a search. No two suggestions say the same; where "
        "a title, a topic and a term do, the title stays, because it leads to its article. At most "
        "half of them are terms, unless there is nothing else.",
        JSON,
        SuggestResponse,
        parameters=SuggestRequest,
        is_conditional=True,
        problems=ASKING,
    ),
    ("/v1/suggest", "post"): Operation(
        "Complete",
        "The same with its fields in a JSON body, which keeps what is typed out of URLs.",
        JSON,
        SuggestResponse,
        body=SuggestRequest,
        problems=(*ASKING, "invalid-json", "unsupported-media-type"),
    ),
    ("/v1/clicks", "post"): Operation(
        "Say which hit was chosen",
        "For search boxes, so that editors can see what helps. It counts only where the service "
        "counts searches, for a query that the same client asked within ten minutes, once a place; "
        "the answer is the same in any case. Nothing of who clicked is kept, and of the query only "
        "what many ask.",
        "",
        body=Click,
        problems=SENDING,
        statuses={204: "Taken in."},
    ),
}
