"""The shipped files and an operator's own → the lexicon.

The name of a file says what its names are and whose: ``names.en.tsv`` holds other names (one of
``KINDS``) in English.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from unicodedata import normalize

from indexer.errors import LexiconError
from indexer.index.analysis import LANGUAGES, SNOWBALL, analyzer
from indexer.index.lexicon import load_spellings
from indexer.index.texts import why_unread
from service.search.lexicon.groups import Group, numbered_lines, read_groups
from service.search.lexicon.keys import Keys, parts
from service.search.lexicon.lookup import Lexicon
from service.search.lexicon.table import KINDS, OWN, Table

_DATA = files(__package__).joinpath("data")
_DRUGS = "drugs"

MAX_BYTES = 10_000_000
"""Of an operator's file (judgement): more than any site's own names, and read within seconds."""


def load_lexicon(own: Path | None = None) -> Lexicon:
    """Return the lexicon of the shipped files and, beside them, of an operator's file.

    Own names are looked up in every language.

    Raises:
        LexiconError: a line of a file is malformed, or the operator's cannot be read.
    """
    groups = read_own(own) if own else ()
    shipped = _shipped()
    tables = {language: (table, Table(groups, table.keys)) for language, table in shipped.items()}
    size = len(groups) + sum(len(of_language) for of_language in _groups().values())
    words = _known() | _words_of(groups)
    edition = sha256(repr(groups).encode()).hexdigest()[:12] if own else ""
    return Lexicon(MappingProxyType(tables), words, _drugs(), size, edition)


def check_lexicon(path: Path) -> int:
    """Return how many groups an operator's file has.

    Raises:
        LexiconError: a line is malformed, or the file cannot be read.
    """
    return len(read_own(path))


@cache
def load_lettered(language: str) -> frozenset[str]:
    """Return the words after which a single letter belongs to the term: ``vitamin``, ``hepatitis``.

    Folded, not stemmed; none for a language without such a list.

    Raises:
        LexiconError: a line holds no single lower-case word.
    """
    name = f"lettered.{language}.txt"
    return _words(name) if _DATA.joinpath(name).is_file() else frozenset()


def read_own(path: Path) -> tuple[Group, ...]:
    """Return the groups of an operator's file.

    Raises:
        LexiconError: a line is malformed, or the file cannot be read or is too long.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        text = content.decode("utf-8-sig") if len(content) <= MAX_BYTES else None
    except (OSError, UnicodeDecodeError) as error:
        raise LexiconError(f"{path}: {why_unread(error)}.") from error
    if text is None:
        raise LexiconError(f"{path}: has more than {MAX_BYTES:,} bytes.")
    return tuple(read_groups(normalize("NFC", text), str(path), OWN))


@cache
def _shipped() -> Mapping[str, Table]:
    return MappingProxyType(
        {language: Table(_groups().get(language, ()), Keys(language)) for language in LANGUAGES}
    )


@cache
def _groups() -> Mapping[str, tuple[Group, ...]]:
    """The groups of the shipped files by language."""
    groups: dict[str, list[Group]] = {}
    for kind in KINDS:
        for language in LANGUAGES:
            name = f"{kind}.{language}.tsv"
            if _DATA.joinpath(name).is_file():
                groups.setdefault(language, []).extend(read_groups(_text(name), name, kind))
    return MappingProxyType({language: tuple(found) for language, found in groups.items()})


@cache
def _known() -> frozenset[str]:
    """The words of the shipped names, and those that have several spellings."""
    tables = [load_spellings(language) for language in SNOWBALL]
    spellings = {word for table in tables for pair in table.items() for word in pair}
    groups = [group for of_language in _groups().values() for group in of_language]
    return _words_of(groups) | frozenset(map(analyzer("exact").term, spellings))


def _words_of(groups: Iterable[Group]) -> frozenset[str]:
    words = {word for group in groups for term in group.terms for word in term.split(" ")}
    return frozenset([analyzer("exact").term(part) for word in words for part in parts(word)])


@cache
def _drugs() -> frozenset[str]:
    """The single words in the files of drugs, and the plain list of names."""
    fold = analyzer("exact").term
    named = {
        fold(term)
        for groups in _groups().values()
        for group in groups
        if group.kind == _DRUGS
        for term in group.terms
        if " " not in term
    }
    return frozenset(named | _words("drug_names.txt"))


def _words(name: str) -> frozenset[str]:
    return frozenset(_checked_words(name))


def _checked_words(name: str) -> Iterator[str]:
    for number, line in numbered_lines(_text(name)):
        if line.split() != [line] or line != analyzer("exact").term(line):
            raise LexiconError(
                f"{name}:{number}: expected one lower-case word without accents, found {line!r}."
            )
        yield line


def _text(name: str) -> str:
    return _DATA.joinpath(name).read_text(encoding="utf-8")
