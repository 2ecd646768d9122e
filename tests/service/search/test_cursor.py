"""Walking from page to page by cursor."""

import random
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from indexer.errors import CursorExpired, CursorInvalid
from service.search.cursor import VERSION, Start, cursor_at, start_of
from service.search.engine import IndexSearcher, open_searcher
from service.search.options import Options
from service.search.ranking import ordering, pruning, shards
from service.search.ranking.collector import Ranking, Wanted
from service.search.ranking.selection import SortKey
from service.search.request import MAX_WINDOW, SearchRequest, Sort
from service.search.response import Hit, SearchResponse
from tests.service.search.asked import article
from tests.service.search.conftest import OpenIndex
from tests.service.search.histories import WORDS, fields_of, history

DAY = date(2024, 1, 1)


def shelved(chance: random.Random, name: str) -> dict[str, object]:
    """Return a record of random words with all that can be filtered and sorted by.

    Some say the same as others, and few days and words make many equal in all.
    """
    texts = random.Random(chance.randint(0, 2)) if chance.random() < 0.3 else chance
    fields = {**fields_of(texts, name), "id": name}
    if chance.random() < 0.3:
        word = chance.choice(WORDS)
        fields |= {"title": f"{word} {name}", "html": f"<p>{word}</p>", "description": ""}
    for day in ("published", "last_reviewed"):
        if chance.random() < 0.5:
            fields[day] = (DAY + timedelta(chance.randint(0, 2))).isoformat()
    fields["publisher"] = chance.choice(("Clinic", "clinic", ""))
    return fields


@contextmanager
def depth(size: int, few: int) -> Iterator[None]:
    """Let fewer documents be put in order, and fewer matches be too many for feedback."""
    with pytest.MonkeyPatch.context() as patch:
        for module in ("ranking.ordering", "engine"):
            patch.setattr(f"service.search.{module}.DEPTH", size)
        patch.setattr(ordering, "FEW", few)
        patch.setattr(pruning, "MIN_DOCUMENTS", 1)  # so that common words are left out at first
        patch.setattr(pruning, "LEFT_OUT_SHARE", 0.95)
        patch.setattr(shards, "MAX_DOCUMENTS", 8)  # of what is opened from here on
        yield


def walk(searcher: IndexSearcher, request: SearchRequest) -> Iterator[SearchResponse]:
    """Yield answer after answer, by cursor."""
    for _ in range(400):
        answer = searcher.search(request)
        yield answer
        if answer.next_cursor is None:
            return
        request = replace(request, cursor=answer.next_cursor, page=1)
    pytest.fail("no end")


def paged(searcher: IndexSearcher, request: SearchRequest) -> Iterator[Hit]:
    """Yield all hits, page by page."""
    for page in range(1, 200):
        hits = searcher.search(replace(request, page=page)).hits
        yield from hits
        if not hits:
            return


class Way(NamedTuple):
    """How to walk, and how many documents are put in order and are few."""

    sort: Sort
    per_page: int
    size: int
    few: int


QUERIES = st.lists(
    st.sampled_from([*WORDS, "a*", "pa*", '"asthma air"', "title:no*", "-knee", "asthma OR pain"]),
    min_size=1,
    max_size=3,
).map(" ".join)
FILTERS = st.sampled_from(
    [
        {},
        {},
        {"language": ("en",)},
        {"publisher": ("CLINIC",)},
        {"topic": ("airways",)},
        {"reviewed_after": DAY + timedelta(1)},
    ]
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    seed=st.integers(0, 2**32),
    asked=st.lists(st.tuples(QUERIES, FILTERS), min_size=3, max_size=6),
    way=st.builds(
        Way,
        sort=st.sampled_from(["relevance", "relevance", "newest", "reviewed"]),
        per_page=st.integers(1, 4),
        size=st.integers(3, 8),
        few=st.sampled_from([0, 3]),
    ),
)
def test_a_walk_meets_each_article_once_in_the_order_of_pages(
    tmp_path_factory: pytest.TempPathFactory,
    seed: int,
    asked: list[tuple[str, dict[str, object]]],
    way: Way,
) -> None:
    generation = history(tmp_path_factory.mktemp("index"), seed, shelved)
    with depth(way.size, way.few), closing(open_searcher(generation)) as searcher:
        for q, filters in asked:
            request = SearchRequest(q=q, sort=way.sort, per_page=way.per_page, **filters)  # type: ignore[arg-type]
            answers = list(walk(searcher, request))
            hits = [hit for answer in answers for hit in answer.hits]
            assert hits == list(paged(searcher, request))
            names = [hit.id for hit in hits]
            assert len(set(names)) == len(names)
            assert sum(not hit.related for hit in hits) == answers[0].total
            assert {(each.total, each.related) for each in answers} <= {
                (answers[0].total, answers[0].related),
                (answers[0].total, 0),
            }
            assert all(len(each.hits) == way.per_page for each in answers[:-1])
            assert all(each.facets == answers[0].facets for each in answers)


