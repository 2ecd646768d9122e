"""The words that mark what is not article, read from ``boilerplate.toml`` and compiled once."""

import re
from functools import cache, lru_cache
from importlib.resources import files

import msgspec

_PARTS = re.compile(r"[a-z]+|\d+|[A-Z]+(?![a-z])|[A-Z][a-z]+")
# A site uses a few hundred class attributes over and over.
_REMEMBERED_NAMES = 20_000


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    names: list[str]


class _Layout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    layout: list[str]


class _Expressions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    patterns: list[str]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    names: dict[str, list[str]]
    kept: _Words
    prefixes: _Layout
    panels: _Words
    unseen: _Words
    headings: _Expressions
    linking_headings: _Expressions
    advert_labels: _Expressions
    lines: _Expressions


class Patterns(msgspec.Struct, frozen=True):
    """Compiled; names are matched against ``-part-part-`` in lower case."""

    boilerplate: re.Pattern[str]
    kept: re.Pattern[str]
    by_others: re.Pattern[str]
    panels: re.Pattern[str]
    unseen: re.Pattern[str]
    layout_prefixes: frozenset[str]
    headings: re.Pattern[str]
    linking_headings: re.Pattern[str]
    advert_labels: re.Pattern[str]
    lines: re.Pattern[str]


@cache
def patterns() -> Patterns:
    """Return the patterns of this package's data file."""
    raw = files("indexer.extraction").joinpath("boilerplate.toml").read_bytes()
    return compile_patterns(raw)


def compile_patterns(raw: bytes) -> Patterns:
    """Return the patterns in ``raw``, a TOML document.

    Raises:
        msgspec.ValidationError: a table is missing, unknown or of another type.
        re.error: an expression is malformed.
    """
    read = msgspec.toml.decode(raw, type=_File)
    everything = [word for words in read.names.values() for word in words]
    return Patterns(
        boilerplate=_any_name(everything),
        kept=_any_name(read.kept.names),
        by_others=_any_name([*read.names["talk"], *read.names["related"]]),
        panels=_any_name(read.panels.names),
        unseen=_any_name(read.unseen.names),
        layout_prefixes=frozenset(read.prefixes.layout),
        headings=_any_expression(read.headings.patterns),
        linking_headings=_any_expression(read.linking_headings.patterns),
        advert_labels=_any_expression(read.advert_labels.patterns),
        lines=_any_expression(read.lines.patterns),
    )


@lru_cache(maxsize=_REMEMBERED_NAMES)
def name_parts(attribute: str) -> str:
    """Return the names in an attribute as ``-post-share- -wide-``, without those of a layout."""
    names = []
    for name in attribute.split():
        parts = [part.lower() for part in _PARTS.findall(name)]
        if parts and parts[0] not in patterns().layout_prefixes:
            names.append(f"-{'-'.join(parts)}-")
    return " ".join(names)


@lru_cache(maxsize=_REMEMBERED_NAMES)
def names_boilerplate(attribute: str) -> bool:
    """Say whether a class or id attribute names something that is not article."""
    known = patterns()
    return any(
        known.boilerplate.search(name) and not known.kept.search(name)
        for name in name_parts(attribute).split()
    )


def _any_name(words: list[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(f"-(?:{'|'.join(re.escape(word) for word in longest_first)})-")


def _any_expression(expressions: list[str]) -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(expressions)})", re.IGNORECASE)
