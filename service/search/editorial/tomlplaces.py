"""A TOML file that knows on which line each of its values stands, for messages to editors."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

import msgspec

from indexer.errors import EditorialError
from service.search.editorial.complaints import complaint

T = TypeVar("T")

Place = tuple[str | int, ...]
"""The way to a value: names of tables and keys, and the numbers of tables that are repeated."""


class TomlFile:
    """The content of a file, and where it stands."""

    def __init__(self, text: str, name: str) -> None:
        """Read a text; ``name`` is what an error calls its file.

        Raises:
            EditorialError: it is no TOML.
        """
        self._lines = text.split("\n")
        self._name = name
        try:
            self.content: dict[str, Any] = tomllib.loads(text.replace("\r\n", "\n"))
        except tomllib.TOMLDecodeError as error:
            what, _, where = str(error).partition(" (at line ")
            line = where.partition(",")[0]
            number = int(line) if line.isdecimal() else len(self._lines)
            what = _plain(what[:1].lower() + what[1:].rstrip("."))
            raise EditorialError(f"{name}:{number}: {what}.") from error

    def convert(self, value: object, wanted: type[T], place: Place) -> T:
        """Return a value of the file as a type.

        Raises:
            EditorialError: it is none.
        """
        try:
            return msgspec.convert(value, wanted)
        except msgspec.ValidationError as error:
            found = complaint(error, wanted)
            steps = (*found.place, *([found.unknown] if found.unknown else []))
            names = [step for step in steps if isinstance(step, str)]
            raise self.error((*place, *names), found.text) from None

    def convert_each(
        self, raw: Mapping[str, object], wanted: type[dict[str, T]], place: Place
    ) -> dict[str, T]:
        """Return a table of the file, read value by value, so that an error knows the line.

        Raises:
            EditorialError: a value is not what it should be.
        """
        read: dict[str, T] = {}
        for key, value in raw.items():
            read |= self.convert({key: value}, wanted, (*place, key))
        return read

    def error(self, place: Place, message: str, said: str = "") -> EditorialError:
        """Return the error that tells what is wrong at a place.

        Args:
            place: the way there.
            message: what is wrong.
            said: a text that stands there, by which its line is found in a list of many.
        """
        number = self._line(place)
        for at, line in enumerate(self._lines[number - 1 :] if said else (), start=number):
            if f'"{said}"' in line or f"'{said}'" in line:
                number = at
                break
        return EditorialError(f"{self._name}:{number}: {message}.")

    def _line(self, place: Place) -> int:
        """Return the number of the line where a place begins, or what is around it."""
        at = 0
        for step, following in zip(place, (*place, "")[1:], strict=True):
            if isinstance(step, str):
                is_repeated = isinstance(following, int)
                found = list(self._saying(step, at, is_repeated))
                number = following if isinstance(following, int) else 0
                at = found[number] if number < len(found) else at
        return at + 1

    def _saying(self, name: str, start: int, is_repeated: bool) -> Iterator[int]:
        """Yield the lines from ``start`` on that begin a table or a value of a name."""
        written = rf'"?{re.escape(name)}"?'
        one = rf'\[{{1,2}}\s*(?:[\w"-]+\.)*{written}(?:\.[\w"-]+)*\s*\]|{written}\s*[.=]'
        repeated = rf"\[\[{written}\]\]"
        begins = re.compile(rf"\s*(?:{repeated if is_repeated else one})")
        for at, line in enumerate(self._lines[start:], start=start):
            if begins.match(line):
                yield at


def _plain(what: str) -> str:
    """Return what Python's reader of TOML says of a table, without its tuples."""
    found = re.fullmatch(r"cannot declare \((.*)\) twice", what)
    names = re.findall(r"'([^']+)'", found[1]) if found else []
    return f"[{'.'.join(names)}] stands there twice" if names else what
