"""Leaving terms out at first changes no answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.index.analysis import LANGUAGES
from indexer.index.columns.segment import open_columns
from indexer.index.generation import Generation
from indexer.index.withdrawals import total
from service.search import pruning, shards
from service.search.compiler import compile_query
from service.search.plan import Either, Leaf, Plan
from service.search.pruning import split
from service.search.query import normalize, parse
from service.search.ranking import Ranker, Ranking
from service.search.request import SearchRequest
from service.search.shards import shards_of
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
    return ranker.rank(plan_of(text), SearchRequest(q=text, per_page=per_page), 1_000)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    seed=st.integers(0, 2**32),
    texts=st.lists(TEXTS, min_size=5, max_size=10),
    share=st.sampled_from([0.1, 0.4, 0.9]),
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
        patch.setattr(pruning, "MIN_SPARED", 1)
        patch.setattr(pruning, "LEFT_OUT_SHARE", share)
        with ranker_of(generation) as pruned:
            assert [ranked(pruned, text, per_page) for text in texts] == whole


def test_common_words_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "MIN_SPARED", 3)
    with ranker_of(history(tmp_path, 5)) as ranker:
        plan = plan_of("asthma airways knee")
        assert isinstance(plan, Either)
        words = [part for part in plan.parts if isinstance(part, Leaf)]
        bounds = {leaf: ranker.statistics.bound(leaf) for leaf in words}
        (shard,) = shards_of([(columns, ()) for columns in ranker.columns])
        first, left_out = split(words, shard, ranker.statistics, 2 * max(bounds.values()))
        assert left_out
        assert {*first, *left_out} == set(words)
        assert max(bounds[leaf] for leaf in left_out) <= min(bounds[leaf] for leaf in first)
        assert not split(words, shard, ranker.statistics, 0.0)[1]
        monkeypatch.setattr(pruning, "MIN_SPARED", 10**9)
        assert not split(words, shard, ranker.statistics, 1e9)[1]


def test_a_bound_holds_for_every_document(tmp_path: Path) -> None:
    with ranker_of(history(tmp_path, 6)) as ranker:
        for part in plan_of("asthma airways knee pain night").parts:  # type: ignore[union-attr]
            request = SearchRequest(q="-", per_page=100)
            scores = [place.score for place in ranker.rank(part, request, 1_000).places]
            assert isinstance(part, Leaf)
            assert max(scores, default=0.0) <= ranker.statistics.bound(part)
