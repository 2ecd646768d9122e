"""A file of notices → the notices. What is wrong with it is told with its line."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

import msgspec
from msgspec import Meta

from indexer.errors import EditorialError
from indexer.index.texts import why_unread
from service.search.editorial.complaints import either
from service.search.editorial.hearing import WAYS, Habits, Wording
from service.search.editorial.notices import (
    ANYWHERE,
    PLACEHOLDER,
    Entry,
    Line,
    NoticeBook,
    Severity,
)
from service.search.editorial.patterns import (
    NO_SPELLINGS,
    Pattern,
    PatternError,
    compile_pattern,
    phrases_of,
)
from service.search.editorial.spellings import read_spellings
from service.search.editorial.tomlplaces import Place, TomlFile
from service.search.editorial.words import words_of

ANY = "any"
"""How a file calls the country of lines that are good everywhere."""

MAX_BYTES = 1_000_000
"""Of a file; the shipped one has about a quarter of it."""

Text = Annotated[str, Meta(min_length=1, max_length=500)]
Name = Annotated[
    str,
    Meta(
        pattern=r"^[a-z][a-z0-9-]{0,39}$",
        description="a short name of lower-case letters, digits and hyphens, as in heart-attack",
    ),
]
Language = Annotated[
    str, Meta(pattern=r"^[a-z]{2}$", description="a language of two letters, as in en")
]
Patterns = tuple[Annotated[str, Meta(min_length=1, max_length=800)], ...]

_NUMBER = re.compile(r"[*+]?[0-9](?:[ -]?[0-9])*")
_ADDRESS = re.compile(r"https://[^\s/]+\.[^\s/]+(?:/\S*)?")
_LANGUAGE = re.compile(r"[a-z]{2}")
_BRACED = re.compile(r"\{[^{}]*\}?|\}")
_COUNTRIES = re.compile(rf"{ANY}|[A-Z]{{2}}(?: [A-Z]{{2}})*")


class _Wording(msgspec.Struct, forbid_unknown_fields=True):
    title: Text
    text: Text
    prevention: Annotated[str, Meta(max_length=500)] = ""
    always: Patterns = ()
    phrases: Patterns = ()
    alone: Patterns = ()
    unless: Patterns = ()


class _Notice(msgspec.Struct, forbid_unknown_fields=True):
    kind: Name
    severity: Severity
    lines: tuple[str, ...] = ()


class _File(msgspec.Struct, forbid_unknown_fields=True):
    elsewhere: dict[str, object] = {}
    lines: dict[str, object] = {}
    small: dict[str, object] = {}
    spellings: dict[str, object] = {}
    unless: dict[str, object] = {}
    lists: dict[str, object] = {}
    notice: list[dict[str, object]] = []


def load_notices(path: Path) -> NoticeBook:
    """Return the notices of an operator's file.

    Raises:
        EditorialError: it is malformed, or cannot be read.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        text = content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise EditorialError(f"{path}: {why_unread(error)}.") from error
    if len(content) > MAX_BYTES:
        raise EditorialError(f"{path}: has more than {MAX_BYTES:,} bytes.")
    return read_notices(text, str(path), sha256(content).hexdigest()[:12])


@cache
def shipped_notices() -> NoticeBook:
    """Return the notices as they are shipped."""
    source = files(__package__).joinpath("data", "notices.toml")
    return read_notices(source.read_text(encoding="utf-8"), "notices.toml")


def read_notices(text: str, name: str, edition: str = "") -> NoticeBook:
    """Return the notices of a file's text.

    Args:
        text: of the file.
        name: what an error calls it.
        edition: tells it from others; empty for the shipped one.

    Raises:
        EditorialError: it is malformed.
    """
    return _Reader(TomlFile(text, name)).read(edition)


