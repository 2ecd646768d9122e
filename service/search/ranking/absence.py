"""Words of a query that no article has: a reader should know what the results are not about."""

from collections.abc import Iterator

from service.search.plan import Name, Unit
from service.search.ranking.statistics import Statistics
from service.search.reading.reader import Reading


def absent_words(reading: Reading, statistics: Statistics) -> tuple[str, ...]:
    """Return the words of a query, as typed, that stand in no article under any of their names.

    A name of several words counts as being there. Queries that are more than words side by side
    have none: what they require is in every result.
    """
    first: dict[str, str] = {}
    for word in _absent(reading, statistics):
        first.setdefault(word.lower(), word)
    return tuple(first.values())


def _absent(reading: Reading, statistics: Statistics) -> Iterator[str]:
    said = [word for word in reading.compiled.spoken if word.leaves]
    for word, units in zip(said, reading.words, strict=bool(reading.words)):
        if not any(_is_there(unit, statistics) for unit in units):
            yield word.text


def _is_there(unit: Unit, statistics: Statistics) -> bool:
    if isinstance(unit, Name) or not isinstance(unit, tuple):
        return True
    return any(statistics.runs(leaf.space, leaf.term).frequency > 0 for leaf in unit)
