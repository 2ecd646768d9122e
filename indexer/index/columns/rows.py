"""The sentences of articles in rows, as they are found in the texts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from indexer.article import Article, Section
from indexer.index.folding import fold
from indexer.index.lexicon import load_phrases
from indexer.index.sentences import spans

TITLE, DESCRIPTION, HEADING, LINE = 1, 2, 4, 8
"""Flags: a title, a description, a heading or what else is in no section, the first of its line."""

LONG, HIDDEN, ITEM, LED = 16, 32, 64, 128
"""Flags: too long to be shown uncut, never to be shown, to be shown as its whole line, to be shown
with leads."""


@dataclass
class Rows:
    """The sentences of all articles, an entry each; places are characters of an article's text.

    Attributes:
        starts: where a sentence begins.
        ends: where it ends.
        flags: what it is.
        sections: the section in which it stands.
        counts: how many there are up to each article; one more entry than articles.
        colons: the articles in which a sentence of a section ends with a colon.
        headless: the articles in which a heading does not stand right above its section.
    """

    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    flags: list[int] = field(default_factory=list)
    sections: list[int] = field(default_factory=list)
    counts: list[int] = field(default_factory=lambda: [0])
    colons: set[int] = field(default_factory=set)
    headless: set[int] = field(default_factory=set)

    def add(self, article: Article) -> None:
        """Add the sentences of an article."""
        title, description = len(article.title), len(article.description)
        self._add(0, title, TITLE)
        if description:
            self._add(title + 1, title + 1 + description, DESCRIPTION)
        body, before = article.body, title + description + 2
        at = 0
        for number, section in enumerate(sections_of(article)):
            self._split(body[at : section.start], before + at, HEADING, number)
            start, at = max(at, section.start), max(at, section.end)
            flags = HIDDEN if lists_sources(section) else 0
            self._split(body[start:at], before + start, flags, number)
            if section.heading and not stands_above(section, body):
                self.headless.add(len(self.counts) - 1)
        self._split(body[at:], before + at, HEADING, 0)
        self.counts.append(len(self.starts))

    def _add(self, start: int, end: int, flags: int) -> None:
        self.starts.append(start)
        self.ends.append(end)
        self.flags.append(flags)
        self.sections.append(0)

    def _split(self, text: str, base: int, flags: int, section: int) -> None:
        if not text:
            return
        starts, ends, firsts = spans(text)
        if not flags and any(text[stop - 1] == ":" for stop in ends):
            self.colons.add(len(self.counts) - 1)
        self.starts += [base + each for each in starts]
        self.ends += [base + each for each in ends]
        self.flags += [flags | LINE if first else flags for first in firsts]
        self.sections += [section] * len(starts)


def sections_of(article: Article) -> Sequence[Section]:
    """Return the sections of an article; one without any is a single section."""
    return article.sections or (Section(heading="", start=0, end=len(article.body)),)


def lists_sources(section: Section) -> bool:
    """Return whether a section says what the article was written from, and nothing to readers."""
    words = re.findall(r"\w+", section.heading)
    return " ".join(map(fold, words)) in load_phrases("source_headings.txt")


def stands_above(section: Section, body: str) -> bool:
    """Return whether the heading of a section is the line right above it."""
    return body.startswith(f"{section.heading}\n", section.start - len(section.heading) - 1)
