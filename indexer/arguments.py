"""What the command ``health-index`` understands."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from indexer.crew import cores
from indexer.gate import MAX_DROP
from indexer.index.publishing import KEPT
from indexer.sources.web import WebOptions

DEFAULT_INDEX = Path("var/index")

SOURCES = "folder, page, .jsonl file, WordPress export, or address of a site, sitemap or feed"

Command = Callable[[argparse.Namespace], int]


def parse(argv: Sequence[str] | None, commands: Mapping[str, Command]) -> argparse.Namespace:
    """Read the arguments; ``command`` among them is the function to call.

    Bad use ends the process with exit code 2, as argparse does.
    """
    parser = _parser()
    arguments = parser.parse_args(argv)
    if arguments.name == "reindex" and bool(arguments.source) == bool(arguments.job):
        parser.error("reindex: name a source")
    if arguments.name == "reindex" and arguments.dry_run and arguments.judgements:
        parser.error("reindex: --dry-run builds nothing in which --judgements could be looked for")
    arguments.command = commands[arguments.name]
    return arguments


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="health-index", description="Build and keep the search index of a health site."
    )
    commands = parser.add_subparsers(
        title="commands", dest="name", required=True, metavar="COMMAND"
    )
    _add_reindex(commands.add_parser("reindex", help="make the index what the sources are"))

    command = commands.add_parser("extract", help="show what the indexer makes of pages")
    command.add_argument("file", nargs="+", metavar="SOURCE", help=SOURCES)
    _add_base_url(command)
    _add_web(command)
    _add_json(command, "one article a line as JSON")

    command = commands.add_parser("status", help="list the generations of an index")
    _add_index(command)
    _add_json(command, "the list as JSON")

    command = commands.add_parser("jobs", help="list the newest jobs of an index")
    _add_index(command)
    _add_json(command, "the list as JSON")

    command = commands.add_parser("verify", help="check the live generation: files and articles")
    _add_index(command)

    command = commands.add_parser("rollback", help="make an older generation live")
    command.add_argument("generation", nargs="?", help="its name; the one before by default")
    _add_index(command)

    command = commands.add_parser("prune", help="remove old generations")
    command.add_argument("--keep", type=_positive, default=KEPT, help=f"how many stay ({KEPT})")
    _add_index(command)

    command = commands.add_parser("work", help="do the jobs that the service takes; it starts this")
    command.add_argument("flag", nargs="*", help="after --: flags for every reindex")
    command.add_argument(
        "--parent", type=_positive, metavar="PID", help="end with this process (whoever started it)"
    )
    _add_index(command)
    return parser


def _add_reindex(command: argparse.ArgumentParser) -> None:
    command.add_argument("source", nargs="*", metavar="SOURCE", help=SOURCES)
    _add_index(command)
    _add_base_url(command)
    command.add_argument(
        "--update", action="store_true", help="keep the articles that the sources do not mention"
    )
    command.add_argument(
        "--full", action="store_true", help="read every page and write every article again"
    )
    command.add_argument(
        "--dry-run", action="store_true", help="say what would change, and change nothing"
    )
    _add_gate(command)
    command.add_argument(
        "--processes",
        type=_positive,
        default=cores(),
        metavar="N",
        help="processes that work at the same time (one for every core)",
    )
    command.add_argument(
        "--semantic",
        action="store_true",
        help="make vectors, for `health-search serve --semantic`; needs health-search[semantic]",
    )
    command.add_argument(
        "--job", type=_positive, metavar="N", help="do a job that the index waits for"
    )
    _add_web(command)
    _add_json(command, "the report as JSON on standard output")


def _add_gate(command: argparse.ArgumentParser) -> None:
    command.add_argument("--force", action="store_true", help="go live even if the gate refuses it")
    command.add_argument(
        "--judgements",
        type=Path,
        metavar="DIR",
        help="go live only if the judged queries in this folder are answered well enough",
    )
    command.add_argument(
        "--max-drop",
        type=_percentage,
        default=MAX_DROP,
        metavar="PERCENT",
        help=f"articles that may be gone without --force ({MAX_DROP:.0%}%)",
    )


class WebFlag(NamedTuple):
    """A flag for sources on the web, and the field of ``WebOptions`` that it sets."""

    flag: str
    field: str
    metavar: str
    help: str


WEB_FLAGS = (
    WebFlag(
        "--also-host", "hosts", "HOST", "another host that belongs to the site; may be repeated"
    ),
    WebFlag(
        "--contact", "contact", "URL", "where the site's operators find you: in the User-Agent"
    ),
    WebFlag("--rate", "rate_per_second", "N", "requests a second to one host, at most"),
    WebFlag("--connections", "concurrency", "N", "pages that are fetched at the same time"),
    WebFlag(
        "--page-timeout", "page_timeout_seconds", "SECONDS", "for one page, redirects included"
    ),
    WebFlag("--max-pages", "max_pages", "N", "pages of one source, at most"),
    WebFlag("--trust-lastmod", "trust_lastmod", "", "do not ask for pages of unchanged lastmod"),
    WebFlag(
        "--allow-private", "allow_private", "", "fetch from private and loopback addresses too"
    ),
)


def _add_web(command: argparse.ArgumentParser) -> None:
    web = command.add_argument_group("sources on the web")
    for row in WEB_FLAGS:
        usual = getattr(WebOptions, row.field)
        if isinstance(usual, bool):
            web.add_argument(row.flag, dest=row.field, action="store_true", help=row.help)
        elif isinstance(usual, tuple):
            web.add_argument(
                row.flag, dest=row.field, action="append", metavar=row.metavar, help=row.help
            )
        else:
            web.add_argument(
                row.flag,
                dest=row.field,
                type=_positive if isinstance(usual, int) else type(usual),
                default=usual,
                metavar=row.metavar,
                help=f"{row.help} ({usual})" if usual else row.help,
            )


def web_options(arguments: argparse.Namespace) -> WebOptions:
    """Return what the flags say about sources on the web.

    Raises:
        SettingError: a value cannot be used.
    """
    given = {row.field: getattr(arguments, row.field) for row in WEB_FLAGS}
    return WebOptions(**{**given, "hosts": tuple(given["hosts"] or ())})


def _add_index(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--index",
        type=Path,
        default=DEFAULT_INDEX,
        metavar="DIR",
        help=f"index folder ({DEFAULT_INDEX})",
    )


def _add_base_url(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--base-url",
        type=_web_address,
        default="",
        metavar="URL",
        help="address of the site, for pages that do not state theirs (https://www.clinic.example/)",
    )


def _add_json(command: argparse.ArgumentParser, what: str) -> None:
    command.add_argument("--json", action="store_true", help=what)


def _web_address(text: str) -> str:
    if text and not text.startswith(("http://", "https://")):
        raise argparse.ArgumentTypeError(f"{text!r} does not begin with https:// or http://")
    return text


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1, not {text!r}")
    return int(text)


def _percentage(text: str) -> float:
    number = text.removesuffix("%")
    if not number.isdecimal() or int(number) > 100:
        raise argparse.ArgumentTypeError(f"expected a percentage from 0 to 100, not {text!r}")
    return int(number) / 100
