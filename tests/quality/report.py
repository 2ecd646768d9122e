"""A run of the judged sets as data, and as lines for people."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from service.search.measuring.evaluation import Figures
from service.search.measuring.judgements import shown
from service.search.measuring.significance import Change
from tests.bench.figures import Figure, table
from tests.quality.measuring import Measured

SHOWN = 10

SetFigures = Mapping[str, Mapping[str, float]]
"""Set → name of a figure → its value."""


class TypoFigures(msgspec.Struct, frozen=True):
    """Mistyped queries of one kind: how many, their nDCG@10 and that of what was meant."""

    kind: str
    queries: int
    clean: float
    mistyped: float

    @property
    def ratio(self) -> float:
        """How much of the figure is left."""
        return round(self.mistyped / self.clean, 4) if self.clean else 0.0


class SetReport(msgspec.Struct, frozen=True, kw_only=True):
    """One set in one run.

    Attributes:
        name: the set's.
        articles: how many are searched.
        rankings: what each did, by its name.
        kinds: figures of the default ranking for each kind of query.
        typos: mistyped queries under the default ranking, all of them first.
        unanswered: how many queries should find nothing.
        answered: those of them that find something.
        losses: queries of the default ranking that fell since the last recorded run.
    """

    name: str
    articles: int
    rankings: Mapping[str, Measured]
    kinds: Mapping[str, Figures]
    typos: tuple[TypoFigures, ...]
    unanswered: int
    answered: tuple[str, ...]
    losses: tuple[Change, ...]


def lines(report: SetReport) -> Iterator[str]:
    """Yield a set's tables."""
    first = next(iter(report.rankings.values())).figures
    yield f"\n{report.name}: {first.queries} queries on {report.articles} articles\n"
    yield table([_row(name, each) for name, each in report.rankings.items()])
    if report.kinds:
        yield "\nkinds of queries, default\n"
        yield table([_kind_row(kind, figures) for kind, figures in report.kinds.items()])
    if report.typos:
        yield "\nmistyped, default\n"
        yield table([_typo_row(each) for each in report.typos])
    if report.unanswered:
        found = ", ".join(map(shown, report.answered)) or "none"
        yield f"\nof {report.unanswered} queries that no article answers, found something: {found}"
    if report.losses:
        yield f"\n{len(report.losses)} queries fell since the last recorded run\n"
        yield from change_lines(report.losses)


def change_lines(changes: Sequence[Change]) -> Iterator[str]:
    """Yield the queries that changed, the first of them."""
    for each in changes[:SHOWN]:
        yield f"  {each.before:.3f} -> {each.after:.3f}  {each.id}  {shown(each.text)}"
    if len(changes) > SHOWN:
        yield f"  … and {len(changes) - SHOWN} more"


def _row(name: str, measured: Measured) -> dict[str, Figure]:
    figures, comparison = measured.figures, measured.against_plain
    return {
        "ranking": name,
        "nDCG@10": _exact(figures.ndcg_at_10),
        "RR@10": _exact(figures.rr_at_10),
        "R@100": _exact(figures.recall_at_100),
        "no hits": _share(figures.zero_hits),
        "safe": _share(figures.safety),
        "better": _share(comparison.better),
        "worse": _share(comparison.worse),
        "p": _exact(comparison.p),
        "median ms": figures.median_ms,
        "times plain": measured.times_plain,
    }


def _kind_row(kind: str, figures: Figures) -> dict[str, Figure]:
    return {
        "kind": kind,
        "queries": figures.queries,
        "nDCG@10": _exact(figures.ndcg_at_10),
        "RR@10": _exact(figures.rr_at_10),
        "R@100": _exact(figures.recall_at_100),
        "no hits": _share(figures.zero_hits),
        "safe": _share(figures.safety),
    }


def _typo_row(each: TypoFigures) -> dict[str, Figure]:
    return {
        "slip": each.kind,
        "queries": each.queries,
        "clean nDCG@10": _exact(each.clean),
        "mistyped": _exact(each.mistyped),
        "ratio": _exact(each.ratio),
    }


def _exact(value: float) -> str:
    return f"{value:.4f}"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"


def summary(found: SetFigures, recorded: SetFigures, floors: SetFigures) -> Iterator[str]:
    """Yield the figures of the default ranking beside what was recorded last and their floors."""
    rows: list[dict[str, Figure]] = [
        {
            "set": name,
            "figure": figure,
            "now": _exact(value),
            "recorded": _known(recorded.get(name, {}).get(figure)),
            "floor": _known(floors.get(name, {}).get(figure)),
        }
        for name, figures in found.items()
        for figure, value in figures.items()
    ]
    if rows:
        yield "\nthe default ranking\n"
        yield table(rows)


def _known(value: float | None) -> str:
    return "-" if value is None else _exact(value)
