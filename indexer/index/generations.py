"""A folder of generations: build the next one aside, then switch to it in one rename.

    CURRENT                    the name of the live generation
    writer.lock                held by the one writer
    generations/<name>/        complete once it has a manifest.json
        whoosh/                Whoosh's segments
        articles.json          a content hash per article
        manifest.json          counts and checksums, written last

Readers only ever follow CURRENT, so a crash at any moment leaves the old generation serving.

An index folder is trusted input: Whoosh unpickles its schema on opening. The manifest's version
is checked first, but that is no defence against a folder made by an attacker.
"""

import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from indexer.errors import (
    GenerationUnknown,
    IndexDamaged,
    IndexForeign,
    IndexMissing,
)
from indexer.index import durable
from indexer.index.lock import writer_lock
from indexer.index.manifest import (
    HASHES,
    MANIFEST,
    Manifest,
    check_files,
    mark_files,
    read_manifest,
)
from indexer.index.schema import SCHEMA_VERSION, build_digest

CURRENT = "CURRENT"
GENERATIONS = "generations"
WHOOSH = "whoosh"

KEPT = 3
"""Generations that ``prune`` leaves: the live one and two to roll back to."""


@dataclass(frozen=True)
class Generation:
    """A complete generation on disk."""

    name: str
    folder: Path
    manifest: Manifest

    @property
    def whoosh(self) -> Path:
        """The folder of Whoosh's files."""
        return self.folder / WHOOSH

    def hashes(self) -> dict[str, str]:
        """Return the content hash of every article by its id.

        Raises:
            IndexDamaged: the file is missing or malformed.
        """
        path = self.folder / HASHES
        try:
            return msgspec.json.decode(path.read_bytes(), type=dict[str, str])
        except (OSError, UnicodeDecodeError, msgspec.MsgspecError) as error:
            raise IndexDamaged(f"{path} cannot be read ({error}). Roll back or reindex.") from error


@dataclass(frozen=True)
class Build:
    """A generation that is being built."""

    folder: Path

    @property
    def whoosh(self) -> Path:
        """The folder for Whoosh's files."""
        return self.folder / WHOOSH


@dataclass(frozen=True)
class Contents:
    """What a build put into a generation, for its manifest."""

    hashes: dict[str, str]
    languages: dict[str, int]
    sources: tuple[str, ...]


