"""A tiny engine in memory behind the same door as the real one, and a live index around it."""

import html
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

from msgspec import structs

from indexer.article import Article, Section
from indexer.errors import IndexMissing
from service.search.live import IndexStatus
from service.search.request import RelatedRequest, SearchRequest
from service.search.response import (
    Expansion,
    FacetCount,
    Highlights,
    Hit,
    IndexInfo,
    Reason,
    RelatedResponse,
    SearchResponse,
    SectionLink,
)
from service.search.suggest.suggestion import Suggestion, SuggestRequest, SuggestResponse

INFO = IndexInfo(
    generation="20260301T120000Z-0a1b2c", built_at=datetime(2026, 3, 1, 12, tzinfo=UTC), articles=38
)

HOSTILE = "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 2'>"

EXPANSIONS = (Expansion("joint", ("arthralgia",)), Expansion("pain", ("<i>algia</i>", "ache")))
EXPLANATION = (
    Reason("word", "pain in title (en): 1 of about 2 words", 1.25),
    Reason("age", "", -1),
)

MAGNESIUM = (
    "Magnesium is a mineral that muscles and nerves need. Some people take magnesium for joint "
    "pain, but the evidence is weak. Do not take more than 400 mg of supplements a day."
)
JOINT = (
    "Joint pain is common, and most often it gets better with rest and simple pain relief. "
    "See a doctor if a joint is hot, red and swollen, or if you have a fever."
)
CHRONIC = (
    "Pain that lasts for months is called chronic. Moving gently every day helps most "
    "people, and a plan for bad days helps too."
)

Row = tuple[str, str, str, str, tuple[str, ...], date | None, str]

ROWS: list[Row] = [
    (
        "https://www.example.org/health/muscles-and-joints/magnesium",
        "Magnesium: what it does and how much you need",
        MAGNESIUM,
        "How much do I need?",
        ("Vitamins and minerals", "Joints"),
        date(2026, 3, 12),
        "en",
    ),
    (
        "https://www.example.org/health/joint-pain",
        "Joint pain",
        JOINT,
        "When to see a doctor",
        ("Joints",),
        date(2025, 11, 2),
        "en",
    ),
    (
        "https://www.example.org/salud/dolor-articular",
        "Dolor articular (joint pain)",
        "El dolor en las articulaciones es frecuente. El magnesio no lo alivia.",
        "",
        ("Joints",),
        None,
        "es",
    ),
    (
        "javascript:alert(1)",
        f"Pain {HOSTILE}",
        f"Hostile pain {HOSTILE} text.",
        "<b>Section</b>",
        (HOSTILE,),
        None,
        "en",
    ),
    *(
        (
            f"https://www.example.org/health/pain/{number}",
            f"Living with pain, part {number}",
            CHRONIC,
            "Self-care",
            ("Pain", "Mental health") if number % 2 else ("Pain",),
            date(2024, 1 + number % 12, 1 + number % 28),
            "en",
        )
        for number in range(1, 35)
    ),
]


def words_of(row: Row) -> set[str]:
    return set(re.findall(r"\w+", f"{row[1]} {row[2]}".lower()))


def marked(text: str, words: list[str]) -> str:
    pattern = "|".join(re.escape(html.escape(word)) for word in words)
    return re.sub(rf"(?i)\b({pattern})\b", r"<mark>\1</mark>", html.escape(text))


