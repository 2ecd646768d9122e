"""The command line of the read side; besides ``commands`` the only place that prints or exits."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from indexer.errors import HealthSearchError, SettingError
from indexer.index.generations import GenerationStore
from service.access.bootstrap import VARIABLE, load_admin_key, make_admin_key
from service.access.opening import check_access
from service.commands.analytics import add_analytics
from service.commands.asking import add_query, add_suggest
from service.commands.assistant import add_mcp
from service.commands.editorial import add_editorial
from service.commands.keys import add_keys
from service.commands.printing import print_json
from service.commands.scorecard import FALLEN, as_json, card_lines, score
from service.search.lexicon import check_lexicon
from service.search.measuring.evaluation import Result, measure
from service.search.measuring.judgements import JudgedQuery, read_judged
from service.search.options import options_for
from service.search.tuning import Tuning, parse_tuning
from service.server import serve
from service.settings import add_flags, load


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except HealthSearchError as error:
        print(f"health-search: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="health-search", description="Search an index of health articles."
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_serve(commands)
    add_query(commands)
    add_suggest(commands)
    _add_evaluate(commands)
    _add_lexicon(commands)
    _add_make_key(commands)
    add_keys(commands)
    add_mcp(commands)
    add_analytics(commands)
    add_editorial(commands)
    return parser


def _add_serve(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = commands.add_parser(
        "serve",
        help="answer queries over HTTP, with a search page",
        description="Answer queries over HTTP, with a search page at /.",
        epilog=f"A flag wins over its environment variable. {VARIABLE} holds the admin key or its "
        "hash; it has no flag, which others could read in the list of processes.",
    )
    add_flags(command)
    command.set_defaults(run=_serve)


def _serve(options: argparse.Namespace) -> int:
    settings = load(os.environ, vars(options))
    key = load_admin_key(os.environ, settings.admin_key_file)
    check_access(settings, key)
    return serve(settings, key, lambda address: print(f"Listening on {address}", flush=True))


def _add_make_key(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = commands.add_parser(
        "make-key",
        help="make an admin key for the write side of the API",
        description="Make an admin key for the write side of the API: the key is for the program "
        f"that calls, the second line for --admin-key-file or {VARIABLE}.",
    )
    command.set_defaults(run=_make_key)


def _make_key(_options: argparse.Namespace) -> int:
    text, key = make_admin_key()
    print(text, key.hash, sep="\n")
    return 0


def _add_evaluate(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = commands.add_parser(
        "evaluate",
        help="measure the ranking on judged queries",
        description="Measure the ranking on judged queries in BEIR's files. A ranking is `default` "
        "or `plain`, then signals to leave out or to add: default-feedback, plain+titles.",
    )
    add_flags(command, ("index",))
    command.add_argument("--queries", type=Path, required=True, metavar="F", help="queries.jsonl")
    command.add_argument("--qrels", type=Path, required=True, metavar="F", help="judgements, .tsv")
    command.add_argument("--ranking", default="default", metavar="R", help="what to measure")
    command.add_argument(
        "--against", metavar="R", help="compare with this ranking, or with the index in a folder"
    )
    command.add_argument(
        "--worst",
        type=_whole,
        metavar="N",
        help=f"list the lowest queries, or with --against those that fell most ({FALLEN})",
    )
    command.add_argument("--json", action="store_true", help="the figures as JSON")
    command.set_defaults(run=_evaluate)


def _whole(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"expected a whole number from 0, not {text!r}")
    return int(text)


def _evaluate(options: argparse.Namespace) -> int:
    judged = read_judged(options.queries, options.qrels)
    index, tuning = load(os.environ, {"index": options.index}).index, parse_tuning(options.ranking)
    other = _other(options.against, index, tuning) if options.against is not None else None
    results = _measured(index, tuning, judged)
    against = _measured(*other, judged) if other else None
    card = score(results, against, options.worst)
    if options.json:
        print_json(as_json(card))
    else:
        print(*card_lines(card), sep="\n")
    return 0


def _other(against: str, index: Path, tuning: Tuning) -> tuple[Path, Tuning]:
    """Return which index and ranking to compare with: one of the two is another."""
    try:
        return index, parse_tuning(against)
    except SettingError as error:
        if Path(against).is_dir():
            return Path(against), tuning
        raise SettingError(f"{error} Nor is it the folder of an index.") from None


def _measured(index: Path, tuning: Tuning, judged: Sequence[JudgedQuery]) -> tuple[Result, ...]:
    return measure(GenerationStore(index).current(), judged, options_for(tuning))


def _add_lexicon(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = commands.add_parser(
        "lexicon",
        help="check a file of the site's own names",
        description="Check a file of the site's own names, as --lexicon takes it.",
    )
    command.add_argument("file", type=Path, metavar="FILE", help="names with tabs between, a line")
    command.set_defaults(run=_lexicon)


def _lexicon(options: argparse.Namespace) -> int:
    groups = check_lexicon(options.file)
    print(f"{groups} {'group' if groups == 1 else 'groups'} of names")
    return 0