class _Reader:
    """Reads one file."""

    def __init__(self, file: TomlFile) -> None:
        self._file = file
        self._content = content = file.convert(file.content, _File, ())
        self._by_kind = file.convert_each(content.lines, dict[Name, dict[str, object]], ("lines",))
        self._elsewhere = file.convert_each(content.elsewhere, dict[Language, Text], ("elsewhere",))
        self._small = file.convert_each(content.small, dict[Language, Patterns], ("small",))
        self._unless = file.convert_each(content.unless, dict[Language, Patterns], ("unless",))
        tables = file.convert_each(
            content.spellings, dict[Language, dict[str, object]], ("spellings",)
        )
        self._spellings = {
            language: read_spellings(file, table, ("spellings", language))
            for language, table in tables.items()
        }
        self._lists: dict[str, list[str]] = {}
        for name, texts in file.convert_each(
            content.lists, dict[str, Patterns], ("lists",)
        ).items():
            self._lists[name] = list(self._phrases(texts, ("lists", name)))

    def read(self, edition: str) -> NoticeBook:
        """Return the notices of the file."""
        if not self._content.notice:
            raise self._file.error((), "expected a notice, as in [[notice]]")
        entries = [self._entry(number, raw) for number, raw in enumerate(self._content.notice)]
        languages = {language for entry in entries for language in entry.wordings}
        kinds = [entry.kind for entry in entries]
        for number, kind in enumerate(kinds):
            if kind in kinds[:number]:
                raise self._file.error(("notice", number), f"there are two notices {kind!r}")
        lines = {
            kind: MappingProxyType(dict(self._lines(kind, by_country, languages)))
            for kind, by_country in self._by_kind.items()
        }
        for language, text in self._elsewhere.items():
            self._check_braces(text, ("elsewhere", language))
        for language in sorted(languages - self._elsewhere.keys()):
            message = f"expected {language} = what is called where no country is set"
            raise self._file.error(("elsewhere",), message)
        habits = {language: self._habits(language) for language in sorted(languages)}
        return NoticeBook(entries, lines, self._elsewhere, edition, habits)

    def _habits(self, language: str) -> Habits:
        patterns = self._patterns(self._unless.get(language, ()), ("unless", language), language)
        return Habits(self._spellings.get(language, NO_SPELLINGS), tuple(patterns))

    def _entry(self, number: int, raw: dict[str, object]) -> Entry:
        place: Place = ("notice", number)
        names = _Notice.__struct_fields__
        wordings = {key: value for key, value in raw.items() if key not in names}
        for key in wordings:
            if not _LANGUAGE.fullmatch(key):
                choice = either((*names, "a language such as en"))
                raise self._file.error(
                    (*place, key), f"there is no {key!r} here: expected {choice}"
                )
        known = {key: value for key, value in raw.items() if key in names}
        notice = self._file.convert(known, _Notice, place)
        if not wordings:
            raise self._file.error(
                place, f"expected the notice in a language, as in [{place[0]}.en]"
            )
        for line in notice.lines:
            if line not in self._by_kind:
                raise self._file.error((*place, "lines"), f"there are no lines {line!r}")
        return Entry(
            notice.kind,
            notice.severity,
            notice.lines,
            {key: self._wording(value, (*place, key)) for key, value in wordings.items()},
        )

    def _wording(self, raw: object, place: Place) -> Wording:
        found = self._file.convert(raw, _Wording, place)
        self._check_braces(found.title, (*place, "title"))
        self._check_braces(found.text, (*place, "text"), PLACEHOLDER)
        language = str(place[-1])
        lists = {
            name: tuple(self._patterns(getattr(found, name), (*place, name), language))
            for name in WAYS
        }
        wording = Wording(found.title, found.text, found.prevention, **lists)
        if not any(True for _ in wording.patterns()):
            raise self._file.error(place, "expected a pattern in always, phrases or alone")
        return wording

    def _patterns(self, texts: Patterns, place: Place, language: str) -> Iterator[Pattern]:
        small = words_of(" ".join(self._small.get(language, ())))
        spellings = self._spellings.get(language, NO_SPELLINGS)
        for text in texts:
            try:
                yield compile_pattern(text, self._lists, small, spellings)
            except PatternError as error:
                raise self._file.error(place, f"{error}, in {text!r}", said=text) from None

    def _phrases(self, texts: Patterns, place: Place) -> Iterator[str]:
        """Yield the phrases of a list, those of lists above it that it names included."""
        for text in texts:
            try:
                compile_pattern(f"({text})", self._lists)
                yield from phrases_of(text, self._lists)
            except PatternError as error:
                raise self._file.error(place, f"{error}, in {text!r}", said=text) from None

    def _check_braces(self, text: str, place: Place, known: str = "") -> None:
        """Refuse what looks like a placeholder and would be shown as it stands."""
        for found in _BRACED.findall(text):
            if found != known:
                may = f"a text may have {PLACEHOLDER}" if known else "expected no braces here"
                raise self._file.error(place, f"there is no {found}: {may}")

    def _lines(
        self, kind: str, by_country: Mapping[str, object], languages: set[str]
    ) -> Iterator[tuple[str, Line]]:
        """Yield the lines of a kind with the countries that they are for."""
        for countries, raw in by_country.items():
            place = ("lines", kind, countries)
            values = self._file.convert(raw, dict[str, Text], place)
            if not _COUNTRIES.fullmatch(countries):
                message = f"expected countries, as in US or GB IE, or {ANY}, found {countries!r}"
                raise self._file.error(place, message)
            for country in countries.split():
                yield (
                    (ANYWHERE if country == ANY else country),
                    self._line(values, languages, place),
                )

    def _line(self, values: Mapping[str, str], languages: set[str], place: Place) -> Line:
        for language in sorted(languages - values.keys()):
            raise self._file.error(place, f"expected a label: {language} = …")
        for key in sorted(values.keys() - languages - {"call", "web"}):
            raise self._file.error(place, f"expected call, web and languages, found {key!r}")
        labels = {language: values[language] for language in languages}
        for label in labels.values():
            self._check_braces(label, place)
        number, address = values.get("call", ""), values.get("web", "")
        if bool(number) == bool(address):
            raise self._file.error(place, "expected a number to call or a page on the web")
        if number and not _NUMBER.fullmatch(number):
            raise self._file.error(place, f"expected a number, as in 116 123, found {number!r}")
        if address and not _ADDRESS.fullmatch(address):
            raise self._file.error(place, f"expected an https address, found {address!r}")
        href = f"tel:{re.sub('[ -]', '', number)}" if number else address
        return Line(number or address, href, labels)
