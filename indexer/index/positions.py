"""How the positions of a word are kept in Whoosh's postings: as small numbers, not as pickles."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.formats import Positions

_LIMITS = (1 << 7, 1 << 14, 1 << 21, 1 << 28)
"""From each of these numbers on, a byte more is needed: seven bits of a number go into each."""


class CompactPositions(Positions):
    """Whoosh's positions, each as its distance from the one before, in as few bytes as it needs.

    The lowest seven bits come first; a byte above 127 says that more follow (LEB128). Whoosh's own
    format takes six times the space.
    """

    def encode(self, poslist: Iterable[int]) -> bytes:
        """Return the bytes for the positions of a word in a document."""
        positions = np.array(sorted(poslist), np.int64)
        return encode(np.diff(positions, prepend=0).astype(np.uint32))[0]

    def decode_positions(self, valuestring: bytes) -> list[int]:
        """Return the positions."""
        positions: list[int] = []
        position = shift = 0
        for byte in valuestring:
            position += (byte & 127) << shift
            if byte < 128:
                positions.append(position)
                shift = 0
            else:
                shift += 7
        return positions

    def decode_frequency(self, valuestring: bytes) -> int:
        """Return how many positions there are."""
        return sum(byte < 128 for byte in valuestring)

    def decode_weight(self, valuestring: bytes) -> float:
        """Return the weight of so many occurrences."""
        return float(self.decode_frequency(valuestring) * self.field_boost)

    def decode_position_boosts(self, valuestring: bytes) -> list[tuple[int, Any]]:
        """Return the positions, none of which weighs more than another."""
        return [(position, 1) for position in self.decode_positions(valuestring)]


def encode(distances: NDArray[np.uint32]) -> tuple[bytes, NDArray[np.int64]]:
    """Return the bytes of numbers below 2^32, one after the other, and where each begins."""
    sizes = np.ones(len(distances), np.int64)
    for limit in _LIMITS:
        sizes += distances >= limit
    ends = np.cumsum(sizes)
    begins = ends - sizes
    encoded = np.empty(int(sizes.sum()), np.uint8)
    for number in range(len(_LIMITS) + 1):
        having = slice(None) if number == 0 else np.flatnonzero(sizes > number)
        last = (sizes[having] == number + 1).astype(np.uint8)
        bits = (distances[having] >> np.uint32(7 * number) & 127).astype(np.uint8)
        encoded[begins[having] + number] = bits | (1 - last) << 7
    return encoded.tobytes(), begins
