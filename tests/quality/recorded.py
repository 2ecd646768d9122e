"""The last recorded run: figures of every set, and the nDCG@10 of every query.

The queries of the project's own set stand in ``recorded.json`` beside this module. Those of other
sets are not ours to publish: theirs are kept in the working folder, by their ids.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from service.search.measuring.evaluation import Result
from service.search.measuring.significance import TINY, Change
from tests.quality.report import SetFigures
from tests.quality.sets import OWN

RECORDED = Path(__file__).parent / "recorded.json"
PLACES = 4
"""Decimal places of what is recorded."""


class Recorded(msgspec.Struct, frozen=True):
    """What ``recorded.json`` holds: figures by set, and the nDCG@10 of our own queries by id."""

    figures: SetFigures = {}
    queries: Mapping[str, float] = {}


class Records:
    """The last recorded run, and the place of the next."""

    def __init__(self, path: Path, folder: Path) -> None:
        """Take the project's file, and the folder for what stays on this machine."""
        self._path = path
        self._folder = folder

    @property
    def figures(self) -> SetFigures:
        """The figures of every set."""
        return self._recorded().figures

    def losses(self, name: str, results: Sequence[Result]) -> tuple[Change, ...]:
        """Return the queries that fell since then, the deepest fall first."""
        before = self._queries(name)
        changes = [
            Change(each.id, each.text, before[each.id], round(each.ndcg_at_10, PLACES))
            for each in results
            if each.id in before
        ]
        lost = [each for each in changes if each.before - each.after > TINY]
        return tuple(sorted(lost, key=lambda each: each.after - each.before))

    def write(self, figures: SetFigures, results: Mapping[str, Sequence[Result]]) -> None:
        """Record a run; sets that it did not measure stay as they were."""
        recorded = self._recorded()
        queries = {name: _by_id(each) for name, each in results.items()}
        own = queries.pop(OWN, recorded.queries)
        _write(self._path, Recorded({**recorded.figures, **figures}, own))
        for name, found in queries.items():
            self._folder.mkdir(parents=True, exist_ok=True)
            _write(self._folder / f"{name}.json", found)

    def _queries(self, name: str) -> Mapping[str, float]:
        if name == OWN:
            return self._recorded().queries
        path = self._folder / f"{name}.json"
        return (
            msgspec.json.decode(path.read_bytes(), type=dict[str, float]) if path.exists() else {}
        )

    def _recorded(self) -> Recorded:
        if not self._path.exists():
            return Recorded()
        return msgspec.json.decode(self._path.read_bytes(), type=Recorded)


def _by_id(results: Sequence[Result]) -> dict[str, float]:
    return {each.id: round(each.ndcg_at_10, PLACES) for each in results}


def _write(path: Path, value: object) -> None:
    path.write_bytes(msgspec.json.format(msgspec.json.encode(value)) + b"\n")
