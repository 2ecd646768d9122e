from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from service.search.suggest.typed import (
    MAX_WORDS,
    Typed,
    _plain_words,
    _words,
    beginnings_of,
    read_typed,
    worded,
)
from tests.indexer.index.texts import texts

LETTERS = st.text("abcXYZ .,:;?!()\n\t", max_size=30)


@given(LETTERS)
def test_plain_texts_have_the_same_words_either_way(text: str) -> None:
    assert list(_plain_words(text)) == list(_words(text))


@given(texts())
def test_words_stand_where_they_say(text: str) -> None:
    found = worded(text).words
    assert all(a.end <= b.start for a, b in pairwise(found))
    for at, word in enumerate(found):
        part = worded(text).part(at, at)
        assert part.text == text[word.start : word.end]
        assert part.words[0].term == word.term


def test_what_was_typed() -> None:
    assert read_typed("High BLOOD pre") == Typed(("high", "blood"), "pre")
    assert read_typed("Ménière’s") == Typed((), "menieres")
    assert read_typed("COVID-1") == Typed(("covid",), "1")
    assert read_typed(" ?! ") is None
    assert read_typed("") is None


def test_only_the_last_words_are_looked_at() -> None:
    typed = read_typed(" ".join(map(str, range(100, 150))))
    assert typed is not None
    assert (len(typed.words), typed.begun) == (MAX_WORDS - 1, "149")


def test_subjects_begin_with_or_without_openers() -> None:
    assert beginnings_of(Typed(("what", "is"), "asth")) == ["what is asth", "asth"]
    assert beginnings_of(Typed((), "asth")) == ["asth"]


def test_texts_that_say_the_same() -> None:
    for one, other in [
        ("Asthma", "What is asthma?"),
        ("Heart attack", "heart attacks"),
        ("Type 2 diabetes", "Diabetes: type 2"),
        ("Sarampión", "el sarampion"),
    ]:
        assert worded(one).sense == worded(other).sense
    for one, other in [("Hepatitis A", "Hepatitis"), ("Asthma", "Causes of asthma"), ("a", "b")]:
        assert worded(one).sense != worded(other).sense
