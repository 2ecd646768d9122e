"""The names of several words in a query, in the languages in which they are looked for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from indexer.index.analysis import SNOWBALL, analyzer
from service.search.lexicon import Lexicon
from service.search.lexicon.groups import MAX_WORDS
from service.search.lexicon.keys import parts
from service.search.reading.languages import languages_of_word


class Called(NamedTuple):
    """A name of several words.

    Attributes:
        words: as they stand in the query, folded.
        name: as many words, as the lexicon writes them, folded.
        place: of the word that was asked for, among them.
    """

    words: Sequence[str]
    name: Sequence[str]
    place: int


@dataclass(frozen=True)
class Naming:
    """The names of a lexicon, as a query of some language is read.

    Attributes:
        lexicon: in force.
        languages: of the index.
        language: that the query is typed in, or empty.
    """

    lexicon: Lexicon
    languages: tuple[str, ...]
    language: str

    def languages_of(self, term: str) -> tuple[str, ...]:
        """Return in which languages a word is looked for by its stem."""
        return languages_of_word(term, self.languages, self.language)

    def has_other_names(self, run: Sequence[str]) -> set[int]:
        """Return the places of the words that are looked for under other names, too."""
        found = (name for each in self._own for name in self.lexicon.names(run, run, each))
        return {place for name in found for place in range(name.start, name.end)}

    def around(self, run: Sequence[str], place: int) -> Iterator[Called]:
        """Yield the names of several words that the word at a place of a run is part of."""
        for start in range(max(place - MAX_WORDS + 1, 0), place + 1):
            for end in range(max(place + 1, start + 2), min(start + MAX_WORDS, len(run)) + 1):
                words = run[start:end]
                for language in self._own:
                    name = _folded(self.lexicon.called(words, language) or "")
                    if len(name) == len(words):
                        yield Called(words, name, place - start)

    @property
    def _own(self) -> Sequence[str]:
        """The language of the query; if it is unknown, those of the index that have names."""
        languages = [self.language] if self.language else self.languages
        return [each for each in languages if each in SNOWBALL]


def _folded(name: str) -> Sequence[str]:
    return tuple([analyzer("exact").term(part) for part in parts(name)])
