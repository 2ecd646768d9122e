"""Leaving words out at first changes no answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.index.analysis import LANGUAGES
from indexer.index.columns.segment import open_columns
from indexer.index.generation import Generation
from indexer.index.withdrawals import total
from service.search.plan import Plan
from service.search.ranking import pruning, shards
from service.search.ranking.collector import Ranking, Wanted
from service.search.ranking.pruning import contenders, matching
from service.search.ranking.ranker import Ranker
from service.search.ranking.words import WordScore, word_score
from service.search.reading.compiler import compile_query
from service.search.reading.query import normalize, parse
from service.search.request import SearchRequest
from tests.service.search.histories import PLAIN, history, matchers_of

TEXTS = st.lists(PLAIN, min_size=1, max_size=6).map(" ".join)


@contextmanager
def ranker_of(generation: Generation) -> Iterator[Ranker]:
    with matchers_of(generation) as matchers:
        segments = [
            (open_columns(generation.columns / f"{name}.columns"), deleted)
            for name, deleted in matchers.segments
        ]
        withdrawn = total(generation.withdrawals().values())
        yield Ranker(segments, generation.manifest.languages, withdrawn, matchers)


def plan_of(text: str) -> Plan:
    return compile_query(parse(normalize(text)), LANGUAGES).plan


def ranked(ranker: Ranker, text: str, per_page: int) -> Ranking:
    request = SearchRequest(q=text, per_page=per_page)
    return ranker.rank(Wanted(plan_of(text), (), request, per_page, monotonic() + 1_000))


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    seed=st.integers(0, 2**32),
    texts=st.lists(TEXTS, min_size=5, max_size=10),
    share=st.sampled_from([0.1, 0.4, 0.95]),
    per_page=st.sampled_from([1, 3, 10]),
)
def test_the_best_are_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    seed: int,
    texts: list[str],
    share: float,
    per_page: int,
) -> None:
    generation = history(tmp_path_factory.mktemp("pruned"), seed)
    with pytest.MonkeyPatch.context() as patch, ranker_of(generation) as ranker:
        whole = [ranked(ranker, text, per_page) for text in texts]
        patch.setattr(shards, "MAX_DOCUMENTS", 8)  # several shards, of which the first is whole
        patch.setattr(pruning, "MIN_DOCUMENTS", 1)
        patch.setattr(pruning, "LEFT_OUT_SHARE", share)
        with ranker_of(generation) as pruned:
            assert [ranked(pruned, text, per_page) for text in texts] == whole


def word(worth: dict[int, float]) -> WordScore:
    return word_score(np.array([*worth], np.intp), np.array([*worth.values()]), 100)


RARE = word({3: 5.0, 50: 4.0, 90: 1.0})
SOME = word({n: 5.0 - n / 100 for n in range(0, 100, 2)})
COMMON = word({n: 1.0 + n / 100 for n in range(100)})


def test_common_words_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """What has the common word alone cannot be one of the best two."""
    documents, worth = contenders([SOME, COMMON], 2, 0.0)
    assert len(documents) == 100, "too few to be left out"
    monkeypatch.setattr(pruning, "MIN_DOCUMENTS", 10)
    documents, worth = contenders([SOME, COMMON], 2, 0.0)
    assert documents.tolist() == list(range(0, 100, 2))
    assert worth.tolist() == pytest.approx([6.0] * 50)
    assert matching([SOME, COMMON], 100).all()
    assert matching([RARE], 100).nonzero()[0].tolist() == [3, 50, 90]


def test_nothing_is_left_out_that_may_be_among_the_best(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "MIN_DOCUMENTS", 1)
    assert len(contenders([RARE, COMMON], 3, 0.0)[0]) == 100, "the third best is not known"
    assert contenders([RARE, COMMON], 3, 6.5)[0].tolist() == [3]
    assert not len(contenders([RARE, COMMON], 3, 20.0)[0]), "both together are not worth that"
    assert len(contenders([RARE, COMMON], 0, 0.0)[0]) == 100
    assert contenders([COMMON], 2, 0.0)[0].tolist() == list(range(100))


def test_what_many_documents_reach_is_known_of_a_word() -> None:
    assert 1.5 < COMMON.reached_by(2) <= 1.98
    assert [COMMON.reached_by(size) for size in (0, 100)] == [0.0, 0.0]
    assert RARE.reached_by(1) == 0.0, "too few to tell"
    assert (COMMON.most, word({}).most) == (1.99, 0.0)
