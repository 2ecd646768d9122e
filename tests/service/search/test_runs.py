"""Words side by side, as typed or by their stems; and what adds up to a query's score."""

from collections.abc import Sequence

import numpy as np
import pytest

from indexer.article import Article
from indexer.index.analysis import analyzer
from indexer.index.withdrawals import Withdrawn
from service.search.plan import Leaf, Name, Run, Titled, Unit
from service.search.ranking import runs
from service.search.ranking.runs import RunReader
from service.search.ranking.shards import shards_of
from service.search.ranking.statistics import Statistics
from service.search.ranking.words import WordScores, units_of
from tests.service.search.asked import article
from tests.service.search.opened import opened

TEXTS = (
    article("one", "A myocardial infarction hurts."),
    article("many", "Of myocardial infarctions, the first. Myocardial infarctions!"),
    article("title", "It hurts.", "Myocardial infarction"),
    article("apart", "A myocardial and other infarction."),
    article("order", "An infarction, myocardial of course."),
    article("across", "Infarction hurts.", "Myocardial"),
    article("edge", "The end is myocardial"),
    article("next", "Infarction begins."),
    article("spanish", "Myocardial infarction no es español.", language="es"),
    article("breath", "Shortness of breath is common."),
    article("breaths", "A shortness in breaths is rare."),
    article("long", "Shortness of the breath, and shortness breath."),
    article("last", "A breath is taken, with shortness of"),
)


def name(text: str, factor: float = 1.0, language: str = "en") -> Name:
    """Return what is looked for by another name."""
    terms = tuple(analyzer(language).term(word) for word in text.split())
    return Name(language, terms, factor)


def found(
    run: Run | Name, articles: Sequence[Article] = TEXTS, size: int = 100
) -> dict[str, float]:
    """Return the articles that hold a run in an index of segments of ``size`` articles."""
    columns = [opened(articles[at : at + size]) for at in range(0, len(articles), size)]
    statistics = Statistics(columns, {"en": 12, "es": 1}, Withdrawn())
    held: dict[str, float] = {}
    for shard in shards_of([(each, ()) for each in columns]):
        documents, worth = RunReader(shard, statistics).find(run)
        for part, inside in shard.split(documents):
            numbers = (documents[inside] - part.base).tolist()
            cards = [part.columns.card(number).id for number in numbers]
            held |= dict(zip(cards, worth[inside].tolist(), strict=True))
    return held


class TestNames:
    def test_stand_side_by_side_in_title_or_body(self) -> None:
        assert found(name("myocardial infarction")).keys() == {"one", "many", "title"}

    def test_are_matched_in_any_inflection(self) -> None:
        assert found(name("myocardial infarctions")) == found(name("myocardial infarction"))

    def test_are_those_of_one_language(self) -> None:
        words = name("myocardial infarction", language="es")
        assert found(words).keys() == {"spanish"}

    def test_a_word_without_a_stem_is_any_one_word(self) -> None:
        assert name("shortness of breath").terms[1] == ""
        assert found(name("shortness of breath")).keys() == {"breath", "breaths"}

    def test_a_word_that_nobody_has_is_nowhere(self) -> None:
        assert found(name("myocardial unheard")) == {}
        assert found(name("unheard of")) == {}

    def test_are_worth_what_their_words_are(self) -> None:
        whole, half = (
            found(name("myocardial infarction")),
            found(name("myocardial infarction", 0.5)),
        )
        assert half == pytest.approx({each: value / 2 for each, value in whole.items()})
        assert whole["many"] > whole["one"]
        worth = [found(name(word))["one"] for word in ("myocardial", "infarction")]
        assert whole["one"] == pytest.approx(sum(worth))


class TestPhrases:
    @pytest.mark.parametrize(
        ("fields", "ids"),
        [((0,), {"title"}), ((1,), {"one", "spanish"}), ((0, 1), {"one", "title", "spanish"})],
    )
    def test_stand_side_by_side_as_typed_in_one_of_the_fields(
        self, fields: tuple[int, ...], ids: set[str]
    ) -> None:
        assert found(Run(("myocardial", "infarction"), fields)).keys() == ids


RUNS = [
    name("myocardial infarction"),
    name("shortness of breath"),
    name("myocardial"),
    Run(("myocardial", "infarction"), (0, 1)),
]


@pytest.mark.parametrize("run", RUNS)
def test_segments_and_shards_make_no_difference(
    run: Run | Name, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = found(run)
    for most in (262_144, 4, 1):
        monkeypatch.setattr("service.search.ranking.shards.MAX_DOCUMENTS", most)
        for size in (1, 2, 4, 6):
            assert found(run, size=size) == pytest.approx(whole)


@pytest.mark.parametrize("run", RUNS)
def test_texts_are_read_piece_by_piece(run: Run | Name, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = found(run)
    monkeypatch.setattr(runs, "READ_AT_ONCE", 2)
    assert found(run) == whole


class Late(Exception):
    """Time is over."""


def test_each_piece_looks_at_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "READ_AT_ONCE", 1)
    columns = opened(TEXTS)
    (shard,) = shards_of([(columns, ())])
    statistics = Statistics([columns], {"en": 12}, Withdrawn())
    looks = iter([None, None])

    def check() -> None:
        if next(looks, Late) is Late:
            raise Late

    with pytest.raises(Late):
        RunReader(shard, statistics, check).find(name("myocardial infarction"))
    with pytest.raises(Late):
        WordScores(statistics).of(shard, [name("hurts")], check)


class TestUnits:
    EN = Leaf("en", "a", (0,))
    ES = Leaf("es", "a", (0,))
    EXACT = Leaf("exact", "a", (0,))

    def test_are_the_leaves_of_each_word(self) -> None:
        """A word's leaves come in the order of the spaces; where it begins anew, a word does."""
        leaves = [self.EN, self.ES, self.EXACT, self.ES, self.EXACT, self.EXACT, self.EN]
        assert list(units_of(leaves)) == [
            (self.EN, self.ES, self.EXACT),
            (self.ES, self.EXACT),
            (self.EXACT,),
            (self.EN,),
        ]

    def test_are_names_and_phrases_by_themselves(self) -> None:
        run, other = Run(("a", "b"), (0,)), name("a b")
        assert list(units_of([run, self.EN, self.EXACT, other, run, self.EN])) == [
            run,
            (self.EN, self.EXACT),
            other,
            run,
            (self.EN,),
        ]
        assert list(units_of([])) == []

    def test_are_each_kept(self) -> None:
        """Each under its own name: the same words as a word, a name, a phrase and a title."""
        columns = opened(TEXTS)
        (shard,) = shards_of([(columns, ())])
        scores = WordScores(Statistics([columns], {"en": 12, "es": 1}, Withdrawn()))
        leaf = Leaf("en", "myocardi", (0, 1, 2, 3, 4))
        units: list[Unit] = [
            (leaf,),
            name("myocardial infarction"),
            name("myocardial infarction", 0.5),
            Run(("myocardial", "infarction"), (0, 1)),
            Titled(((leaf,),)),
            Titled(((leaf,),), 0.5),
        ]
        first = scores.of(shard, units)
        assert [len(each.documents) for each in first] == [7, 3, 3, 3, 2, 2]
        assert len({each.worth.sum() for each in first}) == 6
        for one, again in zip(first, scores.of(shard, units), strict=True):
            assert one is again
            assert one.most == one.worth.max()
            assert (np.diff(one.documents) > 0).all()
