"""The command ``health-index``: the only place of the write side that prints or exits.

Exit codes: 0 done, 2 not done (bad use, bad source, bad index), 130 stopped by Ctrl-C.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path

import msgspec

from indexer.article import Article
from indexer.errors import HealthSearchError, IndexFolderError, IndexMissing, PageError
from indexer.index.generations import KEPT, Generation, GenerationStore
from indexer.index.verification import verify
from indexer.progress import progress_bar
from indexer.reindex import NamedSource, Report, Trouble, article_of, reindex
from indexer.sources import Page, Record, open_source
from indexer.sources.files import shown

TROUBLES_SHOWN = 20
"""Lines of skipped and of failed pages that are shown; ``--json`` has all."""

DEFAULT_INDEX = Path("var/index")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    arguments = _parser().parse_args(argv)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # for terminals that lack a letter
    command: Callable[[argparse.Namespace], int] = arguments.command
    try:
        code = command(arguments)
        print(end="", flush=True)
    except HealthSearchError as error:
        print(f"health-index: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("health-index: stopped; the live generation is whole.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone (`| head`). Python would complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _reindex(arguments: argparse.Namespace) -> int:
    base_url: str = arguments.base_url
    sources = [
        NamedSource(shown(Path(name)), open_source(name, base_url)) for name in arguments.source
    ]
    with progress_bar(sources) as progress:
        report = reindex(GenerationStore(arguments.index), sources, progress, base_url)
    if arguments.json:
        _print_json(report)
    else:
        _print_report(report)
    return 0


def _extract(arguments: argparse.Namespace) -> int:
    for name in arguments.file:
        for item in open_source(name, arguments.base_url).items():
            if not isinstance(item, Page | Record):
                print(f"{item.location}: {item.reason}", file=sys.stderr)
                continue
            try:
                article = article_of(item, arguments.base_url)
            except PageError as error:
                print(f"{item.location}: {error}", file=sys.stderr)
                continue
            if arguments.json:
                _print_json(article)
            else:
                _print_article(article)
    return 0


def _status(arguments: argparse.Namespace) -> int:
    store = GenerationStore(arguments.index)
    generations = store.complete()
    live = _live_name(store)
    if generations and arguments.json:
        listed = [
            {"name": g.name, "live": g.name == live, **_without_files(g.manifest)}
            for g in generations
        ]
        _print_json({"current": live, "generations": listed})
    elif generations:
        _print_generations(generations, live)
    if live not in {generation.name for generation in generations}:
        store.current()  # raises what is wrong with it
    return 0


def _live_name(store: GenerationStore) -> str | None:
    with suppress(IndexFolderError):
        return store.current_name()
    return None


def _print_generations(generations: Sequence[Generation], live: str | None) -> None:
    for generation in generations:
        manifest = generation.manifest
        languages = (f"{code}:{count}" for code, count in sorted(manifest.languages.items()))
        print(
            "live" if generation.name == live else "    ",
            generation.name,
            f"built {manifest.built_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC,",
            f"{manifest.articles} articles ({' '.join(languages)})",
            f"from {' '.join(manifest.sources)}",
        )


def _verify(arguments: argparse.Namespace) -> int:
    generation = GenerationStore(arguments.index).current()
    articles = verify(generation)
    age = datetime.now(UTC) - generation.manifest.built_at
    print(
        f"{generation.name}: {len(generation.manifest.files)} files and {articles} articles are "
        f"whole; built {age.days} days ago."
    )
    return 0


def _rollback(arguments: argparse.Namespace) -> int:
    with _existing(arguments.index).writing() as writing:
        generation = writing.roll_back(arguments.generation)
    print(f"{generation.name} is live: {generation.manifest.articles} articles.")
    return 0


def _prune(arguments: argparse.Namespace) -> int:
    with _existing(arguments.index).writing() as writing:
        removed = writing.prune(arguments.keep)
    print(f"{len(removed)} generations removed{': ' if removed else '.'}{', '.join(removed)}")
    return 0


def _existing(folder: Path) -> GenerationStore:
    # Writing makes the folder where there is none: not here, where it is misspelt.
    store = GenerationStore(folder)
    if not store.names():
        raise IndexMissing(f"There is no index in {folder}.")
    return store


def _print_report(report: Report) -> None:
    print(
        f"{report.generation} is live with {report.articles} articles: {report.indexed} new or "
        f"changed, {report.unchanged} unchanged, {report.deleted} deleted."
    )
    if report.without_address:
        print(
            f"{report.without_address} articles have no web address, so their hits are no links: "
            "pages can be given one with --base-url."
        )
    for name, troubles in (("skipped", report.skipped), ("failed", report.failed)):
        _print_troubles(name, troubles)


def _print_troubles(name: str, troubles: tuple[Trouble, ...]) -> None:
    if troubles:
        print(f"{len(troubles)} {name}:")
    for trouble in troubles[:TROUBLES_SHOWN]:
        print(f"  {trouble.url}: {trouble.reason}")
    if len(troubles) > TROUBLES_SHOWN:
        print(f"  … and {len(troubles) - TROUBLES_SHOWN} more (--json lists all)")


def _print_article(article: Article) -> None:
    for name in article.__struct_fields__:
        value = getattr(article, name)
        if value and name not in ("title", "body", "sections"):
            shown = ", ".join(value) if isinstance(value, tuple) else value
            print(f"{name}: {shown}")
    print(f"\n{article.title}\n{'=' * len(article.title)}\n{article.body}\n")


def _print_json(value: object) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(value) + b"\n")
    sys.stdout.buffer.flush()


def _without_files(manifest: object) -> dict[str, object]:
    fields: dict[str, object] = msgspec.to_builtins(manifest)
    del fields["files"]
    return fields


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="health-index", description="Build and keep the search index of a health site."
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    command = commands.add_parser("reindex", help="build an index from sources and make it live")
    command.add_argument("source", nargs="+", metavar="SOURCE", help="folder, page or .jsonl file")
    _add_index(command)
    _add_base_url(command)
    _add_json(command, "the report as JSON on standard output")
    command.set_defaults(command=_reindex)

    command = commands.add_parser("extract", help="show what the indexer makes of pages")
    command.add_argument("file", nargs="+", metavar="FILE", help="page, folder or .jsonl file")
    _add_base_url(command)
    _add_json(command, "one article a line as JSON")
    command.set_defaults(command=_extract)

    command = commands.add_parser("status", help="list the generations of an index")
    _add_index(command)
    _add_json(command, "the list as JSON")
    command.set_defaults(command=_status)

    command = commands.add_parser("verify", help="check the live generation: files and articles")
    _add_index(command)
    command.set_defaults(command=_verify)

    command = commands.add_parser("rollback", help="make an older generation live")
    command.add_argument("generation", nargs="?", help="its name; the one before by default")
    _add_index(command)
    command.set_defaults(command=_rollback)

    command = commands.add_parser("prune", help="remove old generations")
    command.add_argument("--keep", type=_positive, default=KEPT, help=f"how many stay ({KEPT})")
    _add_index(command)
    command.set_defaults(command=_prune)
    return parser


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
