"""What words are worth is kept, up to a size, and never changed by those who use it."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from indexer.article import Article
from indexer.index.withdrawals import Withdrawn
from service.search.plan import Leaf
from service.search.ranking import words
from service.search.ranking.runs import Scored
from service.search.ranking.shards import Shard, shards_of
from service.search.ranking.statistics import Statistics
from service.search.ranking.words import WordScores, add_up, units_of
from tests.service.search.opened import opened

TERMS = ("gout", "hurt", "knee", "night")


def leaves(*terms: str) -> list[Leaf]:
    """Return the plan of words: a stem and an unstemmed form each."""
    return [
        leaf
        for term in terms
        for leaf in (Leaf("en", term, (0, 1, 2, 3, 4)), Leaf("exact", term, (0, 1), 0.1))
    ]


@pytest.fixture(scope="module")
def shard() -> Shard:
    articles = [
        Article(
            id=f"a{n}", url="", title=TERMS[n % 4], body=" ".join(TERMS[: n % 5]), language="en"
        )
        for n in range(40)
    ]
    (made,) = shards_of([(opened(articles), ())])
    return made


@pytest.fixture
def scores(shard: Shard) -> WordScores:
    columns = [part.columns for part in shard.parts]
    return WordScores(Statistics(columns, {"en": 40}, Withdrawn()))


def kept(scores: WordScores) -> list[int]:
    """Return how many documents each word has that is kept, the longest unused first."""
    return [len(word.documents) for word in scores._kept.values()]


def found(scores: WordScores, shard: Shard, *terms: str) -> Scored:
    """Add up words."""
    return add_up(scores.of(shard, units_of(leaves(*terms))))


def test_the_second_answer_is_the_first(scores: WordScores, shard: Shard) -> None:
    first = found(scores, shard, "gout", "knee")
    assert len(kept(scores)) == 2
    again = found(scores, shard, "gout", "knee")
    for one, other in zip(first, again, strict=True):
        assert one.tolist() == other.tolist()
    assert len(kept(scores)) == 2
    alone, worth = found(scores, shard, "gout")
    assert found(scores, shard, "gout")[0] is alone
    with pytest.raises(ValueError, match="read-only"):
        worth[0] = 9


def test_words_add_up(scores: WordScores, shard: Shard) -> None:
    total = np.zeros(shard.documents)
    for term in TERMS:
        documents, worth = found(scores, shard, term)
        total[documents] += worth
    documents, worth = found(scores, shard, *TERMS)
    assert documents.tolist() == total.nonzero()[0].tolist()
    np.testing.assert_allclose(worth, total[documents])


def test_what_was_not_asked_for_longest_goes_first(
    scores: WordScores, shard: Shard, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = {term: len(found(scores, shard, term)[0]) for term in TERMS}
    monkeypatch.setattr(words, "MAX_KEPT", sizes["gout"] + sizes["knee"])
    monkeypatch.setattr(words, "MAX_SHARE", 1.0)
    monkeypatch.setattr(words, "OVERHEAD", 0)
    fresh = WordScores(scores._statistics)
    for term in ("hurt", "gout", "night", "gout", "knee"):
        found(fresh, shard, term)
        assert sum(kept(fresh)) <= sizes["gout"] + sizes["knee"]
    assert kept(fresh)[-1] == sizes["knee"]


def test_a_word_of_very_many_documents_is_not_kept(
    scores: WordScores, shard: Shard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "MAX_KEPT", 20)
    found(scores, shard, "gout")
    assert not kept(scores)


def test_threads_share_it(
    scores: WordScores, shard: Shard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "MAX_KEPT", 60)
    monkeypatch.setattr(words, "MAX_SHARE", 1.0)
    monkeypatch.setattr(words, "OVERHEAD", 0)
    expected = {term: found(scores, shard, term)[1].sum() for term in TERMS}
    with ThreadPoolExecutor(8) as pool:
        asked = [TERMS[n % 4] for n in range(400)]
        sums = pool.map(lambda term: found(scores, shard, term)[1].sum(), asked)
        assert [round(each, 9) for each in sums] == [round(expected[term], 9) for term in asked]
    assert sum(kept(scores)) <= 60


def test_words_that_no_document_has_are_not_kept_without_end(
    scores: WordScores, shard: Shard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "MAX_KEPT", 10 * words.OVERHEAD)
    for number in range(50):
        found(scores, shard, f"unheard{number}")
    assert kept(scores) == [0] * 10
