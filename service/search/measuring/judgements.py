"""Judged queries, in BEIR's two files: what was asked, and which articles answer it how well."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from indexer.errors import EvaluationError

QUERIES = "queries.jsonl"
QRELS = "qrels.tsv"
"""The files of a folder of judged queries."""

SHOWN_CHARS = 80
"""Of a query, in a message."""

Judgements = Mapping[str, Mapping[str, int]]
"""Query id → article → grade. An article is named by its id or by its address; grades above 0 are
relevant."""


class Query(msgspec.Struct, frozen=True):
    """A line of ``queries.jsonl``; fields that are not named here are passed over.

    Attributes:
        id: by which the judgements name it.
        text: what is typed.
        kind: a group that figures can be given for, such as ``drug``; may be empty.
        safety: an article of the highest grade must be among the first three.
    """

    id: str = msgspec.field(name="_id")
    text: str
    kind: str = ""
    safety: bool = False


@dataclass(frozen=True)
class JudgedQuery:
    """A query with at least one relevant article."""

    query: Query
    grades: Mapping[str, int]


def shown(text: str) -> str:
    """Return a query's text on one short line, without what would drive a terminal."""
    line = "".join(letter if letter.isprintable() else " " for letter in " ".join(text.split()))
    return line if len(line) <= SHOWN_CHARS else f"{line[: SHOWN_CHARS - 1]}…"


def read_judged(queries: Path, qrels: Path) -> tuple[JudgedQuery, ...]:
    """Read the queries that have a judged relevant article, in the order of their file.

    Raises:
        EvaluationError: a file cannot be read, a line is malformed, or no query has one.
    """
    judged = judged_queries(read_queries(queries), read_judgements(qrels))
    if not judged:
        raise EvaluationError(
            f"No query of {queries} has a relevant article in {qrels}: their ids differ."
        )
    return judged


def judged_queries(queries: Mapping[str, Query], judgements: Judgements) -> tuple[JudgedQuery, ...]:
    """Return the queries that have a judged relevant article, in their order."""
    grades = {name: judgements.get(name, {}) for name in queries}
    return tuple(
        JudgedQuery(query, grades[name])
        for name, query in queries.items()
        if any(grade > 0 for grade in grades[name].values())
    )


def read_queries(path: Path) -> dict[str, Query]:
    """Read a BEIR ``queries.jsonl``: ``{"_id": …, "text": …}`` a line.

    Raises:
        EvaluationError: the file cannot be read, a line is malformed, or an id stands twice.
    """
    queries: dict[str, Query] = {}
    for number, line in _lines(path):
        try:
            query = msgspec.json.decode(line, type=Query)
        except msgspec.MsgspecError as error:
            raise EvaluationError(f"{path}:{number}: no query ({error}).") from error
        if query.id in queries:
            raise EvaluationError(f"{path}:{number}: the id {query.id!r} stands there twice.")
        queries[query.id] = query
    return queries


def read_judgements(path: Path) -> dict[str, dict[str, int]]:
    """Read a BEIR qrels file: query-id, corpus-id and score, with tabs, under a header.

    Raises:
        EvaluationError: the file cannot be read, or a line is malformed.
    """
    judged: dict[str, dict[str, int]] = {}
    for number, line in _lines(path):
        if number == 1 and line.endswith("\tscore"):
            continue
        try:
            query, article, grade = line.split("\t")
            judged.setdefault(query, {})[article] = int(grade)
        except ValueError:
            raise EvaluationError(
                f"{path}:{number}: expected query-id, corpus-id and score with tabs between."
            ) from None
    return judged


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not blank, with their numbers."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path} cannot be read: {error}.") from error
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, line
