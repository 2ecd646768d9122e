"""Changes to single articles: put in, or taken out, without reading the sources."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from indexer.article import Article
from indexer.embedding import add_vectors, has_vectors, vectors_in
from indexer.errors import IndexForeign, IndexMissing
from indexer.gate import check_build
from indexer.index.compaction import stale_segments
from indexer.index.generation import Generation, Mark
from indexer.index.generations import GenerationStore
from indexer.index.job import Edit
from indexer.index.ledger import Ledger
from indexer.index.publishing import Contents
from indexer.index.schema import build_digest
from indexer.index.segments import Segments
from indexer.index.vectors.embedder import Embedder
from indexer.index.writer import ArticleWriter
from indexer.maker import article_of
from indexer.sources import Record

REWRITTEN = 100
"""Articles that an edit may write again to keep the number of segments down, some tenths of a
second; larger segments wait for the next job."""


def article_of_edit(edit: Edit) -> Article:
    """Return the article that is to be put in.

    Raises:
        PageError: its fields do not make one.
    """
    fields = {**(edit.fields or {}), "id": edit.article}
    return article_of(Record(location=edit.article, fields=fields))


def edit_live(
    store: GenerationStore,
    edits: Iterable[Edit],
    note: Callable[[Generation], None] | None = None,
    embedder: Callable[[], Embedder | None] = lambda: None,
) -> Generation:
    """Make the live generation anew with these changes, in their order.

    Args:
        store: of the index.
        edits: the changes.
        note: writes down that they are live, before a job can switch to a generation without them.
        embedder: is asked for the model if the live generation has vectors. Without a model, what
            changes is ranked by its words alone until the next job.

    Raises:
        PageError: the fields of an edit do not make an article; nothing was changed.
        IndexForeign: another version of this program built the index; nothing was changed.
        IndexFolderError: the folder is damaged, or cannot be written.
    """
    with store.switching() as writing:
        live = _live(store)
        with writing.build() as build:
            segments = Segments(build.folder)
            if live:
                segments.take_over(live.folder, live.withdrawals())
            before = live.marks() if live else {}
            marks = apply_edits(edits, segments, before, build.parts)
            segments.write()
            if live and has_vectors(live.folder):
                add_vectors(build.folder, vectors_in(live.folder), embedder())
            check_build(build.whoosh, len(marks))
            contents = Contents(
                marks=marks,
                ledger=live.ledger() if live else Ledger(),
                withdrawals=segments.withdrawals,
                sources=live.manifest.sources if live else (),
                base=live,
                is_edit=True,
            )
            generation = writing.publish(build, contents)
        if note:
            note(generation)
        writing.thin()
        return generation


def apply_edits(
    edits: Iterable[Edit], segments: Segments, marks: Mapping[str, Mark], parts: Path
) -> dict[str, Mark]:
    """Change articles in an index that is being put together, and return what it holds then.

    Args:
        edits: the changes; of several to one article the last counts.
        segments: of the index.
        marks: what it holds.
        parts: a folder for what has to be written.

    Raises:
        PageError: the fields of an edit do not make an article; nothing was changed.
    """
    last = {edit.article: edit for edit in edits}
    if not last:
        return dict(marks)
    articles = [article_of_edit(edit) for edit in last.values() if edit.fields is not None]
    segments.remove(last.keys())
    places = stale_segments(segments.sizes(), REWRITTEN, segments.full())
    articles += segments.dissolve(places)
    written: dict[str, Mark] = {}
    if articles:
        folder = parts / "edits"
        folder.mkdir(parents=True)
        with ArticleWriter(folder) as writer:
            for article in articles:
                writer.add(article)
        segments.adopt(folder)
        written = writer.marks
    kept = {name: mark for name, mark in marks.items() if name not in last}
    return kept | written


def _live(store: GenerationStore) -> Generation | None:
    """Return the live generation without looking at all of its files, or None in a new folder."""
    try:
        live = store.live()
    except IndexMissing:
        return None
    if live.manifest.digest != build_digest():
        raise IndexForeign(
            f"{live.name} was built by another version of this program. Run `health-index reindex`."
        )
    return live
