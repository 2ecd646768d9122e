"""Print how often the notices are right: ``python -m tests.quality.notices``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from service.search.editorial.loader import load_notices, shipped_notices
from service.search.editorial.notices import NoticeBook
from tests.quality.notices.phrases import SETS, Outcome, figures, outcomes, read_phrases


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality.notices", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, help="another file than the shipped one")
    parser.add_argument("--show", action="store_true", help="the phrases that went wrong, too")
    parser.add_argument("--set", choices=SETS, help="only this half")
    parser.add_argument("--queries", type=Path, help="what fires of the lines of a file")
    options = parser.parse_args(arguments)
    book = load_notices(options.file) if options.file else shipped_notices()
    if options.queries:
        _print_fired(book, options.queries)
        return 0
    for name in [options.set] if options.set else SETS:
        found = outcomes(book, read_phrases(name))
        _print(name, found)
        if options.show:
            print(*(line for line in map(_wrong, found) if line), sep="\n")
    return 0


def _print(name: str, found: Sequence[Outcome]) -> None:
    print(f"\n{name}: {len(found)} phrases, {sum(each.is_right for each in found)} right\n")
    print("| language | kind | precision | recall | right | wrong | missed |")
    print("|---|---|---|---|---|---|---|")
    for (language, kind), each in figures(found).items():
        shares = f"{each.precision:.2f} | {each.recall:.2f}"
        print(f"| {language} | {kind} | {shares} | {each.right} | {each.wrong} | {each.missed} |")


def _wrong(outcome: Outcome) -> str:
    if outcome.is_right:
        return ""
    wanted = ", ".join(sorted(outcome.phrase.kinds)) or "nothing"
    return f"{outcome.phrase.text!r}: wanted {wanted}, came {', '.join(outcome.came) or 'nothing'}"


def _print_fired(book: NoticeBook, path: Path) -> None:
    for line in path.read_text(encoding="utf-8").splitlines():
        kinds = [f"{each.entry.kind} ({each.language})" for each in book.called([line], "")]
        if kinds:
            print(", ".join(kinds), line, sep="\t")


if __name__ == "__main__":
    sys.exit(main())
