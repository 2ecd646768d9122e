"""The step of a job that gives articles their vectors: only to those whose text has none yet."""

import shutil
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from indexer.errors import IndexDamaged, IndexFolderError
from indexer.index.columns.layout import columns_file
from indexer.index.columns.segment import SegmentColumns, open_columns
from indexer.index.generation import COLUMNS, GENERATIONS
from indexer.index.generations import GenerationStore
from indexer.index.manifest import MANIFEST, FileMark, check_file
from indexer.index.vectors.embedder import DIMENSIONS, Embedder
from indexer.index.vectors.store import (
    SUFFIX,
    VECTORS,
    Packed,
    SegmentVectors,
    key_of,
    open_vectors,
    opening_of,
    pack,
    vectors_file,
    write_vectors,
)
from indexer.tally import Tally

BATCH = 32
"""Articles between two notes: a second's work, after which a job can be canceled."""

Note = Callable[[int, int], None]
"""Is told how many articles have their vectors, of how many; it may raise to stop."""


Taken = Mapping[Path, SegmentVectors]
"""Files of vectors that may be taken over."""


def checked_vectors(store: GenerationStore) -> Taken:
    """Return the vectors of the live generation, those of damaged files left out; for jobs.

    They depend on neither analysis nor schema, so those of another version of this program are as
    good as any.
    """
    with suppress(IndexFolderError, OSError, msgspec.MsgspecError):
        folder = store.folder / GENERATIONS / store.current_name()
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=_Listed)
        return {path: each for path, each in vectors_in(folder).items() if manifest.has(path)}
    return {}


def vectors_in(folder: Path) -> Taken:
    """Return the vectors of a generation; files that are not whole are left out."""
    found = {}
    for path in sorted((folder / VECTORS).glob(f"*{SUFFIX}")):
        with suppress(IndexDamaged):
            if vectors := open_vectors(path):
                found[path] = vectors
    return found


def has_vectors(folder: Path) -> bool:
    """Return whether the generation in a folder was built with vectors."""
    return (folder / VECTORS).is_dir()


def add_vectors(
    build: Path,
    base: Taken,
    embedder: Embedder | None,
    threads: int = 1,
    note: Note = lambda _done, _total: None,
) -> None:
    """Give every segment of a build its file of vectors, if it has none yet.

    Args:
        build: the folder of the generation that is being built; its columns are complete.
        base: vectors to take over: those of the same segments by hard links, of the same texts by
            their keys.
        embedder: makes the vectors of new texts. Without one, new segments get no vectors.
        threads: how many texts are embedded at the same time.
        note: is told how far it is.
    """
    (build / VECTORS).mkdir(exist_ok=True)
    here = vectors_in(build)
    segments = {path.stem for path in (build / COLUMNS).iterdir()}
    for path in here:
        if path.stem not in segments:
            path.unlink()
    missing = segments - {path.stem for path in here}
    for path, each in base.items():
        if path.stem in missing and (embedder is None or embedder.recipe == each.recipe):
            _link(path, vectors_file(build, path.stem))
            missing.remove(path.stem)
    if embedder and missing:
        columns = {name: open_columns(columns_file(build / COLUMNS, name)) for name in missing}
        with ThreadPoolExecutor(threads) as pool:
            step = _Step(embedder, pool, (*base.values(), *here.values()), note)
            step.run(build, columns)


class Embedding:
    """The vectors of one job: none without an embedder."""

    def __init__(self, store: GenerationStore, embedder: Embedder | None, threads: int) -> None:
        """Look at what the live generation has; ``threads`` may embed at the same time."""
        self._embedder = embedder
        self._threads = threads
        self._known = checked_vectors(store) if embedder else {}

    def run(self, build: Path, tally: Tally, note: Callable[[Tally], None]) -> None:
        """Give a build the vectors that it lacks yet."""

        def count(done: int, total: int) -> None:
            tally.embedded, tally.to_embed = done, total
            note(tally)

        if self._embedder:
            add_vectors(build, self._known, self._embedder, self._threads, count)


class _Listed(msgspec.Struct):
    """The part of a manifest that is the same in all versions."""

    files: dict[str, FileMark]

    def has(self, path: Path) -> bool:
        """Return whether a file of vectors is listed, and as it was."""
        mark = self.files.get(f"{VECTORS}/{path.name}")
        with suppress(IndexDamaged):
            if mark:
                check_file(path, mark)
                return True
        return False


class _Step:
    """Makes the vectors of segments, in one run of the model."""

    def __init__(
        self,
        embedder: Embedder,
        pool: ThreadPoolExecutor,
        known: Iterable[SegmentVectors],
        note: Note,
    ) -> None:
        self._embedder = embedder
        self._pool = pool
        self._known = [each for each in known if each.recipe == embedder.recipe]
        self._note = note

    def run(self, build: Path, segments: dict[str, SegmentColumns]) -> None:
        """Write the file of every segment."""
        total = sum(columns.documents for columns in segments.values())
        ended = 0
        for name, columns in sorted(segments.items()):
            keys = _keys(columns)
            rows = self._taken_over(keys)
            missing = {key: number for number, key in enumerate(keys.tolist()) if key not in rows}
            ended += columns.documents - len(missing)
            for batch in _batches(list(missing.items())):
                self._note(ended, total)
                rows |= self._embedded(columns, batch)
                ended += len(batch)
            path = vectors_file(build, name)
            write_vectors(path, self._embedder.recipe, keys, [rows[key] for key in keys.tolist()])
        self._note(total, total)

    def _taken_over(self, keys: NDArray[np.uint64]) -> dict[int, Packed]:
        """Return the vectors that are known, by the key of their text; key 0 has none."""
        rows = {0: np.zeros((0, DIMENSIONS), np.int8)}
        for each in self._known:
            for document in np.isin(each.keys, keys).nonzero()[0].tolist():
                rows.setdefault(int(each.keys[document]), each.of(document))
        return rows

    def _embedded(self, columns: SegmentColumns, batch: list[tuple[int, int]]) -> dict[int, Packed]:
        """Return the vectors of some documents, given with their keys."""
        openings = [opening_of(columns, number) for _, number in batch]
        made = self._pool.map(
            lambda opening: pack(self._embedder.article(opening.title, opening.text)),
            [opening for opening in openings if opening],
        )
        return dict(zip((key for key, _ in batch), made, strict=True))


def _keys(columns: SegmentColumns) -> NDArray[np.uint64]:
    keys = (key_of(opening_of(columns, number)) for number in range(columns.documents))
    return np.fromiter(keys, np.uint64, columns.documents)


def _batches(items: list[tuple[int, int]]) -> Iterable[list[tuple[int, int]]]:
    return (items[at : at + BATCH] for at in range(0, len(items), BATCH))


def _link(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except OSError:
        # Some network file systems have no links.
        shutil.copyfile(source, target)
