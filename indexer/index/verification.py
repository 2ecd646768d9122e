"""A thorough look at a generation: beyond its checksums, does it hold what it says?"""

import msgspec
from whoosh.index import open_dir

from indexer.article import Article
from indexer.errors import IndexDamaged
from indexer.index.columns.container import open_arrays
from indexer.index.columns.layout import columns_file
from indexer.index.generation import Generation
from indexer.index.schema import sections_are_ordered
from indexer.index.segments import read_segments
from indexer.index.writer import mark_of


def verify(generation: Generation) -> int:
    """Read back every article of a generation and return how many there are.

    Raises:
        IndexDamaged: Whoosh cannot open it, an article cannot be read or differs from its mark,
            their number is not the manifest's, or a segment lacks its columns.
    """
    marks = generation.marks()
    found = 0
    for article in _articles(generation):
        if marks.get(article.id) != mark_of(article) or not sections_are_ordered(article):
            raise IndexDamaged(f"{generation.name}: article {article.id} is altered. Reindex.")
        found += 1
    if not found == len(marks) == generation.manifest.articles:
        raise IndexDamaged(
            f"{generation.name} holds {found} articles, its manifest says "
            f"{generation.manifest.articles}. Roll back or reindex."
        )
    _check_columns(generation)
    return found


def _check_columns(generation: Generation) -> None:
    for segment in read_segments(generation.whoosh):
        path = columns_file(generation.columns, segment.segment_id())
        documents, expected = len(open_arrays(path)["doc.card"]) - 1, segment.doc_count_all()
        if documents != expected:
            raise IndexDamaged(
                f"{path} holds {documents} articles, Whoosh's segment {expected}. Reindex."
            )


def _articles(generation: Generation) -> list[Article]:
    try:
        index = open_dir(str(generation.whoosh), readonly=True)
        try:
            with index.reader() as reader:
                stored = [fields["article"] for _, fields in reader.iter_docs()]
        finally:
            index.close()
        return [msgspec.msgpack.decode(raw, type=Article) for raw in stored]
    except Exception as error:
        raise IndexDamaged(
            f"{generation.whoosh} cannot be read back ({type(error).__name__}). "
            "Roll back or reindex."
        ) from error
