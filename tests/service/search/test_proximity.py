"""Words that were typed side by side are worth more where they stand so."""

from collections.abc import Sequence
from dataclasses import replace
from math import log

import numpy as np
import pytest

from indexer.article import Article
from indexer.index.columns.texts import SegmentTexts
from indexer.index.schema import K1
from indexer.index.withdrawals import Withdrawn
from service.search.ranking import proximity
from service.search.ranking.proximity import Proximity
from service.search.ranking.selection import Place
from service.search.ranking.statistics import Statistics
from service.search.reading.compiler import compile_query
from service.search.reading.query import parse
from service.search.reading.spoken import Spoken
from service.search.tuning import DEFAULT, PLAIN
from tests.service.search.asked import FILLER, article, ask, matching
from tests.service.search.conftest import OpenIndex
from tests.service.search.opened import opened

TEXTS = (
    article("beside", "There is chest pain at night."),
    article("between", "There is chest wall pain."),
    article("two", "There is chest and back pain."),
    article("turned", "There is pain, chest and back."),
    article("title", "It hurts.", "Chest pains"),
    article("twice", "Chest pain today, chest pain tomorrow."),
    article("often", "Chest pain. " * 30),
    article("ends", "Pain. This ends with a chest"),
    article("begins", "Pain begins this, and no chest."),
    article("empty"),
    article("knee", "Chest of knee pain."),
)


COUNT = 400


def spoken(text: str) -> tuple[Spoken, ...]:
    return compile_query(parse(text), ("en",)).spoken


def proximity_of(segments: Sequence[Sequence[Article]]) -> Proximity:
    """Return what scores pairs in an index of these segments, said to have ``COUNT`` articles."""
    columns = [opened(articles) for articles in segments]
    statistics = Statistics(columns, {"en": COUNT}, Withdrawn())
    return Proximity([SegmentTexts(each) for each in columns], statistics)


