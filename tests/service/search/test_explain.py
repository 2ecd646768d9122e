"""The parts of a score add up to it, each is what the ranking took, and nobody else sees them."""

from dataclasses import replace
from datetime import date

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.search.engine import IndexSearcher
from service.search.ranking import ordering
from service.search.response import Hit
from service.search.tuning import DEFAULT, PLAIN, SIGNALS, Tuning
from tests.service.search.asked import FILLER, article, ask
from tests.service.search.conftest import OpenIndex

TEXTS = (
    article("asthma", "Asthma is a disease of the airways.", "Asthma", topics=("Lungs",)),
    article("attack", "A heart attack. Chest pain, chest pain!", "Heart attack"),
    article("infarct", "A myocardial infarction, with pain in the chest.", "Myocardial infarction"),
    article("often", "asthma " * 400, "Asthma in children", modified=date(2001, 1, 1)),
    article("es", "El asma y el dolor.", "Asma", language="es"),
    article("vitamin", "Vitamin A.", "Vitamin A", last_reviewed=date(2020, 5, 5)),
    article("airways", "The airways.", "Airways"),
)


QUERIES = (
    "asthma",
    "what is asthma",
    "heart attack",
    "chest pain",
    "tylenol",
    "vitamin A",
    '"heart attack"',
    "title:asthma",
    "topic:lungs asthma",
    'asthma "disease of"',
    "asthma AND airways",
    "asthma OR pain",
    "asthma -children",
    "(asthma pain) airways",
    "asth*",
    "asthmo~",
    "asma dolor",
    "AIDS asthma",
)


@pytest.fixture(scope="module")
def searcher(open_index: OpenIndex) -> IndexSearcher:
    return open_index([*TEXTS, *FILLER])


def explained(searcher: IndexSearcher, q: str, **wishes: object) -> tuple[Hit, ...]:
    return ask(searcher, q, explain=True, per_page=50, **wishes).hits


@pytest.mark.parametrize("q", QUERIES)
def test_the_parts_add_up(searcher: IndexSearcher, q: str) -> None:
    for sort in ("relevance", "newest"):
        for hit in explained(searcher, q, sort=sort):
            assert sum(part.value for part in hit.explanation) == pytest.approx(hit.score, abs=1e-3)
            sizes = [abs(part.value) for part in hit.explanation]
            assert sizes == sorted(sizes, reverse=True)


LEFT_OVER = ("feedback", "semantic")
"""The signals whose parts are not told apart."""


@pytest.mark.parametrize(
    "tuning",
    [
        PLAIN,
        *(replace(PLAIN, **{name: True}) for name in SIGNALS if name not in LEFT_OVER),
        replace(DEFAULT, feedback=False),
    ],
)
def test_without_feedback_nothing_is_left_over(open_index: OpenIndex, tuning: Tuning) -> None:
    """Prefixes are left out: what they count is not known by word."""
    searcher = open_index([*TEXTS, *FILLER], tuning)
    for q in QUERIES:
        if "*" in q:
            continue
        for sort in ("relevance", "newest"):
            for hit in explained(searcher, q, sort=sort):
                rest = sum(part.value for part in hit.explanation if part.what == "rest")
                assert rest == pytest.approx(0, abs=2e-3), (q, hit.id, hit.explanation)


def test_an_order_by_day_has_no_parts_of_the_order_by_score(searcher: IndexSearcher) -> None:
    hits = explained(searcher, "what is asthma", sort="newest")
    assert {part.what for hit in hits for part in hit.explanation} == {"word"}


@pytest.mark.parametrize(
    ("q", "name", "kinds"),
    [
        ("asthma", "asthma", {"word", "title", "age"}),
        ("chest pain", "attack", {"word", "pairs", "age"}),
        ("heart attack", "infarct", {"other name", "title", "age"}),
        ('"heart attack"', "attack", {"phrase", "age"}),
        ("title:asthma", "asthma", {"word", "age"}),
    ],
)
def test_kinds_of_parts(searcher: IndexSearcher, q: str, name: str, kinds: set[str]) -> None:
    (hit,) = [hit for hit in explained(searcher, q) if hit.id == name]
    assert {part.what for part in hit.explanation} >= kinds


def test_a_word_says_field_frequency_length_and_idf(searcher: IndexSearcher) -> None:
    (hit,) = [hit for hit in explained(searcher, "asthma") if hit.id == "often"]
    details = [part.detail for part in hit.explanation if part.what == "word"]
    assert any("asthma in body (en): 400 of about" in each for each in details)
    assert any("asthma in title (en): 1 of about 2 words, idf" in each for each in details)
    assert any("(exact)" in each and "times 0.1" in each for each in details)


def test_what_only_resembles_has_nothing_but_that(open_index: OpenIndex) -> None:
    searcher = open_index([*TEXTS, article("alike", "A disease.", "Disease"), *FILLER])
    hits = [hit for hit in explained(searcher, "asthma") if hit.related]
    assert hits
    for hit in hits:
        (part,) = hit.explanation
        assert part.what == "rest"
        assert part.value == pytest.approx(hit.score, abs=1e-3)


def test_nobody_else_sees_them(searcher: IndexSearcher) -> None:
    for q in QUERIES:
        answer = ask(searcher, q)
        assert all(hit.explanation == () for hit in answer.hits)
        shown = ask(searcher, q, explain=True)
        bare = [msgspec.structs.replace(hit, explanation=()) for hit in shown.hits]
        assert bare == list(answer.hits)
        assert shown.total == answer.total


@settings(deadline=None, max_examples=50)
@given(st.lists(st.sampled_from([*QUERIES, "-", "AND", '"', "("]), max_size=4).map(" ".join))
def test_any_query_is_explained(searcher: IndexSearcher, q: str) -> None:
    for hit in explained(searcher, q or "?"):
        assert sum(part.value for part in hit.explanation) == pytest.approx(hit.score, abs=2e-3)


def test_what_was_not_looked_at_is_not_told_of(
    open_index: OpenIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind the documents that are put in order, age and pairs count for nothing."""
    monkeypatch.setattr(ordering, "DEPTH", 1)
    monkeypatch.setattr("service.search.engine.DEPTH", 1)
    texts = [article(f"p{n}", "chest pain " * (n + 1), f"Pain {n}") for n in range(3)]
    tuning = replace(PLAIN, proximity=True, freshness=True)
    searcher = open_index([*texts, *FILLER], tuning)
    first, *others = explained(searcher, "chest pain")
    assert {"pairs", "age"} <= {part.what for part in first.explanation}
    assert others
    for hit in others:
        assert {part.what for part in hit.explanation} == {"word"}
