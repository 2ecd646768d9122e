"""Whether one ranking is better than another, or only luckier on these queries."""

from collections.abc import Iterable, Sequence

import msgspec
import numpy as np

from service.search.measuring.evaluation import Result

FLIPS = 10_000
BATCH = 500
"""Flips that are drawn at once: with a thousand queries a batch takes 4 MB."""

SEED = 20070611
TINY = 1e-9
"""Sums of the same differences in another order may differ by less than this."""


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """How a ranking did against another on the same queries, by nDCG@10.

    Attributes:
        better: the share of queries that it answers better.
        worse: the share that it answers worse.
        same: the share that it answers as well.
        p: how likely the means differ so much if the two rankings are equally good.
    """

    better: float
    worse: float
    same: float
    p: float


class Change(msgspec.Struct, frozen=True):
    """One query under two rankings: its nDCG@10 before and after."""

    id: str
    text: str
    before: float
    after: float


def compare(results: Sequence[Result], against: Sequence[Result]) -> Comparison:
    """Compare two runs of the same queries in the same order; there is at least one."""
    gains = [change.after - change.before for change in changes(results, against)]
    better = sum(gain > TINY for gain in gains) / len(gains)
    worse = sum(gain < -TINY for gain in gains) / len(gains)
    return Comparison(
        better=round(better, 4),
        worse=round(worse, 4),
        same=round(1 - better - worse, 4),
        p=round(randomization_test(gains), 4),
    )


def changes(results: Iterable[Result], against: Iterable[Result]) -> list[Change]:
    """Return what became of every query, in their order."""
    return [
        Change(new.id, new.text, round(old.ndcg_at_10, 4), round(new.ndcg_at_10, 4))
        for new, old in zip(results, against, strict=True)
    ]


def fallen(results: Iterable[Result], against: Iterable[Result], count: int) -> list[Change]:
    """Return the queries that lost most, at most ``count``, those that lost nothing left out."""
    lost = [each for each in changes(results, against) if each.before - each.after > TINY]
    return sorted(lost, key=lambda each: each.after - each.before)[:count]


def randomization_test(differences: Sequence[float]) -> float:
    """Return the two-sided p-value of paired differences, the same one at every call.

    If two rankings are equally good, each query's difference might as well have the other sign:
    the p-value is the share of random sign flips with a mean as far from zero as the one that was
    found (Smucker, Allan and Carterette, "A comparison of statistical significance tests for
    information retrieval evaluation", CIKM 2007, section 2.4). The assignment that was found
    counts as one of them, so that it is never zero (Phipson and Smyth, 2010).
    """
    values = np.array([value for value in differences if value], dtype=np.float64)
    if not values.size:
        return 1.0
    observed = abs(values.sum()) - TINY
    random = np.random.default_rng(SEED)
    extreme = 0
    for _ in range(FLIPS // BATCH):
        signs = random.integers(0, 2, size=(BATCH, values.size)) * 2.0 - 1.0
        extreme += int(np.count_nonzero(np.abs(signs @ values) >= observed))
    return (extreme + 1) / (FLIPS + 1)
