"""The search engines that are compared, each behind the same small door.

Every engine indexes the same titles and bodies, and stores them. Ours gets a query as a visitor
types it. The others get its words without our stop words, joined with OR over title and body, each
with its own English analyzer; so none of them ranks by words that ours ignores. "All words" is the
same engine given the stop words too, of which tantivy's analyzer drops none and Whoosh's some.

| engine        | words                    | ranking                | snippets of ten hits       |
|---------------|--------------------------|------------------------|----------------------------|
| ours          | its own query language   | all signals            | title and body             |
| ours, BM25F   | the same                 | BM25F, exact total     | the same                   |
| tantivy       | `en_stem`                | BM25, exact total      | `SnippetGenerator`, body   |
| SQLite FTS5   | `porter unicode61`       | `bm25()`               | `snippet()`, body          |
| Xapian        | its English stemmer      | BM25, estimated total  | `MSet.snippet`, body       |
| stock Whoosh  | `StemmingAnalyzer`       | BM25F, exact total     | `Hit.highlights`, body     |

Ours adds facets to that, and sections to the hits.
"""

from importlib.util import find_spec

from tests.bench.engines import over_fts5, over_tantivy, over_whoosh, over_xapian
from tests.bench.engines.base import Engine, Hits, Peer, slug
from tests.bench.engines.ours import OURS, OURS_PLAIN, open_ours

TANTIVY = over_tantivy.PEER.name
WHOOSH = over_whoosh.PEER.name

PEERS = (
    over_tantivy.PEER,
    over_tantivy.ALL_WORDS,
    over_fts5.PEER,
    over_xapian.PEER,
    over_whoosh.PEER,
    over_whoosh.ALL_WORDS,
)

__all__ = [
    "OURS",
    "OURS_PLAIN",
    "PEERS",
    "TANTIVY",
    "WHOOSH",
    "Engine",
    "Hits",
    "Peer",
    "available",
    "open_ours",
    "slug",
]


def available(names: tuple[str, ...] = ()) -> tuple[list[Peer], list[str]]:
    """Return the peers that are installed, and the reasons why the others are left out.

    With ``names``, only these are meant.
    """
    found, missing = [], []
    for peer in PEERS:
        if names and peer.name not in names:
            missing.append(f"{peer.name} is left out: not asked for")
        elif find_spec(peer.package):
            found.append(peer)
        else:
            missing.append(f"{peer.name} is left out: {peer.package} is not installed")
    return found, missing
