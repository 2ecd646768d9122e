"""``health-search query`` and ``suggest``: the index asked from the terminal, without a service."""

import argparse
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

import msgspec
from rich.console import Console

from indexer.errors import EditorialError, LexiconError, SettingError
from indexer.index.generations import GenerationStore
from service.commands.printing import print_json
from service.commands.terminal import print_response, print_suggestions
from service.opening import options_of
from service.search.engine import open_searcher
from service.search.request import FACET_NAMES, SearchRequest
from service.search.searcher import Searcher
from service.search.suggest.suggestion import SuggestRequest
from service.settings import add_flags, load

T = TypeVar("T", bound=msgspec.Struct)

SETTINGS = ("index", "lexicon", "editorial", "notices", "country")
"""The settings that tell on what is found."""

FLAGS = (
    *("page", "per_page", "sort", "topic", "language", "audience", "publisher", "reviewed_after"),
    *("reading_level_max", "facets", "cursor", "expand", "finish", "explain"),
)
"""The fields of a search that can be given as flags."""


def add_query(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command that searches."""
    command = commands.add_parser(
        "query", help="search from the terminal", description="Search from the terminal."
    )
    command.add_argument("text", nargs="+", metavar="TEXT", help="the query, as a visitor types it")
    add_flags(command, SETTINGS)
    command.add_argument("--page", default="1", help="page of results (1)")
    command.add_argument("--per-page", default="10", help="hits on a page (10)")
    command.add_argument("--cursor", default="", help="next_cursor of an answer: go on behind it")
    command.add_argument("--sort", default="relevance", help="relevance, newest or reviewed")
    _add_filters(command)
    command.add_argument(
        "--facets",
        action="append",
        choices=FACET_NAMES,
        help="whose values are counted; repeatable (topic and language)",
    )
    command.add_argument(
        "--no-expand",
        dest="expand",
        action="store_false",
        help="search for nothing but what was typed",
    )
    command.add_argument("--finish", action="store_true", help="the last word is only begun")
    command.add_argument("--explain", action="store_true", help="say where each score comes from")
    command.add_argument("--json", action="store_true", help="the answer of /v1/search as JSON")
    command.set_defaults(run=_query)


def _add_filters(command: argparse.ArgumentParser) -> None:
    for name, what in (
        ("topic", "only this topic; repeatable"),
        ("language", "only in this language"),
        ("audience", "only for this audience"),
        ("publisher", "only of this publisher"),
    ):
        command.add_argument(f"--{name}", action="append", default=[], help=what)
    command.add_argument("--reviewed-after", metavar="DATE", help="only if reviewed on this day on")
    command.add_argument("--reading-level-max", metavar="GRADE", help="only if as easy to read")


def _query(options: argparse.Namespace) -> int:
    given = {name: getattr(options, name) for name in FLAGS}
    fields = {name: value for name, value in given.items() if value is not None}
    request = _request(SearchRequest, {"q": " ".join(options.text), **fields})
    with _searcher(options) as searcher:
        response = searcher.search(request)
    if options.json:
        print_json(response)
    else:
        print_response(response, Console(highlight=False), options.facets or ())
    return 0


def add_suggest(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command that completes."""
    command = commands.add_parser(
        "suggest",
        help="complete what is typed, as the search box does",
        description="Complete what is typed, as the search box does: titles, topics and terms.",
    )
    command.add_argument("text", nargs="+", metavar="TEXT", help="the last word may be only begun")
    add_flags(command, ("index",))
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
        print_json(response)
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


@contextmanager
def _searcher(options: argparse.Namespace) -> Iterator[Searcher]:
    settings = load(os.environ, {name: getattr(options, name, None) for name in SETTINGS})
    generation = GenerationStore(settings.index).current()
    searcher = open_searcher(generation, options_of(settings, _refuse))
    try:
        yield searcher
    finally:
        searcher.close()


def _refuse(name: str, problem: str) -> None:
    raise (LexiconError if name == "lexicon" else EditorialError)(problem)
