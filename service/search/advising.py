"""What the editors say to a query, as far as the index has the articles that they name."""

import time
from typing import NamedTuple

from msgspec.structs import replace

from service.search.editorial.advice import Advice
from service.search.options import Options
from service.search.ranking.collector import Placed, Wanted
from service.search.ranking.ranker import Ranker
from service.search.ranking.selection import Place
from service.search.reading.reader import Reading
from service.search.request import SearchRequest, primary
from service.search.response import Notice, Reason
from service.search.understanding import Understanding, Understood

RAISED = 2
"""Articles on help and prevention that stand first beside a notice: enough to be seen, and few
enough that what was asked for is on the screen too (judgement)."""

PINNED_REASON = Reason("pinned", "put first by the editors", 0.0)
RAISED_REASON = Reason("raised", "on help and prevention, beside a notice", 0.0)


class Advised(NamedTuple):
    """What stands beside and above the results of a query.

    Attributes:
        notices: to be shown.
        placed: what stands first, pinned before raised, and what is not found.
        raised: which of what stands first are on help and prevention.
    """

    notices: tuple[Notice, ...]
    placed: Placed
    raised: tuple[Place, ...] = ()


class Advisor:
    """Takes the editors' advice for one generation. Safe to use from several threads."""

    def __init__(self, ranker: Ranker, understanding: Understanding, options: Options) -> None:
        self._ranker = ranker
        self._understanding = understanding
        self._options = options

    def of(self, request: SearchRequest, understood: Understood) -> Advised:
        """Return the advice to a query, which is looked for as it was typed and as it was meant.

        Nothing stands first in an order by day.
        """
        typed, _, reading = understood
        meant = "" if reading is typed else reading.text
        advice = self._options.editorial().advice(typed.text, _language(request, typed), meant)
        first = advice.pinned if request.sort == "relevance" else ()
        placed = self._ranker.placed(first, advice.hidden, request)
        raised = self._raised(advice, request, placed)
        return Advised(advice.notices, placed._replace(pinned=(*placed.pinned, *raised)), raised)

    def _raised(self, advice: Advice, request: SearchRequest, placed: Placed) -> tuple[Place, ...]:
        """Return the best articles on help and prevention that are not pinned or hidden."""
        if not advice.prevention or request.sort != "relevance":
            return ()
        reading = self._understanding.plainly(advice.prevention)
        wanted = Wanted(
            reading.compiled.plan,
            (),
            replace(request, facets=()),
            RAISED,
            time.monotonic() + self._options.seconds,
            placed=Placed(hidden=(*placed.pinned, *placed.hidden)),
        )
        found = self._ranker.rank(wanted).places[:RAISED]
        return tuple(Place(place.segment, place.document, 0.0) for place in found)


def _language(request: SearchRequest, typed: Reading) -> str:
    """Return the language of a query, or the only one in which articles are wanted."""
    wanted = primary(request.language)
    return typed.language or (wanted[0] if len(wanted) == 1 else "")
