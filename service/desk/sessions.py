"""Who is signed in at the desk: a book that all processes of the service share.

A session is a random token, which only the browser's cookie holds. The book has its SHA-256 beside
the key that it was opened with: who reads the book, or the file with the hashed keys, cannot sign
in with what stands there. (A cookie signed with a key's hash could be forged by who reads the
hash; one signed with a secret of a process would end with it, and could not be ended before.)
"""

import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from indexer.index.database import Database

BOOK = "desk.db"

SECONDS = 12 * 3600
"""How long a session lasts at most: a working day, so that nobody signs in twice a day."""

MAX_TOKEN_CHARS = 100

_SCHEMA = """
CREATE TABLE IF NOT EXISTS sessions (
    token BLOB PRIMARY KEY,
    key TEXT NOT NULL,
    expires_at REAL NOT NULL
) WITHOUT ROWID;
"""


@dataclass(frozen=True, repr=False)
class Session:
    """A session: the token of its cookie, and the name of the key that opened it."""

    token: str
    key: str

    @property
    def form_token(self) -> str:
        """What every form of this session brings back: another site cannot know it."""
        return hmac.digest(self.token.encode(), b"form", "sha256").hex()

    def admits(self, shown: str) -> bool:
        """Return whether a form brings this session's token; it takes the same time always."""
        return hmac.compare_digest(shown.encode(), self.form_token.encode())


class SessionBook:
    """The sessions of one index folder, in a file of it. Any process may write at any time."""

    def __init__(self, folder: Path, now: Callable[[], float] = time.time) -> None:
        # A short key that somebody made up could be found out from its hash.
        self._db = Database(folder / BOOK, _SCHEMA, 0o600)
        self._now = now

    def open(self, key: str) -> Session:
        """Begin a session with a key, and forget those that have run out.

        Raises:
            IndexUnwritable: the book cannot be written.
        """
        token, now = secrets.token_urlsafe(32), self._now()
        with self._db.writing() as db:
            db.execute("DELETE FROM sessions WHERE expires_at <= ?", (now,))
            db.execute(
                "INSERT INTO sessions VALUES (?, ?, ?)", (_digest(token), key, now + SECONDS)
            )
        return Session(token, key)

    def find(self, token: str) -> Session | None:
        """Return the session of a token unless it is over, or never was.

        Raises:
            IndexUnwritable: the book cannot be read.
        """
        if not 0 < len(token) <= MAX_TOKEN_CHARS:
            return None
        query = "SELECT key FROM sessions WHERE token = ? AND expires_at > ?"
        with self._db.reading() as db:
            row = db.execute(query, (_digest(token), self._now())).fetchone()
        return Session(token, row[0]) if row else None

    def close(self, session: Session) -> None:
        """End a session; whoever has its cookie is signed out.

        Raises:
            IndexUnwritable: the book cannot be written.
        """
        with self._db.writing() as db:
            db.execute("DELETE FROM sessions WHERE token = ?", (_digest(session.token),))


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()
