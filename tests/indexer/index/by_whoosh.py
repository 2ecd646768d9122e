"""What Whoosh's own writer makes of articles: the oracle of what we write without it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from whoosh.index import create_in, open_dir
from whoosh.reading import IndexReader

from indexer.article import Article
from indexer.index.analysis import language_of
from indexer.index.schema import field_name, values_of, whoosh_schema


class Posting(NamedTuple):
    """A posting as a reader of Whoosh's tells it; the value is decoded."""

    document: int
    weight: float
    value: Any


def write_by_whoosh(folder: Path, *articles: Article) -> None:
    """Write an index of articles with Whoosh's own writer."""
    writer: Any = create_in(str(folder), whoosh_schema()).writer()
    for article in articles:
        writer.add_document(article=msgspec.msgpack.encode(article), **document(article))
    writer.commit(merge=False)


def document(article: Article) -> dict[str, object]:
    """Return the values of the indexed fields of an article; empty ones are left out."""
    language = language_of(article.language)
    headings = "\n".join(section.heading for section in article.sections if section.heading)
    texts = {
        "title": article.title,
        "headings": headings,
        "keywords": "\n".join((*article.topics, *article.tags)),
        "description": article.description,
        "body": section_text(article),
    }
    values = {field_name(name, language): text for name, text in texts.items()}
    values |= {"title_exact": article.title, "body_exact": article.body}
    return values_of(article) | {name: value for name, value in values.items() if value}


def section_text(article: Article) -> str:
    """Return the body without its headings, which have a field of their own."""
    if not article.sections:
        return article.body
    return "\n".join(article.body[s.start : s.end] for s in article.sections)


@contextmanager
def reading(folder: Path) -> Iterator[IndexReader]:
    """Open a reader of the Whoosh index in a folder."""
    index = open_dir(str(folder), readonly=True)
    try:
        with index.reader() as reader:
            yield reader
    finally:
        index.close()


def postings(reader: IndexReader) -> dict[tuple[str, bytes], list[Posting]]:
    """Return all postings of an index by field and term."""
    return {(name, term): list(_postings(reader, name, term)) for name, term in reader.all_terms()}


def _postings(reader: IndexReader, name: str, term: bytes) -> Iterator[Posting]:
    matcher = reader.postings(name, term)
    as_what = "positions" if matcher.supports("positions") else "frequency"
    while matcher.is_active():
        yield Posting(matcher.id(), matcher.weight(), matcher.value_as(as_what))
        matcher.next()


def statistics(reader: IndexReader) -> dict[tuple[str, bytes], tuple[Any, ...]]:
    """Return what the dictionary says of each term."""
    found = {}
    for name, term in reader.all_terms():
        info = reader.term_info(name, term)
        found[name, term] = (
            info.weight(),
            info.doc_frequency(),
            info.min_length(),
            info.max_length(),
            info.max_weight(),
            info.min_id(),
            info.max_id(),
        )
    return found


def documents(reader: IndexReader) -> list[Any]:
    """Return what is kept of each document: stored values, lengths and columns."""
    names = sorted(reader.schema.names())
    columns = {
        name: list(reader.column_reader(name))
        for name in names
        if reader.schema[name].column_type and reader.has_column(name)
    }
    return [
        (
            stored,
            {name: reader.doc_field_length(number, name) for name in names},
            {name: values[number] for name, values in columns.items()},
        )
        for number, stored in reader.iter_docs()
    ]
