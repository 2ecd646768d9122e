"""Did you mean: a query with its misspelt words put right.

A word is doubted only if the index hardly has it, and two words side by side if they are one that
the index has and hardly ever stand together. A word that is a medicine's name, or otherwise known
to be right, is never changed, even if no article has it; and where two medicines are equally near,
neither is guessed.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

from indexer.index.analysis import SNOWBALL, analyzer
from service.search.lexicon import Lexicon
from service.search.lexicon.everyday import is_everyday
from service.search.reading.query import OPERATORS, Node
from service.search.spelling.changeable import TypedWord, typed_words
from service.search.spelling.company import Company
from service.search.spelling.dictionary import Candidate, Dictionary
from service.search.spelling.guesses import Guesser
from service.search.spelling.medicines import Medicines

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


NO_MEDICINES = Medicines()


class Speller:
    """Puts queries right by the words of one generation.

    It holds nothing of its own, so it may be made for a query, with the lexicon then in force.
    """

    def __init__(
        self,
        dictionary: Dictionary,
        company: Company,
        known: Callable[[str], bool] = lambda _: False,
        medicines: Medicines = NO_MEDICINES,
        allowed: Callable[[str], bool] = lambda _: True,
    ) -> None:
        """Take the words of the index, and what is known to be right.

        Args:
            dictionary: of the generation.
            company: of its words.
            known: whether a folded word is right, whatever the index says.
            medicines: names that are right, and that no other word may take the place of.
            allowed: whether a term of the index may be meant in this query.
        """
        self._dictionary = dictionary
        self._company = company
        self._known = known
        self._medicines = medicines
        self._guesser = Guesser(dictionary, company, medicines.names, allowed)

    def suspicious(self, tree: Node, text: str) -> bool:
        """Return whether a query may have a correction; looks words up and nothing else."""
        words = typed_words(tree, text)
        return any(self._doubt(word) is not None for word in words) or any(
            self._written_together(*pair) for pair in pairwise(words)
        )

    def correction(self, tree: Node, text: str) -> str | None:
        """Return a query with its wrong words put right, or None if there is nothing to change.

        Args:
            tree: the parsed query.
            text: the normalized query; what is not changed in it stays as it is.
        """
        words = typed_words(tree, text)
        changes: list[tuple[int, int, str]] = []
        for at, word in enumerate(words):
            if changes and word.start < changes[-1][1]:
                continue  # it was joined with the word before
            joined = self._joined(words[at : at + 2])
            new = _cased(word.text, joined or self._meant(words, at))
            if new and OPERATORS.isdisjoint(new.split()):
                changes.append((word.start, words[at + bool(joined)].end, new))
        for start, end, new in reversed(changes):
            text = text[:start] + new + text[end:]
        return text if changes else None

    def _doubt(self, word: TypedWord) -> int | None:
        """Return how many articles hold a doubtful word, or one of its stem; else None."""
        term = word.term
        if len(term) < MIN_LETTERS or not term.isalpha() or term in self._medicines.names:
            return None
        found = self._dictionary.find(term)
        if (found and (found.in_titles or found.documents > RARE)) or self._known(term):
            return None
        if _is_function_word(term):
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
        is_inflection = any(
            analyzer(language).term(word) == analyzer(language).term(meant) for language in SNOWBALL
        )
        return is_inflection and self._dictionary.stemmed_frequency(word) > 0

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
        if any(part in self._medicines.names for part in parts) or _is_function_word(joined):
            return None
        rarer = min(map(self._dictionary.frequency, parts))
        if len(joined) < (MIN_JOINED if rarer else MIN_JOINED_TO_UNKNOWN):
            return None
        found = self._dictionary.find(joined)
        is_word = found and found.documents >= max(JOINED_SHARE * rarer, MIN_JOINED_DOCUMENTS)
        return found if is_word else None


def _is_function_word(term: str) -> bool:
    return not all(analyzer(language).term(term) for language in SNOWBALL)


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

    medicines = Medicines(lexicon.drugs, is_found)
    return Speller(dictionary, company, is_right, medicines, is_allowed)


def _cased(typed: str, meant: str) -> str:
    """Return what was meant in capitals where they were typed."""
    if typed.isupper():
        return meant.upper()
    return meant[:1].upper() + meant[1:] if typed[:1].isupper() else meant
