"""The words that mark what is not article, read from ``boilerplate.toml`` and compiled once."""

import re
from functools import cache, lru_cache
from importlib.resources import files

import msgspec

_PARTS = re.compile(r"[a-z]+|\d+|[A-Z]+(?![a-z])|[A-Z][a-z]+")
# Systems add random digits to ids, and "callout-e2e9d6a3ad" is no "ad".
_RANDOM = re.compile(r"(?<![^\W_])(?=[a-f]*\d+[a-f]+\d)[\da-f]{6,}(?![^\W_])")
# A site uses a few hundred class attributes over and over.
_REMEMBERED_NAMES = 20_000


# What stands around a heading's words.
AROUND_TITLES = " :»›-–—"


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
    calls: _Expressions
    top_lines: _Expressions
    own_titles: _Expressions
    own_praise: _Expressions
    missing_titles: _Expressions


class Patterns(msgspec.Struct, frozen=True):
    """Compiled; names are matched against ``-part-part-`` in lower case.

    ``own_titles`` and ``own_praise`` are matched against lines in which NAME stands for the site's.
    """

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
    calls: re.Pattern[str]
    top_lines: re.Pattern[str]
    missing_titles: re.Pattern[str]
    own_titles: re.Pattern[str]
    own_praise: re.Pattern[str]


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
        calls=_any_expression(read.calls.patterns),
        top_lines=_any_expression(read.top_lines.patterns),
        missing_titles=_any_expression(read.missing_titles.patterns),
        own_titles=_any_expression(read.own_titles.patterns),
        own_praise=_any_expression(read.own_praise.patterns),
    )


@lru_cache(maxsize=_REMEMBERED_NAMES)
def name_parts(attribute: str) -> str:
    """Return the names in an attribute as ``-post-share- -wide-``, without those of a layout."""
    names = []
    for name in attribute.split():
        parts = [part.lower() for part in _PARTS.findall(_RANDOM.sub("", name))]
        if parts and parts[0] not in patterns().layout_prefixes:
            names.append(f"-{'-'.join(parts)}-")
    return " ".join(names)


@lru_cache(maxsize=_REMEMBERED_NAMES)
def names_boilerplate(attribute: str) -> bool:
    """Say whether a class or id attribute names something that is not article."""
    known = patterns()
    return any(
        (found := _last(known.boilerplate, name)) >= 0 and found > _last(known.kept, name)
        for name in name_parts(attribute).split()
    )


def names_elsewhere(title: str) -> bool:
    """Say whether a heading stands above what is not article, or above links to other pages."""
    title = title.strip(AROUND_TITLES)
    known = patterns()
    return bool(known.headings.fullmatch(title) or known.linking_headings.fullmatch(title))


def _last(expression: re.Pattern[str], name: str) -> int:
    """Return where the last match in ``name`` begins, or -1.

    The last word of a compound says what it is: an ``embed-credit`` is a credit, a
    ``related-callout`` a callout.
    """
    start, found = 0, expression.search(name)
    last = -1
    while found:
        last = found.start()
        start = last + 1
        found = expression.search(name, start)
    return last


def _any_name(words: list[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(f"-(?:{'|'.join(re.escape(word) for word in longest_first)})-")


def _any_expression(expressions: list[str]) -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(expressions)})", re.IGNORECASE)
