"""Notices: what they say, which queries they are for, and the numbers of each country."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal, NamedTuple

from indexer.index.analysis import SNOWBALL
from service.search.editorial.matching import PatternIndex, Text, Vocabulary
from service.search.editorial.patterns import Pattern
from service.search.lexicon.everyday import is_everyday
from service.search.response import Notice, NoticeAction

MAX_NOTICES = 2
"""Shown at once. With more, nobody reads the first."""

ANYWHERE = ""
"""The country of lines that are good in every country."""

EMERGENCY = "emergency"
"""The kind of lines whose number the texts of notices speak of."""

PLACEHOLDER = f"{{{EMERGENCY}}}"
"""What stands for that number in a text."""

Severity = Literal["emergency", "crisis", "info"]


class Line(NamedTuple):
    """Somebody to call, or a page to open.

    Attributes:
        shown: the number as people write it, or the address.
        href: the same as a link.
        labels: what the link says, by language.
    """

    shown: str
    href: str
    labels: Mapping[str, str]


Lines = Mapping[str, Mapping[str, Line]]
"""By kind and country."""


@dataclass(frozen=True)
class Wording:
    """A notice in one language, and the queries that it is for.

    Attributes:
        title: its title.
        text: its text, in which ``{emergency}`` stands for the number to call.
        prevention: a query whose best articles are raised, or empty.
        always: patterns of queries that it is for.
        phrases: patterns of queries that it is for unless one of ``unless`` is there.
        alone: patterns of queries that it is for if they say nothing else.
        unless: patterns.
    """

    title: str
    text: str
    prevention: str
    always: tuple[Pattern, ...]
    phrases: tuple[Pattern, ...]
    alone: tuple[Pattern, ...]
    unless: tuple[Pattern, ...]

    def patterns(self) -> Iterator[Pattern]:
        """Yield the patterns that call it."""
        yield from (*self.always, *self.phrases, *self.alone)

    def calling(self, text: Text, found: Sequence[Pattern]) -> Pattern | None:
        """Return the pattern by which it is for a text, if it is.

        Args:
            text: the query.
            found: those of its patterns of which the text has a word.
        """
        sure = (each for each in found if each in self.always and each.is_in(text.line))
        whole = (each for each in found if each in self.alone and each.is_all_of(text.line))
        if (pattern := next(chain(sure, whole), None)) is not None:
            return pattern
        pattern = next((p for p in found if p in self.phrases and p.is_in(text.line)), None)
        return pattern if pattern is not None and self.stopping(text) is None else None

    def stopping(self, text: Text) -> Pattern | None:
        """Return the pattern that keeps its phrases from calling it, if there is one."""
        return next((each for each in self.unless if each.is_in(text.line)), None)


@dataclass(frozen=True)
class Entry:
    """A notice in all its languages.

    Attributes:
        kind: its stable name.
        severity: how grave it is.
        lines: kinds of lines that it names, in order.
        wordings: by language.
    """

    kind: str
    severity: Severity
    lines: tuple[str, ...]
    wordings: Mapping[str, Wording]


class Called(NamedTuple):
    """A notice that a query calls.

    Attributes:
        entry: the notice.
        language: that of the pattern.
        pattern: that the query matched; none where a notice is shown without a query.
    """

    entry: Entry
    language: str
    pattern: Pattern | None = None

    @property
    def wording(self) -> Wording:
        """The notice in that language."""
        return self.entry.wordings[self.language]


class NoticeBook:
    """The notices in force. It is never changed; all methods may be called from any thread."""

    def __init__(
        self, entries: Sequence[Entry], lines: Lines, elsewhere: Mapping[str, str], edition: str
    ) -> None:
        """Take what a file holds.

        Args:
            entries: the notices.
            lines: whom to call, by kind and country.
            elsewhere: what is said in place of a number where none is known, by language.
            edition: tells these notices from others; empty for the shipped ones.
        """
        self.entries = tuple(entries)
        self.edition = edition
        self._lines = lines
        self._elsewhere = elsewhere
        self._wordings = [
            (entry, language) for entry in self.entries for language in entry.wordings
        ]
        patterns = [
            (pattern, number)
            for number, (entry, language) in enumerate(self._wordings)
            for pattern in entry.wordings[language].patterns()
        ]
        unless = [p for entry, language in self._wordings for p in entry.wordings[language].unless]
        self._index = PatternIndex(patterns)
        self._vocabulary = Vocabulary([*(each for each, _ in patterns), *unless], _is_word)

    @property
    def countries(self) -> tuple[str, ...]:
        """The countries of whose numbers some are known."""
        codes = {code for by_country in self._lines.values() for code in by_country}
        return tuple(sorted(codes - {ANYWHERE}))

    def lacking(self, country: str) -> tuple[str, ...]:
        """Return the kinds of lines that notices name and of which none is for a country."""
        named = [kind for entry in self.entries for kind in entry.lines]
        if any(PLACEHOLDER in entry.wordings[language].text for entry, language in self._wordings):
            named.insert(0, EMERGENCY)
        return tuple(k for k in dict.fromkeys(named) if not any(self._line(k, country)))

    def called(self, texts: Sequence[str], language: str) -> tuple[Called, ...]:
        """Return the notices that a query calls, in their order.

        Args:
            texts: the query as it was typed, and as it was probably meant.
            language: that it is typed in, or empty. It decides only where patterns of several
                languages match.
        """
        found: dict[int, Called] = {}
        for each in dict.fromkeys(texts):
            found = dict(self._found(self._vocabulary.read(each))) | found
        by_kind: dict[str, Called] = {}
        for number in sorted(found):
            called = found[number]
            if called.language == language or called.entry.kind not in by_kind:
                by_kind[called.entry.kind] = called
        return tuple(by_kind.values())[:MAX_NOTICES]

    def _found(self, text: Text) -> Iterator[tuple[int, Called]]:
        candidates: dict[int, list[Pattern]] = defaultdict(list)
        for pattern, number in self._index.candidates(text):
            candidates[number].append(pattern)
        for number, patterns in candidates.items():
            entry, language = self._wordings[number]
            pattern_found = entry.wordings[language].calling(text, patterns)
            if pattern_found is not None:
                yield number, Called(entry, language, pattern_found)

    def stopped(self, text: str) -> list[tuple[str, Pattern]]:
        """Return the kinds that a query would call but for a pattern, and that pattern."""
        read = self._vocabulary.read(text)
        candidates = {(pattern, number) for pattern, number in self._index.candidates(read)}
        stopped: dict[str, Pattern] = {}
        for pattern, number in candidates:
            entry, language = self._wordings[number]
            wording = entry.wordings[language]
            stop = wording.stopping(read)
            if stop is not None and pattern in wording.phrases and pattern.is_in(read.line):
                stopped[entry.kind] = stop
        calling = {called.entry.kind for called in self.called([text], "")}
        return [(kind, stop) for kind, stop in sorted(stopped.items()) if kind not in calling]

    def notice(self, called: Called, country: str) -> Notice:
        """Return a notice as it is shown to people in a country; without numbers if it is empty."""
        entry, language, _ = called
        wording = called.wording
        lines = [(code, line) for kind in entry.lines for code, line in self._line(kind, country)]
        number = next((line.shown for _, line in self._line(EMERGENCY, country)), "")
        return Notice(
            kind=entry.kind,
            severity=entry.severity,
            title=wording.title,
            text=wording.text.replace(PLACEHOLDER, number or self._elsewhere[language]),
            actions=tuple(NoticeAction(line.labels[language], line.href) for _, line in lines),
            language=language,
            country=next((code for code, _ in lines if code), ""),
        )

    def _line(self, kind: str, country: str) -> Iterator[tuple[str, Line]]:
        """Yield the line of a kind in a country, or the one that is good anywhere, if there is."""
        by_country = self._lines.get(kind, {})
        code = country if country in by_country else ANYWHERE
        if code in by_country:
            yield code, by_country[code]


def _is_word(word: str) -> bool:
    return any(is_everyday(word, language) for language in SNOWBALL)


NO_NOTICES = NoticeBook((), {}, {}, "off")
