"""What must be the same in near-duplicates, and how well sketches tell how alike they are."""

import random
from collections.abc import Iterator
from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings

from indexer.article import Article
from indexer.index.analysis import analyzer
from indexer.index.columns import sketches
from indexer.index.columns.builder import columns_of
from indexer.index.columns.sketches import BINS, MIN_WORDS, resemblance
from indexer.index.lexicon import load_words
from tests.indexer.index.texts import collections

FILLER = (
    "asthma tissue airway tissue lung tissue breath tissue cough tissue night tissue air tissue"
)
LONG = f"{FILLER} {FILLER} {FILLER}"
"""Words that are not guarded, enough for a body that need not be the same."""


def article(title: str, body: str, language: str = "en", name: str = "a") -> Article:
    return Article(id=name, url="", title=title, body=body, language=language)


def guards(*articles: Article) -> list[int]:
    found: list[int] = columns_of(articles)["doc.guard"].tolist()
    return found


@settings(max_examples=60, deadline=None)
@given(collections(cut_anywhere=True))
def test_a_document_is_the_same_in_any_segment(articles: list[Article]) -> None:
    together = columns_of(articles)
    for number, each in enumerate(articles):
        alone = columns_of([each])
        assert alone["doc.guard"][0] == together["doc.guard"][number]
        assert (alone["doc.sketch"][0] == together["doc.sketch"][number]).all()


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(3)
    words = [*LONG.split(), "not", "500"]
    made = [
        article("Gout", " ".join(chance.choices(words, k=chance.randint(0, 90)))) for _ in range(40)
    ]
    at_once = columns_of(made)
    monkeypatch.setattr(sketches, "_BLOCK_WORDS", 100)
    in_blocks = columns_of(made)
    for name in ("doc.guard", "doc.sketch"):
        assert (at_once[name] == in_blocks[name]).all()


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("Asthma", "ASTHMA"),
        ("Asthma", "What is asthma?"),
        ("Causes of asthma", "Cause: asthma"),
        ("Crohn’s disease", "Crohn's Diseases"),
    ],
)
def test_titles_that_are_the_same(title: str, other: str) -> None:
    first, second = guards(article(title, LONG), article(other, LONG, name="b"))
    assert first == second != 0


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("Hepatitis B", "Hepatitis C"),
        ("Hepatitis A", "Hepatitis"),
        ("Type 1 diabetes", "Type 2 diabetes"),
        ("Factor I deficiency", "Factor V deficiency"),
        ("Can I take aspirin", "Can I not take aspirin"),
        ("What to eat before surgery", "What to eat after surgery"),
        ("Living with asthma", "Living without asthma"),
        ("Asthma cough", "Cough asthma"),
    ],
)
def test_titles_that_are_not(title: str, other: str) -> None:
    first, second = guards(article(title, LONG), article(other, LONG, name="b"))
    assert first != second


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Take 500 mg.", "Take 50 mg."),
        ("Take 500mg.", "Take 50mg."),
        ("Take 2.5 ml.", "Take 25 ml."),
        ("Take 500 mg.", "Take 500 mcg."),
        ("Take two tablets.", "Take three tablets."),
        ("Take it once a week.", "Take it every week."),
        ("Take it daily.", "Take it weekly."),
        ("Take it with milk.", "Do not take it with milk."),
        ("It is safe for adults.", "It isn't safe for adults."),
        ("It is safe in asthma.", "It is contraindicated in asthma."),
        ("Eat it before surgery.", "Eat it after surgery."),
        ("Give 5 ml of iron, 9 ml of zinc.", "Give 9 ml of iron, 5 ml of zinc."),
        ("Sit down, and do not run.", "Do not sit down, and run."),
        ("It is for those above 12.", "It is for those above 12. And 12."),
    ],
)
def test_a_guarded_word_that_differs(text: str, other: str) -> None:
    first, second, third = guards(
        article("Asthma", f"{LONG} {text} {LONG}"),
        article("Asthma", f"{LONG} {other} {LONG}", name="b"),
        article("Asthma", f"{LONG} {text} {FILLER}", name="c"),
    )
    assert first != second
    assert first == third, "what is around them may differ"


def test_another_language() -> None:
    made = [article("Asma", LONG, language) for language in ("es", "fr", "it", "und", "en")]
    assert len(set(guards(*made))) == len(made)


@pytest.mark.parametrize(
    ("title", "body"), [("", LONG), ("What is it?", LONG), ("Gout", "…"), ("Gout", "")]
)
def test_nothing_to_compare(title: str, body: str) -> None:
    assert guards(article(title, body), article(title, body, name="b")) == [0, 0]


def test_a_short_body_is_guarded_whole() -> None:
    words = LONG.split()
    short, same = words[: MIN_WORDS - 1], words[: MIN_WORDS - 1]
    other = [*short[:-1], "lung"]
    first, second, third = (article("Asthma", " ".join(body)) for body in (short, same, other))
    made = guards(first, second, third)
    assert made[0] == made[1] != made[2]
    longer = [article("Asthma", " ".join([*body, "cough"])) for body in (short, other)]
    assert len(set(guards(*longer))) == 1


def test_title_and_body_do_not_run_together() -> None:
    short, long = guards(article("Gout", "gout gout"), article("Gout gout", "gout"))
    assert short != long


def shingles(words: list[str]) -> set[tuple[str, ...]]:
    padded = ["", *words, ""]
    return {tuple(padded[at : at + 3]) for at in range(len(words))}


def pairs(share: float) -> Iterator[tuple[str, str, float]]:
    """Yield texts, the same with this share of words put for others, and how alike these are."""
    chance = random.Random(7)
    known = ["".join(chance.choices("abcdefghijklmnop", k=5)) for _ in range(2_000)]
    for _ in range(150):
        words = chance.choices(known, k=600)
        other = [chance.choice(known) if chance.random() < share else word for word in words]
        one, two = shingles(words), shingles(other)
        yield " ".join(words), " ".join(other), len(one & two) / len(one | two)


@pytest.mark.parametrize("share", [0.0, 0.018, 0.06, 0.3, 1.0])
def test_resemblance_is_estimated_as_well_as_binomials_are(share: float) -> None:
    texts, others, true = zip(*pairs(share), strict=True)
    one, two = (
        columns_of([article("Gout", body) for body in bodies])["doc.sketch"]
        for bodies in (texts, others)
    )
    wanted = np.array(true)
    errors = resemblance(one, two) - wanted
    assert abs(errors.mean()) < 0.015
    assert errors.std() <= 1.2 * sqrt((wanted * (1 - wanted)).mean() / BINS) + 0.01


def test_short_texts_leave_bins_empty() -> None:
    one, two = columns_of([article("Gout", LONG), article("Gout", f"{LONG} yes")])["doc.sketch"]
    assert (one == 0).any()
    words = LONG.split()
    true, other = shingles(words), shingles([*words, "yes"])
    estimated = float(resemblance(one[None], two[None])[0])
    assert abs(estimated - len(true & other) / len(true | other)) < 0.15
    empty = np.zeros((1, BINS), np.uint8)
    assert resemblance(empty, empty).tolist() == [0.0]


@pytest.mark.parametrize("name", sketches.GUARDED)
def test_guarded_words_are_as_texts_have_them(name: str) -> None:
    exact = analyzer("exact")
    assert [word for word in load_words(name) if exact.term(word) != word] == []
