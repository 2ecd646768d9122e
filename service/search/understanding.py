"""What was typed → what is looked for: read, and spelled as it was probably meant."""

from typing import NamedTuple

from service.search.options import Options
from service.search.reading.query import normalize, unquoted
from service.search.reading.reader import Reader, Reading
from service.search.request import SearchRequest
from service.search.spelling.company import Company
from service.search.spelling.dictionary import Dictionary
from service.search.spelling.fuzzy import SpelledAlike
from service.search.spelling.speller import speller_of
from service.search.suggest.finisher import Finisher


class Understood(NamedTuple):
    """A query.

    Attributes:
        typed: as it was typed.
        meant: its text as it was probably meant, if that is another.
        reading: as it is looked for.
    """

    typed: Reading
    meant: str | None
    reading: Reading


class Understanding:
    """Understands queries to one generation. Safe to use from several threads."""

    def __init__(
        self,
        dictionary: Dictionary,
        company: Company,
        finisher: Finisher,
        languages: tuple[str, ...],
        options: Options,
    ) -> None:
        """Take the words of the index, which stand together or go on, and its languages."""
        self._dictionary, self._company = dictionary, company
        self._finisher = finisher
        self._languages = languages
        self._options = options
        self._reader = Reader(languages, options.lexicon, SpelledAlike(dictionary), options.tuning)

    def of(self, request: SearchRequest) -> Understood:
        """Return the query of a request. Any text is valid."""
        typed = self._reader.read(normalize(request.q), expand=request.expand)
        meant = self._meant(typed, request) if self._options.tuning.spelling else None
        reading = self._reader.read(meant, expand=True) if meant and request.expand else typed
        return Understood(typed, meant, reading)

    def plainly(self, text: str) -> Reading:
        """Return a query as nothing but what it says."""
        return self._reader.read(text, expand=False)

    def without_quotes(self, reading: Reading) -> Reading | None:
        """Return a query with its quoted words as plain words; None if it has none."""
        text = unquoted(reading.text)
        return None if text == reading.text else self._reader.read(text, expand=True)

    def _meant(self, typed: Reading, request: SearchRequest) -> str | None:
        """Return what was probably meant, if it is anything else: whole words, spelled right."""
        finished = self._finished(typed) if request.is_half_typed else None
        whole = self._reader.read(finished, expand=False) if finished else typed
        return self._spelled(whole) or finished

    def _finished(self, reading: Reading) -> str | None:
        """Return a query with its last word whole, if it is only begun."""
        medicines = self._options.lexicon().drugs
        languages = (reading.language,) if reading.language else self._languages
        return self._finisher.finished(reading.tree, reading.text, languages, medicines)

    def _spelled(self, reading: Reading) -> str | None:
        """Return a query with its words spelled as they were probably meant, if they were not."""
        # One word may be a slip that another language happens to have; several are of that one.
        is_said = reading.language and len(reading.compiled.spoken) > 1
        languages = (*self._languages, reading.language) if is_said else self._languages
        lexicon, language = self._options.lexicon(), reading.language
        if language not in self._languages and not is_said:
            language = ""
        speller = speller_of(self._dictionary, self._company, lexicon, languages, language)
        if not speller.suspicious(reading.tree, reading.text):
            return None
        return speller.correction(reading.tree, reading.text)
