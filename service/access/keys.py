"""Keys: random texts that let a program in, of which only the SHA-256 digest is kept.

A key is 256 random bits, so that a plain digest guards it as well as a slow one would: there is
nothing to guess that is likelier than the rest.
"""

import hmac
import re
import secrets
from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta

Action = Literal["search", "suggest", "index", "admin"]
"""What a key may be for: searches and articles, completions, jobs and changes, everything."""

ACTIONS: tuple[Action, ...] = get_args(Action)

PREFIX = "hs_"
"""How made keys begin, so that people and scanners of secrets recognize one that got about."""

MAX_ORIGINS = 100

_BEARER = re.compile(r"bearer(?: +(.*))?", re.IGNORECASE)

Hash = Annotated[str, Meta(pattern=r"\Asha256:[0-9a-f]{64}\Z")]


class Key(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known of a key.

    Attributes:
        hash: ``sha256:`` and the digest of the key in hexadecimal digits.
        expires: the last day, in UTC, on which it works; none works on.
        origins: of the pages that may use it; with none, any caller may.
        rate_limit: how often, such as ``600/minute``, or ``off``; empty as the setting has it.
    """

    id: Annotated[str, Meta(pattern=r"\A[0-9a-z]{1,32}\Z")]
    name: Annotated[str, Meta(min_length=1, max_length=100)]
    hash: Hash
    actions: Annotated[tuple[Action, ...], Meta(min_length=1)]
    created: date
    expires: date | None = None
    origins: Annotated[tuple[str, ...], Meta(max_length=MAX_ORIGINS)] = ()
    rate_limit: str = ""

    def may(self, action: Action) -> bool:
        """Return whether it is a key for ``action``."""
        return action in self.actions or "admin" in self.actions

    def has_expired(self, today: date) -> bool:
        """Return whether it works no more."""
        return self.expires is not None and today > self.expires

    def is_for(self, origin: str | None) -> bool:
        """Return whether a request from a page of ``origin``, or from no page, may show it."""
        return not self.origins or origin in self.origins


def make_text() -> str:
    """Return a new key: 256 random bits as text."""
    return PREFIX + secrets.token_urlsafe(32)


def new_id() -> str:
    """Return a name for a key that says nothing of it."""
    return secrets.token_hex(4)


def hash_of(text: str) -> str:
    """Return what is kept of a key."""
    return f"sha256:{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def shown_key(authorization: str | None) -> str | None:
    """Return the key that an ``Authorization`` header shows.

    It is empty for a header that is malformed, and none without a header or for another scheme: a
    proxy with a password of its own passes that on, and does not speak to us.
    """
    match = _BEARER.fullmatch(authorization.strip()) if authorization else None
    return (match[1] or "") if match else None


def find(keys: Iterable[Key], text: str) -> Key | None:
    """Return the key that ``text`` is.

    All are compared, each in constant time: how long it takes says nothing of any. A hash in place
    of the key is none: who reads the file has not got the key.
    """
    shown, found = hash_of(text).encode(), None
    for key in keys:
        if hmac.compare_digest(shown, key.hash.encode()):
            found = key
    return found
