"""``health-search notices`` and ``health-search editorial``: check what editors write."""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console

from indexer.errors import EditorialError
from indexer.index.analysis import SNOWBALL
from indexer.index.generations import GenerationStore
from service.opening import missing_numbers
from service.search.editorial.advice import Editorial
from service.search.editorial.loader import load_notices, shipped_notices
from service.search.editorial.notices import NoticeBook
from service.search.editorial.rules import Rule, RuleBook
from service.search.response import Notice
from service.search.today import utc_today
from service.settings import add_flags, load

_FILTERED_ONLY = (
    f"queries are read in {' and '.join(SNOWBALL)}; this rule holds only where articles in {{}} "
    "alone are wanted"
)


def add_editorial(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands to those of ``health-search``."""
    _add_notices(commands)
    _add_rules(commands)


def _add_notices(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = commands.add_parser(
        "notices",
        help="check a file of notices, and try what brings them",
        description="Check a file of notices for emergencies, as serve --notices takes it, or look "
        "at the shipped one; with --try, say what a query brings and by which pattern.",
    )
    command.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="the file; the shipped one without it"
    )
    _add_try(command)
    add_flags(command, ("country",))
    command.set_defaults(run=_notices)


def _add_rules(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = commands.add_parser(
        "editorial",
        help="check a file of pinned and hidden results",
        description="Check a file of pinned and hidden results, as serve --editorial takes it; "
        "with --index, tell of articles that are not in the index.",
    )
    command.add_argument("file", type=Path, metavar="FILE", help="the file of rules")
    _add_try(command)
    add_flags(command, ("index",))
    command.set_defaults(run=_rules)


def _add_try(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--try",
        dest="texts",
        action="append",
        default=[],
        metavar="TEXT",
        help="what a visitor may type; repeatable",
    )


def _notices(options: argparse.Namespace) -> int:
    country = load(os.environ, {"country": options.country}).country
    book = load_notices(options.file) if options.file else shipped_notices()
    if missing := missing_numbers(Editorial(book, country=country)):
        print(f"health-search: {missing}", file=sys.stderr)
    console = Console(highlight=False, markup=False, soft_wrap=True)
    if not options.texts:
        console.print(*_overview(book), sep="\n")
    for text in options.texts:
        console.print(text, *_brought(book, text, country), sep="\n")
    return 0


def _overview(book: NoticeBook) -> Iterator[str]:
    """Yield what notices there are, and of which countries numbers are known."""
    for entry in book.entries:
        patterns = sum(1 for wording in entry.wordings.values() for _ in wording.patterns())
        languages = ", ".join(entry.wordings)
        yield f"{entry.kind}: {entry.severity}, in {languages}, {patterns} patterns"
    yield f"numbers of {' '.join(book.countries) or 'no country'}"


def _brought(book: NoticeBook, text: str, country: str) -> Iterator[str]:
    called = book.called([text], "")
    for each in called:
        pattern = each.pattern.text if each.pattern else ""
        yield f"  {each.entry.kind} ({each.language}), by the pattern: {pattern}"
        yield from _told(book.notice(each, country))
    for kind, stop in book.stopped(text):
        yield f"  not {kind}, because of: {stop.text}"
    if not called:
        yield "  no notice"


def _told(notice: Notice) -> Iterator[str]:
    yield f"    {notice.title}"
    yield f"    {notice.text}"
    for action in notice.actions:
        yield f"    {action.label} ({action.href})"


def _rules(options: argparse.Namespace) -> int:
    if not options.file.is_file():
        raise EditorialError(f"There is no file {options.file}.")
    rules = RuleBook(options.file).rules()
    today = utc_today()
    over = sum(1 for rule in rules if rule.until and rule.until < today)
    console = Console(highlight=False, markup=False, soft_wrap=True)
    noun = "rule" if len(rules) == 1 else "rules"
    console.print(f"{len(rules)} {noun}, {over} no longer in force")
    for rule in rules:
        if rule.language and rule.language not in SNOWBALL:
            console.print(f"{rule.id}: {_FILTERED_ONLY.format(rule.language)}")
    editorial = Editorial(rules=rules, today=today)
    for text in options.texts:
        advice = editorial.advice(text, "")
        pinned, hidden = ", ".join(advice.pinned), ", ".join(sorted(advice.hidden))
        console.print(f"{text}: pinned {pinned or 'nothing'}, hidden {hidden or 'nothing'}")
    if options.index is None:
        return 0
    missing = list(_missing(rules, load(os.environ, {"index": options.index}).index))
    console.print(*missing or ["all articles are in the index"], sep="\n")
    return 1 if missing else 0


def _missing(rules: Sequence[Rule], index: Path) -> Iterator[str]:
    """Yield the articles that rules name and the index does not have."""
    marks = GenerationStore(index).current().marks()
    known = marks.keys() | {mark.url for mark in marks.values()}
    for rule in rules:
        for entry in (*rule.pinned, *rule.hidden):
            if entry not in known:
                yield f"{rule.id}: there is no article {entry}"
