"""Which segments are written anew, so that an index that is changed often stays quick.

Every change adds a segment, every deletion leaves a gap in one. Writing segments together costs as
much as indexing their articles, so it is done where it pays: segments of like size are written
together once there are ``FANOUT`` of them, as in a log-structured merge tree (O'Neil et al., 1996).
An article is then rewritten once for each power of ``FANOUT`` in the size of the index.
"""

from collections.abc import Collection, Sequence

FANOUT = 8
"""Segments of like size that are written together. With 8, an index of a million articles has fewer
than 50 segments, and an article is rewritten at most six times in its life."""

MAX_DELETED = 0.33
"""The share of deleted articles at which a segment is written anew: until then they cost
time at every query, from then on writing the others is cheap enough."""


def stale_segments(
    sizes: Sequence[tuple[int, int]], budget: int, full: Collection[int] = ()
) -> list[int]:
    """Return the places of the segments to write anew.

    Args:
        sizes: how many live and how many deleted articles each segment has. One more segment is
            about to be added.
        budget: how many live articles may be written anew; what does not fit waits.
        full: the places of segments that hold nearly as much as one may: they are written anew
            only for their gaps.
    """
    stale = {place for place, (live, deleted) in enumerate(sizes) if _is_hollow(live, deleted)}
    tiers: dict[int, list[int]] = {}
    for place, (live, _) in enumerate(sizes):
        if place not in stale and place not in full:
            tiers.setdefault(_tier(live), []).append(place)
    for places in tiers.values():
        if len(places) >= FANOUT - 1:
            stale.update(places)
    chosen = []
    for place in sorted(stale, key=lambda place: sizes[place][0]):
        budget -= sizes[place][0]
        if budget < 0:
            break
        chosen.append(place)
    return sorted(chosen)


def _is_hollow(live: int, deleted: int) -> bool:
    return not live or deleted / (live + deleted) > MAX_DELETED


def _tier(live: int) -> int:
    tier = 0
    while live >= FANOUT:
        live //= FANOUT
        tier += 1
    return tier
