"""The arrays of a segment say what its articles say."""

import random
from collections.abc import Mapping
from itertools import pairwise

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from numpy.typing import NDArray

from indexer.article import Article
from indexer.index.analysis import analyzer, language_of
from indexer.index.columns.builder import columns_of
from indexer.index.columns.cards import Card, card_of
from indexer.index.columns.layout import (
    EXACT,
    FIELD_SHIFT,
    FIELDS_OF,
    MAX_TF,
    NONE,
    SCORED,
    TF_SHIFT,
    pack,
    term_hash,
)
from indexer.index.inversion import Inversion, text_of
from indexer.index.postings import postings_of
from indexer.index.schema import DATES, FACETS, GRADE, NO_GRADE
from indexer.index.tokenizer import tokenize
from tests.indexer.builders import WORDS, article
from tests.indexer.index.texts import collections
from tests.service.search.opened import opened

Arrays = Mapping[str, NDArray[np.generic]]


def numbers(arrays: Arrays, name: str) -> list[int]:
    return [int(number) for number in arrays[name].tolist()]


@pytest.fixture(scope="module")
def many() -> list[Article]:
    """Enough articles for bitmaps, with a word that is very frequent in one of them."""
    chance = random.Random(5)
    words = WORDS.split()
    odds = [1 / (place + 1) for place in range(len(words))]
    found = [
        article(n, title=chance.choice(words), body=" ".join(chance.choices(words, odds, k=20)))
        for n in range(600)
    ]
    return [*found, article(9_999, body="zoster " * 40, sections=(), language="es")]


@settings(max_examples=60, deadline=None)
@given(collections())
def test_loads_and_lengths(articles: list[Article]) -> None:
    arrays = columns_of(articles)
    inversion = Inversion()
    for each in articles:
        inversion.add(each)
    totals: list[int] = []
    for space, held in postings_of(inversion).items():
        width = len(FIELDS_OF[space])
        assert numbers(arrays, f"{space}.ptr") == held.ptr.tolist()
        assert numbers(arrays, f"{space}.docs") == held.documents.tolist()
        big = dict(
            zip(numbers(arrays, f"{space}.big_at"), numbers(arrays, f"{space}.big"), strict=True)
        )
        for run in range(len(held.ptr) - 1):
            for at in range(held.ptr[run], held.ptr[run + 1]):
                frequency, length = int(held.frequencies[at]), int(held.lengths[at])
                load = int(arrays[f"{space}.load"][at])
                assert load == pack(run % width, frequency, length)
                assert (frequency >= MAX_TF) == (at in big)
                assert big.get(at, frequency) == frequency
        totals += held.words.sum(axis=1).tolist()
    assert numbers(arrays, "lengths") == totals
    assert len(totals) == len(SCORED)


def test_a_frequency_beyond_the_load_stands_beside(many: list[Article]) -> None:
    arrays = columns_of(many)
    assert numbers(arrays, "es.big") == [40]
    (at,) = numbers(arrays, "es.big_at")
    load = int(arrays["es.load"][at])
    assert load >> TF_SHIFT & 31 == MAX_TF
    assert load >> FIELD_SHIFT == FIELDS_OF["es"].index("body")


def is_term(arrays: Arrays, space: str, form: int, term: str) -> bool:
    """Return whether a form has this term in a space; the empty one is none."""
    number = int(arrays["form.exact" if space == EXACT else "form.stem"][form])
    if number == NONE or not term:
        return number == NONE and not term
    return int(arrays[f"{space}.hash"][number]) == term_hash(term)


