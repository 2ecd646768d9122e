"""Notices: what they say, which queries they are for, and the numbers of each country."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, NamedTuple

from service.search.editorial.hearing import NO_HABITS, Ear, Habits, Wording
from service.search.editorial.patterns import Pattern
from service.search.editorial.words import words_of
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
        self,
        entries: Sequence[Entry],
        lines: Lines,
        elsewhere: Mapping[str, str],
        edition: str,
        habits: Mapping[str, Habits] = MappingProxyType({}),
    ) -> None:
        """Take what a file holds.

        Args:
            entries: the notices.
            lines: whom to call, by kind and country.
            elsewhere: what is said in place of a number where none is known, by language.
            edition: tells these notices from others; empty for the shipped ones.
            habits: what holds for all notices, by language.
        """
        self.entries = tuple(entries)
        self.edition = edition
        self._lines = lines
        self._elsewhere = elsewhere
        wordings = [wording for entry in self.entries for wording in entry.wordings.values()]
        known = frozenset(word for wording in wordings for word in wording.words())
        languages = dict.fromkeys(language for entry in self.entries for language in entry.wordings)
        self._ears = {
            language: Ear(
                {
                    number: entry.wordings[language]
                    for number, entry in enumerate(self.entries)
                    if language in entry.wordings
                },
                habits.get(language, NO_HABITS),
                known,
            )
            for language in languages
        }

    @property
    def countries(self) -> tuple[str, ...]:
        """The countries of whose numbers some are known."""
        codes = {code for by_country in self._lines.values() for code in by_country}
        return tuple(sorted(codes - {ANYWHERE}))

    def lacking(self, country: str) -> tuple[str, ...]:
        """Return the kinds of lines that notices name and of which none is for a country."""
        named = [kind for entry in self.entries for kind in entry.lines]
        wordings = [wording for entry in self.entries for wording in entry.wordings.values()]
        if any(PLACEHOLDER in wording.text for wording in wordings):
            named.insert(0, EMERGENCY)
        return tuple(k for k in dict.fromkeys(named) if not any(self._line(k, country)))

    def called(self, texts: Sequence[str], language: str) -> tuple[Called, ...]:
        """Return the notices that a query calls, in their order.

        Args:
            texts: the query as it was typed, and as it was probably meant.
            language: that it is typed in, or empty. It decides only where patterns of several
                languages match.
        """
        found: dict[int, list[Called]] = {}
        for text in dict.fromkeys(texts):
            words = words_of(text)
            ears = sorted(self._ears.items(), key=lambda each: -each[1].familiar(words))
            for spoken, ear in ears:
                for number, pattern in ear.called(words).items():
                    called = Called(self.entries[number], spoken, pattern)
                    found.setdefault(number, []).append(called)
        ordered = [found[number] for number in sorted(found)][:MAX_NOTICES]
        return tuple(
            next((each for each in calls if each.language == language), calls[0])
            for calls in ordered
        )

    def stopped(self, text: str) -> list[tuple[str, Pattern]]:
        """Return the kinds that a query would call but for a pattern, and that pattern."""
        stopped: dict[str, Pattern] = {}
        for ear in self._ears.values():
            for number, stop in ear.stopped(words_of(text)).items():
                stopped.setdefault(self.entries[number].kind, stop)
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


NO_NOTICES = NoticeBook((), {}, {}, "off")
