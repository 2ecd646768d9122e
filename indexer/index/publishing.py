"""What the holder of a lock may do to an index folder: build, publish, roll back, prune."""

import errno
import secrets
import shutil
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from indexer.errors import GenerationUnknown, IndexDamaged, IndexForeign, IndexMissing
from indexer.index import durable
from indexer.index.generation import COLUMNS, GENERATIONS, WHOOSH, Generation, Mark
from indexer.index.ledger import Ledger, write_ledger
from indexer.index.manifest import (
    ARTICLES,
    MANIFEST,
    FileMark,
    Manifest,
    mark_files,
    read_manifest,
)
from indexer.index.schema import SCHEMA_VERSION, build_digest
from indexer.index.withdrawals import Withdrawn, write_withdrawals

if TYPE_CHECKING:
    from indexer.index.generations import GenerationStore

CURRENT = "CURRENT"

KEPT = 3
"""Generations that ``prune`` leaves: the live one and two to roll back to."""

REMOVE_TRIES = 50
REMOVE_PAUSE_SECONDS = 0.1
"""The processes of a job that was killed end after the items they are at."""


@dataclass(frozen=True)
class Build:
    """A generation that is being built."""

    folder: Path

    @property
    def whoosh(self) -> Path:
        """The folder for Whoosh's files."""
        return self.folder / WHOOSH

    @property
    def columns(self) -> Path:
        """The folder for the columns of Whoosh's segments."""
        return self.folder / COLUMNS

    @property
    def parts(self) -> Path:
        """The folder for indexes that are not yet part of the whole."""
        return self.folder / "parts"


@dataclass(frozen=True)
class Contents:
    """What a build put into a generation, for the files beside Whoosh's.

    Attributes:
        marks: what is known of every article, by its id.
        ledger: what the job learned of every place.
        withdrawals: what deleted articles count for, by segment.
        sources: what the operator called the sources.
        base: the generation whose segments it took over, if it did.
        is_edit: whether single articles were changed, and not the sources read.
    """

    marks: Mapping[str, Mark]
    ledger: Ledger
    withdrawals: Mapping[str, Withdrawn]
    sources: tuple[str, ...]
    base: Generation | None = None
    is_edit: bool = False