@pytest.fixture(scope="module")
def shelf(open_index: OpenIndex) -> IndexSearcher:
    """An index in which 300 articles match, many with equal scores, of every age."""
    return open_index(
        [
            article(
                f"a{n:03}",
                "Rain. " * (n % 7 + 1),
                f"Town {n}",
                last_reviewed=DAY - timedelta(400 * (n % 11)),
            )
            for n in range(300)
        ]
    )


def test_any_page_can_be_walked_on_from(shelf: IndexSearcher) -> None:
    request = SearchRequest(q="rain", per_page=30)
    whole = [hit.id for answer in walk(shelf, request) for hit in answer.hits]
    assert len(whole) == 300
    for page in (2, 3, 9):
        rest = walk(shelf, replace(request, page=page))
        assert [hit.id for answer in rest for hit in answer.hits] == whole[(page - 1) * 30 :]
    assert shelf.search(replace(request, page=10)).next_cursor is None
    assert shelf.search(replace(request, page=11)).next_cursor is None


@pytest.mark.parametrize("per_page", [1, 2, 5])
def test_no_article_is_lost_that_a_common_word_alone_finds(
    shelf: IndexSearcher, per_page: int
) -> None:
    request = SearchRequest(q="rain town", expand=False)
    with depth(3, 0):
        whole = shelf.search(replace(request, per_page=100)).hits
        hits = [h for a in walk(shelf, replace(request, per_page=per_page)) for h in a.hits]
    assert len(hits) == 300
    assert hits[:100] == list(whole)


def test_the_size_of_pages_may_change_on_the_way(shelf: IndexSearcher) -> None:
    request = SearchRequest(q="rain", per_page=40)
    whole = [hit.id for answer in walk(shelf, request) for hit in answer.hits]
    found: list[str] = []
    for size in (7, 40, 30, 1, 100, 100, 100):
        answer = shelf.search(replace(request, per_page=size))
        found += [hit.id for hit in answer.hits]
        request = replace(request, cursor=answer.next_cursor or "")
    assert found == whole
    assert not request.cursor


