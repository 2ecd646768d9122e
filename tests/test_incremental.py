"""An index that was changed many times answers as one that was built at once."""

import random
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.edits import edit_live
from indexer.index.generation import Generation
from indexer.index.generations import GenerationStore
from indexer.index.job import Edit
from indexer.index.verification import verify
from indexer.reindex import reindex
from indexer.sources import Known, Record, SourceItem
from service.search.engine import open_searcher
from service.search.request import FACET_NAMES, RelatedRequest, SearchRequest
from service.search.response import SearchResponse
from tests.indexer.builders import plan
from tests.journals import NoJournal

ENGLISH = "the of and asthma air airways inhaler pain painful night cough coughing child knee"
SPANISH = "el la de y asma aire tos noche niña dolor dolores rodilla inhalador pulmón"
WORDS = {"en": ENGLISH.split(), "es": SPANISH.split()}
QUERIES = [
    SearchRequest(q="asthma"),
    SearchRequest(q="pain in the knee at night"),
    SearchRequest(q="tos dolor"),
    SearchRequest(q='"air pain"'),
    SearchRequest(q="in* AND pain"),
    SearchRequest(q="a* co*"),
    SearchRequest(q="knee -cough"),
    SearchRequest(q="title:asthma"),
    SearchRequest(q="topic:lungs pain"),
    SearchRequest(q="pain", topic=("Lungs",)),
    SearchRequest(q="pain dolor", language=("es",)),
    SearchRequest(q="pain cough", sort="newest"),
    SearchRequest(q="pain OR asma", sort="reviewed", page=2, per_page=3),
    SearchRequest(q="pain", facets=FACET_NAMES, audience=("adults",)),
    SearchRequest(q="pain", facets=FACET_NAMES, reviewed_after=date(2025, 4, 1), per_page=2),
    SearchRequest(q="pain", publisher=("CLINIC",), reading_level_max=9.0),
]

Site = dict[str, dict[str, Any]]


class SiteSource:
    """The records of a site as it is now."""

    complete = True

    def __init__(self, site: Site) -> None:
        self._site = site

    def size(self) -> int:
        return len(self._site)

    def items(self, _known: Known, /) -> Iterator[SourceItem]:
        for name, fields in self._site.items():
            yield Record(location=f"site/{name}", fields=fields)


def fields_of(chance: random.Random, name: str) -> dict[str, Any]:
    """Return a record of random words, with some values missing now and then."""
    language = chance.choice(("en", "en", "es"))
    words = WORDS[language]
    fields: dict[str, Any] = {
        "id": name,
        "url": f"https://clinic.example/{name}",
        "title": " ".join(chance.choices(words, k=3)),
        "text": ". ".join(
            " ".join(chance.choices(words, k=8)) for _ in range(chance.randint(1, 6))
        ),
        "language": language,
    }
    if chance.random() < 0.5:
        fields["topics"] = [chance.choice(("Lungs", "Knees", "Night pain"))]
    if chance.random() < 0.5:
        fields["modified"] = f"2026-0{chance.randint(1, 9)}-01"
        fields["last_reviewed"] = f"2025-0{chance.randint(1, 9)}-01"
    if chance.random() < 0.5:
        fields["audience"] = [chance.choice(("Adults", "adults", "Carers"))]
        fields["publisher"] = chance.choice(("Clinic", "clinic"))
    return fields


def change(chance: random.Random, site: Site) -> Edit:
    """Change one article of a site, and return that as an edit."""
    name = f"a{chance.randint(0, 30)}"
    if name in site and chance.random() < 0.4:
        del site[name]
        return Edit(0, name, None)
    site[name] = fields_of(chance, name)
    return Edit(0, name, site[name])


def answers(generation: Generation) -> list[Mapping[str, Any]]:
    """Return what a generation answers to all queries, without what tells the time."""
    with closing(open_searcher(generation)) as searcher:
        return [_timeless(searcher.search(query)) for query in QUERIES]


