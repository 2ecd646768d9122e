"""What the site's own rules pin and hide."""

from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from service.search import engine
from service.search.engine import IndexSearcher, open_searcher
from service.search.ranking.collector import Placed
from service.search.ranking.ranker import Ranker
from service.search.request import SearchRequest
from service.search.response import FacetCount, SearchResponse
from tests.service.search.asked import FILLER, article, ask, matching
from tests.service.search.conftest import OpenIndex
from tests.service.search.histories import history
from tests.service.search.test_cursor import depth, shelved, walk

COPY = "Gout is a painful arthritis. Uric acid makes crystals in a joint, mostly in the big toe."
LIBRARY = (
    *(article(f"g{n}", "Gout. " * (9 - n) + f"Number {n}.", f"Part {n}") for n in range(8)),
    article("one", COPY, "What is gout?", topics=("Joints",), url="https://a.example/what"),
    article("two", COPY, "What is gout?", topics=("Joints",), published=date(2020, 1, 1)),
    article("other", "Asthma makes breathing hard.", "Asthma", topics=("Lungs",)),
    *FILLER,
)


@pytest.fixture(scope="module")
def library(open_index: OpenIndex) -> IndexSearcher:
    return open_index(LIBRARY)


@pytest.fixture
def place(library: IndexSearcher, monkeypatch: pytest.MonkeyPatch) -> "Place":
    return Place(library, monkeypatch)


class Place:
    """Searches with what is pinned and hidden."""

    def __init__(self, searcher: IndexSearcher, patch: pytest.MonkeyPatch) -> None:
        self.searcher = searcher
        self.patch = patch

    def ask(
        self,
        q: str = "gout",
        pinned: tuple[str, ...] = (),
        hidden: tuple[str, ...] = (),
        **wishes: object,
    ) -> SearchResponse:
        request = SearchRequest(q=q, **wishes)  # type: ignore[arg-type]
        placed = self.searcher._ranker.placed(pinned, hidden, request)
        with self.patch.context() as patch:
            pretend(patch, placed)
            return self.searcher.search(request)


def pretend(patch: pytest.MonkeyPatch, placed: Placed) -> None:
    """Let rules place these in every search, whatever the rules say that are in force."""
    asked = engine.Asked
    patch.setattr(engine, "Asked", lambda request, start, *_: asked(request, start, placed))


def ids(answer: SearchResponse) -> list[str]:
    return [hit.id for hit in answer.hits]


class TestNames:
    def test_an_id_or_an_address(self, library: IndexSearcher) -> None:
        ranker = library._ranker
        by_id = ranker.place_of("one")
        assert by_id
        assert by_id == ranker.place_of("https://a.example/what")
        assert ranker.columns[by_id.segment].card(by_id.document).id == "one"
        assert ranker.place_of("https://a.example/one") is None
        assert ranker.place_of("") is None
        assert ranker.place_of("\ud800") is None

    def test_of_several_at_an_address_the_smallest_id(self, open_index: OpenIndex) -> None:
        made = [article(name, url="https://a.example/") for name in ("b", "a", "c")]
        ranker = open_index(made)._ranker
        assert ranker.place_of("https://a.example/") == ranker.place_of("a")

    def test_what_is_placed(self, library: IndexSearcher) -> None:
        def placed(pinned: list[str], hidden: list[str], **wishes: object) -> list[list[str]]:
            request = SearchRequest(q="gout", **wishes)  # type: ignore[arg-type]
            of = library._ranker.placed(pinned, hidden, request)
            return [[name_of(library._ranker, p.segment, p.document) for p in each] for each in of]

        assert placed(["other", "g1", "none", "other"], ["g3", "none"]) == [["other", "g1"], ["g3"]]
        assert placed(["g1", "g3"], ["g3"]) == [["g1"], ["g3"]]
        assert placed(["two", "one", "g1"], []) == [["two", "g1"], []]
        assert placed(["other", "one"], [], topic=("joints",)) == [["one"], []]


