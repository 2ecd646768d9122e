"""The admin key: who may start jobs and change articles over the API.

Only the key's SHA-256 digest is kept. A key is random and long, so that a plain digest guards it
as well as a slow one would.
"""

import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from indexer.errors import SettingError

VARIABLE = "HEALTH_SEARCH_ADMIN_KEY"
"""The environment variable with the key. A flag would show it to all who can list processes."""

MIN_CHARS = 16
MAX_CHARS = 500

_HASHED = re.compile(r"sha256:([0-9a-f]{64})")
_KEY = re.compile(rf"[!-~]{{{MIN_CHARS},{MAX_CHARS}}}")
_BEARER = re.compile(r"bearer +([!-~]+) *", re.IGNORECASE)


@dataclass(frozen=True, repr=False)
class AdminKey:
    """A key, known by its digest only."""

    _digest: bytes

    @property
    def hashed(self) -> str:
        """What may stand in place of the key in a file or a variable."""
        return f"sha256:{self._digest.hex()}"

    def admits(self, authorization: str) -> bool:
        """Return whether an ``Authorization`` header shows the key; it takes the same time always.

        A hash in place of the key is none: who reads the file has not got the key.
        """
        match = _BEARER.fullmatch(authorization)
        shown = match[1] if match else ""
        return hmac.compare_digest(_digest(shown), self._digest)


def load_key(environ: Mapping[str, str], file: Path | None) -> AdminKey | None:
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


def make_key() -> tuple[str, AdminKey]:
    """Return a new random key of 256 bits, as text and as the service knows it."""
    text = secrets.token_urlsafe(32)
    return text, AdminKey(_digest(text))


def _parse(text: str, origin: str) -> AdminKey:
    if match := _HASHED.fullmatch(text):
        return AdminKey(bytes.fromhex(match[1]))
    if text.startswith("sha256:") or not _KEY.fullmatch(text):
        raise SettingError(
            f"{origin}: expected an admin key of {MIN_CHARS} to {MAX_CHARS} characters without "
            "white space, or sha256: and 64 hexadecimal digits. `health-search make-key` makes one."
        )
    return AdminKey(_digest(text))


def _digest(text: str) -> bytes:
    return sha256(text.encode()).digest()
