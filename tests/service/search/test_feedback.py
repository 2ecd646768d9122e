"""Where few articles match, those that are like the best of them follow, and are said to."""

import random
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.edits import edit_live
from indexer.index.generation import Generation
from indexer.index.generations import GenerationStore
from indexer.index.job import Edit
from service.search.engine import IndexSearcher, open_searcher
from service.search.ranking import feedback, ordering
from service.search.request import SearchRequest
from service.search.response import Hit
from service.search.tuning import DEFAULT, PLAIN
from tests.service.search.asked import FILLER, article, ask, matching, related
from tests.service.search.conftest import OpenIndex
from tests.service.search.histories import fields_of

JOINTS = (
    article("gout", "Gout: uric crystals in a swollen joint, often the toe.", "Gout"),
    article("acid", "Uric crystals hurt a swollen toe.", "Crystals"),
    article("toe", "A swollen toe has many causes.", "Toes"),
    article("stone", "Uric stones.", "Stones"),
)


@pytest.fixture(scope="module")
def searcher(open_index: OpenIndex) -> IndexSearcher:
    return open_index([*JOINTS, *FILLER], replace(PLAIN, feedback=True))


@pytest.fixture(scope="module")
def plain(open_index: OpenIndex) -> IndexSearcher:
    return open_index([*JOINTS, *FILLER], PLAIN)


def test_what_is_alike_follows_what_matches(searcher: IndexSearcher) -> None:
    answer = ask(searcher, "gout")
    assert matching(answer) == ["gout"]
    assert related(answer) == ["acid", "toe", "stone"]
    assert (answer.total, answer.related) == (1, 3)
    assert [hit.related for hit in answer.hits] == [False, True, True, True]


def test_it_is_in_no_count(searcher: IndexSearcher, plain: IndexSearcher) -> None:
    answer, without = ask(searcher, "gout"), ask(plain, "gout")
    assert answer.facets == without.facets
    assert (without.total, without.related, len(without.hits)) == (1, 0, 1)


def test_what_matches_stays_first_whatever_is_alike(open_index: OpenIndex) -> None:
    rain = "It may rain or snow on the way to town. " * 30
    searcher = open_index([*JOINTS, article("aside", f"{rain} Gout.", "Rain"), *FILLER])
    hits = ask(searcher, "gout").hits
    assert [hit.id for hit in hits][:3] == ["gout", "aside", "acid"]
    assert hits[2].score > hits[1].score


@pytest.mark.parametrize(
    ("q", "wishes"),
    [
        ('"gout"', {}),
        ("title:gout", {}),
        ("gou*", {}),
        ("gout~", {}),
        ("gout -knee", {}),
        ("gout AND toe", {}),
        ("gout OR knee", {}),
        ("(gout)", {}),
        ("gout", {"expand": False}),
        ("gout", {"language": ("en",)}),
        ("gout", {"sort": "newest"}),
        ("gout", {"sort": "reviewed"}),
        ("unheard", {}),
        ("?!", {}),
    ],
)
def test_nothing_follows_what_asks_for_more_than_words(
    searcher: IndexSearcher, plain: IndexSearcher, q: str, wishes: Mapping[str, object]
) -> None:
    answer, without = ask(searcher, q, **wishes), ask(plain, q, **wishes)
    assert answer.related == 0
    assert answer.hits == without.hits


def test_nothing_follows_a_topic(open_index: OpenIndex) -> None:
    texts = [article(f"a{n}", f"Gout {n}", topics=("Joints",)) for n in range(2)]
    texts += [article(f"b{n}", f"Joints {n}", topics=("Joints",)) for n in range(2)]
    searcher = open_index([*texts, *FILLER])
    assert ask(searcher, "gout").related >= 2
    assert ask(searcher, "gout", topic=("Joints",)).related == 0