@settings(max_examples=60, deadline=None)
@given(collections())
def test_texts_and_their_words(articles: list[Article]) -> None:
    arrays = columns_of(articles)
    text, ends = arrays["text"].tobytes(), numbers(arrays, "doc.text")
    tokens, forms = numbers(arrays, "doc.tokens"), numbers(arrays, "token.form")
    steps, sizes = numbers(arrays, "token.step"), numbers(arrays, "form.bytes")
    for number, each in enumerate(articles):
        own = text[ends[number] : ends[number + 1]]
        assert own.decode() == text_of(each)
        place = 0
        for at in range(tokens[number], tokens[number + 1]):
            place += steps[at]
            word = own[place : place + sizes[forms[at]]].decode()
            token = next(tokenize(word)).text
            space = language_of(each.language)
            assert is_term(arrays, EXACT, forms[at], analyzer("exact").term(token))
            assert is_term(arrays, space, forms[at], analyzer(space).term(token))


@given(collections())
@settings(max_examples=40, deadline=None)
def test_values(articles: list[Article]) -> None:
    arrays = columns_of(articles)
    ends, cards = numbers(arrays, "doc.card"), arrays["card"].tobytes()
    found = [msgspec.msgpack.decode(cards[a:b], type=Card) for a, b in pairwise(ends)]
    assert found == [card_of(each) for each in articles]
    for name in DATES:
        days = [getattr(each, name) for each in articles]
        assert numbers(arrays, f"day.{name}") == [day.toordinal() if day else 0 for day in days]
    ids = sorted(each.id for each in articles)
    assert numbers(arrays, "id.rank") == [ids.index(each.id) for each in articles]
    grades = [NO_GRADE if each.reading_grade is None else each.reading_grade for each in articles]
    assert numbers(arrays, GRADE) == [g if g == NO_GRADE else round(10 * g) for g in grades]


@given(collections())
@settings(max_examples=40, deadline=None)
def test_facets(articles: list[Article]) -> None:
    arrays = columns_of(articles)
    for facet in FACETS:
        bounds = numbers(arrays, f"{facet}.values_ptr")
        texts = arrays[f"{facet}.values"].tobytes()
        names = [texts[a:b].decode() for a, b in pairwise(bounds)]
        of_ptr, of = numbers(arrays, f"{facet}.of_ptr"), numbers(arrays, f"{facet}.of")
        for number, each in enumerate(articles):
            held = [names[value] for value in of[of_ptr[number] : of_ptr[number + 1]]]
            assert held == first_spellings(getattr(each, "topics" if facet == "topic" else facet))


def first_spellings(values: tuple[str, ...] | str) -> list[str]:
    found = [value for value in ([values] if isinstance(values, str) else values) if value]
    folded = [value.lower() for value in found]
    return [value for n, value in enumerate(found) if folded.index(value.lower()) == n]


@given(collections(cut_anywhere=True))
@settings(max_examples=60, deadline=None)
def test_an_article_is_read_back_whole(articles: list[Article]) -> None:
    segment = opened(articles)
    assert [segment.article(number) for number in range(len(articles))] == articles


def test_articles_are_found_by_id_and_address() -> None:
    made = [article(n, url=f"https://clinic.example/{n // 2}") for n in (4, 3, 1, 0, 2)]
    segment = opened(made)
    for number, each in enumerate(made):
        assert list(segment.named("id", each.id)) == [number]
        assert number in segment.named("url", each.url)
    assert list(segment.named("url", "https://clinic.example/1")) == [1, 4]
    assert not list(segment.named("id", "a9"))
    assert not list(segment.named("url", "a4"))
    assert [segment.ids_up_to(name) for name in ("", "a0", "a1", "a11", "a4", "b")] == [
        0, 1, 2, 2, 5, 5
    ]  # fmt: skip


@given(collections())
@settings(max_examples=40, deadline=None)
def test_unstemmed_terms_in_alphabetical_order(articles: list[Article]) -> None:
    arrays = columns_of(articles)
    bounds, texts = numbers(arrays, "exact.term_ptr"), arrays["exact.terms"].tobytes()
    terms = [texts[a:b] for a, b in pairwise(bounds)]
    assert terms == sorted(set(terms))
    hashes = numbers(arrays, f"{EXACT}.hash")
    assert [hashes[number] for number in numbers(arrays, "exact.by_text")] == [
        term_hash(term.decode()) for term in terms
    ]
