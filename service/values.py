"""What a setting's value may be: each function reads one from text, or says what is expected.

All raise ``ValueError`` with what was expected, for ``service.settings`` to say of which setting.
"""

import math
import shlex
from collections.abc import Callable
from pathlib import Path


def whole(low: int, high: int) -> Callable[[str], int]:
    """Return a parser of whole numbers within bounds."""

    def parse(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
            raise ValueError(f"expected a whole number from {low} to {high}")
        return int(text)

    return parse


def seconds(text: str) -> float:
    """Parse a number of seconds."""
    message = "expected a number of seconds above 0, at most 3600"
    try:
        value = float(text)
    except ValueError:
        raise ValueError(message) from None
    if math.isnan(value) or not 0 < value <= 3600:
        raise ValueError(message)
    return value


def one_of(*choices: str) -> Callable[[str], str]:
    """Return a parser of one of some words."""

    def parse(text: str) -> str:
        if text.lower() not in choices:
            raise ValueError(f"expected one of {', '.join(choices)}")
        return text.lower()

    return parse


def line(text: str) -> str:
    """Parse some text on one line."""
    if not text.strip() or not text.isprintable():
        raise ValueError("expected some text on one line")
    return text.strip()


def folder(text: str) -> Path:
    """Parse the path of a folder."""
    return Path(line(text)).expanduser()


def words(text: str) -> tuple[str, ...]:
    """Parse words with white space between them; each counts once."""
    return tuple(dict.fromkeys(text.split()))


def flags(text: str) -> str:
    """Check flags as on a command line."""
    try:
        shlex.split(text)
    except ValueError:
        raise ValueError("expected flags as on a command line") from None
    return text.strip()


def file(text: str) -> Path | None:
    """Parse the path of a file; empty for none."""
    return folder(text) if text else None


def switch(text: str) -> bool:
    """Parse on or off."""
    if text.lower() not in ("on", "off"):
        raise ValueError("expected on or off")
    return text.lower() == "on"


def country_code(text: str) -> str:
    """Parse the code of a country, by ISO 3166-1; nothing is none.

    "UK", which ISO 3166 holds in reserve, stands for GB.
    """
    code = text.strip().upper()
    if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise ValueError("expected two letters, as in US, GB or ES")
    return "GB" if code == "UK" else code