class GenerationWriter:
    """What the holder of the lock may do: build, publish, roll back, prune."""

    def __init__(self, store: "GenerationStore") -> None:
        self._store = store
        self._generations = store.folder / GENERATIONS

    @contextmanager
    def build(self) -> Iterator[Build]:
        """Lend an empty folder to build a generation in; it is removed if it does not go live."""
        now = datetime.now(UTC)
        stamp = f"{now:%Y%m%dT%H%M%S}{now.microsecond // 1000:03d}Z"
        folder = self._generations / f"{stamp}-{secrets.token_hex(2)}"
        for part in (WHOOSH, COLUMNS):
            (folder / part).mkdir(parents=True)
        try:
            yield Build(folder)
        finally:
            if not (folder / MANIFEST).exists():
                shutil.rmtree(folder, ignore_errors=True)

    def publish(self, build: Build, contents: Contents) -> Generation:
        """Complete a build and make it the live generation."""
        generation = self.complete(build, contents)
        self.go_live(generation)
        return generation

    def complete(self, build: Build, contents: Contents) -> Generation:
        """Write what a build still lacks, all but its manifest.

        What is returned can be searched. It does not exist for anyone else: after a crash it is
        swept away.
        """
        folder = build.folder
        shutil.rmtree(build.parts, ignore_errors=True)
        (folder / ARTICLES).write_bytes(msgspec.json.encode(contents.marks))
        write_ledger(folder, contents.ledger)
        write_withdrawals(folder, contents.withdrawals)
        linked = _linked(folder, contents.base)
        manifest = Manifest(
            schema_version=SCHEMA_VERSION,
            digest=build_digest(),
            built_at=datetime.now(UTC),
            job=_job_of(contents, folder.name),
            articles=len(contents.marks),
            languages=dict(Counter(mark.language for mark in contents.marks.values())),
            sources=contents.sources,
            files=mark_files(folder, linked),
            figures={},
        )
        for path in folder.rglob("*"):
            if path.relative_to(folder).as_posix() not in linked:
                durable.sync(path)
        return Generation(folder.name, folder, manifest)

    def go_live(self, generation: Generation) -> None:
        """Write the manifest of a complete build and make it the live generation."""
        folder = generation.folder
        manifest = msgspec.json.format(msgspec.json.encode(generation.manifest))
        try:
            durable.write_atomically(folder / MANIFEST, manifest)
            durable.sync(self._generations)
            self._switch(folder.name)
        except BaseException:
            # A rollback must not find what never went live. (The disk may have failed after that.)
            if self._current_name() not in (None, folder.name):
                (folder / MANIFEST).unlink(missing_ok=True)
            raise

    def roll_back(self, name: str | None = None) -> Generation:
        """Make an older generation live: ``name``, or the one before the live one.

        Raises:
            GenerationUnknown: there is no such generation, or none before the live one.
            IndexDamaged: its files are not whole.
        """
        generation = self._store.open(self._before_current() if name is None else name)
        self._switch(generation.name)
        return generation

    def prune(self, keep: int = KEPT) -> list[str]:
        """Remove all but the newest ``keep`` jobs' generations, and whatever a crash left behind.

        Of the generations that single edits made, the live one and the one before it stay: a reader
        may just be opening it. The live generation always stays. One of another schema version
        counts as any other: its program may come back. Returns the names removed.
        """
        names = self._store.names()
        kept = {self._current_name()}
        kept.update([name for name in names if self._is_of_a_job(name)][-keep:])
        kept.update([name for name in names if self._is_of_an_edit(name)][-2:])
        return self._remove(name for name in names if name not in kept)

    def thin(self) -> list[str]:
        """Remove what single edits made and the next one replaced; for those who edit.

        The live one and the one before it stay, as in ``prune``. A job may be running: its build
        stays, and what was live when it began, which is one of the two before it.
        """
        names = self._store.names()
        edits = [name for name in names if self._is_of_an_edit(name)]
        builds = [name for name in names if self._manifest(name) is None]
        kept = {self._current_name(), *edits[-2:]}
        for build in builds:
            kept.update([name for name in edits if name < build][-2:])
        return self._remove(name for name in edits if name not in kept)

    def sweep(self) -> list[str]:
        """Remove the builds that a crash left behind. Returns their names."""
        manifests = (self._generations / name / MANIFEST for name in self._store.names())
        return self._remove(path.parent.name for path in manifests if not path.exists())

    def _remove(self, names: Iterable[str]) -> list[str]:
        removed = list(names)
        for name in removed:
            # Without its manifest a generation does not exist, wherever a crash stops the rest.
            (self._generations / name / MANIFEST).unlink(missing_ok=True)
            _remove_tree(self._generations / name)
        return removed

    def _is_of_a_job(self, name: str) -> bool:
        manifest = self._manifest(name)
        return manifest is not None and manifest.job in ("", name)

    def _is_of_an_edit(self, name: str) -> bool:
        manifest = self._manifest(name)
        return manifest is not None and manifest.job not in ("", name)

    def _manifest(self, name: str) -> Manifest | None:
        """Return a manifest, or None where there is none: that of another version says little."""
        with suppress(IndexDamaged):
            try:
                return read_manifest(self._generations / name)
            except IndexForeign:
                return FOREIGN
        return None

    def _before_current(self) -> str:
        """Return the newest generation that does not stem from the job behind the live one."""
        generations = self._store.complete()
        current = self._current_name()
        jobs = {generation.name: generation.manifest.job for generation in generations}
        # One that cannot be read is taken for a job's, one that is not there tells nothing.
        job = jobs.get(current, current) if current in self._store.names() else None
        before = [name for name, of in jobs.items() if job is None or of < job]
        if not before:
            raise GenerationUnknown(f"{self._store.folder} has no older generation.")
        return before[-1]

    def _current_name(self) -> str | None:
        with suppress(IndexMissing, IndexDamaged):
            return self._store.current_name()
        return None

    def _switch(self, name: str) -> None:
        durable.write_atomically(self._store.folder / CURRENT, f"{name}\n".encode())


FOREIGN = Manifest(
    schema_version=0,
    digest="",
    built_at=datetime.min.replace(tzinfo=UTC),
    job="",
    articles=0,
    languages={},
    sources=(),
    files={},
    figures={},
)
"""Stands for the manifest of another schema version, of which we only know that it is there."""


def _job_of(contents: Contents, name: str) -> str:
    if contents.is_edit and contents.base:
        return contents.base.manifest.job
    return name


def _linked(folder: Path, base: Generation | None) -> dict[str, FileMark]:
    """Return the marks of the files that were taken over: they need no second look."""
    if base is None:
        return {}
    return {
        name: mark
        for name, mark in base.manifest.files.items()
        if (folder / name).exists() and _is_same(folder / name, base.folder / name)
    }


def _is_same(path: Path, other: Path) -> bool:
    with suppress(OSError):
        return path.samefile(other)
    return False


def _remove_tree(folder: Path) -> None:
    """Remove a folder, in which an orphan of a killed job may write for some moments yet."""
    for _ in range(REMOVE_TRIES):
        try:
            shutil.rmtree(folder)
        except OSError as error:
            if error.errno != errno.ENOTEMPTY:
                raise
            time.sleep(REMOVE_PAUSE_SECONDS)
        else:
            return
    shutil.rmtree(folder)
