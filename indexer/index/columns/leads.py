"""What must stand before a sentence so that it does not mislead: "Do not take it if:".

A list item keeps the line that leads into it, and a text below a heading with a negation keeps
the heading ("Who should not take it"). An article does not say which of its lines are list items,
so a short line some way below one that ends with a colon is taken for one, if it looks like the
first line below the colon. Where the leading line holds a negation, it is kept in doubt.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.article import Section
from indexer.index.analysis import analyzer
from indexer.index.lexicon import load_words
from indexer.index.tokenizer import tokenize

MAX_LEAD_LINES = 12
"""How far above a list item its leading line may stand, unless that line holds a negation."""

MAX_ITEM_CHARS = 250
"""A longer line is a paragraph, and no item of the list above it, unless it is the first one."""

MAX_LEAD_CHARS = 700
"""A longer line leads into nothing, though it may end with a colon."""

_MAX_LEADS = 3
"""Lists in lists: how many leading lines are kept."""


def has_negation(text: str) -> bool:
    """Return whether a word of ``text`` turns a statement around."""
    negations = load_words("negations.txt")
    exact = analyzer("exact")
    return any(exact.term(token.text) in negations for token in tokenize(text))


@dataclass(frozen=True)
class Line:
    """A line of a section, without the white space around it, which holds at least one character.

    Attributes:
        text: the line.
        is_doubtful: its last sentence holds a negation.
    """

    text: str
    is_doubtful: bool

    @property
    def is_short(self) -> bool:
        """Whether it may be an item of a list."""
        return len(self.text) <= MAX_ITEM_CHARS

    @property
    def is_lead(self) -> bool:
        """Whether it may lead into what follows."""
        return self.text.endswith(":") and len(self.text) <= MAX_LEAD_CHARS

    @property
    def shape(self) -> tuple[bool, bool]:
        """How it begins and ends, which the items of one list have in common."""
        return self.text[0].islower(), self.text.endswith((".", "!", "?", "…"))


_NO_LINE = Line("", is_doubtful=False)


@dataclass
class _Above:
    """What stands above a line of a section, as far as it matters to the line.

    Attributes:
        lead: the nearest line that may lead into something, unless a paragraph stands below it;
            -1 for none.
        path: the lead, after those that lead into it.
        is_next: the lead is the line right above.
        first: the line right below the lead.
    """

    lead: int = -1
    path: tuple[int, ...] = ()
    is_next: bool = False
    first: Line = _NO_LINE


def leading_lines(lines: Sequence[Line]) -> list[tuple[int, ...]]:
    """Return for each line of a section the numbers of those that lead into it, in order."""
    above = _Above()
    found = []
    for number, line in enumerate(lines):
        if above.is_next:
            above.first = line
        found.append(_path(lines, number, above, may_be_item=line.is_short))
        if line.is_lead:
            path = _path(lines, number, above, may_be_item=line.text[0].islower())
            above = _Above(number, (*path, number)[-_MAX_LEADS:], is_next=True)
        else:
            if not (line.is_short or above.is_next):
                above = _Above()
            above.is_next = False
    return found


def _path(
    lines: Sequence[Line], number: int, above: _Above, *, may_be_item: bool
) -> tuple[int, ...]:
    """Return the lines that lead into a line; into what is no item, only one right above it."""
    is_led = above.is_next
    if may_be_item and above.lead >= 0:
        is_near = number - above.lead <= MAX_LEAD_LINES
        is_like_the_first = lines[number].shape == above.first.shape
        is_led = (is_near and is_like_the_first) or lines[above.lead].is_doubtful
    return above.path if is_led else ()


def negated_headings(sections: Sequence[Section]) -> list[tuple[int, ...]]:
    """Return for each section those whose headings must stand before its text, in order.

    These are the outermost heading with a negation above the text, and those between.
    """
    found: list[tuple[int, ...]] = []
    outer: list[int] = []
    for number, section in enumerate(sections):
        above: tuple[int, ...] = ()
        if section.level > 0:
            while outer and sections[outer[-1]].level >= section.level:
                outer.pop()
            above = found[outer[-1]] if outer else ()
            outer.append(number)
        is_kept = bool(section.heading) and (bool(above) or has_negation(section.heading))
        found.append((*above, number) if is_kept else above)
    return found


def as_lead(heading: str) -> tuple[str, str]:
    """Return a heading without the colon at its end, and what is to follow it instead."""
    bare = heading.rstrip(" :")
    return bare, "" if bare.endswith((".", "?", "!")) else ":"
