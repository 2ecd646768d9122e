"""Which articles say the same, and which of them a list of results shows."""

import random
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.article import Article
from indexer.edits import edit_live
from indexer.extraction import extract_page
from indexer.index.columns.builder import columns_of
from indexer.index.columns.segment import SegmentColumns, open_columns
from indexer.index.columns.sketches import resemblance
from indexer.index.generation import Generation
from indexer.index.generations import GenerationStore
from indexer.index.job import Edit
from indexer.sources.page import Page
from service.search.ranking import duplicates, shards
from service.search.ranking.duplicates import (
    ALONE,
    RESEMBLANCE,
    Collapse,
    Groups,
    Members,
    duplicate_groups,
)
from service.search.ranking.shards import Shard, shards_of
from tests.service.search.histories import matchers_of
from tests.service.search.opened import opened

TEXT = """Gout is a painful kind of arthritis. Crystals of uric acid gather in a joint, mostly in
the big toe, and the joint turns red, warm and swollen. An attack comes suddenly, mostly at night.
Rest the joint, cool it, and drink enough water. Medicines against inflammation ease the pain, and
others keep uric acid low so that attacks stay away. Ask your doctor about them, and about food
such as liver, sardines and beer, which brings on attacks. People with kidney disease or with high
blood pressure have gout more often. Joints that are not treated may be damaged for good, and
crystals may gather below the skin and in the kidneys, where they form stones. Take 500 mg of the
medicine with food. It is safe for most adults; do not take it when you have an ulcer."""

Segments = Sequence[tuple[SegmentColumns, Sequence[int]]]


def article(name: str, **changes: object) -> Article:
    made = Article(id=name, url="", title="What is gout?", body=TEXT, language="en")
    return msgspec.structs.replace(made, **changes)


def ids_of(groups: Groups, of: Sequence[Shard]) -> set[frozenset[str]]:
    """Return the ids of the members of each group."""
    found: dict[int, set[str]] = {}
    for members, shard in zip(groups.members, of, strict=True):
        if members is None:
            continue
        for document, group in zip(members.documents, members.group.tolist(), strict=True):
            found.setdefault(group, set()).add(name_of(shard, int(document)))
    assert sorted(found) == list(range(len(groups)))
    return {frozenset(names) for names in found.values()}


def name_of(shard: Shard, document: int) -> str:
    ((part, _),) = shard.split(np.array([document]))
    return part.columns.card(document - part.base).id


def groups_in(segments: Segments) -> set[frozenset[str]]:
    made = shards_of(segments)
    return ids_of(duplicate_groups(made), made)


def joined(*articles: Article) -> bool:
    """Return whether two articles are duplicates, in one segment and in two."""
    at_once = groups_in([(opened(articles), ())])
    assert groups_in([(opened([each]), ()) for each in articles]) == at_once
    return bool(at_once)


