"""Remembers for a while who searched for what, so that only their clicks count."""

from collections import OrderedDict

LATELY_SECONDS = 600.0
"""For how long a click belongs to a search. Judgement: who comes back later searches again."""

MAX_SEARCHES = 20_000
"""Searches that are remembered; about 12 MB. When there are more, the eldest are forgotten."""


class Lately:
    """The last searches with the hits that were clicked; in memory only.

    Whoever sends clicks for what they never searched for counts nothing, and a hit counts once a
    search: so nobody fills the table or lifts a place by sending clicks.
    """

    def __init__(self, most: int = MAX_SEARCHES) -> None:
        self._most = most
        self._searches: OrderedDict[tuple[bytes, str], tuple[float, set[str]]] = OrderedDict()

    def searched(self, client: bytes, text: str, at: float) -> None:
        """Remember a search."""
        self._searches.pop((client, text), None)
        self._searches[client, text] = at, set()
        if len(self._searches) > self._most:
            self._searches.popitem(last=False)

    def clicked(self, client: bytes, text: str, place: str, now: float) -> bool:
        """Return whether a click at a place counts; the next one at the same place does not."""
        at, places = self._searches.get((client, text), (-LATELY_SECONDS, set()))
        if now - at > LATELY_SECONDS or place in places:
            return False
        places.add(place)
        return True

    def forget(self, now: float) -> None:
        """Forget what is too long ago."""
        while self._searches:
            key, (at, _) = next(iter(self._searches.items()))
            if now - at <= LATELY_SECONDS:
                break
            del self._searches[key]
