"""Queries that leave something out, without Whoosh's slip."""

from typing import Any

from whoosh.matching.binary import AndNotMatcher
from whoosh.matching.mcore import Matcher
from whoosh.query.compound import AndNot


class _Excluding(AndNotMatcher):
    """Whoosh's matcher, which forgets to move what is excluded up to its first match.

    With the first match at document 3, and the excluded word in documents 0 and 3, it offers 3.
    """

    def _find_first(self) -> None:
        if self.a.is_active() and self.b.is_active():
            self._find_next()  # type: ignore[no-untyped-call]


class Excluding(AndNot):
    """Matches what the first query matches and the second does not."""

    def matcher(self, searcher: Any, context: Any = None) -> Matcher:
        """Return what matches in a segment."""
        wanted = self.a.matcher(searcher, context)
        unwanted = self.b.matcher(searcher, searcher.boolean_context())
        matcher: Matcher = _Excluding(wanted, unwanted)  # type: ignore[no-untyped-call]
        return matcher
