"""Did you mean: a query with its misspelt words put right.

A word is doubted only if the index hardly has it, and two words side by side if they are one that
the index has and hardly ever stand together. The name of a medicine is never changed, even if no
article has it; nor is a word that is otherwise known to be right, unless it stands in place of a
part of a name (``completing.py``). Where two medicines are equally near, neither is guessed.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from indexer.index.analysis import SNOWBALL, analyzer
from service.search.lexicon import Lexicon
from service.search.lexicon.everyday import is_everyday
from service.search.reading.query import OPERATORS, Node
from service.search.spelling.changeable import TypedWord, typed_words
from service.search.spelling.company import Company
from service.search.spelling.completing import Completer, is_function_word, is_one_word
from service.search.spelling.dictionary import Candidate, Dictionary
from service.search.spelling.guesses import Guesser
from service.search.spelling.knowledge import Knowledge
from service.search.spelling.medicines import Medicines
from service.search.spelling.naming import Naming

MIN_LETTERS = 4
"""Letters of a word that may be wrong: with three, any is one edit from a hundred others."""

RARE = 3
RARE_LETTERS = 7
"""Articles that may hold a word of so many letters, or one of its stem, while it is still doubted,
but none in its title. Shorter words are doubted only if there is none."""

MIN_PART = 2
MIN_JOINED = 6
MIN_JOINED_TO_UNKNOWN = 4
"""Letters of the parts and of the whole of a word with a space too many; fewer suffice where a part
is no word at all (``do wn``)."""

MIN_JOINED_DOCUMENTS = 3
JOINED_SHARE = 0.005
SIDE_BY_SIDE_SHARE = 0.1
"""Articles that must hold it written together: so many, and such a share of those that hold the
rarer part (``heartrelated`` is a slip in a text); and for each of them, how many may have the parts
side by side. ``hay fever`` is no error where both are usual."""


BESIDE = (" ", "-")
"""What may stand between the words of a name."""

NOTHING_KNOWN = Knowledge()


class _Change(NamedTuple):
    """What is put in place of a stretch of a query."""

    start: int
    end: int
    new: str


class Speller:
    """Puts queries right by the words of one generation.

    It holds nothing of its own, so it may be made for a query, with the lexicon then in force.
    """

    def __init__(
        self,
        dictionary: Dictionary,
        company: Company,
        knowledge: Knowledge = NOTHING_KNOWN,
        completer: Completer | None = None,
    ) -> None:
        """Take the words of the index, and what is known to be right.

        Args:
            dictionary: of the generation.
            company: of its words.
            knowledge: what is known of them beside.
            completer: puts right what is known, but in no article; without it, nothing does.
        """
        self._dictionary = dictionary
        self._company = company
        self._is_right = knowledge.is_right
        self._medicines = knowledge.medicines
        self._completer = completer
        self._guesser = Guesser(
            dictionary, company, knowledge.medicines.names, knowledge.is_allowed
        )

    def suspicious(self, tree: Node, text: str) -> bool:
        """Return whether a query may have a correction; looks words up and nothing else."""
        words = typed_words(tree, text)
        return (
            any(self._doubt(word) is not None for word in words)
            or any(self._written_together(*pair) for pair in pairwise(words))
            or (self._completer is not None and self._completer.suspicious(words))
        )

    def correction(self, tree: Node, text: str) -> str | None:
        """Return a query with its wrong words put right, or None if there is nothing to change.

        Args:
            tree: the parsed query.
            text: the normalized query; what is not changed in it stays as it is.
        """
        words = typed_words(tree, text)
        changes = list(self._slips(words))
        changes += self._completed(words, changes, text)
        for start, end, new in sorted(changes, reverse=True):
            text = text[:start] + new + text[end:]
        return text if changes else None

    def _slips(self, words: Sequence[TypedWord]) -> Iterator[_Change]:
        """Yield what is put in place of words that are doubted, or that should be one."""
        done = 0
        for at, word in enumerate(words):
            if word.start < done:
                continue  # it was joined with the word before
            joined = self._joined(words[at : at + 2])
            new = word.cased(joined or self._meant(words, at))
            if new and OPERATORS.isdisjoint(new.split()):
                done = words[at + bool(joined)].end
                yield _Change(word.start, done, new)

    def _completed(
        self, words: Sequence[TypedWord], changes: Sequence[_Change], text: str
    ) -> Iterator[_Change]:
        """Yield what is put in place of words that only their neighbours show to be wrong."""
        if self._completer is None:
            return
        for run in _runs(words, changes, text):
            terms = [term for _, term in run]
            for place, meant in self._completer.completed(terms):
                word = run[place][0]
                new = word.cased(self._dictionary.written(meant))
                if new not in OPERATORS:
                    yield _Change(word.start, word.end, new)

    def _doubt(self, word: TypedWord) -> int | None:
        """Return how many articles hold a doubtful word, or one of its stem; else None."""
        term = word.term
        if len(term) < MIN_LETTERS or not term.isalpha() or term in self._medicines.names:
            return None
        found = self._dictionary.find(term)
        if (found and (found.in_titles or found.documents > RARE)) or self._is_right(term):
            return None
        if is_function_word(term):
            return None
        # Of a word in no article a stem says little: "migrane" has that of Spanish "migraña".
        held = max(found.documents, self._dictionary.stemmed_frequency(term)) if found else 0
        return held if held <= (RARE if len(term) >= RARE_LETTERS else 0) else None

    def _meant(self, words: Sequence[TypedWord], at: int) -> str:
        """Return what a word probably stands for, or nothing."""
        held = self._doubt(words[at])
        if held is None:
            return ""
        others = [word.term for place, word in enumerate(words) if place != at]
        guess = self._guesser.guess(words[at].term, held, others)
        guess = self._medicines.instead(words[at].term, guess)
        if len(guess) == 1 and self._is_found(words[at].term, guess[0]):
            return ""
        return " ".join(map(self._dictionary.written, guess))

    def _is_found(self, word: str, meant: str) -> bool:
        """Return whether a word finds by its stem what is taken to be meant."""
        return is_one_word(word, meant) and self._dictionary.stemmed_frequency(word) > 0

    def _joined(self, pair: Sequence[TypedWord]) -> str:
        """Return the word that two are which should have no space between them, or nothing."""
        found = self._written_together(*pair) if len(pair) == 2 else None
        if not found:
            return ""
        apart = self._company.neighbours(*(word.term for word in pair))
        is_slip = apart <= SIDE_BY_SIDE_SHARE * found.documents
        return self._dictionary.written(found.term) if is_slip else ""

    def _written_together(self, first: TypedWord, second: TypedWord) -> Candidate | None:
        """Return two words as one if the index has it."""
        parts = first.term, second.term
        joined = "".join(parts)
        if not second.follows or min(map(len, parts)) < MIN_PART or not joined.isalpha():
            return None
        if any(part in self._medicines.names for part in parts) or is_function_word(joined):
            return None
        rarer = min(map(self._dictionary.frequency, parts))
        if len(joined) < (MIN_JOINED if rarer else MIN_JOINED_TO_UNKNOWN):
            return None
        found = self._dictionary.find(joined)
        is_word = found and found.documents >= max(JOINED_SHARE * rarer, MIN_JOINED_DOCUMENTS)
        return found if is_word else None


def _runs(
    words: Sequence[TypedWord], changes: Sequence[_Change], text: str
) -> Iterator[list[tuple[TypedWord, str]]]:
    """Yield the words that stand side by side, each with its term as it is put right so far.

    What was joined or taken apart belongs to no run.
    """
    put = {change.start: change for change in changes}
    end, run = -1, list[tuple[TypedWord, str]]()
    for word in words:
        change = put.get(word.start, _Change(word.start, word.end, word.text))
        is_one = word.start >= end and change.end == word.end and " " not in change.new
        if run and not (is_one and text[end : word.start] in BESIDE):
            yield run
            run = []
        if is_one:
            run.append((word, analyzer("exact").term(change.new)))
        end = max(end, change.end)
    if run:
        yield run


def speller_of(
    dictionary: Dictionary,
    company: Company,
    lexicon: Lexicon,
    languages: Sequence[str],
    language: str,
) -> Speller:
    """Return a speller that leaves the words of a lexicon and of everyday language alone.

    Args:
        dictionary: of the generation.
        company: of its words.
        lexicon: in force.
        languages: whose everyday words are right.
        language: that the query is typed in, or empty; no word of another is taken to be meant.
    """
    foreign = [each for each in SNOWBALL if each != language]

    def is_right(term: str) -> bool:
        return lexicon.knows(term) or any(is_everyday(term, each) for each in languages)

    def is_found(drug: str) -> bool:
        named = [drug, *lexicon.other_words(drug)]
        return any(dictionary.frequency(name) for name in named)

    def is_allowed(term: str) -> bool:
        if not language or is_everyday(term, language):
            return True
        return not any(is_everyday(term, each) for each in foreign)

    knowledge = Knowledge(is_right, Medicines(lexicon.drugs, is_found), is_allowed)
    naming = Naming(lexicon, tuple(languages), language)
    completer = Completer(dictionary, company, knowledge, naming)
    return Speller(dictionary, company, knowledge, completer)
