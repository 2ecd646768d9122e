"""Record (one line of JSONL) to article."""

import re
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup

from indexer.article import Article, Section, article_id
from indexer.errors import PageError
from indexer.extraction.dates import parse_date
from indexer.extraction.decoding import clean
from indexer.extraction.document import parse
from indexer.extraction.language import primary_subtag, settled_language
from indexer.extraction.layout import lay_out
from indexer.extraction.reading import read_reading
from indexer.extraction.text import Line, lines_of, tidy
from indexer.extraction.title import same_words
from indexer.sources.page import Record

_TITLE_CHARS = 80
_FLAT_ITEM = re.compile(r"(?<=\S)[ \t]{2,}(?=[-•*] +\S)")
"""Where an item begins in a list that was flattened to one line: wide space before a bullet."""


def article_from_record(record: Record) -> Article:
    """Return the article in ``record``; fields that no article has are ignored.

    Raises:
        PageError: there is neither id nor url, no text, or a field has the wrong type.
    """
    read = _Reader(record)
    url = read.text("url")
    title = read.text("title")
    body, sections = _body(read, title)
    if not body and not title:
        raise PageError("field 'text': the record has neither title nor text")
    language = settled_language(primary_subtag(read.text("language")), body)
    reading = read_reading(body, sections, language)
    return Article(
        id=_id(read, url),
        url=url,
        title=title or _first_words(body),
        body=body,
        sections=sections,
        description=read.text("description"),
        language=language,
        published=read.date("published"),
        modified=read.date("modified"),
        last_reviewed=read.date("last_reviewed"),
        authors=read.texts("authors"),
        reviewer=read.text("reviewer"),
        publisher=read.text("publisher"),
        topics=read.parts("topics"),
        tags=read.parts("tags"),
        audience=read.parts("audience"),
        words=reading.words,
        reading_grade=reading.grade,
    )


def _first_words(body: str) -> str:
    """Return the beginning of the first line: a hit without a title would be an empty link."""
    line = body.split("\n", 1)[0]
    return line if len(line) <= _TITLE_CHARS else f"{line[:_TITLE_CHARS].rsplit(' ', 1)[0]}…"


def _id(read: "_Reader", url: str) -> str:
    for field in ("id", "_id"):
        if name := read.name(field):
            return name
    if not url:
        raise PageError("field 'id': the record has neither id nor url")
    if not _is_address(url):
        raise PageError(f"field 'url': not an address: {url[:80]!r}")
    return article_id(url)


def _is_address(url: str) -> bool:
    try:
        return bool(urlsplit(url).geturl())
    except ValueError:
        return False


def _body(read: "_Reader", title: str) -> tuple[str, tuple[Section, ...]]:
    html = read.raw("html")
    if html.strip():
        lines = fragment_lines(html)
        return lay_out(lines[1:] if lines and same_words(lines[0].text, title) else lines)
    plain = _FLAT_ITEM.sub("\n", read.raw("text"))
    return lay_out([Line(text) for line in plain.splitlines() if (text := tidy(line))])


def fragment_lines(html: str) -> list[Line]:
    """Return the lines of an HTML fragment, all of which is article.

    Beautiful Soup mends what editors paste into a content system before the tree is read.
    """
    soup = BeautifulSoup(clean(html), "lxml")
    return lines_of(
        parse(f"<html><body>{soup.body.decode_contents() if soup.body else ''}</body></html>")
    )


class _Reader:
    """Reads typed fields; says which one has the wrong type."""

    def __init__(self, record: Record) -> None:
        self._fields = record.fields

    def raw(self, field: str) -> str:
        """Return a text as it is."""
        value = self._fields.get(field)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self._wrong(field, "a text", value)
        return clean(value)

    def text(self, field: str) -> str:
        """Return a text on one line."""
        return tidy(self.raw(field))

    def name(self, field: str) -> str:
        """Return an id, which may be a number."""
        value = self._fields.get(field)
        return (
            str(value)
            if isinstance(value, int) and not isinstance(value, bool)
            else self.text(field)
        )

    def texts(self, field: str) -> tuple[str, ...]:
        """Return a list of texts; a single text is a list of one."""
        return self._texts(field, self._listed(field))

    def parts(self, field: str) -> tuple[str, ...]:
        """Return a list of texts; a single text is a list with semicolons or commas."""
        value = self._fields.get(field)
        if isinstance(value, str):
            return self._texts(field, value.split(";" if ";" in value else ","))
        return self.texts(field)

    def _listed(self, field: str) -> Any:
        value = self._fields.get(field)
        return [value] if isinstance(value, str) else [] if value is None else value

    def _texts(self, field: str, values: Any) -> tuple[str, ...]:
        if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
            raise self._wrong(field, "a text or a list of texts", values)
        return tuple(dict.fromkeys(text for each in values if (text := tidy(clean(each)))))

    def date(self, field: str) -> date | None:
        """Return an ISO date."""
        text = self.text(field)
        found = parse_date(text)
        if text and (found is None or not text[:4].isdigit()):
            raise self._wrong(field, "an ISO date", text)
        return found

    def _wrong(self, field: str, wanted: str, value: Any) -> PageError:
        return PageError(f"field {field!r} must be {wanted}, not {type(value).__name__}")
