"""The language that an assistant asks for → the code that articles have."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import msgspec

from indexer.errors import ToolCallError


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    names: dict[str, tuple[str, ...]]


def language_code(text: str) -> str:
    """Return the code of a language: ``es`` for "Spanish", "Español", "spa" and "es-MX".

    Raises:
        ToolCallError: it is neither a code of two or three letters nor a name that is known.
    """
    name = unicodedata.normalize("NFC", text).strip().lower()
    first = re.split("[-_]", name)[0]
    code = _codes().get(name) or _codes().get(first)
    if code is None and not re.fullmatch("[a-z]{2,3}", first):
        raise ToolCallError("language: give a code such as en or es, or leave it out.")
    return code or first


@cache
def _codes() -> Mapping[str, str]:
    content = files(__package__).joinpath("languages.toml").read_bytes()
    named = msgspec.toml.decode(content, type=_File).names
    return {name: code for code, names in named.items() for name in names}
