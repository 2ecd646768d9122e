"""The project's own judged set is whole: ids, kinds, grades, and addresses that exist."""

from collections import Counter
from pathlib import Path

import msgspec
import pytest

from indexer.index.generation import Generation
from service.search.measuring.judgements import (
    QRELS,
    QUERIES,
    Judgements,
    Query,
    read_judgements,
    read_queries,
)

FOLDER = Path(__file__).parent / "judged"

LEAST = {
    "word": 25,
    "question": 25,
    "lay": 25,
    "typo": 20,
    "drug": 15,
    "acronym": 12,
    "spanish": 20,
    "spelling": 10,
    "negation": 10,
    "operator": 8,
    "zero": 8,
}
"""Every kind of query, and how many of it there are at least: fewer say nothing about a kind."""

LEAST_SAFETY = 12
PARTLY, WANTED = 1, 2
"""The grades."""


class Line(msgspec.Struct, forbid_unknown_fields=True):
    """A line of the queries as it must be written: a misspelt field would be passed over."""

    id: str = msgspec.field(name="_id")
    text: str
    kind: str
    safety: bool = False


@pytest.fixture(scope="module")
def queries() -> dict[str, Query]:
    return read_queries(FOLDER / QUERIES)


@pytest.fixture(scope="module")
def judgements() -> Judgements:
    return read_judgements(FOLDER / QRELS)


def lines(name: str) -> list[str]:
    return (FOLDER / name).read_text(encoding="utf-8").splitlines()


def test_a_query_has_no_other_fields() -> None:
    for line in lines(QUERIES):
        query = msgspec.json.decode(line, type=Line)
        assert query.text.strip() == query.text, query.id
        assert query.text, query.id


def test_ids_are_unique_and_begin_with_the_kind() -> None:
    written = [msgspec.json.decode(line, type=Line) for line in lines(QUERIES)]
    assert [name for name, count in Counter(each.id for each in written).items() if count > 1] == []
    assert [each.id for each in written if not each.id.startswith(f"{each.kind}-")] == []


def test_nothing_is_asked_twice(queries: dict[str, Query]) -> None:
    typed = Counter(query.text.casefold() for query in queries.values())
    assert [text for text, count in typed.items() if count > 1] == []


def test_there_are_enough_queries_of_every_kind(queries: dict[str, Query]) -> None:
    kinds = Counter(query.kind for query in queries.values())
    assert kinds.keys() == LEAST.keys()
    assert {kind: kinds[kind] for kind in LEAST if kinds[kind] < LEAST[kind]} == {}


def test_there_are_enough_queries_of_safety(queries: dict[str, Query]) -> None:
    assert sum(query.safety for query in queries.values()) >= LEAST_SAFETY


def test_an_article_is_judged_once_for_a_query() -> None:
    header, *rows = lines(QRELS)
    assert header == "query-id\tcorpus-id\tscore"
    pairs = Counter(tuple(row.split("\t")[:2]) for row in rows)
    assert [pair for pair, count in pairs.items() if count > 1] == []


def test_only_queries_of_the_set_are_judged(
    queries: dict[str, Query], judgements: Judgements
) -> None:
    assert judgements.keys() - queries.keys() == set()


def test_every_judged_address_is_an_article(
    judgements: Judgements, corpus_generation: Generation
) -> None:
    addresses = {mark.url for mark in corpus_generation.marks().values()}
    assert {address for grades in judgements.values() for address in grades} - addresses == set()


def test_every_article_is_wanted_by_some_query(
    judgements: Judgements, corpus_generation: Generation
) -> None:
    wanted = {
        address
        for grades in judgements.values()
        for address, grade in grades.items()
        if grade == WANTED
    }
    assert {mark.url for mark in corpus_generation.marks().values()} - wanted == set()


def test_grades_are_one_and_two(judgements: Judgements) -> None:
    grades = {grade for each in judgements.values() for grade in each.values()}
    assert grades == {PARTLY, WANTED}


def test_every_query_wants_an_article_but_those_for_nothing(
    queries: dict[str, Query], judgements: Judgements
) -> None:
    for name, query in queries.items():
        grades = judgements.get(name, {}).values()
        assert (WANTED in grades) == (query.kind != "zero"), name
        assert (not grades) == (query.kind == "zero"), name


def test_a_query_of_safety_wants_an_article(
    queries: dict[str, Query], judgements: Judgements
) -> None:
    for name, query in queries.items():
        if query.safety:
            assert WANTED in judgements[name].values(), name
