"""The sentences of an article that answer a query best, escaped and marked.

A reader may act on a snippet, so it keeps what turns a statement around. Sentences stay whole.
A list item keeps the line that leads into it ("Do not take it if:"), and a text below a heading
with a negation keeps the heading ("Who should not take it").
"""

from dataclasses import dataclass
from html import escape
from itertools import pairwise

from indexer.article import Article, Section
from indexer.index.analysis import analyzer
from indexer.index.lexicon import load_words
from indexer.index.sentences import Sentence, sentences
from indexer.index.tokenizer import tokenize
from service.search.response import Highlights, SectionLink
from service.search.terms import Match, QueryTerms, find_matches

TARGET_CHARS = 300
"""What a result's text should take: about two lines on a wide page. One sentence may be longer."""

MAX_SENTENCE = 700
"""Longer "sentences" are text without punctuation; they are cut unless they hold a negation."""

MAX_LEAD_LINES = 12
"""How far above a list item its leading line may stand."""

MAX_ITEM_CHARS = 250
"""A longer line is a paragraph, and no item of the list above it."""

_REPEAT = 0.1
"""What a second occurrence of a term adds to a sentence, as a share of the first."""

_ADJACENT = 0.5
"""What two different terms side by side add, as a share of the weaker one's weight."""


@dataclass(frozen=True)
class Snippets:
    """The highlights of a hit, and the section in which its best sentence stands."""

    highlights: Highlights
    section: SectionLink | None


_STUB_CHARS = 40
_STUB_FACTOR = 0.5
"""A shorter piece of text, such as a table's head or a label, says little by itself."""


@dataclass(frozen=True)
class _Candidate:
    """A sentence with matches, its place in the body and what it is worth."""

    sentence: Sentence
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
    best = max(chosen, key=lambda candidate: candidate.score)
    chosen.sort(key=lambda candidate: candidate.sentence.start)
    link = SectionLink(best.section.heading, best.section.anchor) if best.section.heading else None
    return Snippets(Highlights((title,), tuple(_fragments(article, chosen, terms))), link)


def _candidates(article: Article, terms: QueryTerms) -> list[_Candidate]:
    found = []
    whole = Section(heading="", start=0, end=len(article.body))
    for section in article.sections or (whole,):
        text = article.body[section.start : section.end]
        for start, end in sentences(text):
            matches = find_matches(text[start:end], terms, article.language)
            if matches:
                place = Sentence(section.start + start, section.start + end)
                score = _score(matches) * (_STUB_FACTOR if end - start < _STUB_CHARS else 1)
                found.append(_Candidate(place, section, tuple(matches), score))
    return found


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


def _fragments(article: Article, chosen: list[_Candidate], terms: QueryTerms) -> list[str]:
    """Return the chosen sentences as marked HTML; those of one line stay together."""
    fragments: list[str] = []
    last_end, last_lead = 0, ""
    for candidate in chosen:
        if candidate.sentence.end <= last_end:
            continue
        lead, place = _in_context(article, candidate)
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
    begin = text.rfind(" ", 0, max(matches[0].start - TARGET_CHARS // 2, 0)) + 1
    space = text.find(" ", begin + TARGET_CHARS)
    stop = space if space >= 0 else len(text)
    cut = text[begin:stop]
    before, after = "… " if begin else "", " …" if stop < len(text) else ""
    return before + _mark(cut, find_matches(cut, terms, language)) + after


def _in_context(article: Article, candidate: _Candidate) -> tuple[str, Sentence]:
    """Return the line without which the sentence could mislead, or "", and what to show of it.

    Of a list item below a leading line the whole item is shown.
    """
    body, section = article.body, candidate.section
    start = max(body.rfind("\n", 0, candidate.sentence.start) + 1, section.start)
    newline = body.find("\n", candidate.sentence.end)
    end = newline if newline >= 0 else len(body)
    if end - start <= MAX_ITEM_CHARS:
        above = body[section.start : start].splitlines()
        for line in reversed(above[-MAX_LEAD_LINES:]):
            if line.rstrip().endswith(":"):
                return line.strip(), Sentence(start, end)
            if len(line) > MAX_ITEM_CHARS:
                break
    heading = section.heading.rstrip(" :")
    return (f"{heading}:" if has_negation(heading) else ""), candidate.sentence


def _opening(article: Article, terms: QueryTerms) -> str:
    text = article.description
    if not text:
        first = article.sections[0] if article.sections else None
        body = article.body[first.start :] if first else article.body
        begin = next(iter(sentences(body)), None)
        text = body[begin.start : begin.end] if begin else ""
    return _mark(text, find_matches(text, terms, article.language))


def has_negation(text: str) -> bool:
    """Return whether a word of ``text`` turns a statement around."""
    negations = load_words("negations.txt")
    exact = analyzer("exact")
    return any(exact.term(token.text) in negations for token in tokenize(text))


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