class FakeSearcher:
    """Finds rows that hold any of the words; puts one misspelling right, and knows one name."""

    info = INFO

    def search(self, request: SearchRequest) -> SearchResponse:
        words = re.findall(r"\w+", request.q)
        if "boom" in words:
            raise ZeroDivisionError(f"cannot divide {request.q}")
        is_slip = "magnesum" in words
        meant = request.q.replace("magnesum", "magnesium") if is_slip else None
        if meant and request.expand:
            words = re.findall(r"\w+", meant)
        wanted = {word.lower() for word in words}
        rows = [
            row for row in ROWS if wanted & set(re.findall(r"\w+", f"{row[1]} {row[2]}".lower()))
        ]
        if request.topic:
            rows = [row for row in rows if set(request.topic) <= set(row[4])]
        if request.language:
            rows = [row for row in rows if row[6] in request.language]
        if request.sort == "reviewed":
            rows.sort(key=lambda row: row[5] or date.min, reverse=True)
        start = (request.page - 1) * request.per_page
        hits = [make_hit(row, words) for row in rows[start : start + request.per_page]]
        related = ROWS[:5] if "dolor" in wanted and request.expand and request.page == 1 else []
        hits += [structs.replace(make_hit(row, words), related=True) for row in related]
        if request.explain:
            hits = [structs.replace(hit, explanation=EXPLANATION) for hit in hits]
        topics = Counter(topic for row in rows for topic in row[4])
        languages = Counter(row[6] for row in rows)
        return SearchResponse(
            query=" ".join(request.q.split()),
            total=len(rows),
            total_relation="eq",
            page=request.page,
            per_page=request.per_page,
            took_ms=0.5,
            hits=tuple(hits),
            related=len(related),
            facets={
                "topic": tuple(FacetCount(*pair) for pair in topics.most_common()),
                "language": tuple(FacetCount(*pair) for pair in languages.most_common()),
            },
            did_you_mean=meant,
            corrected=is_slip and request.expand,
            expansions=EXPANSIONS if "joint" in words and request.expand else (),
            absent=tuple(word for word in words if word.startswith("zz")),
            next_cursor="bmV4dA" if len(rows) > start + request.per_page else None,
            index=INFO,
        )

    def suggest(self, request: SuggestRequest) -> SuggestResponse:
        words = request.q.lower().split()
        if "boom" in words:
            raise ZeroDivisionError(f"cannot complete {request.q}")
        rows = [
            row
            for row in ROWS
            if row[1].lower().startswith(request.q.lower())
            and (not request.language or row[6] in request.language)
        ]
        found = tuple(
            Suggestion(row[1], "title", marked(row[1], words), row[0])
            for row in rows[: request.limit]
        )
        return SuggestResponse(" ".join(request.q.split()), found)

    def article(self, id_: str) -> Article | None:
        row = next((row for row in ROWS if id_of(row) == id_), None)
        if row is None:
            return None
        url, title, body, heading, topics, reviewed, language = row
        text = f"{body}\n{heading}\n{body}"
        start = len(body) + 1 + len(heading) + 1
        return Article(
            id=id_,
            url=url,
            title=title,
            body=text,
            sections=(
                Section(heading="", start=0, end=len(body)),
                Section(heading=heading, start=start, end=len(text), level=2, anchor="self-care"),
            ),
            language=language,
            last_reviewed=reviewed,
            topics=topics,
            audience=("Patient",),
            words=40,
            reading_grade=6.5,
        )

    def related(self, id_: str, request: RelatedRequest) -> RelatedResponse | None:
        if self.article(id_) is None:
            return None
        others = [row for row in ROWS if id_of(row) != id_]
        if request.language:
            others = [row for row in others if row[6] in request.language]
        hits = tuple(make_hit(row, ["nothing"]) for row in others[: request.limit])
        return RelatedResponse(id_, hits, INFO)

    def close(self) -> None:
        pass


def id_of(row: Row) -> str:
    return f"{ROWS.index(row):020x}"


def make_hit(row: Row, words: list[str]) -> Hit:
    url, title, body, heading, topics, reviewed, language = row
    return Hit(
        id=id_of(row),
        url=url,
        title=title,
        score=1.0,
        language=language,
        published=date(2023, 5, 4),
        last_reviewed=reviewed,
        topics=topics,
        section=SectionLink(heading, "self-care" if heading else "") if heading else None,
        highlights=Highlights((marked(title, words),), (marked(body, words),)),
    )


class FakeLive:
    """A live index whose index may be missing."""

    def __init__(self, *, missing: bool = False) -> None:
        self.missing = missing
        self.closed = False
        self.refreshed = 0
        self._opened = False

    @property
    def status(self) -> IndexStatus:
        if self.missing:
            return IndexStatus(None, "There is no index in var/index.")
        return IndexStatus(INFO, "")

    def refresh(self) -> bool:
        self.refreshed += 1
        changed = not self.missing and not self._opened
        self._opened = not self.missing
        return changed

    @contextmanager
    def searcher(self) -> Iterator[FakeSearcher]:
        if self.missing:
            raise IndexMissing(self.status.problem)
        yield FakeSearcher()

    def close(self) -> None:
        self.closed = True
