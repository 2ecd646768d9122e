"""The two ways in which an address gives no page."""


class Trouble(Exception):
    """An address that should be read and cannot be now; the text says why.

    Attributes:
        away: the server does not serve us at all (no answer, 403, 429, 5xx), so that the next
            page will hardly fare better.
        again: it may be asked again after a pause.
    """

    def __init__(self, reason: str, *, away: bool = False, again: bool = False) -> None:
        super().__init__(reason)
        self.away = away
        self.again = again


class NotWanted(Exception):
    """An address that is not to be read, now or later; the text says why."""
