"""What the editors say to a query: notices, and which articles stand first or are not found."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import NamedTuple

import msgspec

from service.search.editorial.notices import NO_NOTICES, NoticeBook
from service.search.editorial.rules import MAX_PINNED, Match, Rule
from service.search.editorial.words import words_of
from service.search.response import Notice

_ORDER: tuple[Match, ...] = ("exact", "contains", "words")
"""Where several rules pin articles, those of the one that says most of the query stand first."""


@dataclass(frozen=True)
class Advice:
    """What the editors say to one query.

    Attributes:
        notices: to be shown beside the results.
        pinned: ids or addresses of articles that stand first, in order.
        hidden: ids or addresses of articles that are not found.
        prevention: a query whose best articles are raised; empty for none.
    """

    notices: tuple[Notice, ...] = ()
    pinned: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()
    prevention: str = ""


NO_ADVICE = Advice()


class _Meant(NamedTuple):
    """A rule, its place in the file, and the words of its pattern."""

    number: int
    rule: Rule
    words: tuple[str, ...]

    def is_for(self, words: tuple[str, ...], language: str) -> bool:
        """Return whether it is for a query of some words in a language."""
        if self.rule.language and self.rule.language != language:
            return False
        match self.rule.match:
            case "exact":
                return words == self.words
            case "words":
                return set(self.words) <= set(words)
            case "contains":
                size = len(self.words)
                return any(words[at : at + size] == self.words for at in range(len(words)))


class Editorial:
    """The notices and rules in force. It is never changed; it may be used from any thread."""

    def __init__(
        self,
        notices: NoticeBook = NO_NOTICES,
        rules: Sequence[Rule] = (),
        country: str = "",
        today: date | None = None,
    ) -> None:
        """Take what is in force.

        Args:
            notices: for emergencies and crises.
            rules: for pinned and hidden results.
            country: whose numbers the notices show; none if it is empty.
            today: rules whose last day is before it are not in force; all are without it.
        """
        self.notices = notices
        self.country = country
        now = [r for r in rules if today is None or r.until is None or r.until >= today]
        self._rules: Mapping[str, Sequence[_Meant]] = _by_word(now)
        told = (notices.edition, country, now)
        self.edition = sha256(msgspec.msgpack.encode(told)).hexdigest()[:12] if any(told) else ""

    @property
    def lacking(self) -> tuple[str, ...]:
        """Kinds of lines of which notices show none in the country; none where it is empty."""
        return self.notices.lacking(self.country) if self.country else ()

    def advice(self, text: str, language: str, meant: str = "") -> Advice:
        """Return what is said to a query. Any text will do.

        Args:
            text: as it was typed.
            language: that it is typed in, or empty.
            meant: the text that is searched for instead, if it is another.
        """
        texts = [text, meant] if meant else [text]
        called = self.notices.called(texts, language)
        rules = self._rules_for(texts, language) if self._rules else []
        if not called and not rules:
            return NO_ADVICE
        hidden = frozenset(entry for rule in rules for entry in rule.hidden)
        pinned = dict.fromkeys(entry for rule in rules for entry in rule.pinned)
        return Advice(
            tuple(self.notices.notice(each, self.country) for each in called),
            tuple(entry for entry in pinned if entry not in hidden)[:MAX_PINNED],
            hidden,
            next((each.wording.prevention for each in called if each.wording.prevention), ""),
        )

    def _rules_for(self, texts: Sequence[str], language: str) -> list[Rule]:
        """Return the rules for a query; first those that say most of it, then as in the file."""
        found = {m.number: m.rule for t in texts for m in self._meant(words_of(t), language)}
        return sorted(
            (found[number] for number in sorted(found)), key=lambda rule: _ORDER.index(rule.match)
        )

    def _meant(self, words: tuple[str, ...], language: str) -> Iterator[_Meant]:
        for word in dict.fromkeys(words):
            yield from (each for each in self._rules.get(word, ()) if each.is_for(words, language))


def _by_word(rules: Sequence[Rule]) -> Mapping[str, Sequence[_Meant]]:
    """Return rules by the longest word of each: a query tries those only that share it."""
    by_word: dict[str, list[_Meant]] = defaultdict(list)
    for number, rule in enumerate(rules):
        words = words_of(rule.pattern)
        by_word[max(words, key=len)].append(_Meant(number, rule, words))
    return dict(by_word)
