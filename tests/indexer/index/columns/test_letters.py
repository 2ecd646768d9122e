"""The letters of words rule out what is further away, and never what is near."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from indexer.article import Article
from indexer.index.columns.builder import columns_of
from indexer.index.columns.layout import EXACT, term_hash
from indexer.index.columns.letters import HELD, lengths_of, letters_of
from tests.indexer.index.texts import collections

WORDS = st.text("abcdeñøя", min_size=3, max_size=12)


@given(WORDS, WORDS)
def test_an_edit_adds_and_takes_away_at_most_one(first: str, second: str) -> None:
    edits = OSA.distance(first, second)
    a, b = letters_of([first, second])
    assert np.bitwise_count(a & ~b & HELD) <= edits
    assert np.bitwise_count(b & ~a & HELD) <= edits
    assert [len(first), len(second)] == lengths_of(letters_of([first, second])).tolist()


def test_what_has_no_letters() -> None:
    words = ["", "ab", "b12", "covid-19", "x" * 41, "का", "\ud800\ud800\ud800"]
    assert letters_of(words).tolist() == [0] * len(words)
    assert letters_of([]).tolist() == []
    assert all(letters_of(["abc", "x" * 40, "ñandu"]))


def test_letters_that_stand_twice_are_told_apart() -> None:
    once, twice, thrice = letters_of(["tonsilis", "tonsillis", "tonsilllis"])
    assert np.bitwise_count((once ^ twice) & HELD) == 1
    assert np.bitwise_count((twice ^ thrice) & HELD) == 0
    assert int(letters_of(["zzb"])[0] & HELD) == 1 << 25 | 1 << 51 | 1 << 1


@given(collections())
def test_a_segment_has_them_by_number(articles: list[Article]) -> None:
    arrays = columns_of(articles)
    bounds, texts = arrays["exact.term_ptr"].tolist(), arrays["exact.terms"].tobytes()
    terms = [texts[a:b].decode() for a, b in pairwise(bounds)]
    terms.sort(key=term_hash)
    assert [term_hash(term) for term in terms] == arrays[f"{EXACT}.hash"].tolist()
    assert arrays["exact.letters"].tolist() == letters_of(terms).tolist()