def test_nothing_follows_many(
    searcher: IndexSearcher, plain: IndexSearcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    for few, is_any in ((4, True), (3, False), (2, False)):
        monkeypatch.setattr(ordering, "FEW", few)
        answer = ask(searcher, "uric")
        assert answer.total == 3
        assert (answer.hits != ask(plain, "uric").hits) == is_any
        assert bool(answer.related) == is_any


def pages(searcher: IndexSearcher, q: str, size: int) -> Iterator[Hit]:
    """Yield the hits of page after page until one is empty."""
    for page in range(1, 100):
        hits = ask(searcher, q, page=page, per_page=size).hits
        yield from hits
        if not hits:
            return


@contextmanager
def limits(
    depth: int = ordering.DEPTH, few: int = feedback.FEW, terms: int = feedback.TERMS
) -> Iterator[None]:
    """Make fewer documents be put in order, and fewer matches be too many for feedback."""
    with pytest.MonkeyPatch.context() as patch:
        for module in ("ranking.ordering", "engine"):
            patch.setattr(f"service.search.{module}.DEPTH", depth)
        patch.setattr(ordering, "FEW", few)
        patch.setattr(feedback, "TERMS", terms)
        yield


NAMES = [a + b for a in "bdfgklmnprst" for b in "aeiou"]
LONG = " ".join(f"{chance}word" for chance in random.Random(1).choices(NAMES, k=200))
"""A text of which a word more is hardly anything."""

WINDS = "strong weak cold warm wet dry strong cold"
TOWNS = (
    *(
        article(f"t{n:02}", f"Rain in town {n % 7}, and {w} wind.", f"Town {n}")
        for n, w in enumerate(WINDS.split() * 4)
    ),
    *(article(f"w{n}", f"Wind and weather, number {n}.", f"Weather {n}") for n in range(5)),
    *(article(f"twin{n}", LONG + " Rain and mist.", "Hills") for n in "ab"),
    article("hill", "Mist and hills", "Valley"),
)


@pytest.fixture(scope="module")
def towns(open_index: OpenIndex) -> IndexSearcher:
    return open_index(TOWNS)


@pytest.mark.parametrize("q", ["rain", "rain wind", "mist", "cold rain in town", "weather mist"])
@pytest.mark.parametrize("size", [1, 3, 7])
@pytest.mark.parametrize("depth", [100, 12, 7])
def test_pages_hold_each_article_once(towns: IndexSearcher, q: str, size: int, depth: int) -> None:
    with limits(depth, few=5):
        whole = ask(towns, q, per_page=100)
        found = list(pages(towns, q, size))
    ids = [hit.id for hit in found]
    assert len(ids) == len(set(ids)) == whole.total + whole.related
    assert found == list(whole.hits)


def test_a_duplicate_of_what_matches_does_not_follow_it(open_index: OpenIndex) -> None:
    """The twin that does not match may not come back as one that is alike."""
    body = LONG + " Mist in the valley."
    twins = [article("a", body + " Fog.", "Hills"), article("b", body + " Haze.", "Hills")]
    likes = article("c", LONG + " Mist over the lake.", "Valley")
    searcher = open_index([*twins, likes, *FILLER])
    assert ask(searcher, "mist").total == 2, "they are duplicates"
    for q in ("fog", "haze"):
        answer = ask(searcher, q)
        assert answer.total == 1
        assert related(answer) == ["c"]


PLAIN_QUERIES = (
    "asthma",
    "asthma inhaler",
    "night cough",
    "pain in the knee at night",
    "tos dolor",
    "la rodilla",
    "AIDS",
    "aids",
    "covid-19",
    "john's cafe",
    "500mg",
    "airway air",
)


def grown(folder: Path, chance: random.Random) -> tuple[Generation, dict[str, dict[str, object]]]:
    """Return a generation of several segments, some articles deleted, and what is left."""
    store, held = GenerationStore(folder), dict[str, dict[str, object]]()
    for step in range(chance.randint(2, 5)):
        changes = {
            name: fields_of(chance, name)
            for name in chance.sample([f"a{n}" for n in range(30)], chance.randint(2, 8))
        }
        held |= changes
        edits = [Edit(0, name, fields) for name, fields in changes.items()]
        if step:
            gone = chance.choice(sorted(held))
            del held[gone]
            edits.append(Edit(0, gone, None))
        edit_live(store, edits)
    return store.live(), held


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32))
def test_history_makes_no_difference(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    folder, chance = tmp_path_factory.mktemp("grown"), random.Random(seed)
    generation, held = grown(folder / "grown", chance)
    at_once = GenerationStore(folder / "new")
    edit_live(
        at_once, [Edit(0, name, held[name]) for name in chance.sample(sorted(held), len(held))]
    )
    with (
        closing(open_searcher(generation)) as ours,
        closing(open_searcher(at_once.live())) as theirs,
    ):
        for q in PLAIN_QUERIES:
            for few, terms in ((feedback.FEW, 30), (feedback.FEW, 5), (4, 3)):
                with limits(depth=ordering.DEPTH if few > 4 else 9, few=few, terms=terms):
                    mine, new = (ask(each, q, per_page=100) for each in (ours, theirs))
                assert [hit.id for hit in mine.hits] == [hit.id for hit in new.hits], q
                assert mine.hits == new.hits, q
                assert (mine.total, mine.related) == (new.total, new.related)
                assert {hit.id for hit in mine.hits} <= held.keys()
                assert len({hit.id for hit in mine.hits}) == len(mine.hits)


def test_deleted_articles_do_not_come_back(tmp_path: Path) -> None:
    store = GenerationStore(tmp_path)
    fields = {
        each.id: {"id": each.id, "title": each.title, "text": each.body, "language": "en"}
        for each in (*JOINTS, *FILLER)
    }
    edit_live(store, [Edit(0, name, of) for name, of in fields.items()])
    with closing(open_searcher(store.live())) as searcher:
        assert "toe" in related(ask(searcher, "gout"))
    edit_live(store, [Edit(0, "toe", None)])
    with closing(open_searcher(store.live())) as searcher:
        answer = searcher.search(SearchRequest(q="gout"))
        assert (answer.total, related(answer)) == (1, ["acid", "stone"])


def test_articles_of_several_languages_are_each_like_their_own(open_index: OpenIndex) -> None:
    searcher = open_index(
        [
            *JOINTS,
            article("gota", "Gout: cristales en el dedo.", "Gota", language="es"),
            article("dedo", "El dedo y los cristales.", "Dedo", language="es"),
            article("empty", "", "", language="es"),
            *FILLER,
        ]
    )
    answer = ask(searcher, "gout")
    assert set(matching(answer)) == {"gout", "gota"}
    assert {"acid", "dedo"} <= set(related(answer))


def test_it_can_be_switched_off(open_index: OpenIndex) -> None:
    searcher = open_index([*JOINTS, *FILLER], replace(DEFAULT, feedback=False))
    assert ask(searcher, "gout").related == 0