def worth(text: str, articles: Sequence[Article] = TEXTS, size: int = 100) -> dict[str, float]:
    """Return what pairs are worth in an index of segments of ``size`` articles."""
    made = proximity_of([articles[at : at + size] for at in range(0, len(articles), size)])
    places = [Place(n // size, n % size, 1.0) for n in range(len(articles))]
    found = made.worth(places[::-1], spoken(text))
    return dict(zip([each.id for each in articles], found[::-1].tolist(), strict=True))


def test_a_pair_counts_side_by_side_and_with_a_word_between() -> None:
    found = worth("chest pain")
    assert found["beside"] == found["between"] == found["title"] > 0
    none = ("two", "turned", "ends", "begins", "empty")
    assert [found[each] for each in none] == [0] * len(none)


def test_in_the_order_in_which_it_was_typed() -> None:
    found = worth("pain chest")
    assert found["turned"] > 0 == found["beside"]


def test_more_often_is_worth_more_and_ever_less_so() -> None:
    found = worth("chest pain")
    once, twice, often = (found[each] for each in ("beside", "twice", "often"))
    assert twice == pytest.approx(once * 2 * (K1 + 1) / (2 + K1))
    assert twice < often < once * (K1 + 1)


def test_the_word_between_may_be_one_of_the_query() -> None:
    """Of "chest knee pain" all three pairs could stand in it: two were typed."""
    found = worth("chest knee pain")
    assert found["knee"] == pytest.approx(
        worth("chest knee")["knee"] + worth("knee pain")["knee"], rel=1e-6
    )
    assert worth("chest knee")["knee"] > 0
    mixed = [article("mixed", "Chest, pain, knee.")]
    assert worth("chest knee pain", mixed) == worth("chest knee", mixed) != {"mixed": 0}


def test_a_pair_tells_the_more_the_fewer_of_the_best_have_it() -> None:
    texts = [article("a", "chest pain"), article("b", "chest pain"), article("c", "back pain")]
    found = worth("chest pain", texts)
    assert found["a"] == pytest.approx(proximity.WEIGHT * (log(COUNT / 3) + 1))
    assert worth("back pain", texts)["c"] == pytest.approx(proximity.WEIGHT * (log(COUNT / 2) + 1))
    assert worth("chest pain", texts[:1])["a"] > found["a"]


def test_a_pair_tells_no_more_than_its_words() -> None:
    """Where nearly all have both words, that both stand together is told by few only by chance."""
    words = [article(f"n{n}", "chest and then some pain") for n in range(COUNT - 1)]
    found = worth("chest pain", [*words, article("pair", "chest pain")], COUNT)["pair"]
    assert found == pytest.approx(proximity.WEIGHT * 2 * (log(COUNT / (COUNT + 1)) + 1))


def test_words_that_say_nothing_make_no_pairs() -> None:
    assert set(worth("there is").values()) == {0.0}
    assert set(worth("chest chest").values()) == {0.0}
    assert set(worth("chest").values()) == {0.0}
    assert set(worth("?!").values()) == {0.0}
    assert worth("with a chest")["ends"] > 0, "beside a word that does, they are part of a pair"


def test_texts_are_read_up_to_a_length(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [article("late", "word " * 20 + "chest pain"), article("early", "chest pain " * 20)]
    assert worth("chest pain", texts)["late"] > 0
    monkeypatch.setattr(proximity, "MAX_WORDS", 21)
    assert worth("chest pain", texts)["late"] == 0
    monkeypatch.setattr(proximity, "MAX_WORDS", 22)
    assert worth("chest pain", texts)["late"] > 0


@pytest.mark.parametrize("text", ["chest pain", "chest knee pain", "there is chest pain at night"])
def test_segments_make_no_difference(text: str) -> None:
    whole = worth(text)
    for size in (1, 2, 3, 5):
        assert worth(text, size=size) == pytest.approx(whole)


def test_one_query_leaves_nothing_to_the_next() -> None:
    made = proximity_of([TEXTS])
    places = [Place(0, n, 1.0) for n in range(len(TEXTS))]
    alone = made.worth(places, spoken("chest pain"))
    made.worth(places, spoken("back wall night tomorrow chest"))
    assert np.array_equal(made.worth(places, spoken("chest pain")), alone)
    assert np.count_nonzero(alone) == 5


FAR = "The chest is a box of ribs. " + "It moves when we breathe in and out. " * 3 + "No pain then."
PAIN = (
    article("a-far", FAR, "Ribs"),
    article("b-near", FAR.replace("No pain", "Chest pain"), "Lungs"),
)


def test_the_article_in_which_they_stand_together_comes_first(open_index: OpenIndex) -> None:
    plain = open_index([*PAIN, *FILLER], PLAIN)
    near = open_index([*PAIN, *FILLER], replace(PLAIN, proximity=True))
    turned = ask(near, "pain chest")
    before, after = ask(plain, "chest pain"), ask(near, "chest pain")
    assert matching(after) == ["b-near", "a-far"]
    assert [hit.score for hit in turned.hits] == [
        hit.score for hit in ask(plain, "pain chest").hits
    ]
    gained = {hit.id: hit.score for hit in after.hits}
    gained = {hit.id: gained[hit.id] - hit.score for hit in before.hits}
    assert gained["b-near"] > 0 == gained["a-far"]
    assert after.total == before.total == 2


def test_one_word_is_not_looked_for_in_texts(
    open_index: OpenIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    searcher = open_index([*PAIN, *FILLER], DEFAULT)
    asked: list[int] = []

    def worth(_: Proximity, places: Sequence[Place], spoken: Sequence[Spoken]) -> list[float]:
        asked.append(len(spoken))
        return [0.0] * len(places)

    monkeypatch.setattr(Proximity, "worth", worth)
    for q in ("pain", '"chest pain"', "title:chest", "pain -chest", "pai*"):
        ask(searcher, q)
    assert not asked
    ask(searcher, "chest pain")
    ask(searcher, "chest pain", sort="newest")
    assert asked == [2]
