"""Read word lists; a malformed line is refused with its file and number.

Files are UTF-8. ``#`` starts a comment line; empty lines are allowed. A list holds one word a
line, a table two words separated by a tab, a line of spellings two words or more.
"""

from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

from indexer.errors import LexiconError
from indexer.index.texts import why_unread

_HOME = files(__package__)


@cache
def load_words(name: str) -> frozenset[str]:
    """Return the words of a list such as ``stopwords/en.txt``.

    Raises:
        LexiconError: a line holds no single lower-case word, or a word stands twice.
    """
    words: set[str] = set()
    for number, line in _lines(name):
        if line.split() != [line] or line != line.lower():
            raise LexiconError(f"{name}:{number}: expected one lower-case word, found {line!r}.")
        if line in words:
            raise LexiconError(f"{name}:{number}: {line!r} stands in the list twice.")
        words.add(line)
    return frozenset(words)


@cache
def load_phrases(name: str) -> frozenset[str]:
    """Return the phrases of a list such as ``source_headings.txt``, one a line.

    Raises:
        LexiconError: a line is not lower-case words with a space between, or stands twice.
    """
    phrases: set[str] = set()
    for number, line in _lines(name):
        if " ".join(line.split()) != line or line != line.lower():
            raise LexiconError(f"{name}:{number}: expected lower-case words, found {line!r}.")
        if line in phrases:
            raise LexiconError(f"{name}:{number}: {line!r} stands in the list twice.")
        phrases.add(line)
    return frozenset(phrases)


@cache
def load_pairs(name: str) -> MappingProxyType[str, str]:
    """Return the left → right words of a table such as ``folding.tsv``.

    Raises:
        LexiconError: a line is not two words with a tab between, or a left word stands twice.
    """
    pairs: dict[str, str] = {}
    for number, line in _lines(name):
        left, tab, right = line.partition("\t")
        if not tab or line.split() != [left, right]:
            raise LexiconError(f"{name}:{number}: expected two words with a tab, found {line!r}.")
        if left in pairs:
            raise LexiconError(f"{name}:{number}: {left!r} stands in the table twice.")
        pairs[left] = right
    return MappingProxyType(pairs)


@cache
def load_spellings(language: str) -> MappingProxyType[str, str]:
    """Return the other spelling → first spelling of every word of ``spelling/en.tsv``, say.

    Raises:
        LexiconError: a line is not lower-case words with tabs between, or a word stands twice.
    """
    name = f"spelling/{language}.tsv"
    found: set[str] = set()
    spellings: dict[str, str] = {}
    for number, line in _lines(name):
        first, *others = words = line.split("\t")
        if not others or not all(word.isalpha() and word.islower() for word in words):
            raise LexiconError(
                f"{name}:{number}: expected lower-case words with tabs, found {line!r}."
            )
        for word in words:
            if word in found:
                raise LexiconError(f"{name}:{number}: {word!r} stands in the table twice.")
            found.add(word)
        spellings.update(dict.fromkeys(others, first))
    return MappingProxyType(spellings)


def digest() -> str:
    """Return a hash of all data files: an index built with other lists must be rebuilt."""
    state = blake2b(digest_size=8)
    for path, content in sorted(_data_files(_HOME, "")):
        state.update(path.encode() + b"\0" + content + b"\0")
    return state.hexdigest()


def _data_files(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _data_files(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith((".txt", ".tsv")):
            yield prefix + entry.name, entry.read_bytes()


def _lines(name: str) -> Iterator[tuple[int, str]]:
    try:
        text = _HOME.joinpath(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LexiconError(f"{name}: {why_unread(error)}.") from error
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            yield number, line