@pytest.mark.parametrize(
    "changes",
    [
        {"url": "https://clinic.example/gout/print"},
        {"title": "Gout"},
        {"body": TEXT.upper().replace(". ", ".\n")},
        {"body": TEXT.replace("Ask your doctor", "Ask a doctor")},
        {"body": f"{TEXT}\nThis page was made by the clinic."},
        {"description": "What it is, and what helps.", "topics": ("Joints",)},
        {"published": date(2020, 5, 4), "last_reviewed": date(2024, 5, 4)},
    ],
)
def test_duplicates(changes: dict[str, object]) -> None:
    assert joined(article("a"), article("b", **changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Pseudogout"},
        {"title": "What is gout B?"},
        {"title": ""},
        {"language": "fr"},
        {"body": TEXT.replace("500", "50")},
        {"body": TEXT.replace("500 mg", "500 mcg")},
        {"body": TEXT.replace("do not take", "do take")},
        {"body": TEXT.replace("It is safe", "It is never safe")},
        {"body": TEXT.replace("most adults", "most children")},
        {"body": TEXT.replace("medicine with food", "medicine twice with food")},
        {"body": TEXT.replace("damaged for good", "damaged for good by 2030")},
        {"body": TEXT[: len(TEXT) * 3 // 4]},
        {"body": TEXT.replace("acid", "base").replace("joint", "vein").replace("pain", "rash")},
        {"body": "A page on gout."},
        {"body": ""},
    ],
)
def test_no_duplicates(changes: dict[str, object]) -> None:
    assert not joined(article("a"), article("b", **changes))


def test_one_template_for_two_diseases() -> None:
    made = [
        article(name, title=f"Hepatitis {name}", body=TEXT.replace("Gout", f"Hepatitis {name}"))
        for name in "ABC"
    ]
    assert not joined(*made)


def test_short_bodies_must_be_the_same() -> None:
    text = "Rest the joint, cool it, and drink enough water."
    assert joined(article("a", body=text), article("b", body=text.lower()))
    assert not joined(article("a", body=text), article("b", body=text.replace("cool", "warm")))
    assert not joined(article("a", body=""), article("b", body=""))


@pytest.mark.parametrize("line", ["Last updated: {}", "Medically reviewed on {}"])
def test_the_printed_version_of_a_page(line: str) -> None:
    """Extraction takes the dates of a page out of its text."""
    pages = [
        Page(
            location=address,
            url=address,
            content=(
                f"<!doctype html><html lang=en><head><title>Gout</title></head><body><main>"
                f"<h1>Gout</h1><p>{line.format(day)}</p><p>{TEXT}</p></main></body></html>"
            ).encode(),
        )
        for address, day in (
            ("https://clinic.example/gout", "4 May 2024"),
            ("https://clinic.example/gout/print", "12 June 2025"),
        )
    ]
    first, second = map(extract_page, pages)
    assert first.id != second.id
    assert joined(first, second)


def test_deleted_articles_are_nobodys_duplicates() -> None:
    one, two = opened([article("a"), article("b")]), opened([article("c")])
    assert groups_in([(one, ()), (two, ())]) == {frozenset("abc")}
    assert groups_in([(one, (1,)), (two, ())]) == {frozenset("ac")}
    assert groups_in([(one, (0, 1)), (two, ())]) == set()
    assert groups_in([]) == set()


def test_pairs_connect_a_group() -> None:
    first, second = " The clinic wrote this page", " and its nurses read it with care"
    ends = ["", first, first + second]
    made = [article(f"a{n}", body=TEXT + end) for n, end in enumerate(ends)]
    far = columns_of([made[0], made[2]])["doc.sketch"]
    assert resemblance(far[:1], far[1:])[0] < RESEMBLANCE
    assert groups_in([(opened(made), ())]) == {frozenset({"a0", "a1", "a2"})}


def test_a_template_of_many_texts_is_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    ends = ["", " Yes, it is so", " Written by a nurse"]
    made = [article(f"a{n}", body=TEXT + end) for n, end in enumerate(ends)]
    same = article("b", body=made[0].body)
    columns = opened([*made, same])
    assert groups_in([(columns, ())]) == {frozenset({"a0", "a1", "a2", "b"})}
    monkeypatch.setattr(duplicates, "MAX_VARIANTS", 2)
    assert groups_in([(columns, ())]) == {frozenset({"a0", "b"})}


def test_pairs_are_compared_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = opened([article(f"a{n}", body=f"{TEXT} {word}") for n, word in enumerate("xyzw")])
    monkeypatch.setattr(duplicates, "_PAIRS", 1)
    assert groups_in([(columns, ())]) == {frozenset({"a0", "a1", "a2", "a3"})}


LINES = TEXT.split(". ")
TITLES = ("Gout", "What is gout", "Gout attack", "Dolor")


def variant(chance: random.Random) -> dict[str, object]:
    """Return the fields of an article that is likely to have duplicates, and near ones."""
    lines = list(LINES)
    if chance.random() < 0.3:
        lines[chance.randrange(len(lines))] += f" {chance.choice(['', 'so', 'not', '5'])}"
    if chance.random() < 0.2:
        lines = lines[: chance.choice([1, 8])]
    return {
        "title": chance.choice(TITLES),
        "html": f"<p>{'. '.join(lines)}</p>",
        "language": chance.choice(("en", "en", "es")),
        "last_reviewed": f"2024-0{chance.randint(1, 3)}-01",
    }


def history(folder: Path, chance: random.Random) -> tuple[Generation, dict[str, dict[str, object]]]:
    """Return a generation of several segments, and what it holds."""
    store = GenerationStore(folder)
    held: dict[str, dict[str, object]] = {}
    for step in range(chance.randint(2, 6)):
        names = chance.sample([f"a{n}" for n in range(25)], chance.randint(2, 8))
        changes = {name: variant(chance) for name in names}
        edits = [Edit(0, name, fields) for name, fields in changes.items()]
        held |= changes
        if step and chance.random() < 0.8:
            gone = chance.choice(sorted(held))
            del held[gone]
            edits.append(Edit(0, gone, None))
        edit_live(store, edits)
    return store.live(), held


def segments_of(generation: Generation) -> list[tuple[SegmentColumns, Sequence[int]]]:
    with matchers_of(generation) as matchers:
        return [
            (open_columns(generation.columns / f"{name}.columns"), deleted)
            for name, deleted in matchers.segments
        ]


@pytest.mark.parametrize("seed", range(6))
def test_history_makes_no_difference(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(seed)
    generation, held = history(tmp_path / "changed", chance)
    at_once = GenerationStore(tmp_path / "new")
    names = chance.sample(sorted(held), len(held))
    edit_live(at_once, [Edit(0, name, held[name]) for name in names])
    changed, new = segments_of(generation), segments_of(at_once.live())
    assert len(changed) > 1
    expected = groups_in(new)
    assert expected
    assert groups_in(changed) == expected
    monkeypatch.setattr(shards, "MAX_DOCUMENTS", 1)
    assert len(shards_of(changed)) == len(changed)
    assert groups_in(changed) == expected
    assert numbers_of(changed) == numbers_of(new)


def numbers_of(segments: Segments) -> dict[str, int]:
    """Return the group of every article that is in one."""
    made = shards_of(segments)
    return {
        name_of(shard, int(document)): group
        for members, shard in zip(duplicate_groups(made).members, made, strict=True)
        if members
        for document, group in zip(members.documents, members.group.tolist(), strict=True)
    }


DAYS = (None, date(2024, 1, 1), date(2025, 1, 1))


def collection() -> list[Article]:
    """Return articles in groups of several sizes, some without duplicates, in no order."""
    chance = random.Random(11)
    made = [
        article(
            f"a{n:02}",
            title=f"Gout {chance.choice('uvwxyz')}",
            body=TEXT if n % 5 else f"{TEXT} {n}",
            modified=chance.choice(DAYS),
            last_reviewed=chance.choice(DAYS),
        )
        for n in range(30)
    ]
    chance.shuffle(made)
    return made


ARTICLES = collection()
CUTS = {
    size: [(opened(ARTICLES[at : at + size]), ()) for at in range(0, len(ARTICLES), size)]
    for size in (30, 7, 4)
}


def shown(
    of: Sequence[Shard], groups: Groups, scores: dict[str, float] | None, found: set[str]
) -> set[str]:
    """Return what stays of the articles found."""
    collapse, left = Collapse(groups), set()
    for number, shard in enumerate(of):
        names = [name_of(shard, document) for document in range(shard.documents)]
        inside = np.array([n for n, name in enumerate(names) if name in found], np.intp)
        values = None if scores is None else np.array([scores[names[n]] for n in inside.tolist()])
        kept = collapse.keep(number, inside, values)
        left |= {names[n] for n in (inside if kept is None else inside[kept]).tolist()}
    for number, documents, values in collapse.rest():
        names = [name_of(of[number], int(document)) for document in documents]
        assert scores is None or [scores[name] for name in names] == values.tolist()
        assert documents.tolist() == sorted(documents.tolist())
        left |= set(names)
    return left


def wanted(members: set[frozenset[str]], scores: dict[str, float], found: set[str]) -> set[str]:
    by_name = {each.id: each for each in ARTICLES}

    def rank(name: str) -> tuple[float, int, str]:
        days = (by_name[name].modified, by_name[name].last_reviewed)
        day = max(day.toordinal() if day else 0 for day in days)
        return -round(scores[name], 6), -day, name

    twins = set().union(*members) & found
    best = {min(names & found, key=rank) for names in members if names & found}
    return found - twins | best


@settings(max_examples=80, deadline=None)
@given(data=st.data(), size=st.sampled_from(sorted(CUTS)), most=st.sampled_from([7, 12, 100]))
def test_the_best_of_each_group_stays(data: st.DataObject, size: int, most: int) -> None:
    names = sorted(each.id for each in ARTICLES)
    found = set(data.draw(st.lists(st.sampled_from(names), unique=True)))
    steps = st.sampled_from([1.0, 1.0, 1.0 + 1e-9, 1.1, 2.0])
    scores = {name: data.draw(steps) for name in names}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "MAX_DOCUMENTS", most)
        made = shards_of(CUTS[size])
    groups = duplicate_groups(made)
    members = ids_of(groups, made)
    assert len(members) == 5
    assert shown(made, groups, scores, found) == wanted(members, scores, found)
    equal = dict.fromkeys(names, 0.0)
    assert shown(made, groups, None, found) == wanted(members, equal, found)


def test_nothing_is_done_where_there_are_no_duplicates() -> None:
    (shard,) = made = shards_of([(opened([article("a"), article("b", title="Asthma")]), ())])
    groups = duplicate_groups(made)
    assert (len(groups), groups.members, groups.surplus(0)) == (0, (None,), 0)
    assert Collapse(groups).keep(0, np.arange(shard.documents)) is None


def test_what_can_be_dropped() -> None:
    made = shards_of([(opened([*map(article, "abc"), article("d", title="Asthma")]), ())])
    groups = duplicate_groups(made)
    assert (len(groups), groups.surplus(0)) == (1, 2)
    assert Collapse(groups).keep(0, np.array([3])) is None, "no member is among those found"
    kept = Collapse(groups).keep(0, np.array([0, 2, 3]), np.array([1.0, 2.0, 3.0]))
    assert kept is not None
    assert kept.tolist() == [False, True, True]


def test_any_number_may_be_asked_for_its_group() -> None:
    members = Members(np.array([1, 4]), np.array([7, 0]), np.array([0, 0]))
    groups = Groups((members, None), np.zeros(8, np.bool_))
    asked = np.array([4, 2, 1, -3, 5])
    assert groups.groups_of(0, asked).tolist() == [0, ALONE, 7, ALONE, ALONE]
    assert groups.groups_of(1, asked).tolist() == [ALONE] * 5
