"""Names of people and topics as metadata gives them, without what is none."""

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import msgspec

LONGEST_NAME = 120
# With the letters, the post and the organisation after it (judgement).
LONGEST_MENTION = 1_000
_BY = re.compile(r"(?:by|por)\s+(?=[^\W\d_])", re.IGNORECASE)
# ", MD, PhD": letters after a name, two of them capitals. A second person has two words.
_LETTERS = re.compile(r"(?:,\s*(?=(?:[\w.-]*[A-Z]){2})[A-Za-z.-]{2,8})+$")
# After a comma another name may follow; a bar, or a full stop after a word, ends a name.
_ENDS = re.compile(r",\s+|\s+\|\s+|(?<=\w{5})\.\s+(?=[^\W\d_])")
_ACCOUNT = re.compile(r"\w*admin|\S+@\S+|@\S+")
_HOST = re.compile(r"[\w-]+(?:\.[a-z][\w-]*)+")


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    accounts: frozenset[str]
    sections: frozenset[str]
    posts: frozenset[str]


def people(names: Iterable[str]) -> tuple[str, ...]:
    """Return names without "by" before and academic letters after them, and without accounts."""
    mentions = (name for name in names if len(name) <= LONGEST_MENTION)
    bare = (_bare(_BY.sub("", name, count=1).strip()) for name in mentions)
    return tuple(dict.fromkeys(name for name in bare if name and not _is_account(name)))


def person(name: str) -> str:
    """Return one name like ``people``, or nothing."""
    return next(iter(people((name,))), "")


def topics(values: Iterable[str]) -> tuple[str, ...]:
    """Return topics without the names of sections that are none."""
    return tuple(
        value
        for value in values
        if value.lower() not in _file().sections and not _HOST.fullmatch(value.lower())
    )


def _bare(name: str) -> str:
    """Return a name without the letters, the post and the organisation after it."""
    words = re.finditer(r"\w+", name)
    post = max((word.start() for word in words if word[0].lower() in _file().posts), default=-1)
    for end in _ENDS.finditer(name):
        is_post = post >= end.end()
        if end.group().strip() != "," or is_post or _HOST.fullmatch(name[end.end() :].lower()):
            return _LETTERS.sub("", name[: end.start()])
    return _LETTERS.sub("", name)


def _is_account(name: str) -> bool:
    lower = name.lower()
    return (
        len(name) > LONGEST_NAME
        or lower.startswith(("http://", "https://"))
        or lower in _file().accounts
        or _ACCOUNT.fullmatch(lower) is not None
    )


@cache
def _file() -> _File:
    raw = files("indexer.extraction").joinpath("names.toml").read_bytes()
    return msgspec.toml.decode(raw, type=_File)
