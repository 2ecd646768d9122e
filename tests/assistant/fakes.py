"""A searcher with one notice and one article, behind the door of the real one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from msgspec import structs

from indexer.article import Article, Section, article_id
from service.search.request import SearchRequest
from service.search.response import Notice, NoticeAction, SearchResponse
from tests.service.fakes import FakeLive, FakeSearcher

URL = "https://www.clinic.example/gout"
BODY = "Crystals in a joint.\nTreatment\nRest & cool it.\nSee a doctor if < 18."

GOUT = Article(
    id=article_id(URL),
    url=URL,
    title="Gout",
    body=BODY,
    sections=(
        Section(heading="", start=0, end=20),
        Section(heading="Treatment", start=31, end=len(BODY), level=2, anchor="what helps"),
    ),
    language="en",
    published=date(2019, 1, 2),
    last_reviewed=date(2022, 1, 31),
)

NOTICE = Notice(
    kind="overdose",
    severity="emergency",
    title="Overdose",
    text="Call the emergency number now.",
    actions=(NoticeAction("Call 112", "tel:112"),),
    language="en",
)


class ReadingSearcher(FakeSearcher):
    """Knows one article whole, and gives a notice with every answer."""

    def search(self, request: SearchRequest) -> SearchResponse:
        return structs.replace(super().search(request), notices=(NOTICE,))

    def article(self, id_: str) -> Article | None:
        return GOUT if id_ == GOUT.id else None


class ReadingLive(FakeLive):
    """Lends that searcher."""

    @contextmanager
    def searcher(self) -> Iterator[FakeSearcher]:
        with super().searcher():
            yield ReadingSearcher()