class GenerationStore:
    """The generations of one index folder. Reading needs no lock; writing goes through one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._generations = folder / GENERATIONS
        self._current = folder / CURRENT

    def current_name(self) -> str:
        """Return the name of the live generation.

        Raises:
            IndexMissing: the folder has none.
            IndexDamaged: CURRENT does not hold a name.
        """
        try:
            name = self._current.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            raise IndexMissing(
                f"There is no index in {self.folder}. Build one with `health-index reindex "
                f"SOURCE --index {self.folder}`."
            ) from None
        except (OSError, UnicodeDecodeError) as error:
            raise IndexDamaged(
                f"{self._current} cannot be read ({error}). Roll back or reindex."
            ) from error
        if not name or name != Path(name).name or name.startswith("."):
            raise IndexDamaged(f"{self._current} does not name a generation. Roll back or reindex.")
        return name

    def open(self, name: str) -> Generation:
        """Return a generation after checking every file against the manifest.

        Raises:
            GenerationUnknown: there is none of that name.
            IndexDamaged: something is missing, truncated or altered.
            IndexForeign: another schema version wrote it.
        """
        if name not in self.names():
            raise GenerationUnknown(
                f"{self.folder} has no generation {name!r}. `health-index status` lists them."
            )
        generation = self._read(name)
        check_files(generation.folder, generation.manifest.files)
        return generation

    def current(self) -> Generation:
        """Return the live generation, checked as by ``open``.

        Raises:
            IndexMissing: the folder has none.
            IndexDamaged: it is not whole, or is not there although CURRENT names it.
            IndexForeign: another schema version wrote it.
        """
        name = self.current_name()
        try:
            return self.open(name)
        except GenerationUnknown:
            raise IndexDamaged(
                f"{self._current} names {name!r}, which is not there. Roll back or reindex."
            ) from None

    def complete(self) -> list[Generation]:
        """Return the generations that can be read, oldest first; their files are not checked.

        Those of another schema version cannot.
        """
        found = []
        for name in self.names():
            with suppress(IndexDamaged, IndexForeign):
                found.append(self._read(name))
        return found

    @contextmanager
    def writing(self) -> Iterator["GenerationWriter"]:
        """Hold the folder's lock and lend the means to change it.

        Raises:
            IndexLocked: another writer holds the folder.
            IndexUnwritable: the folder cannot be written.
        """
        with durable.unwritable(self.folder), writer_lock(self.folder):
            yield GenerationWriter(self)

    def _read(self, name: str) -> Generation:
        folder = self._generations / name
        return Generation(name, folder, read_manifest(folder))

    def names(self) -> list[str]:
        """Return the names of all generations, oldest first, complete or not."""
        try:
            return sorted(entry.name for entry in self._generations.iterdir() if entry.is_dir())
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise IndexDamaged(f"{self._generations} cannot be read ({error.strerror}).") from error


class GenerationWriter:
    """What the holder of the lock may do: build, publish, roll back, prune."""

    def __init__(self, store: GenerationStore) -> None:
        self._store = store
        self._generations = store.folder / GENERATIONS

    @contextmanager
    def build(self) -> Iterator[Build]:
        """Lend an empty folder to build a generation in; it is removed if never published."""
        now = datetime.now(UTC)
        stamp = f"{now:%Y%m%dT%H%M%S}{now.microsecond // 1000:03d}Z"
        folder = self._generations / f"{stamp}-{secrets.token_hex(2)}"
        (folder / WHOOSH).mkdir(parents=True)
        try:
            yield Build(folder)
        finally:
            if not (folder / MANIFEST).exists():
                shutil.rmtree(folder, ignore_errors=True)

    def publish(self, build: Build, contents: Contents) -> Generation:
        """Complete a build with its manifest and make it the live generation."""
        folder = build.folder
        (folder / HASHES).write_bytes(msgspec.json.encode(contents.hashes))
        manifest = Manifest(
            schema_version=SCHEMA_VERSION,
            digest=build_digest(),
            built_at=datetime.now(UTC),
            articles=len(contents.hashes),
            languages=contents.languages,
            sources=contents.sources,
            files=mark_files(folder),
        )
        for path in folder.rglob("*"):
            durable.sync(path)
        encoded = msgspec.json.format(msgspec.json.encode(manifest))
        durable.write_atomically(folder / MANIFEST, encoded)
        durable.sync(self._generations)
        self._switch(folder.name)
        return Generation(folder.name, folder, manifest)

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
        """Remove all but the newest ``keep`` generations, and whatever a crash left behind.

        The live generation always stays. One of another schema version counts as any other: its
        program may come back. Returns the names removed.
        """
        names = self._store.names()
        kept = {*[name for name in names if self._is_complete(name)][-keep:], self._current_name()}
        return self._remove(name for name in names if name not in kept)

    def sweep(self) -> list[str]:
        """Remove the builds that a crash left behind. Returns their names."""
        manifests = (self._generations / name / MANIFEST for name in self._store.names())
        return self._remove(path.parent.name for path in manifests if not path.exists())

    def _remove(self, names: Iterable[str]) -> list[str]:
        removed = list(names)
        for name in removed:
            # Without its manifest a generation does not exist, wherever a crash stops the rest.
            (self._generations / name / MANIFEST).unlink(missing_ok=True)
            shutil.rmtree(self._generations / name)
        return removed

    def _is_complete(self, name: str) -> bool:
        try:
            read_manifest(self._generations / name)
        except IndexDamaged:
            return False
        except IndexForeign:
            pass
        return True

    def _before_current(self) -> str:
        current = self._current_name()
        names = [generation.name for generation in self._store.complete()]
        if current in self._store.names():
            names = [name for name in names if name < current]
        if not names:
            raise GenerationUnknown(f"{self._store.folder} has no older generation.")
        return names[-1]

    def _current_name(self) -> str | None:
        with suppress(IndexMissing, IndexDamaged):
            return self._store.current_name()
        return None

    def _switch(self, name: str) -> None:
        durable.write_atomically(self._store.folder / CURRENT, f"{name}\n".encode())
