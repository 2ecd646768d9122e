"""Indexes of a corpus, built once and kept: one folder an engine, with a note of what it took."""

import json
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from indexer.index.generations import GenerationStore
from indexer.index.schema import build_digest
from tests.bench.corpora import Text, medquad, texts, write_corpus
from tests.bench.engines import OURS, Peer
from tests.bench.reindex import measure


class Built(msgspec.Struct, frozen=True):
    """What became of a corpus in one engine.

    Attributes:
        engine: its name.
        version: of what wrote it; an index of another version is built anew.
        articles: how many it was given.
        seconds: how long it took, reading the corpus included.
        megabytes: how much of the disk the index takes.
    """

    engine: str
    version: str
    articles: int
    seconds: float
    megabytes: float


def corpus_file(count: int, folder: Path) -> Path:
    """Return the file of so many articles, written to ``folder`` unless it is there."""
    return write_corpus(medquad(), count, folder / f"{count}.jsonl.gz")


def prepare_ours(corpus: Path, folder: Path, processes: int) -> Built:
    """Have ``health-index reindex`` build our index in ``folder``."""

    def build() -> int:
        command = [sys.executable, "-m", "indexer", "reindex", str(corpus), "--index", str(folder)]
        _, _, out = measure([*command, "--processes", str(processes), "--json"])
        return int(json.loads(out)["articles"])

    return _prepare(OURS, build_digest(), folder, build)


def prepare_peer(peer: Peer, corpus: Path, place: Path) -> Built:
    """Build a peer's index below ``place``."""
    folder = peer.folder(place)
    counted = Counted(texts(corpus))

    def build() -> int:
        folder.mkdir(parents=True)
        peer.build(counted, folder)
        return counted.count

    return _prepare(peer.variant_of or peer.name, "", folder, build)


class Counted:
    """Passes articles on and counts them."""

    def __init__(self, given: Iterator[Text]) -> None:
        self._given = given
        self.count = 0

    def __iter__(self) -> Iterator[Text]:
        for text in self._given:
            self.count += 1
            yield text


def _prepare(engine: str, version: str, folder: Path, build: Callable[[], int]) -> Built:
    note = folder.with_name(f"{folder.name}.json")
    if note.exists():
        built = msgspec.json.decode(note.read_bytes(), type=Built)
        if built.version == version:
            return built
    print(f"building {folder} …", file=sys.stderr, flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    note.unlink(missing_ok=True)
    began = time.perf_counter()
    articles = build()
    seconds = time.perf_counter() - began
    built = Built(engine, version, articles, round(seconds, 2), _size(engine, folder))
    note.write_bytes(msgspec.json.encode(built))
    return built


def _size(engine: str, folder: Path) -> float:
    """Return the size in MB; of ours that of the live generation, which is all that is served."""
    live = GenerationStore(folder).live().folder if engine == OURS else folder
    found = sum(path.stat().st_size for path in live.rglob("*") if path.is_file())
    return round(found / 1e6, 2)
