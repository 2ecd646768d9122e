"""SQLite's full-text index, which is written in C."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from tests.bench.corpora import Text
from tests.bench.engines.base import HITS, Engine, Found, Hits, Peer
from tests.bench.queries import content_words

_FILE = "fts5.sqlite"
_CREATE = (
    "create virtual table articles using fts5("
    "id unindexed, url unindexed, title, body, tokenize='porter unicode61')"
)
_SEARCH = (
    "select id, url, title, -bm25(articles), snippet(articles, 3, '<b>', '</b>', '…', 32) "
    "from articles where articles match ? order by rank limit ?"
)


def build(texts: Iterable[Text], folder: Path) -> None:
    """Write an index, merged into one piece at the end."""
    connection = sqlite3.connect(folder / _FILE)
    connection.execute(_CREATE)
    rows = ((text.id, text.url, text.title, text.body) for text in texts)
    connection.executemany("insert into articles values (?, ?, ?, ?)", rows)
    connection.execute("insert into articles(articles) values ('optimize')")
    connection.commit()
    connection.close()


class Fts5Engine:
    """``bm25()`` and ``snippet()`` in one statement; the total would be another one."""

    def __init__(self, folder: Path) -> None:
        self._connection = sqlite3.connect(f"file:{folder / _FILE}?mode=ro", uri=True)

    def search(self, text: str) -> Hits:
        """Return the best ten articles for a query, with their snippets."""
        match = " OR ".join(f'"{word}"' for word in content_words(text))
        rows = self._connection.execute(_SEARCH, (match, HITS)) if match else ()
        return Hits([Found(*row) for row in rows], None, None)

    def close(self) -> None:
        """Release the index."""
        self._connection.close()


def open_index(folder: Path) -> Engine:
    """Open the index in a folder."""
    return Fts5Engine(folder)


PEER = Peer("SQLite FTS5", "sqlite3", build, open_index, is_slow=True)
