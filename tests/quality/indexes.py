"""Indexes of the judged sets, kept as long as neither articles nor indexer change."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path

from indexer.index.generation import Generation
from indexer.index.generations import GenerationStore
from indexer.index.vectors.embedder import Embedder
from indexer.index.vectors.store import VECTORS
from indexer.reindex import NamedSource, Plan, reindex
from indexer.sources import open_source
from service.search.engine import IndexSearcher
from service.search.measuring.evaluation import open_patiently
from service.search.options import options_for
from service.search.tuning import Tuning
from tests.bench.places import ROOT
from tests.journals import NoJournal


def built(name: str, source: Path, folder: Path, embedder: Embedder | None = None) -> Generation:
    """Return the index of a source below ``folder``, built now unless it is there.

    With an embedder it has vectors. Those of texts that it had before are taken over, since making
    them takes minutes.
    """
    store, note = GenerationStore(folder / name), folder / f"{name}.digest"
    digest = _digest(source, ROOT / "indexer")
    if note.exists() and note.read_text() == digest:
        generation = store.current()
        if embedder is None or has_vectors(generation):
            return generation
    note.unlink(missing_ok=True)
    named = NamedSource(name, open_source(str(source)))
    reindex(store, Plan((named,), afresh=True, force=True, embedder=embedder), NoJournal())
    note.write_text(digest)
    return store.current()


def has_vectors(generation: Generation) -> bool:
    """Return whether an index can be ranked by meaning."""
    return (generation.folder / VECTORS).is_dir()


@contextmanager
def searching(generation: Generation, tuning: Tuning) -> Iterator[IndexSearcher]:
    """Lend a searcher that takes its time: no deadline decides a figure."""
    with closing(open_patiently(generation, options_for(tuning))) as searcher:
        yield searcher


def _digest(*places: Path) -> str:
    """Return a digest of all files in these places; programs compiled on the way do not count."""
    digest = sha256()
    for place in places:
        paths = [place] if place.is_file() else sorted(place.rglob("*"))
        for path in paths:
            if path.is_file() and path.suffix != ".pyc":
                digest.update(f"{path.relative_to(place)}\0".encode())
                digest.update(sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]
