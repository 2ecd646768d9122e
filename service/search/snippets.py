"""The sentences of an article that answer a query best, escaped and marked.

A reader may act on a snippet, so it keeps what turns a statement around: sentences stay whole,
and what leads into them stands before them.
"""

import re
from dataclasses import dataclass, replace
from html import escape
from itertools import pairwise

from indexer.article import Article, Section
from indexer.index.sentences import Sentence, sentences
from service.search.leads import has_negation, in_context
from service.search.response import Highlights, SectionLink
from service.search.terms import Match, QueryTerms, find_matches

TARGET_CHARS = 300
"""What a result's text should take: about two lines on a wide page. One sentence may be longer."""

MAX_SENTENCE = 700
"""Longer "sentences" are text without punctuation; they are cut unless they hold a negation."""

MAX_WHOLE = 2_000
"""A longer one with a negation is not shown at all: whole it is no snippet, cut it may mislead."""

_REPEAT = 0.1
"""What a second occurrence of a term adds to a sentence, as a share of the first."""

_ADJACENT = 0.5
"""What two different terms side by side add, as a share of the weaker one's weight."""


@dataclass(frozen=True)
class Snippets:
    """The highlights of a hit, and the section in which its best sentence stands."""

    highlights: Highlights
    section: SectionLink | None


_SPACE = re.compile(r"\s")

_STUB_CHARS = 40
_STUB_FACTOR = 0.5
"""A shorter piece of text, such as a table's head or a label, says little by itself."""


@dataclass(frozen=True)
class _Candidate:
    """A sentence with matches, its place in the body and what it is worth.

    ``reach`` is where the sentence after it in the same paragraph ends, or its own end.
    """

    sentence: Sentence
    reach: int
    section: Section
    matches: tuple[Match, ...]
    score: float

    @property
    def length(self) -> int:
        """Characters of the sentence."""
        return self.sentence.end - self.sentence.start


def make_snippets(article: Article, terms: QueryTerms) -> Snippets:
    """Return the marked title and the best sentences of the body for a query's terms.

    Without a match in the body, the snippet is the description or the article's beginning.
    """
    title = _mark(article.title, find_matches(article.title, terms, article.language))
    chosen = _choose(_candidates(article, terms))
    if not chosen:
        body = _opening(article, terms)
        return Snippets(Highlights((title,), (body,) if body else ()), None)
    best = chosen[0]
    chosen[0] = _with_next(best, TARGET_CHARS - sum(candidate.length for candidate in chosen))
    chosen.sort(key=lambda candidate: candidate.sentence.start)
    link = SectionLink(best.section.heading, best.section.anchor) if best.section.heading else None
    return Snippets(Highlights((title,), tuple(_fragments(article, chosen, terms))), link)


def _sections(article: Article) -> tuple[Section, ...]:
    """Return the sections of an article; one without any is a single section."""
    return article.sections or (Section(heading="", start=0, end=len(article.body)),)


def _candidates(article: Article, terms: QueryTerms) -> list[_Candidate]:
    found = []
    for section in _sections(article):
        text = article.body[section.start : section.end]
        places = list(sentences(text))
        for number, (start, end) in enumerate(places):
            matches = find_matches(text[start:end], terms, article.language)
            if matches and _can_be_shown(text[start:end]):
                place = Sentence(section.start + start, section.start + end)
                reach = section.start + _end_of_next(text, places, number)
                score = _score(matches) * (_STUB_FACTOR if end - start < _STUB_CHARS else 1)
                found.append(_Candidate(place, reach, section, tuple(matches), score))
    return found


def _end_of_next(text: str, places: list[Sentence], number: int) -> int:
    """Return where the sentence after a sentence ends, or itself if it is the paragraph's last."""
    end = places[number].end
    for following in places[number + 1 : number + 2]:
        if "\n" not in text[end : following.start]:
            return following.end
    return end


def _score(matches: list[Match]) -> float:
    """Distinct terms count in full, repetitions a little, neighbours a bonus."""
    weights: dict[str, float] = {}
    score = 0.0
    for match in matches:
        score += match.weight * (_REPEAT if match.term in weights else 1.0)
        weights.setdefault(match.term, match.weight)
    for left, right in pairwise(matches):
        if left.term != right.term and right.start - left.end <= 1:
            score += _ADJACENT * min(left.weight, right.weight)
    return score


