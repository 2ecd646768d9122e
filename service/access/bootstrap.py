"""The admin key of the environment: it may do everything, and makes a service that has no others.

It is given as text or as its hash, in a variable or a file; the service keeps the hash only.
"""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from indexer.errors import SettingError
from service.access.keys import Key, hash_of, make_text

VARIABLE = "HEALTH_SEARCH_ADMIN_KEY"
"""The environment variable with the key. A flag would show it to all who can list processes."""

MIN_CHARS = 16
MAX_CHARS = 500

ADMIN = "admin"
"""The id of the key, in logs and counters."""

_HASH = re.compile(r"sha256:[0-9a-f]{64}")
_KEY = re.compile(rf"[!-~]{{{MIN_CHARS},{MAX_CHARS}}}")


def load_admin_key(environ: Mapping[str, str], file: Path | None) -> Key | None:
    """Read the key from its variable, or else from the first line of its file.

    Raises:
        SettingError: there is no usable key there. The message does not hold what is.
    """
    if (text := environ.get(VARIABLE)) is not None:
        return _parse(text.strip(), VARIABLE)
    if file is None:
        return None
    try:
        with file.open(encoding="ascii", errors="replace") as lines:
            return _parse(lines.readline(MAX_CHARS + 2).strip(), str(file))
    except OSError as error:
        raise SettingError(f"{file}: the admin key cannot be read: {error.strerror}.") from None


def make_admin_key() -> tuple[str, Key]:
    """Return a new random key, as text and as the service knows it."""
    text = make_text()
    return text, _admin_key(hash_of(text))


def _parse(text: str, origin: str) -> Key:
    if _HASH.fullmatch(text):
        return _admin_key(text)
    if text.startswith("sha256:") or not _KEY.fullmatch(text):
        raise SettingError(
            f"{origin}: expected an admin key of {MIN_CHARS} to {MAX_CHARS} characters without "
            "white space, or sha256: and 64 hexadecimal digits. `health-search make-key` makes one."
        )
    return _admin_key(hash_of(text))


def _admin_key(hashed: str) -> Key:
    return Key(id=ADMIN, name=ADMIN, hash=hashed, actions=("admin",), created=date.min)
