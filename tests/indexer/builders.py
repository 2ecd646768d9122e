"""Small articles, records and indexes for the tests of the write side."""

import dataclasses
import random
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
from whoosh.index import open_dir

from indexer.article import Article, Section
from indexer.index.generation import Generation
from indexer.index.generations import GenerationStore
from indexer.index.ledger import Ledger
from indexer.index.publishing import Contents
from indexer.index.writer import ArticleWriter
from indexer.reindex import NamedSource, Plan, reindex
from indexer.sources import Known, Record, Source, SourceItem, open_source
from indexer.tally import Report
from tests.journals import NoJournal

WORDS = (
    "asthma airways breath inhaler wheeze doctor night cold air pollen smoke infection attack "
    "diary visit heart blood pressure tablet morning walking week child fever rash headache sleep "
    "the of and in to with is for when from"
)


def article(number: int = 1, **changes: Any) -> Article:
    """Return a small article; ``changes`` replace its fields."""
    made = Article(
        id=f"a{number}",
        url=f"https://clinic.example/{number}",
        title=f"Asthma, part {number}",
        body=f"Causes\nPollen brings on attack number {number}.",
        sections=(Section(heading="Causes", level=2, start=7, end=39 + len(str(number))),),
        language="en",
    )
    return msgspec.structs.replace(made, **changes)


def record(number: int, **changes: Any) -> dict[str, Any]:
    """Return the fields of one line of JSONL."""
    fields = {
        "id": f"r{number}",
        "url": f"https://clinic.example/{number}",
        "title": f"Asthma, part {number}",
        "text": f"Pollen brings on attack number {number}.",
        "language": "en",
    }
    return {**fields, **changes}


def write_jsonl(path: Path, records: Iterable[Mapping[str, Any]]) -> Path:
    """Write records one a line and return the path."""
    path.write_bytes(b"".join(msgspec.json.encode(fields) + b"\n" for fields in records))
    return path


def long_records(count: int, length: int) -> list[dict[str, Any]]:
    """Return records long enough that indexing them takes a while; the same ones every time."""
    chance = random.Random(20260131)
    words = WORDS.split()
    return [record(n, text=" ".join(chance.choices(words, k=length))) for n in range(count)]


def page(title: str, canonical: str = "", head: str = "", sentence: str = "") -> str:
    """Return an HTML page with an article of three sentences."""
    link = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    sentence = sentence or f"{title} is common in children and in adults and it can be treated."
    prose = (
        f"{sentence} See a doctor when the symptoms last for more than two weeks or when they come "
        "back. Drink enough water, rest well, and keep a diary of what you felt on each day."
    )
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title>{link}{head}</head>'
        f"<body><main><h1>{title}</h1><p>{prose}</p></main></body></html>"
    )


class Items:
    """A source of what a test gives it, as far as it is read."""

    def __init__(self, *items: SourceItem, complete: bool = True) -> None:
        self._items = items
        self.complete = complete

    def size(self) -> int:
        return len(self._items)

    def items(self, _known: Known, /) -> Iterator[SourceItem]:
        yield from self._items


def item(number: int, place: str = "", **changes: Any) -> Record:
    """Return a record as a source yields it, from a place of its own."""
    return Record(location=place or f"place {number}", fields=record(number, **changes))


def index(
    store: GenerationStore, *items: SourceItem, complete: bool = True, **changes: Any
) -> Report:
    """Reindex from these items."""
    return reindex(store, plan(Items(*items, complete=complete), **changes), NoJournal())


def bodies(generation: Generation) -> dict[str, str]:
    """Return the texts of the articles that can be searched, by id."""
    whoosh = open_dir(str(generation.whoosh), readonly=True)
    with whoosh.reader() as reader:
        stored = [fields["article"] for _, fields in reader.iter_docs()]
    whoosh.close()
    return {each.id: each.body for each in map(_article, stored)}


def _article(stored: bytes) -> Article:
    return msgspec.msgpack.decode(stored, type=Article)


def plan(*sources: Source, **changes: Any) -> Plan:
    """Return a plan to index these sources in one process, whatever becomes of the articles."""
    named = tuple(NamedSource("test", source) for source in sources)
    return Plan(named, **{"force": True, "processes": 1, **changes})


def run(folder: Path, *sources: Path, base_url: str = "", **changes: Any) -> Report:
    """Reindex from files and folders."""
    opened = (open_source(str(path), base_url) for path in sources)
    made = plan(*opened, base_url=base_url, **changes)
    named = tuple(
        NamedSource(path.name, each.source)
        for path, each in zip(sources, made.sources, strict=True)
    )
    made = dataclasses.replace(made, sources=named)
    return reindex(GenerationStore(folder), made, NoJournal())


def contents(writer: ArticleWriter) -> Contents:
    """Return what a writer wrote as the contents of a generation."""
    return Contents(writer.marks, Ledger(), {}, ("test",))


def publish(folder: Path, *articles: Article) -> Generation:
    """Build a generation of these articles and make it live."""
    with GenerationStore(folder).writing() as writing, writing.build() as build:
        with ArticleWriter(build.folder) as writer:
            for each in articles:
                writer.add(each)
        return writing.publish(build, contents(writer))


def left_behind(folder: Path) -> list[str]:
    """Return what stands in an index folder beside complete generations and what belongs there."""
    whole = {"CURRENT", "writer.lock", "switch.lock", "generations"}
    builds = [
        p.name for p in (folder / "generations").iterdir() if not (p / "manifest.json").exists()
    ]
    found = [p.name for p in folder.iterdir() if not p.name.startswith("jobs.db")]
    return [name for name in found if name not in whole] + builds
