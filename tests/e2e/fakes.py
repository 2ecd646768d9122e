"""A searcher that also shows what the sample rows have not: notices, pins, old and odd articles."""

from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import structs

from service.search.request import SearchRequest
from service.search.response import FacetCount, Hit, Notice, NoticeAction, SearchResponse
from service.search.suggest.suggestion import Suggestion, SuggestRequest, SuggestResponse
from tests.service.fakes import HOSTILE, FakeLive, FakeSearcher

EMERGENCY = Notice(
    kind="chest-pain",
    severity="emergency",
    title="This may be an emergency",
    text="Chest pain can be a sign of a heart attack. Call an ambulance now.",
    actions=(
        NoticeAction("Call 112", "tel:112"),
        NoticeAction("First aid", "https://www.example.org/first-aid"),
    ),
    language="en",
)
CRISIS = Notice(
    kind="suicide",
    severity="crisis",
    title="You are not alone",
    text="There are people to talk to, at any hour.",
    actions=(NoticeAction("Call 988", "tel:988"),),
    language="en",
)
INJECTED = Notice(
    kind="x",
    severity="info",
    title=HOSTILE,
    text=HOSTILE,
    actions=(
        NoticeAction(HOSTILE, "javascript:window.hacked=3"),
        NoticeAction(HOSTILE, "http://www.example.org/"),
        NoticeAction(HOSTILE, "tel:javascript"),
    ),
    language="en",
)
NOTICES = {"chest": EMERGENCY, "alone": CRISIS, "hostile": INJECTED}

SUGGESTIONS = (
    Suggestion("Joint pain", "title", "<mark>Jo</mark>int pain", "https://www.example.org/joint"),
    Suggestion("joint pain", "term", "<mark>jo</mark>int pain"),
    Suggestion("Joints", "topic", "<mark>Jo</mark>ints"),
)
HOSTILE_SUGGESTIONS = tuple(
    Suggestion(HOSTILE, kind, "&lt;b&gt;" + HOSTILE, "javascript:window.hacked=4")
    for kind in ("title", "topic", "term")
)


class BoxSearcher(FakeSearcher):
    def search(self, request: SearchRequest) -> SearchResponse:
        answer = super().search(request)
        words = request.q.lower().split()
        notices = tuple(notice for word, notice in NOTICES.items() if word in words)
        hits = tuple(self._shown(hit, place, words) for place, hit in enumerate(answer.hits))
        languages = *answer.facets["language"], FacetCount("und", 1)
        facets = {**answer.facets, "language": languages}
        return structs.replace(answer, hits=hits, notices=notices, facets=facets)

    def _shown(self, hit: Hit, place: int, words: list[str]) -> Hit:
        is_old = hit.last_reviewed is not None and hit.last_reviewed.year < 2025
        return structs.replace(hit, outdated=is_old, pinned="chosen" in words and place == 0)

    def suggest(self, request: SuggestRequest) -> SuggestResponse:
        typed = request.q.lower()
        if typed.startswith("jo"):
            return SuggestResponse(request.q, SUGGESTIONS[: request.limit])
        if typed == "injected":
            return SuggestResponse(request.q, HOSTILE_SUGGESTIONS)
        return super().suggest(request)


class BoxLive(FakeLive):
    @contextmanager
    def searcher(self) -> Iterator[FakeSearcher]:
        with super().searcher():
            yield BoxSearcher()
