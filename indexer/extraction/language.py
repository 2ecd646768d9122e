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
# A declared language is disbelieved below this share of its function words: templates keep theirs
# on translated pages. Of 10,494 English records of MedQuAD with 100 words or more the lowest share
# is 0.02, of texts in other languages than the declared one (six real pages) the highest 0.0025.
FOREIGN_SHARE = 0.005
FOREIGN_WORDS = 100
_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_].*)?")
_WORD = re.compile(r"[^\W\d_]+")


class _Names(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    names: dict[str, list[str]]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: dict[str, list[str]]


def primary_subtag(*tags: str) -> str:
    """Return the language of the first tag that is one, ``en`` for ``en-GB``, or nothing.

    A language's name and its three-letter code stand for its two-letter code: ``en`` for "English"
    and "eng".
    """
    for tag in tags:
        first = tag.strip().partition(",")[0].strip().lower()
        name = first.partition("(")[0].strip()
        if code := _codes().get(name) or _codes().get(re.split("[-_]", name)[0]):
            return code
        if match := _TAG.fullmatch(first):
            return match[1]
    return ""


def settled_language(declared: str, text: str) -> str:
    """Return the declared language unless ``text`` is clearly not in it; without one, a guess."""
    return guess_language(text) if not declared or _is_foreign(declared, text) else declared


def _is_foreign(declared: str, text: str) -> bool:
    known = _function_words().get(declared)
    words = _words(text)
    if known is None or len(words) < FOREIGN_WORDS:
        return False
    return sum(map(known.__contains__, words)) < FOREIGN_SHARE * len(words)


def guess_language(text: str) -> str:
    """Return the language whose function words clearly prevail in ``text``, or ``und``."""
    words = _words(text)
    counts = {
        code: sum(map(known.__contains__, words)) for code, known in _function_words().items()
    }
    first, second = sorted(counts, key=lambda code: counts[code], reverse=True)[:2]
    is_sure = (
        counts[first] >= max(LEAST_HITS, LEAST_SHARE * len(words))
        and counts[first] >= MARGIN * counts[second]
    )
    return first if is_sure else UNDETERMINED


def _words(text: str) -> list[str]:
    return _WORD.findall(text[:SAMPLE_CHARS].lower())


@cache
def _codes() -> dict[str, str]:
    raw = files("indexer.extraction").joinpath("language_names.toml").read_bytes()
    named = msgspec.toml.decode(raw, type=_Names).names
    return {name: code for code, names in named.items() for name in names}


@cache
def _function_words() -> dict[str, frozenset[str]]:
    raw = files("indexer.extraction").joinpath("function_words.toml").read_bytes()
    return {
        code: frozenset(words) for code, words in msgspec.toml.decode(raw, type=_File).words.items()
    }