def name_of(ranker: Ranker, segment: int, document: int) -> str:
    return ranker.columns[segment].card(document).id


class TestHidden:
    def test_is_in_no_hit_no_total_and_no_facet(self, place: Place) -> None:
        before, after = place.ask(), place.ask(hidden=("g0", "one", "two"))
        assert {"g0", "one"} <= set(ids(before)) | {"two"}
        assert not {"g0", "one", "two"} & set(ids(after))
        assert after.total == before.total - 2  # the two copies count once
        assert before.facets["topic"] == (FacetCount("Joints", 1),)
        assert after.facets["topic"] == ()

    def test_is_not_among_what_is_like_the_hits(self, place: Place) -> None:
        related = [hit.id for hit in place.ask("asthma sky").hits if hit.related]
        assert related or place.ask("asthma").total
        for name in related:
            assert name not in ids(place.ask("asthma sky", hidden=(name,)))

    def test_a_copy_takes_its_place(self, place: Place) -> None:
        shown = {"one", "two"} & set(ids(place.ask(per_page=20)))
        assert len(shown) == 1
        (other,) = {"one", "two"} - shown
        assert other in ids(place.ask(hidden=tuple(shown), per_page=20))


class TestPinned:
    def test_stands_first_in_its_order_and_nowhere_else(self, place: Place) -> None:
        before = place.ask(per_page=30)
        after = place.ask(pinned=("g7", "g2"), per_page=30)
        assert ids(after)[:2] == ["g7", "g2"]
        assert [hit.pinned for hit in after.hits[:3]] == [True, True, False]
        assert sorted(matching(after)) == sorted(matching(before))
        assert (after.total, after.facets) == (before.total, before.facets)

    def test_counts_though_it_does_not_match(self, place: Place) -> None:
        before, after = place.ask(), place.ask(pinned=("other",))
        assert ids(after)[0] == "other"
        assert after.total == before.total + 1
        assert FacetCount("Lungs", 1) in after.facets["topic"]
        assert after.hits[0].highlights.body == ("Asthma makes breathing hard.",)

    def test_is_all_there_is_where_nothing_matches(self, place: Place) -> None:
        answer = place.ask("xylophone", pinned=("other",))
        assert (ids(answer), answer.total, answer.related) == (["other"], 1, 0)

    def test_no_copy_of_it_follows(self, place: Place) -> None:
        for pinned, copy in (("one", "two"), ("two", "one")):
            answer = place.ask(pinned=(pinned,), per_page=30)
            assert ids(answer)[0] == pinned
            assert copy not in ids(answer)
            assert answer.total == place.ask().total

    def test_pages_fit(self, place: Place) -> None:
        whole = ids(place.ask(pinned=("g5", "other"), per_page=30))
        pages = [ids(place.ask(pinned=("g5", "other"), per_page=3, page=n)) for n in range(1, 11)]
        assert [name for page in pages for name in page] == whole


@pytest.mark.parametrize("seed", range(12))
def test_a_walk_by_cursor_meets_each_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    with closing(open_searcher(history(tmp_path, seed, shelved))) as searcher, depth(3, 0):
        for q in ("asthma", "pain night", "la", "a*"):
            request = SearchRequest(q=q, per_page=2)
            names = [f"a{n}" for n in range(seed, seed + 5)]
            placed = searcher._ranker.placed(names[:2], names[2:], request)
            with monkeypatch.context() as patch:
                pretend(patch, placed)
                answers = list(walk(searcher, request))
                whole = ids(searcher.search(replace(request, per_page=100)))
            found = [name for answer in answers for name in ids(answer)]
            assert found == whole
            assert len(set(found)) == len(found) == answers[0].total
            first = [name_of(searcher._ranker, p.segment, p.document) for p in placed.pinned]
            assert found[: len(first)] == first
            assert not set(found) & set(names[2:])


def test_without_rules_nothing_is_pinned(library: IndexSearcher) -> None:
    assert not any(hit.pinned for hit in ask(library, "gout").hits)
