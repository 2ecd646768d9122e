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
from service.search import pruning
from service.search.compiler import compile_query
from service.search.plan import Either, Plan
from service.search.pruning import LeftOut, split
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
    share=st.sampled_from([0.1, 0.3, 0.6, 0.95]),
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
    with ranker_of(generation) as ranker, pytest.MonkeyPatch.context() as patch:
        whole = [ranked(ranker, text, per_page) for text in texts]
        patch.setattr(pruning, "MIN_POSTINGS", 0)
        patch.setattr(pruning, "MIN_LEFT_OUT", 0)
        patch.setattr(pruning, "LEFT_OUT_SHARE", share)
        for text, expected in zip(texts, whole, strict=True):
            found = ranked(ranker, text, per_page)
            assert (found.total, found.facets) == (expected.total, expected.facets)
            scores = [place.score for place in expected.places]
            assert [place.score for place in found.places] == pytest.approx(scores, abs=1e-5)


def test_common_words_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "MIN_POSTINGS", 3)
    monkeypatch.setattr(pruning, "MIN_LEFT_OUT", 3)
    monkeypatch.setattr(pruning, "LEFT_OUT_SHARE", 0.5)
    with ranker_of(history(tmp_path, 5)) as ranker:
        plan = plan_of("asthma airways knee")
        first, left_out = split(plan, ranker.statistics)
        assert isinstance(plan, Either)
        assert isinstance(first, Either)
        assert left_out
        assert {*first.parts, *left_out} == set(plan.parts)
        (shard,) = shards_of([(columns, ()) for columns in ranker.columns])
        most = [LeftOut(shard, ranker.statistics, (leaf,)).most for leaf in left_out]
        assert all(most)


@pytest.mark.parametrize("text", ["asthma", '"night air" cough', "title:air knee", "a* knee"])
def test_what_is_no_list_of_words_is_scored_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr(pruning, "MIN_LEFT_OUT", 10**9)
    with ranker_of(history(tmp_path, 5)) as ranker:
        assert split(plan_of(text), ranker.statistics) == (plan_of(text), ())
