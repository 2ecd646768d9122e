"""The door behind which every compared engine stands."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from tests.bench.corpora import Text

HITS = 10

Words = Callable[[str], list[str]]
"""What an engine is given of a query."""


class Found(NamedTuple):
    """One hit, with its snippet as HTML."""

    id: str
    url: str
    title: str
    score: float
    snippet: str


class Hits(NamedTuple):
    """The best ten.

    Attributes:
        found: the hits, the best first.
        total: how many articles match; None if the engine was not asked.
        ranked: when ranking was done and snippets began (``time.perf_counter``); None if the
            engine does both at once.
    """

    found: list[Found]
    total: int | None
    ranked: float | None


class Engine(Protocol):
    """An open index."""

    def search(self, text: str) -> Hits:
        """Return the best ten articles for a query, with their snippets."""
        ...

    def close(self) -> None:
        """Release the index."""
        ...


@dataclass(frozen=True)
class Peer:
    """Another engine.

    Attributes:
        name: as the tables show it.
        package: what must be importable.
        build: writes an index of texts into an empty folder.
        open: opens it.
        is_slow: whether it is asked only some of the queries.
        variant_of: whose index it opens, if it has none of its own.
        biggest: the most articles of which it is given an index unasked.
    """

    name: str
    package: str
    build: Callable[[Iterable[Text], Path], None]
    open: Callable[[Path], Engine]
    is_slow: bool = False
    variant_of: str = ""
    biggest: int = 1_000_000

    def folder(self, place: Path) -> Path:
        """Return the folder of its index among those of a corpus."""
        return place / slug(self.variant_of or self.name)


def slug(name: str) -> str:
    """Return an engine's name as a folder has it."""
    return name.lower().replace(" ", "-")
