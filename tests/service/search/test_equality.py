"""The columns score every form of query as Whoosh's own matchers do."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.index.analysis import LANGUAGES
from indexer.index.columns.segment import open_columns
from indexer.index.generation import Generation
from indexer.index.withdrawals import total
from service.search.plan import Either, Leaf, Plan
from service.search.ranking.beginnings import Beginnings
from service.search.ranking.fallback import WhooshMatchers
from service.search.ranking.scoring import Scorer, Scores
from service.search.ranking.shards import Shard, shards_of
from service.search.ranking.statistics import Statistics
from service.search.ranking.words import WordScores, add_up, units_of
from service.search.reading.compiler import compile_query
from service.search.reading.query import normalize, parse
from tests.service.search.histories import history, matchers_of, queries, soon


def assert_words_add_up(words: WordScores, shard: Shard, plan: Plan, scores: Scores) -> None:
    """What is kept of words adds up to the same."""
    parts = plan.parts if isinstance(plan, Either) else (plan,)
    leaves = [part for part in parts if isinstance(part, Leaf)]
    if leaves and len(leaves) == len(parts):
        documents, worth = add_up(words.of(shard, units_of(leaves)))
        assert documents.tolist() == scores.nonzero()[0].tolist()
        np.testing.assert_allclose(worth, scores[documents], atol=1e-9)


def column_scores(generation: Generation, plan: Plan, matchers: WhooshMatchers) -> list[Scores]:
    """Score the live documents of each segment by the columns."""
    withdrawn = total(generation.withdrawals().values())
    named = matchers.segments
    segments = [open_columns(generation.columns / f"{name}.columns") for name, _ in named]
    statistics = Statistics(segments, generation.manifest.languages, withdrawn)
    words, beginnings = WordScores(statistics), Beginnings(segments, withdrawn)

    def fallback(plan: Plan, place: int) -> Scores:
        return matchers.scores(plan, soon())[place]

    shards = shards_of([(s, gone) for s, (_, gone) in zip(segments, named, strict=True)])
    found = []
    for shard in shards:
        scores = Scorer(shard, statistics, beginnings, fallback, soon()).score(plan)
        assert_words_add_up(words, shard, plan, scores)
        scores[shard.deleted] = 0
        found += [scores[part.base : part.end] for part in shard.parts]
    return found


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32), texts=st.lists(queries(), min_size=5, max_size=15))
def test_any_query_on_any_index(
    tmp_path_factory: pytest.TempPathFactory, seed: int, texts: list[str]
) -> None:
    generation = history(tmp_path_factory.mktemp("equal"), seed)
    with matchers_of(generation) as matchers:
        for text in texts:
            plan = compile_query(parse(normalize(text)), LANGUAGES).plan
            ours = column_scores(generation, plan, matchers)
            theirs = matchers.scores(plan, soon())
            for mine, whooshs in zip(ours, theirs, strict=True):
                np.testing.assert_allclose(mine, whooshs, atol=1e-4, err_msg=text)


def test_the_histories_have_what_makes_it_hard(tmp_path: Path) -> None:
    segments = deleted = long = 0
    for seed in range(8):
        generation = history(tmp_path / str(seed), seed)
        with matchers_of(generation) as matchers:
            segments = max(segments, len(matchers.segments))
            deleted += sum(len(gone) for _, gone in matchers.segments)
            for name, _ in matchers.segments:
                arrays = open_columns(generation.columns / f"{name}.columns").arrays
                long += len(arrays["exact.big_at"])
    assert segments >= 3
    assert deleted
    assert long