def _choose(candidates: list[_Candidate]) -> list[_Candidate]:
    """Return the best sentence, and then those that add a new term and still fit."""
    ranked = sorted(candidates, key=lambda c: (-c.score, c.sentence.start))
    chosen: list[_Candidate] = []
    covered: set[str] = set()
    room = TARGET_CHARS
    for candidate in ranked:
        terms = {match.term for match in candidate.matches}
        if chosen and (terms <= covered or candidate.length > room):
            continue
        chosen.append(candidate)
        covered |= terms
        room -= candidate.length
    return chosen


def _with_next(candidate: _Candidate, room: int) -> _Candidate:
    """Return the candidate with the sentence after it, if that fits.

    What follows is often the "but": "Many websites say that … There is no good evidence for it."
    """
    start, end = candidate.sentence
    if candidate.reach - end > room:
        return candidate
    return replace(candidate, sentence=Sentence(start, candidate.reach))


def _fragments(article: Article, chosen: list[_Candidate], terms: QueryTerms) -> list[str]:
    """Return the chosen sentences as marked HTML; those of one line stay together."""
    fragments: list[str] = []
    last_end, last_lead = 0, ""
    for candidate in chosen:
        if candidate.sentence.end <= last_end:
            continue
        lead, place = in_context(article, candidate.section, candidate.sentence)
        text = _clipped(article.body[place.start : place.end], terms, article.language)
        between = article.body[last_end : place.start]
        if fragments and between.isspace() and "\n" not in between:
            fragments[-1] += f" {text}"
        elif lead and lead != last_lead:
            marked = _mark(lead, find_matches(lead, terms, article.language))
            fragments.append(f"{marked} {text}")
        else:
            fragments.append(text)
        last_end, last_lead = place.end, lead
    return fragments


def _clipped(text: str, terms: QueryTerms, language: str) -> str:
    """Return ``text`` marked; text without punctuation is cut around its first match."""
    matches = find_matches(text, terms, language)
    if len(text) <= MAX_SENTENCE or has_negation(text):
        return _mark(text, matches)
    begin, stop = _window(text, matches[0].start if matches else 0)
    inside = [
        Match(match.start - begin, match.end - begin, match.term, match.weight)
        for match in matches
        if begin <= match.start and match.end <= stop
    ]
    before, after = "… " if begin else "", " …" if stop < len(text) else ""
    return before + _mark(text[begin:stop], inside) + after


def _window(text: str, at: int) -> tuple[int, int]:
    """Return the bounds of a stretch around ``at``, between white space where there is some."""
    begin = max(at - TARGET_CHARS // 2, 0)
    if begin and (space := _SPACE.search(text, begin - 1, at)):
        begin = space.end()
    stop = min(begin + TARGET_CHARS, len(text))
    if space := _SPACE.search(text, stop, stop + TARGET_CHARS // 2):
        stop = space.start()
    return begin, stop


def _can_be_shown(text: str) -> bool:
    return len(text) <= MAX_WHOLE or not has_negation(text)


def _opening(article: Article, terms: QueryTerms) -> str:
    """Return the description, or the first sentence with what leads into it."""
    text = article.description
    if not text or len(text) > MAX_SENTENCE:
        text = _first_sentence(article)
    return _clipped(text, terms, article.language) if _can_be_shown(text) else ""


def _first_sentence(article: Article) -> str:
    for section in _sections(article):
        for start, end in sentences(article.body[section.start : section.end]):
            place = Sentence(section.start + start, section.start + end)
            lead, _ = in_context(article, section, place)
            return f"{lead} {article.body[place.start : place.end]}".lstrip()
    return ""


def _mark(text: str, matches: tuple[Match, ...] | list[Match]) -> str:
    """Escape ``text`` and put <mark> around the matches."""
    pieces = []
    at = 0
    for match in matches:
        pieces.append(escape(text[at : match.start]))
        pieces.append(f"<mark>{escape(text[match.start : match.end])}</mark>")
        at = match.end
    pieces.append(escape(text[at:]))
    return "".join(pieces)
