"""What stands before the sentences of a segment wherever they are shown, found once for all."""

from array import array
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.article import Article
from indexer.index.columns.container import Array
from indexer.index.columns.leads import Line, as_lead, leading_lines, negated_headings
from indexer.index.columns.rows import (
    HEADING,
    HIDDEN,
    ITEM,
    LED,
    LINE,
    Rows,
    stands_above,
)
from indexer.index.inversion import byte_places, text_of


class Lead(NamedTuple):
    """A stretch of an article's text; ``colon`` is whether one is to follow."""

    start: int
    end: int
    colon: bool


class Context:
    """Gathers which sentences need which leads.

    Args:
        rows: the sentences of all articles; their flags are completed.
        negated: which of them hold a negation.
    """

    def __init__(self, rows: Rows, negated: NDArray[np.bool_]) -> None:
        self._rows = rows
        self._negated = negated
        self._sentences, self._ptr = array("I"), array("I", [0])
        self._starts, self._ends, self._colons = array("I"), array("I"), array("B")

    def add(self, articles: Sequence[Article]) -> None:
        """Find the leads in all articles."""
        flags = np.array(self._rows.flags, np.uint8)
        negated = np.flatnonzero(self._negated & (flags & HEADING > 0))
        owners = np.searchsorted(self._rows.counts, negated, side="right") - 1
        below = self._rows.headless.union(owners.tolist())
        for number in sorted(below | self._rows.colons):
            self._add(number, articles[number], has_headings=number in below)

    def arrays(self) -> dict[str, Array]:
        """Return the arrays of the leads."""
        starts, ends = np.asarray(self._starts), np.asarray(self._ends)
        lengths = ends - starts
        return {
            "lead.sentence": np.asarray(self._sentences),
            "lead.ptr": np.asarray(self._ptr),
            "lead.start": starts,
            "lead.length": lengths.astype(np.min_scalar_type(int(lengths.max(initial=0)))),
            "lead.colon": np.asarray(self._colons),
        }

    def _add(self, number: int, article: Article, *, has_headings: bool) -> None:
        text, flags = text_of(article), self._rows.flags
        places = byte_places(text)
        headings = _headings(article, len(text) - len(article.body)) if has_headings else {}
        rows = range(self._rows.counts[number], self._rows.counts[number + 1])
        body = (row for row in rows if flags[row] & ~LINE == 0)
        for section, members in groupby(body, key=self._rows.sections.__getitem__):
            above = headings.get(section, ())
            if above is None:
                for row in members:
                    flags[row] |= HIDDEN
            else:
                self._add_section(text, list(members), above, places)

    def _add_section(
        self,
        text: str,
        members: list[int],
        headings: tuple[Lead, ...],
        places: NDArray[np.uint32] | None,
    ) -> None:
        starts, ends, flags = self._rows.starts, self._rows.ends, self._rows.flags
        firsts = [place for place, row in enumerate(members) if flags[row] & LINE]
        of_line = [members[a:b] for a, b in zip(firsts, [*firsts[1:], None], strict=True)]
        bounds = [(starts[line[0]], ends[line[-1]]) for line in of_line]
        lines = [
            Line(text[start:end], is_doubtful=bool(self._negated[line[-1]]))
            for (start, end), line in zip(bounds, of_line, strict=True)
        ]
        for line, of, path in zip(lines, of_line, leading_lines(lines), strict=True):
            leads = [*headings, *(Lead(*bounds[at], colon=False) for at in path)]
            if places is not None:
                leads = [Lead(int(places[a]), int(places[b]), colon) for a, b, colon in leads]
            for row in of if leads else ():
                flags[row] |= LED | (ITEM if path and line.is_short else 0)
                self._sentences.append(row)
                self._starts.extend(lead.start for lead in leads)
                self._ends.extend(lead.end for lead in leads)
                self._colons.extend(lead.colon for lead in leads)
                self._ptr.append(len(self._starts))


def _headings(article: Article, body: int) -> dict[int, tuple[Lead, ...] | None]:
    """Return the headings to be kept, by section; None where one does not stand in the text."""
    found: dict[int, tuple[Lead, ...] | None] = {}
    for number, path in enumerate(negated_headings(article.sections)):
        leads = [_heading(article, kept, body) for kept in path]
        whole = tuple(lead for lead in leads if lead is not None)
        found[number] = whole if len(whole) == len(leads) else None
    return found


def _heading(article: Article, number: int, body: int) -> Lead | None:
    section = article.sections[number]
    bare, colon = as_lead(section.heading)
    at = section.start - len(section.heading) - 1
    if not stands_above(section, article.body):
        at = article.body.rfind(bare, 0, section.start)
    return Lead(body + at, body + at + len(bare), bool(colon)) if at >= 0 else None