def test_deep_pages_ask_for_no_more_than_a_page(
    shelf: IndexSearcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    rank = shelf._ranker.rank

    def noting(wanted: Wanted) -> Ranking:
        sizes.append(wanted.size)
        return rank(wanted)

    monkeypatch.setattr(shelf._ranker, "rank", noting)
    answers = list(walk(shelf, SearchRequest(q="rain", per_page=10)))
    assert len(answers) == 30
    assert max(sizes[:6]) == 61
    assert set(sizes[6:]) == {11}


def test_page_by_page_there_is_a_cursor_beyond_what_pages_reach(shelf: IndexSearcher) -> None:
    """The limit of pages is that of their numbers, not of cursors."""
    start = Start(MAX_WINDOW * 3, SortKey(0, 1e-6, "a"))
    request = SearchRequest(q="rain")
    request = replace(request, cursor=cursor_at(start, request, shelf.info))
    assert start_of(request, shelf.info) == start
    answer = shelf.search(request)
    assert (answer.hits, answer.total, answer.next_cursor) == ((), 300, None)


def test_a_cursor_is_short_and_does_not_hold_the_query(shelf: IndexSearcher) -> None:
    request = SearchRequest(q="rain", per_page=100)
    cursor = shelf.search(request).next_cursor
    assert cursor
    assert len(cursor) < 100
    assert cursor.replace("-", "").replace("_", "").isalnum()
    assert b"rain" not in urlsafe_b64decode(cursor + "===")


def test_one_cursor_for_all_ways_to_say_the_same(shelf: IndexSearcher) -> None:
    request = SearchRequest(q="rain", language=("en", "es"))
    cursor = shelf.search(request).next_cursor
    same = SearchRequest(
        q="  rain\n",
        language=("ES", "en", "en"),
        per_page=3,
        facets=(),
        highlight="none",
        cursor=cursor or "",
    )
    assert [hit.id for hit in shelf.search(same).hits] == [
        hit.id for hit in shelf.search(replace(request, page=2)).hits[:3]
    ]


def changed(cursor: str, place: int, value: object) -> str:
    fields = msgspec.msgpack.decode(urlsafe_b64decode(cursor + "==="))
    fields[place] = value
    return urlsafe_b64encode(msgspec.msgpack.encode(fields)).decode().rstrip("=")


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (0, VERSION + 1),
        (0, "1"),
        (2, b"12345678"),
        (3, -1),
        (3, 2**40),
        (3, MAX_WINDOW + 1),
        (3, "1"),
        (4, []),
        (4, [0, 1.0, 7]),
        (4, [-1, 1.0, "a"]),
        (4, [2**60, 1.0, "a"]),
    ],
)
def test_an_altered_cursor_is_invalid(shelf: IndexSearcher, place: int, value: object) -> None:
    cursor = shelf.search(SearchRequest(q="rain")).next_cursor or ""
    assert start_of(SearchRequest(q="rain", cursor=changed(cursor, 3, 7)), shelf.info).position == 7
    with pytest.raises(CursorInvalid):
        shelf.search(SearchRequest(q="rain", cursor=changed(cursor, place, value)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    text=st.text(min_size=1) | st.binary(min_size=1).map(lambda b: urlsafe_b64encode(b).decode())
)
def test_any_other_text_is_invalid(shelf: IndexSearcher, text: str) -> None:
    with pytest.raises(CursorInvalid) as caught:
        shelf.search(SearchRequest(q="rain", cursor=text))
    assert len(text) < 4 or text not in str(caught.value)


@pytest.mark.parametrize("score", [float("nan"), float("inf"), -1.0])
def test_made_up_scores_do_no_harm(shelf: IndexSearcher, score: float) -> None:
    request = SearchRequest(q="rain")
    made_up = cursor_at(Start(60, SortKey(0, score, "a")), request, shelf.info)
    assert shelf.search(replace(request, cursor=made_up)).total == 300


@pytest.mark.parametrize(
    "other",
    [
        {"q": "raining"},
        {"sort": "newest"},
        {"topic": ("Rain",)},
        {"language": ("en",)},
        {"audience": ("Adults",)},
        {"publisher": ("Clinic",)},
        {"reviewed_after": DAY},
        {"reading_level_max": 8.0},
        {"expand": False},
    ],
    ids=str,
)
def test_a_cursor_is_of_one_search(shelf: IndexSearcher, other: dict[str, object]) -> None:
    request = SearchRequest(q="rain")
    cursor = shelf.search(request).next_cursor or ""
    with pytest.raises(CursorInvalid):
        shelf.search(replace(request, cursor=cursor, **other))


def test_a_cursor_is_of_one_state_of_the_index(shelf: IndexSearcher, open_index: OpenIndex) -> None:
    request = SearchRequest(q="rain")
    request = replace(request, cursor=shelf.search(request).next_cursor or "")
    other = open_index([article(f"a{n}", "Rain.", f"Town {n}") for n in range(30)])
    with pytest.raises(CursorExpired):
        other.search(request)
    for edition in ({"lexicon": "new"}, {"editorial": "new"}):
        with pytest.raises(CursorExpired):
            start_of(request, replace(shelf.info, **edition))


def test_texts_that_utf_8_does_not_have(shelf: IndexSearcher) -> None:
    request = SearchRequest(q="rain \ud800", language=("en", "\ud800"))
    assert sum(len(answer.hits) for answer in walk(shelf, request)) == 300


def test_without_time_a_walk_ends(tmp_path: Path) -> None:
    generation = history(tmp_path, 1, shelved)
    with closing(open_searcher(generation, Options(seconds=-1))) as searcher:
        (answer,) = walk(searcher, SearchRequest(q="asthma"))
    assert answer.total_relation == "gte"
