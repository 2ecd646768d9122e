"""The judged sets: the project's own on ``corpus/``, and those of the development data."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from service.search.measuring.judgements import (
    QRELS,
    QUERIES,
    JudgedQuery,
    Query,
    read_judged,
    read_queries,
)
from tests.bench.places import ROOT, data_folder

OWN = "corpus"
ZERO = "zero"
"""The kind of queries that no article answers: what they find is for other words."""

JUDGED = ROOT / "tests" / "quality" / "judged"

SHARED = {"nfcorpus": "qrels.dev.tsv", "scifact": "qrels.train.tsv"}
"""Sets of the development data folder, and their judgements that may be looked at."""

Titles = Literal["queries", "articles", ""]


@dataclass(frozen=True)
class JudgedSet:
    """Articles and judged queries on them.

    Attributes:
        name: what the set is called in tables and files.
        source: what is indexed: a folder of pages or a file of records.
        judged: its queries.
        titles: what is like a title in it, to make mistakes in: its queries, or (in the project's
            own) its single words and the titles of its articles; empty where they are sentences.
        unanswered: queries that should find nothing.
    """

    name: str
    source: Path
    judged: tuple[JudgedQuery, ...]
    titles: Titles = ""
    unanswered: tuple[Query, ...] = ()


def find_sets(wanted: Sequence[str], judged: Path = JUDGED) -> tuple[list[JudgedSet], list[str]]:
    """Return the sets that are there, and for each other one why it is not.

    Args:
        wanted: names of sets; all if empty.
        judged: the folder of the project's own judged queries.

    Raises:
        EvaluationError: the files of a set are malformed.
    """
    found, missing = [], []
    for name in [name for name in (OWN, *SHARED) if name in (wanted or (OWN, *SHARED))]:
        folder = judged if name == OWN else data_folder() / name
        if folder.is_dir():
            found.append(_read(name, folder))
        else:
            missing.append(f"{name}: skipped, there is no {folder}")
    return found, missing


def _read(name: str, folder: Path) -> JudgedSet:
    if name == OWN:
        judged = read_judged(folder / QUERIES, folder / QRELS)
        queries = read_queries(folder / QUERIES).values()
        unanswered = tuple(query for query in queries if query.kind == ZERO)
        return JudgedSet(name, ROOT / "corpus", judged, "articles", unanswered)
    judged = read_judged(folder / QUERIES, folder / SHARED[name])
    titles: Titles = "queries" if name == "nfcorpus" else ""
    return JudgedSet(name, folder / "corpus.jsonl.gz", judged, titles)
