"""What a query is counted under, and which queries are never kept, however many ask them."""

import re
import unicodedata

from service.search.reading.query import normalize

MAX_CHARS = 60
"""Longer queries tell a story, and stories are somebody's. Judgement: some nine words."""

CUT_CHARS = MAX_CHARS + 1
"""What is remembered of a longer query: enough to see that it is longer."""

_QUOTES = str.maketrans(dict.fromkeys('"“”„‟«»＂'))
_EDGES = " '’?!¿¡.,;:*~()[]+-…"

_PRIVATE = re.compile(
    r"""
      [@＠]                                       # an address, a handle
    | :// | \bwww\.                               # a link
    | [^\W\d_]{2,}\.[^\W\d_]{2,}                  # a site; not "e.coli"
    | \d{6}                                     # a telephone, insurance or file number,
    | \d (?:[\s./()+-]*\d){6}                    # however it is grouped
    | \b\d\d (?:[\s./-]\d\d){2}
    | \d{1,4} [./-] \d{1,2} [./-] \d{1,4}         # a date, as of a birth
    """,
    re.VERBOSE,
)
"""What is likely to be a person's data. Six digits in a row are more than doses, years and US
postcodes have, and fewer than numbers of passports, insurances and telephones; of numbers side by
side, as in "b12 1000 mcg", it takes one more. Judgement."""


def normal_form(query: str) -> str:
    """Return what a query is counted under: lower case, NFC, one line, no quotes, accents kept.

    What stands at its ends and is no word goes, so that "gout" and "Gout?" are one. A query longer
    than ``MAX_CHARS`` is cut to ``CUT_CHARS``; one without a word gives an empty text.
    """
    text = normalize(query.translate(_QUOTES)).lower().strip(_EDGES)
    return unicodedata.normalize("NFC", text)[:CUT_CHARS]


def may_be_kept(text: str) -> bool:
    """Return whether a normal form may ever be written down."""
    return 0 < len(text) <= MAX_CHARS and not _PRIVATE.search(text)
