"""What is wrong with an editor's file, in the words of those who write such files."""

import re
from types import EllipsisType
from typing import NamedTuple

import msgspec
from msgspec import inspect

DAY = "a day such as 2026-03-12"

_NAMED = {
    "array": "a list in square brackets",
    "bool": "true or false",
    "date": "a day",
    "float": "a number",
    "int": "a number",
    "null": "nothing",
    "object": "names with values",
    "str": "text in quotes",
}
_STEP = re.compile(r"\.(?P<name>\w+)|\[(?P<number>\d+)\]|\[\.\.\.\]")

_Step = str | int | EllipsisType
"""A name, the number of an entry, or some key of a table, which msgspec does not tell."""


class Complaint(NamedTuple):
    """What is wrong, and where.

    Attributes:
        place: the way there: names, and the numbers of entries from 0.
        text: what is wrong, without a period.
        unknown: a name that stands at that place and should not.
    """

    place: tuple[str | int, ...]
    text: str
    unknown: str = ""


def complaint(error: msgspec.ValidationError, wanted: object) -> Complaint:
    """Return what msgspec finds wrong with what should be of a type, in plain words."""
    what, _, where = str(error).partition(" - at `")
    is_key = where.startswith("key` in `")
    steps = [_step(found) for found in _STEP.finditer(where)]
    place = tuple(step for step in steps if not isinstance(step, EllipsisType))
    kind = _kind(wanted, steps, is_key=is_key)
    if found := re.fullmatch(r"Object contains unknown field `(.*)`", what):
        return Complaint(place, f"there is no {found[1]!r} here{_known(kind)}", found[1])
    return Complaint(place, _plain(what, kind))


def either(names: tuple[str, ...]) -> str:
    """Return names as a choice: ``a, b or c``."""
    return " or ".join([*([", ".join(names[:-1])] if names[1:] else []), *names[-1:]])


def _step(found: re.Match[str]) -> _Step:
    if found["number"]:
        return int(found["number"])
    return found["name"] or ...


def _plain(what: str, kind: inspect.Type) -> str:
    if "RFC3339" in what or what.startswith("Expected `date"):
        return f"expected {DAY}"
    if found := re.fullmatch(r"Invalid enum value (.*)", what):
        return f"expected {either(_choices(kind))}, found {found[1]}"
    if found := re.fullmatch(r"Object missing required field `(.*)`", what):
        return f"{found[1]} is missing"
    if "matching regex" in what:
        return f"expected {_described(kind)}"
    return _mismatch(what)


def _mismatch(what: str) -> str:
    if found := re.fullmatch(r"Expected `\w+` of length (>=|<=) (\d+)", what):
        is_lower = found[1] == ">="
        return "expected some text" if is_lower else f"expected {found[2]} letters at most"
    if found := re.fullmatch(r"Expected `(\w+)`, got `(\w+)`", what):
        wanted, got = (_NAMED.get(name, name) for name in found.groups())
        return f"expected {wanted}, found {got}"
    return what[:1].lower() + what[1:].replace("`", "")


def _kind(wanted: object, steps: list[_Step], *, is_key: bool) -> inspect.Type:
    """Return the type that is wanted at the end of some steps."""
    kind = inspect.type_info(wanted)
    for step in steps:
        match _bare(kind):
            case inspect.StructType(fields=fields):
                kind = next(each.type for each in fields if each.encode_name == step)
            case inspect.DictType(value_type=inside):
                kind = inside
            case inspect.VarTupleType(item_type=inside) | inspect.ListType(item_type=inside):
                kind = inside
    bare = _bare(kind)
    return bare.key_type if is_key and isinstance(bare, inspect.DictType) else kind


def _bare(kind: inspect.Type) -> inspect.Type:
    return kind.type if isinstance(kind, inspect.Metadata) else kind


def _choices(kind: inspect.Type) -> tuple[str, ...]:
    bare = _bare(kind)
    return tuple(map(str, bare.values)) if isinstance(bare, inspect.LiteralType) else ()


def _described(kind: inspect.Type) -> str:
    schema = (kind.extra_json_schema or {}) if isinstance(kind, inspect.Metadata) else {}
    return str(schema.get("description", "another form"))


def _known(kind: inspect.Type) -> str:
    bare = _bare(kind)
    fields = bare.fields if isinstance(bare, inspect.StructType) else ()
    return f": expected {either(tuple(each.encode_name for each in fields))}" if fields else ""
