"""What judged queries say of a ranking, alone or beside another, for people and for programs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from service.search.measuring.evaluation import Figures, Result, lowest, summarize
from service.search.measuring.judgements import shown
from service.search.measuring.significance import Change, Comparison, compare, fallen

FALLEN = 10
"""Queries that are listed where a ranking is held against another."""


@dataclass(frozen=True)
class Scorecard:
    """The figures of a ranking.

    Attributes:
        figures: of the ranking.
        against: of the one that it is held against, if there is one.
        comparison: of the two.
        fell: the queries that lost most against it.
        lowest: the queries with the lowest nDCG@10, where there is no other.
    """

    figures: Figures
    against: Figures | None = None
    comparison: Comparison | None = None
    fell: tuple[Change, ...] = ()
    lowest: tuple[Result, ...] = ()


def score(
    results: Sequence[Result], against: Sequence[Result] | None, worst: int | None
) -> Scorecard:
    """Return the card of a run, held against another run of the same queries if there is one.

    Args:
        results: of the ranking.
        against: of the other one.
        worst: how many queries to list; None for the usual number.

    Raises:
        EvaluationError: there are no results.
    """
    figures = summarize(results)
    if against is None:
        return Scorecard(figures, lowest=tuple(lowest(results, worst or 0)))
    listed = fallen(results, against, FALLEN if worst is None else worst)
    return Scorecard(figures, summarize(against), compare(results, against), tuple(listed))


def as_json(card: Scorecard) -> dict[str, Any]:
    """Return a card for ``--json``: the figures first, the rest where there is any."""
    others = {
        name: msgspec.to_builtins(getattr(card, name))
        for name in ("against", "comparison", "fell", "lowest")
        if getattr(card, name)
    }
    return {**msgspec.to_builtins(card.figures), **others}


def card_lines(card: Scorecard) -> Iterator[str]:
    """Yield a card as lines for a terminal."""
    ours = msgspec.to_builtins(card.figures)
    theirs = msgspec.to_builtins(card.against) if card.against else {}
    if theirs:
        yield f"{'':10} {'this':>8} {'against':>8} {'change':>8}"
    for name, value in ours.items():
        yield _figure_line(name, value, theirs.get(name))
    if card.comparison:
        yield ""
        yield (
            f"Of the queries {card.comparison.better:.1%} are better, "
            f"{card.comparison.worse:.1%} worse, {card.comparison.same:.1%} the same."
        )
        yield f"p = {card.comparison.p:.4f} (paired randomization test of nDCG@10)"
    if card.fell:
        yield "\nThe queries that fell most, by nDCG@10:"
        yield from (f"  {c.before:.3f} -> {c.after:.3f}  {shown(c.text)}" for c in card.fell)
    if card.lowest:
        yield "\nThe lowest queries, by nDCG@10:"
        yield from (f"  {each.ndcg_at_10:.3f}  {shown(each.text)}" for each in card.lowest)


def _figure_line(name: str, ours: float | None, theirs: float | None) -> str:
    line = f"{name:10} {_shown(ours):>8}"
    if theirs is None or ours is None:
        return line
    change = "" if name == "queries" else f"{ours - theirs:+.4g}"
    return f"{line} {_shown(theirs):>8} {change:>8}".rstrip()


def _shown(value: float | None) -> str:
    return "none" if value is None else f"{value}"
