"""The command ``health-index``: the only place of the write side that prints or exits.

Exit codes: 0 done, 2 not done (bad use, bad source, bad index), 130 stopped by Ctrl-C.
"""

import argparse
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from types import FrameType

import msgspec

from indexer.arguments import Command, parse, web_options
from indexer.article import Article
from indexer.errors import (
    HealthSearchError,
    IndexFolderError,
    IndexMissing,
    PageError,
)
from indexer.index.generation import Generation
from indexer.index.generations import GenerationStore
from indexer.index.job import Request
from indexer.index.jobs import JobBook
from indexer.index.vectors.embedder import open_embedder
from indexer.index.verification import verify
from indexer.journal import BookJournal
from indexer.judging import read_judge
from indexer.maker import article_of
from indexer.progress import shown_progress, total_of
from indexer.reindex import NamedSource, Plan, preview, reindex
from indexer.report import job_line, report_lines
from indexer.runner import Runner
from indexer.sources import NOTHING_KNOWN, Page, Record, Unchanged, open_source
from indexer.sources.files import shown
from indexer.sources.registry import is_address
from indexer.sources.web.address import without_secrets

NICENESS = 10
"""A job that the service asked for yields the processor to searches."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    arguments = parse(argv, COMMANDS)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # for terminals that lack a letter
    command: Command = arguments.command
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
    signal.signal(signal.SIGTERM, _stop)
    folder: Path = arguments.index
    book = JobBook(folder)
    if arguments.job:
        os.nice(NICENESS)
        request = book.request(arguments.job)
        plan = _plan(arguments, request, request.sources)
    else:
        request = _request(arguments)
        plan = _plan(arguments, request, arguments.source)
    total = total_of(plan.sources)
    with shown_progress(total) as show:
        if arguments.dry_run:
            report = preview(GenerationStore(folder), plan, show)
        else:
            journal = BookJournal(book, request, total, show)
            with journal.ending() as reports:
                if arguments.job:
                    journal.take(arguments.job)
                reports.append(report := reindex(GenerationStore(folder), plan, journal))
    if arguments.json:
        _print_json(report)
    else:
        print(*report_lines(report), sep="\n")
    return 0


def _request(arguments: argparse.Namespace) -> Request:
    return Request(
        sources=tuple(map(_shown, arguments.source)),
        update=arguments.update,
        full=arguments.full,
        force=arguments.force,
    )


def _plan(arguments: argparse.Namespace, request: Request, names: Sequence[str]) -> Plan:
    base_url: str = arguments.base_url
    web = web_options(arguments)
    return Plan(
        sources=tuple(
            NamedSource(_shown(name), open_source(name, base_url, web)) for name in names
        ),
        base_url=base_url,
        update=request.update,
        afresh=request.full,
        force=request.force,
        max_drop=arguments.max_drop,
        processes=arguments.processes,
        judge=read_judge(arguments.judgements) if arguments.judgements else None,
        embedder=open_embedder() if arguments.semantic else None,
    )


def _shown(name: str) -> str:
    return without_secrets(name) if is_address(name) else shown(Path(name))


def _stop(_number: int, _frame: FrameType | None) -> None:
    """Stop as on Ctrl-C: cleanly."""
    raise KeyboardInterrupt


def _work(arguments: argparse.Namespace) -> int:
    signal.signal(signal.SIGTERM, _stop)

    def complain(text: str) -> None:
        print(f"health-index: {text}", file=sys.stderr, flush=True)

    with suppress(KeyboardInterrupt):
        Runner(arguments.index, arguments.flag, complain).run(arguments.parent or os.getppid())
    return 0


def _jobs(arguments: argparse.Namespace) -> int:
    if not arguments.index.is_dir():
        raise IndexMissing(f"There is no index in {arguments.index}.")
    jobs = JobBook(arguments.index).recent()
    if arguments.json:
        _print_json(jobs)
    else:
        print(*map(job_line, jobs), sep="\n")
    return 0


def _extract(arguments: argparse.Namespace) -> int:
    for name in arguments.file:
        source = open_source(name, arguments.base_url, web_options(arguments))
        for item in source.items(NOTHING_KNOWN):
            if isinstance(item, Unchanged):
                continue
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
            *(
                [f"with single changes to {manifest.job}"]
                if manifest.job != generation.name
                else []
            ),
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
    store = _existing(arguments.index)
    with store.writing() as writing, store.switching():
        generation = writing.roll_back(arguments.generation)
    print(f"{generation.name} is live: {generation.manifest.articles} articles.")
    return 0


def _prune(arguments: argparse.Namespace) -> int:
    store = _existing(arguments.index)
    with store.writing() as writing, store.switching():
        removed = writing.prune(arguments.keep)
    print(f"{len(removed)} generations removed{': ' if removed else '.'}{', '.join(removed)}")
    return 0


def _existing(folder: Path) -> GenerationStore:
    # Writing makes the folder where there is none: not here, where it is misspelt.
    store = GenerationStore(folder)
    if not store.names():
        raise IndexMissing(f"There is no index in {folder}.")
    return store


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


COMMANDS: Mapping[str, Command] = {
    "reindex": _reindex,
    "extract": _extract,
    "status": _status,
    "jobs": _jobs,
    "verify": _verify,
    "rollback": _rollback,
    "prune": _prune,
    "work": _work,
}
