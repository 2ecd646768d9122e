"""Suggestions while somebody types: titles, topics and terms, the most useful first.

What was typed is *read* in several ways: with all words, without function words, by the words of
texts, and with words put right. A reading is made only if those before it give too little, and its
completions stand behind theirs; otherwise what begins as was typed is first, then what more
articles are about in fewer words.
"""

from collections.abc import Iterator, Sequence
from itertools import islice, product

from indexer.index.columns.segment import SegmentColumns
from indexer.index.columns.titles import function_words
from service.search.reading.query import normalize
from service.search.request import primary
from service.search.spelling.dictionary import Dictionary
from service.search.suggest.completions import BEGINS, TitleCompletions
from service.search.suggest.shortlist import TERM_PENALTY, Offer, Reading, Shortlist, worth
from service.search.suggest.suggestion import SuggestRequest, SuggestResponse
from service.search.suggest.titleterms import title_terms
from service.search.suggest.topics import TopicCompletions
from service.search.suggest.typed import Typed, Worded, beginnings_of, read_typed, without, worded

SPARE = 4
"""Titles that are read for one reading beyond the suggestions that are wanted: some say the same,
and terms are sought in them."""

MIN_LETTERS = 3
"""Letters of a beginning for which terms that stand in no title are offered: fewer begin a tenth of
all words, and the most frequent of these say nothing."""

MIN_ARTICLES = 2
"""Articles that hold a term that is offered."""

SLIP_LETTERS = 4
TWO_SLIPS_LETTERS = 8
"""Letters of a word that may have one slip, and two."""

MAX_CORRECTED = 3
"""Words that are tried for a misspelt one."""

CANDIDATES = 20
"""Words near to a misspelt beginning that are looked at; not all of them stand in titles."""

MAX_READINGS = 4
"""Readings with words put right."""

_AS_TYPED, _WITHOUT_FUNCTION, _IN_TEXTS, _PUT_RIGHT = range(4)


class Suggester:
    """Completes what is typed from one generation. Safe to use from several threads.

    Attributes:
        titles: of the generation.
    """

    def __init__(
        self, segments: Sequence[tuple[SegmentColumns, Sequence[int]]], dictionary: Dictionary
    ) -> None:
        """Take the segments with their deleted documents, and the terms of all of them."""
        self._columns = [columns for columns, _ in segments]
        self.titles = TitleCompletions(segments)
        self._topics = TopicCompletions(self._columns, self.titles.admitted(()))
        self._dictionary = dictionary

    def suggest(self, request: SuggestRequest) -> SuggestResponse:
        """Complete a text. Any text is valid; one without words has no completions."""
        text = normalize(request.q)
        shortlist = Shortlist(request.limit)
        if typed := read_typed(text):
            self._fill(shortlist, typed, request)
        return SuggestResponse(text, shortlist.suggestions())

    def _fill(self, shortlist: Shortlist, typed: Typed, request: SuggestRequest) -> None:
        """Complete what was typed, by as many readings as it needs."""
        self._complete(Reading(typed, _AS_TYPED), request, shortlist)
        subject = self._subject(typed)
        if subject is None:
            return
        if subject != typed and len(shortlist) < request.limit:
            self._complete(Reading(subject, _WITHOUT_FUNCTION), request, shortlist)
        if 2 * len(shortlist) < request.limit:
            self._add_terms_of_texts(Reading(subject, _IN_TEXTS), request, shortlist)
        if len(shortlist):
            return  # beside what was typed, other words would be noise
        for meant in islice(self._put_right(subject), MAX_READINGS):
            if len(shortlist) < request.limit:
                self._complete(Reading(meant, _PUT_RIGHT), request, shortlist)

    def _subject(self, typed: Typed) -> Typed | None:
        """Return what was typed without function words, but for those that begin a subject."""
        every = {*typed.words, typed.begun} & function_words()
        return without(typed, [word for word in every if not self.titles.is_subject(word)])

    def _complete(self, reading: Reading, request: SuggestRequest, shortlist: Shortlist) -> None:
        typed, masks = reading.typed, self.titles.admitted(primary(request.language))
        titles: list[Worded] = []
        for place in self.titles.find(typed, masks, request.limit + SPARE):
            card = self._columns[place.segment].card(place.document)
            title = worded(card.title)
            is_first = title.subject.startswith(tuple(beginnings_of(typed)))
            score = place.worth + BEGINS * is_first
            if shortlist.add(Offer("title", title, reading, score, card.url)):
                titles.append(title)
        for name, articles, words, is_first in self._topics.find(
            typed, masks if request.language else None, request.limit
        ):
            score = worth(articles, words, is_first=is_first)
            shortlist.add(Offer("topic", worded(name), reading, score))
        for text, count, goes_on in title_terms(titles, typed):
            if count >= MIN_ARTICLES and text.terms != (*typed.words, typed.begun):
                score = worth(count, len(text.words), is_first=not goes_on) - TERM_PENALTY
                shortlist.add(Offer("term", text, reading, score))

    def _add_terms_of_texts(
        self, reading: Reading, request: SuggestRequest, shortlist: Shortlist
    ) -> None:
        """Add what begins so in the texts of articles and in no title. They know no language."""
        begun = reading.typed.begun
        if reading.typed.words or request.language or len(begun) < MIN_LETTERS:
            return
        for term in self._dictionary.beginning_near(begun, 0, request.limit):
            is_frequent = term.documents >= MIN_ARTICLES and term.term not in function_words()
            if is_frequent and term.term != begun:
                score = worth(term.documents, 1, is_first=True)
                shortlist.add(Offer("term", worded(term.term), reading, score))

    def _put_right(self, typed: Typed) -> Iterator[Typed]:
        """Yield what may be meant where words are misspelt, the likeliest first."""
        words = [self._alternatives(word) for word in typed.words]
        edits = slips(typed.begun)
        if not edits or self._dictionary.find(typed.begun) or not self._may_fit(words):
            begun = [typed.begun]
        else:
            near = self._dictionary.beginning_near(typed.begun, edits, CANDIDATES)
            right = [each.term for each in near if each.edits and each.in_titles]
            begun = [typed.begun] if any(not each.edits for each in near) else []
            begun += right[:MAX_CORRECTED]
        for *whole, last in product(*words, begun):
            meant = Typed(tuple(whole), last)
            if meant != typed:
                yield meant

    def _may_fit(self, words: Sequence[Sequence[str]]) -> bool:
        """Return whether a title holds all words, if none of them is in doubt."""
        return any(len(each) != 1 for each in words) or self.titles.hold([own for (own,) in words])

    def _alternatives(self, word: str) -> list[str]:
        """Return a word if titles hold it, else words of titles that it may be meant for."""
        if self._dictionary.find(word):
            return [word]
        near = self._dictionary.near(word, slips(word))
        return [each.term for each in near if each.in_titles][:MAX_CORRECTED]


def slips(word: str) -> int:
    """Return how many letters of a word may be wrong."""
    return (len(word) >= SLIP_LETTERS) + (len(word) >= TWO_SLIPS_LETTERS)