def wholes(generation: Generation, site: Site) -> dict[str, Any]:
    """Return each article of a site as it can be read, and what is like it."""
    with closing(open_searcher(generation)) as searcher:
        likes = {name: searcher.related(name, RelatedRequest()) for name in site}
        return {name: (searcher.article(name), like and like.hits) for name, like in likes.items()}


def _timeless(response: SearchResponse) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(response)
    for name in ("took_ms", "index"):
        del fields[name]
    if fields.get("next_cursor"):
        packed = urlsafe_b64decode(fields["next_cursor"] + "===")
        version, _generation, *where = msgspec.msgpack.decode(packed)
        fields["next_cursor"] = (version, *where)
    return fields


def run_job(store: GenerationStore, site: Site, **options: Any) -> Generation:
    reindex(store, plan(SiteSource(site), **options), NoJournal())
    return store.current()


def assert_as_built_at_once(generation: Generation, site: Site, folder: Path) -> None:
    afresh = run_job(GenerationStore(folder), site)
    assert verify(generation) == verify(afresh) == len(site)
    assert generation.marks() == afresh.marks()
    assert generation.manifest.languages == afresh.manifest.languages
    for query, ours, theirs in zip(QUERIES, answers(generation), answers(afresh), strict=True):
        assert ours == theirs, query
    assert wholes(generation, site) == wholes(afresh, site)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    seed=st.integers(0, 2**32), steps=st.lists(st.sampled_from(["job", "edit", "both"]), max_size=6)
)
def test_random_histories(
    tmp_path_factory: pytest.TempPathFactory, seed: int, steps: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("history")
    chance = random.Random(seed)
    store = GenerationStore(folder / "index")
    site: Site = {f"a{n}": fields_of(chance, f"a{n}") for n in range(12)}
    generation = run_job(store, site)
    for step in steps:
        if step in ("edit", "both"):
            generation = edit_live(store, [change(chance, site) for _ in range(2)])
        if step in ("job", "both"):
            for _ in range(chance.randint(0, 6)):
                change(chance, site)
            site.setdefault("always", fields_of(chance, "always"))
            generation = run_job(store, site)
    if site:
        assert_as_built_at_once(generation, site, folder / "afresh")


def test_a_long_history_of_small_changes(tmp_path: Path) -> None:
    chance = random.Random(7)
    store = GenerationStore(tmp_path / "index")
    site: Site = {f"b{n}": fields_of(chance, f"b{n}") for n in range(20)}
    generation = run_job(store, site)
    for _ in range(40):
        generation = edit_live(store, [change(chance, site)])
    assert_as_built_at_once(generation, site, tmp_path / "afresh")
    segments = {path.name.split(".")[0] for path in generation.whoosh.glob("*.seg")}
    assert len(segments) < 16, "small segments are written together"


def test_with_several_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.crew.ALONE", 5)
    chance = random.Random(8)
    site: Site = {f"b{n}": fields_of(chance, f"b{n}") for n in range(120)}
    generation = run_job(GenerationStore(tmp_path / "index"), site, processes=2)
    assert len(list(generation.whoosh.glob("*.seg"))) == 3
    assert_as_built_at_once(generation, site, tmp_path / "afresh")


def test_what_was_withdrawn_counts_for_nothing(tmp_path: Path) -> None:
    """The word that a hundred deleted articles held is as rare as the one that they did not."""
    store = GenerationStore(tmp_path)
    common = {
        f"c{n}": {"id": f"c{n}", "title": "Gone", "text": "gout", "language": "en"}
        for n in range(9)
    }
    kept = {
        "g": {"id": "g", "title": "One", "text": "gout hurts", "language": "en"},
        "m": {"id": "m", "title": "Two", "text": "mumps hurts", "language": "en"},
        **{f"z{n}": fields_of(random.Random(n), f"z{n}") for n in range(40)},
    }
    run_job(store, {**common, **kept})
    generation = run_job(store, kept)
    with closing(open_searcher(generation)) as searcher:
        gout, mumps = (searcher.search(SearchRequest(q=q)) for q in ("gout", "mumps"))
    assert gout.total == mumps.total == 1
    assert gout.hits[0].score == mumps.hits[0].score
