"""The manifest of a generation: what it holds, and how to see that it is whole."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from hashlib import file_digest
from os import fstat
from pathlib import Path

import msgspec

from indexer.errors import IndexDamaged, IndexForeign
from indexer.index.schema import SCHEMA_VERSION

MANIFEST = "manifest.json"
ARTICLES = "articles.json"

SMALL_BYTES = 1 << 20
"""Files up to this size are read even where opening must be quick."""


class FileMark(msgspec.Struct, frozen=True):
    """Size in bytes and SHA-256 of a file of the generation."""

    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in ``manifest.json``, written last: without it a generation does not exist.

    Attributes:
        schema_version: which field table wrote it.
        digest: analysis and lexicon it was built with.
        built_at: when the build was complete, UTC.
        job: the generation of the job it stems from: itself, unless single articles were changed.
        articles: how many articles it holds.
        languages: how many of them in each language.
        sources: where they came from.
        files: every other file of the generation, by path relative to it.
        figures: of the judged queries that it answered before it went live; empty without any.
    """

    schema_version: int
    digest: str
    built_at: datetime
    job: str
    articles: int
    languages: dict[str, int]
    sources: tuple[str, ...]
    files: dict[str, FileMark]
    figures: dict[str, float]


class _Version(msgspec.Struct):
    schema_version: int


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of the generation in ``folder``.

    Raises:
        IndexDamaged: there is none, or it is not JSON of the right shape.
        IndexForeign: another schema version wrote it.
    """
    path = folder / MANIFEST
    try:
        raw = path.read_bytes()
        version = msgspec.json.decode(raw, type=_Version).schema_version
        if version != SCHEMA_VERSION:
            raise IndexForeign(
                f"The index in {folder} has schema version {version}, this program reads "
                f"{SCHEMA_VERSION}. Run `health-index reindex` to build it anew."
            )
        return msgspec.json.decode(raw, type=Manifest)
    except FileNotFoundError:
        raise IndexDamaged(f"{path} is missing. Roll back or reindex.") from None
    except (OSError, UnicodeDecodeError, msgspec.MsgspecError) as error:
        raise IndexDamaged(f"{path} cannot be read ({error}). Roll back or reindex.") from error


def mark_files(folder: Path, known: Mapping[str, FileMark]) -> dict[str, FileMark]:
    """Return size and checksum of every file below ``folder``; the ``known`` ones are believed."""
    names = {path.relative_to(folder).as_posix(): path for path in _files(folder)}
    return {name: known.get(name) or _mark(path) for name, path in names.items()}


def check_files(folder: Path, files: Mapping[str, FileMark]) -> None:
    """Check that every file the manifest names is there and unaltered; this reads all of them.

    Raises:
        IndexDamaged: the first file that is missing, truncated or altered.
    """
    for name, mark in files.items():
        check_file(folder / name, mark)


def check_sizes(folder: Path, files: Mapping[str, FileMark]) -> None:
    """Check that every file is there and has its size, and that the small ones are unaltered.

    Raises:
        IndexDamaged: the first file that is not so.
    """
    for name, mark in files.items():
        check_file(folder / name, mark, _mark if mark.size <= SMALL_BYTES else _size)


def check_file(path: Path, mark: FileMark, read: Callable[[Path], FileMark] | None = None) -> None:
    """Check one file against what ``read`` says of it: its size, and its checksum unless empty.

    Raises:
        IndexDamaged: it is missing, truncated or altered.
    """
    try:
        found = (read or _mark)(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise IndexDamaged(f"{path} cannot be read ({reason}). Roll back or reindex.") from error
    if found.size != mark.size:
        raise IndexDamaged(
            f"{path} has {found.size} bytes instead of {mark.size}. Roll back or reindex."
        )
    if found.sha256 not in (mark.sha256, ""):
        raise IndexDamaged(f"{path} is altered: its checksum differs. Roll back or reindex.")


def _files(folder: Path) -> Iterator[Path]:
    return (p for p in sorted(folder.rglob("*")) if p.is_file() and p.name != MANIFEST)


def _size(path: Path) -> FileMark:
    with path.open("rb") as file:  # opening it says whether it may be read
        return FileMark(size=fstat(file.fileno()).st_size, sha256="")


def _mark(path: Path) -> FileMark:
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
        return FileMark(size=file.tell(), sha256=digest)
