"""A file of notices → the notices. What is wrong with it is told with its line."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

import msgspec
from msgspec import Meta

from indexer.errors import EditorialError
from service.search.editorial.notices import ANYWHERE, Entry, Line, NoticeBook, Severity, Wording
from service.search.editorial.patterns import Pattern, PatternError, compile_pattern, phrases_of
from service.search.editorial.tomlplaces import Place, TomlFile
from service.search.editorial.words import words_of

ANY = "any"
"""How a file calls the country of lines that are good everywhere."""

MAX_BYTES = 1_000_000
"""Of a file; the shipped one has less than a tenth of it."""

Text = Annotated[str, Meta(min_length=1, max_length=500)]
Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]
Language = Annotated[str, Meta(pattern=r"^[a-z]{2}$")]
Patterns = tuple[Annotated[str, Meta(min_length=1, max_length=300)], ...]

_NUMBER = re.compile(r"[*+]?[0-9](?:[ -]?[0-9])*")
_ADDRESS = re.compile(r"https://[^\s/]+\.[^\s/]+(?:/\S*)?")
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
    languages: dict[Language, object] = {}


class _File(msgspec.Struct, forbid_unknown_fields=True):
    notice: list[dict[str, object]]
    lines: dict[Name, dict[str, dict[str, Text]]] = {}
    lists: dict[str, Patterns] = {}
    elsewhere: dict[Language, Text] = {}
    small: dict[Language, Patterns] = {}


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
        raise EditorialError(f"{path}: cannot be read as UTF-8: {error}.") from error
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
        self._content = file.convert(file.content, _File, ())
        self._lists: dict[str, list[str]] = {}
        for name, texts in self._content.lists.items():
            self._lists[name] = list(self._phrases(texts, ("lists", name)))

    def read(self, edition: str) -> NoticeBook:
        """Return the notices of the file."""
        entries = [self._entry(number, raw) for number, raw in enumerate(self._content.notice)]
        languages = {language for entry in entries for language in entry.wordings}
        kinds = [entry.kind for entry in entries]
        for number, kind in enumerate(kinds):
            if kind in kinds[:number]:
                raise self._file.error(("notice", number), f"there are two notices {kind!r}")
        lines = {
            kind: MappingProxyType(dict(self._lines(kind, by_country, languages)))
            for kind, by_country in self._content.lines.items()
        }
        for language in sorted(languages - self._content.elsewhere.keys()):
            message = f"expected {language} = what is called where no country is set"
            raise self._file.error(("elsewhere",), message)
        return NoticeBook(entries, lines, self._content.elsewhere, edition)

    def _entry(self, number: int, raw: dict[str, object]) -> Entry:
        place: Place = ("notice", number)
        names = set(_Notice.__struct_fields__) - {"languages"}
        wordings = {key: value for key, value in raw.items() if key not in names}
        known = {key: value for key, value in raw.items() if key in names}
        notice = self._file.convert({**known, "languages": wordings}, _Notice, place)
        if not wordings:
            raise self._file.error(
                place, f"expected the notice in a language, as in [{place[0]}.en]"
            )
        for line in notice.lines:
            if line not in self._content.lines:
                raise self._file.error((*place, "lines"), f"there are no lines {line!r}")
        return Entry(
            notice.kind,
            notice.severity,
            notice.lines,
            {key: self._wording(value, (*place, key)) for key, value in wordings.items()},
        )

    def _wording(self, raw: object, place: Place) -> Wording:
        found = self._file.convert(raw, _Wording, place)
        small = words_of(" ".join(self._content.small.get(str(place[-1]), ())))
        lists = {
            name: tuple(self._patterns(getattr(found, name), (*place, name), small))
            for name in ("always", "phrases", "alone", "unless")
        }
        wording = Wording(found.title, found.text, found.prevention, **lists)
        if not any(True for _ in wording.patterns()):
            raise self._file.error(place, "expected a pattern in always, phrases or alone")
        return wording

    def _patterns(self, texts: Patterns, place: Place, small: Sequence[str]) -> Iterator[Pattern]:
        for text in texts:
            try:
                yield compile_pattern(text, self._lists, small)
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

    def _lines(
        self, kind: str, by_country: Mapping[str, Mapping[str, str]], languages: set[str]
    ) -> Iterator[tuple[str, Line]]:
        """Yield the lines of a kind with the countries that they are for."""
        for countries, values in by_country.items():
            place = ("lines", kind, countries)
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
        number, address = values.get("call", ""), values.get("web", "")
        if bool(number) == bool(address):
            raise self._file.error(place, "expected a number to call or a page on the web")
        if number and not _NUMBER.fullmatch(number):
            raise self._file.error(place, f"expected a number, as in 116 123, found {number!r}")
        if address and not _ADDRESS.fullmatch(address):
            raise self._file.error(place, f"expected an https address, found {address!r}")
        href = f"tel:{re.sub('[ -]', '', number)}" if number else address
        return Line(number or address, href, labels)
