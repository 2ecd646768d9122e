"""The command line of the read side; the only place of the service that prints or exits."""

import argparse
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from rich.console import Console

from indexer.errors import HealthSearchError, LexiconError, SettingError
from indexer.index.generations import GenerationStore
from service.access.access import check_access
from service.access.bootstrap import VARIABLE, load_admin_key, make_admin_key
from service.access.cli import add_keys
from service.analytics.command import add_analytics
from service.assistant.command import add_mcp
from service.opening import options_of
from service.scorecard import FALLEN, as_json, card_lines, score
from service.search.engine import open_searcher
from service.search.lexicon import check_lexicon
from service.search.measuring.evaluation import Result, measure
from service.search.measuring.judgements import JudgedQuery, read_judged
from service.search.options import options_for
from service.search.request import SearchRequest
from service.search.searcher import Searcher
from service.search.suggest.suggestion import SuggestRequest
from service.search.tuning import Tuning, parse_tuning
from service.server import serve
from service.settings import TABLE, add_flags, load
from service.terminal import print_response, print_suggestions

T = TypeVar("T", bound=msgspec.Struct)


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
    _add_query(commands)
    _add_suggest(commands)
    _add_evaluate(commands)
    _add_lexicon(commands)
    _add_make_key(commands)
    add_keys(commands)
    add_mcp(commands)
    add_analytics(commands)
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


def _add_query(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = commands.add_parser(
        "query", help="search from the terminal", description="Search from the terminal."
    )
    command.add_argument("text", nargs="+", metavar="TEXT", help="the query, as a visitor types it")
    _add_index(command)
    command.add_argument("--page", default="1", help="page of results (1)")
    command.add_argument("--per-page", default="10", help="hits on a page (10)")
    command.add_argument("--sort", default="relevance", help="relevance, newest or reviewed")
    command.add_argument("--topic", action="append", default=[], help="only this topic; repeatable")
    command.add_argument("--language", action="append", default=[], help="only in this language")
    command.add_argument(
        "--no-expand",
        dest="expand",
        action="store_false",
        help="search for nothing but what was typed",
    )
    command.add_argument("--explain", action="store_true", help="say where each score comes from")
    _add_setting(command, "lexicon", "FILE")
    command.add_argument("--json", action="store_true", help="the answer of /v1/search as JSON")
    command.set_defaults(run=_query)


def _query(options: argparse.Namespace) -> int:
    names = ("page", "per_page", "sort", "topic", "language", "expand", "explain")
    fields = {name: getattr(options, name) for name in names}
    request = _request(SearchRequest, {"q": " ".join(options.text), **fields})
    with _searcher(options) as searcher:
        response = searcher.search(request)
    if options.json:
        _print_json(response)
    else:
        print_response(response, Console(highlight=False))
    return 0


def _add_suggest(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = commands.add_parser(
        "suggest",
        help="complete what is typed, as the search box does",
        description="Complete what is typed, as the search box does: titles, topics and terms.",
    )
    command.add_argument("text", nargs="+", metavar="TEXT", help="the last word may be only begun")
    _add_index(command)
    command.add_argument("--limit", default="8", help="suggestions at most (8)")
    command.add_argument("--language", action="append", default=[], help="only in this language")
    command.add_argument("--json", action="store_true", help="the answer of /v1/suggest as JSON")
    command.set_defaults(run=_suggest)


def _suggest(options: argparse.Namespace) -> int:
    fields = {"limit": options.limit, "language": options.language}
    request = _request(SuggestRequest, {"q": " ".join(options.text), **fields})
    with _searcher(options) as searcher:
        response = searcher.suggest(request)
    if options.json:
        _print_json(response)
    else:
        print_suggestions(response, Console(highlight=False))
    return 0


def _request(type_: type[T], fields: Mapping[str, Any]) -> T:
    """Return what the command line asks for, or say which field has no usable value."""
    try:
        return msgspec.convert(fields, type_, strict=False)
    except msgspec.ValidationError as error:
        what, _, field = str(error).partition(" - at `$.")
        raise SettingError(f"{field.strip('`')}: {what}.") from None


def _add_evaluate(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    command = commands.add_parser(
        "evaluate",
        help="measure the ranking on judged queries",
        description="Measure the ranking on judged queries in BEIR's files. A ranking is `default` "
        "or `plain`, then signals to leave out or to add: default-feedback, plain+titles.",
    )
    _add_index(command)
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
        _print_json(as_json(card))
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


def _add_index(command: argparse.ArgumentParser) -> None:
    _add_setting(command, "index", "DIR")


def _add_setting(command: argparse.ArgumentParser, name: str, metavar: str) -> None:
    setting = next(row for row in TABLE if row.name == name)
    command.add_argument(
        setting.flag,
        metavar=metavar,
        help=f"{setting.help} [{setting.variable}, default {setting.default_shown}]",
    )


@contextmanager
def _searcher(options: argparse.Namespace) -> Iterator[Searcher]:
    flags = {name: getattr(options, name, None) for name in ("index", "lexicon")}
    settings = load(os.environ, flags)
    generation = GenerationStore(settings.index).current()
    searcher = open_searcher(generation, options_of(settings, _refuse))
    try:
        yield searcher
    finally:
        searcher.close()


def _refuse(problem: str) -> None:
    raise LexiconError(problem)


def _print_json(value: object) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(value) + b"\n")
    sys.stdout.buffer.flush()
