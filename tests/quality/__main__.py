"""Measure every ranking on every judged set that is there: ``python -m tests.quality``.

Exit code 1 if a floor is broken.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from indexer.errors import ModelError
from indexer.index.vectors.embedder import Embedder, open_embedder
from tests.bench.places import ROOT
from tests.quality.configurations import DEFAULT_NAME, SEMANTIC_NAME
from tests.quality.floors import FLOORS, broken, figures_of, lifted, read_floors, write_floors
from tests.quality.recorded import RECORDED, Records
from tests.quality.report import SetReport, lines, summary
from tests.quality.running import measure_set
from tests.quality.sets import JUDGED, OWN, SHARED, find_sets


def main(arguments: Sequence[str] | None = None) -> int:
    """Run everything, print the tables, and hold the floors."""
    options = _parser().parse_args(arguments)
    records = Records(options.recorded, options.work / "recorded")
    sets, missing = find_sets(options.set, options.judged)
    embedder = _embedder(wanted=options.vectors)
    for line in missing:
        print(line)
    reports = []
    for judged in sets:
        report = measure_set(judged, records, options.work, quick=options.quick, embedder=embedder)
        print(*lines(report), sep="\n", flush=True)
        reports.append(report)
    code = _hold_floors(options.floors, records, reports, lift=options.lift)
    if options.json:
        options.json.write_bytes(msgspec.json.encode(reports))
    if options.record:
        results = {each.name: each.rankings[DEFAULT_NAME].results for each in reports}
        records.write({each.name: figures_of(each) for each in reports}, results)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.quality", description=__doc__)
    names = (OWN, *SHARED)
    parser.add_argument(
        "--set", action="append", default=[], choices=names, help="only this set; repeatable"
    )
    parser.add_argument("--quick", action="store_true", help="plain and default only")
    parser.add_argument(
        "--vectors", action="store_true", help="rank by meaning too; the first time takes minutes"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything there")
    parser.add_argument("--record", action="store_true", help="later runs tell what fell since")
    parser.add_argument("--raise", action="store_true", dest="lift", help="lift the floors")
    places = parser.add_argument_group("places")
    places.add_argument("--judged", type=Path, default=JUDGED, help="the project's own set")
    places.add_argument("--floors", type=Path, default=FLOORS)
    places.add_argument("--recorded", type=Path, default=RECORDED)
    places.add_argument("--work", type=Path, default=ROOT / "var" / "quality")
    return parser


def _embedder(*, wanted: bool) -> Embedder | None:
    if wanted:
        try:
            return open_embedder()
        except ModelError as error:
            print(f"{SEMANTIC_NAME}: skipped. {error}")
    else:
        print(f"{SEMANTIC_NAME}: skipped, --vectors was not asked for")
    return None


def _hold_floors(path: Path, records: Records, reports: Sequence[SetReport], *, lift: bool) -> int:
    """Print the figures beside their floors, and return the exit code."""
    floors, found = read_floors(path), {each.name: figures_of(each) for each in reports}
    print(*summary(found, records.figures, floors), sep="\n")
    lost = list(broken(floors, found))
    print(*lost or ["\nno floor is broken"], sep="\n")
    if lift:
        write_floors(path, lifted(floors, found))
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
