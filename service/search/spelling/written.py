"""How a term is written in the texts: ``neumonia`` is ``neumonía``."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from indexer.index.analysis import analyzer
from indexer.index.columns.layout import EXACT, FIELDS_OF
from indexer.index.columns.segment import SegmentColumns

MAX_TEXTS = 8
"""Articles of a segment that are looked at."""

_FIELDS = len(FIELDS_OF[EXACT])


def written(segments: Sequence[SegmentColumns], term: str) -> str:
    """Return how most texts write an unstemmed term, in lower case; itself if none shows it.

    Where as many write it with accents as without, it has them.

    Only a term that takes more bytes in some text is looked for: most have no accents.
    """
    found: Counter[str] = Counter()
    for segment in segments:
        number = segment.number(EXACT, term)
        if number is not None and _is_written_otherwise(segment, number, term):
            found.update(_occurrences(segment, number))
    same = [word for word in found if analyzer(EXACT).term(word) == term]
    return max(same, key=lambda word: (found[word], word), default=term)


def _is_written_otherwise(segment: SegmentColumns, number: int, term: str) -> bool:
    sizes = segment.arrays["form.bytes"][segment.forms(EXACT, number)]
    return bool((sizes != len(term.encode())).any())


def _occurrences(segment: SegmentColumns, number: int) -> Iterator[str]:
    """Yield a term as it stands in the first texts of a segment that hold it."""
    arrays = segment.arrays
    ptr, forms = arrays[f"{EXACT}.ptr"], segment.forms(EXACT, number)
    held = arrays[f"{EXACT}.docs"][ptr[number * _FIELDS] : ptr[(number + 1) * _FIELDS]]
    for document in dict.fromkeys(held[:MAX_TEXTS].tolist()):
        first, last = arrays["doc.tokens"][document : document + 2].tolist()
        tokens = arrays["token.form"][first:last]
        starts = np.cumsum(arrays["token.step"][first:last], dtype=np.int64)
        text = int(arrays["doc.text"][document])
        for place in np.isin(tokens, forms).nonzero()[0].tolist():
            start = text + int(starts[place])
            end = start + int(arrays["form.bytes"][tokens[place]])
            yield arrays["text"][start:end].tobytes().decode().lower()
