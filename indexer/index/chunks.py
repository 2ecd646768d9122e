"""Text → numbers of chunks, each taken apart into its words once.

No token reaches across a space, so a text is the sequence of what stands between its spaces: a word
with its punctuation, most often one that was seen before.
"""

import re
from array import array
from dataclasses import dataclass, field

from indexer.index.analysis import LANGUAGES, analyzer
from indexer.index.columns.layout import NONE
from indexer.index.tokenizer import tokenize

MOST_JOINED = 255
"""Words of a compound that are told; parts of a longer one are not marked in snippets."""

# What the tokenizer takes for one word, whatever is around it: letters of ASCII, and no letter,
# digit, mark or underscore beside them.
_PLAIN = re.compile(r"[!-/:-@\[-^`{-~]*([A-Za-z]+)[!-/:-@\[-^`{-~]*")


@dataclass
class Terms:
    """The terms of a space, numbered in the order of their first use."""

    numbers: dict[str, int] = field(default_factory=dict)

    def number(self, term: str) -> int:
        """Return the number of a term, or ``NONE`` for the empty one."""
        return self.numbers.setdefault(term, len(self.numbers)) if term else NONE


class Forms:
    """The words as they stand in texts, numbered by language and spelling.

    Attributes:
        exact: the unstemmed terms.
        stems: the stems, by language.
        exact_of: the unstemmed term of each form, or ``NONE``.
        stem_of: its stem, or ``NONE``.
        language_of: its language, by its place in ``LANGUAGES``.
        bytes_of: its length in UTF-8, at most 65,535.
    """

    def __init__(self) -> None:
        self.exact = Terms()
        self.stems = {language: Terms() for language in LANGUAGES}
        self.exact_of, self.stem_of = array("I"), array("I")
        self.language_of, self.bytes_of = array("B"), array("H")
        self._numbers: dict[tuple[str, str], int] = {}

    def __len__(self) -> int:
        return len(self.exact_of)

    def number(self, language: str, surface: str, word: str) -> int:
        """Return the number of a form: ``word`` is the token, ``surface`` what stands there."""
        key = (language, surface)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._numbers)
            self.exact_of.append(self.exact.number(analyzer("exact").term(word)))
            self.stem_of.append(self.stems[language].number(analyzer(language).term(word)))
            self.language_of.append(LANGUAGES.index(language))
            self.bytes_of.append(min(len(surface.encode()), 0xFFFF))
        return number


class Chunks:
    """The distinct chunks of all texts, by number.

    Attributes:
        forms: of their words.
        bytes: the length of each chunk in UTF-8.
        words: up to each chunk, how many words they have; one more entry than chunks.
        form: of each word.
        place: where it begins in its chunk, in bytes.
        joined: up to each chunk, how many compounds they have; one more entry than chunks.
        joined_form: of each compound.
        joined_first: its first word, counted from the chunk's first.
        joined_parts: how many words it joins, at most ``MOST_JOINED``.
    """

    def __init__(self) -> None:
        self.forms = Forms()
        self.bytes = array("I")
        self.words, self.form, self.place = array("I", [0]), array("I"), array("I")
        self.joined, self.joined_form = array("I", [0]), array("I")
        self.joined_first, self.joined_parts = array("I"), array("B")
        self.numbers = {language: _Numbers(self, language) for language in LANGUAGES}

    def __len__(self) -> int:
        return len(self.bytes)

    def add(self, chunk: str, language: str) -> int:
        """Take a new chunk apart and return its number."""
        plain = _PLAIN.fullmatch(chunk)
        if plain:
            word = plain[1]
            self.bytes.append(len(chunk))
            self.form.append(self.forms.number(language, word, word))
            self.place.append(plain.start(1))
        else:
            self._add_tokens(chunk, language)
        self.words.append(len(self.form))
        self.joined.append(len(self.joined_form))
        return len(self.bytes) - 1

    def _add_tokens(self, chunk: str, language: str) -> None:
        number = self.forms.number
        first = len(self.form)
        at = place = 0
        for word, position, start, end in tokenize(chunk):
            count = len(self.form) - first
            if position == count:
                place += len(chunk[at:start].encode())
                at = start
                self.form.append(number(language, chunk[start:end], word))
                self.place.append(place)
            else:
                self.joined_form.append(number(language, word, word))
                self.joined_first.append(position)
                self.joined_parts.append(min(count - position, MOST_JOINED))
        self.bytes.append(len(chunk.encode()))


class _Numbers(dict[str, int]):
    """The numbers of a language's chunks; one that is asked for first is added."""

    def __init__(self, chunks: Chunks, language: str) -> None:
        self._chunks, self._language = chunks, language

    def __missing__(self, chunk: str) -> int:
        number = self[chunk] = self._chunks.add(chunk, self._language)
        return number
