"""The language of an article: what the page says, or a careful guess."""

import re
from functools import cache
from importlib.resources import files

import msgspec

from indexer.article import UNDETERMINED

# In running text of either language every fourth word is on the list; a tenth is no accident.
LEAST_SHARE = 0.12
LEAST_HITS = 6
MARGIN = 3.0
# Enough text to be sure, little enough to cost nothing.
SAMPLE_CHARS = 6000
_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_].*)?")
_WORD = re.compile(r"[^\W\d_]+")


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: dict[str, list[str]]


def primary_subtag(*tags: str) -> str:
    """Return the language of the first well-formed tag, ``en`` for ``en-GB``, or nothing."""
    for tag in tags:
        if match := _TAG.fullmatch(tag.strip().partition(",")[0].strip()):
            return match[1].lower()
    return ""


def guess_language(text: str) -> str:
    """Return the language whose function words clearly prevail in ``text``, or ``und``."""
    words = _WORD.findall(text[:SAMPLE_CHARS].lower())
    counts = {
        code: sum(word in known for word in words) for code, known in _function_words().items()
    }
    first, second = sorted(counts, key=lambda code: counts[code], reverse=True)[:2]
    is_sure = (
        counts[first] >= max(LEAST_HITS, LEAST_SHARE * len(words))
        and counts[first] >= MARGIN * counts[second]
    )
    return first if is_sure else UNDETERMINED


@cache
def _function_words() -> dict[str, frozenset[str]]:
    raw = files("indexer.extraction").joinpath("function_words.toml").read_bytes()
    return {
        code: frozenset(words) for code, words in msgspec.toml.decode(raw, type=_File).words.items()
    }
