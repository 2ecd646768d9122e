"""A file of names → groups; a malformed line is refused with its file and number.

A line is a group: terms with tabs between them, which find each other. Where one of the cells is
just ``>``, the terms before it find each other and those behind it, and those behind it find
nothing by this line. A term in capitals (``AIDS``) is meant only where it is typed in capitals;
all others are written in lower case and match in any. ``#`` begins a comment line; empty lines are
allowed.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from indexer.errors import LexiconError

MAX_WORDS = 6
"""Words of a term. The longest names that visitors type in full have five ("attention deficit
hyperactivity disorder in adults" has six); a longer one is a sentence."""

_ONE_WAY = ">"
_WRITTEN = re.compile(r"[^\W_]+(?:[-'’.]+[^\W_]+)*\.?(?: [^\W_]+(?:[-'’.]+[^\W_]+)*\.?)*")


class Group(NamedTuple):
    """The names of one thing, as a line has them.

    Attributes:
        kind: of the file it is from.
        terms: in the order of the line.
        sources: how many of them, from the first on, find others; all unless the line is one-way.
    """

    kind: str
    terms: tuple[str, ...]
    sources: int


def read_groups(text: str, name: str, kind: str) -> Iterator[Group]:
    """Yield the groups of a file's text; ``name`` is what an error calls the file.

    Raises:
        LexiconError: a line is malformed.
    """
    for number, line in numbered_lines(text):
        try:
            yield _group(line.split("\t"), kind)
        except ValueError as error:
            raise LexiconError(f"{name}:{number}: {error}") from None


def numbered_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of a data file that say something, with their numbers."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip() and not line.startswith("#"):
            yield number, line.removesuffix("\r")


def _group(cells: list[str], kind: str) -> Group:
    """Return the group of a line's cells, or raise a ``ValueError`` that says what is wrong."""
    terms = [cell for cell in cells if cell != _ONE_WAY]
    if len(cells) - len(terms) > 1:
        raise ValueError(f"expected one {_ONE_WAY!r} at most.")
    sources = cells.index(_ONE_WAY) if len(terms) < len(cells) else len(terms)
    if len(terms) < len(cells) and not 0 < sources < len(terms):
        raise ValueError(f"expected terms on both sides of {_ONE_WAY!r}.")
    if len(terms) < 2:
        raise ValueError(f"expected two terms or more with tabs between them, found {terms[0]!r}.")
    for term in terms:
        _check(term)
    if len(set(terms)) < len(terms):
        twice = next(term for term in terms if terms.count(term) > 1)
        raise ValueError(f"{twice!r} stands in the line twice.")
    return Group(kind, tuple(terms), sources)


def _check(term: str) -> None:
    if not term.strip():
        raise ValueError("expected a term in every cell, found an empty one.")
    if not _WRITTEN.fullmatch(term):
        raise ValueError(
            f"expected words of letters, digits, hyphens, apostrophes and periods with single "
            f"spaces between them, found {term!r}."
        )
    if term.count(" ") >= MAX_WORDS:
        raise ValueError(f"expected {MAX_WORDS} words at most, found {term!r}.")
    if term != term.lower() and not is_capital(term):
        raise ValueError(f"expected lower case, or one word all in capitals, found {term!r}.")


def is_capital(term: str) -> bool:
    """Return whether a term is meant only where it is typed in capitals."""
    return term.isupper() and " " not in term
