"""What is a word: the tokenizer's rules, one example each, and what always holds."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.index.tokenizer import tokenize

COMPOUND_CHARACTERS = st.text("abZ019-‐‑'’ʼ.,%µé\u0301 \n", max_size=40)
ANY_TEXT = st.one_of(COMPOUND_CHARACTERS, st.text(max_size=40))


def words(text: str) -> list[str]:
    return [token.text for token in tokenize(text)]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("B12, HbA1c and T2D.", ["B12", "HbA1c", "and", "T2D"]),
        ("COVID-19", ["COVID", "19", "COVID19"]),
        ("5-HT", ["5", "HT", "5HT"]),
        ("up-to-date", ["up", "to", "date", "uptodate"]),
        ("non‑breaking", ["non", "breaking", "nonbreaking"]),
        ("St. John's wort", ["St", "John's", "wort"]),
        ("St. John’s wort", ["St", "John’s", "wort"]),
        ("'quoted'", ["quoted"]),
        ("the boys' room", ["the", "boys", "room"]),
        ("10 µg", ["10", "µg"]),
        ("1,000 mg", ["1000", "mg"]),
        ("1,234,567.5", ["1234567.5"]),
        ("2.5 mg", ["2.5", "mg"]),
        ("1,5 und 1,00", ["1", "5", "und", "1", "00"]),
        ("12,3456", ["12", "3456"]),
        ("costs 5.", ["costs", "5"]),
        ("1.2.3", ["1", "2.3"]),
        ("either/or", ["either", "or"]),
        ("snake_case", ["snake", "case"]),
        ("CO₂ and H₂O", ["CO₂", "and", "H₂O"]),
        ("¿Qué? ¡Ay!", ["Qué", "Ay"]),
        ("-5 °C", ["5", "C"]),
        ("a--b", ["a", "b"]),
        ("", []),
        ("… — !", []),
    ],
)
def test_words(text: str, tokens: list[str]) -> None:
    assert words(text) == tokens


@pytest.mark.parametrize(
    "text",
    [
        "cafe\u0301",  # an accent as a character of its own
        "مُحَمَّد",  # Arabic vowel signs
        "हिन्दी",  # Devanagari vowel signs and virama
        "שָׁלוֹם",  # Hebrew points
    ],
)
def test_marks_belong_to_their_word(text: str) -> None:
    assert words(text) == [text]


def test_positions_count_words() -> None:
    assert [(t.text, t.position) for t in tokenize("Mild COVID-19 in one")] == [
        ("Mild", 0),
        ("COVID", 1),
        ("19", 2),
        ("COVID19", 1),
        ("in", 3),
        ("one", 4),
    ]


def test_a_compound_stretches_over_its_parts() -> None:
    text = "has COVID-19 now"
    joined = list(tokenize(text))[3]
    assert (joined.text, text[joined.start : joined.end]) == ("COVID19", "COVID-19")


@given(ANY_TEXT)
def test_offsets_slice_to_the_surface(text: str) -> None:
    for token in tokenize(text):
        surface = text[token.start : token.end]
        without = str.maketrans("", "", "-‐‑,")
        assert token.text == surface or token.text == surface.translate(without)


@given(ANY_TEXT)
def test_words_stand_in_order_and_apart(text: str) -> None:
    end = position = -1
    for token in tokenize(text):
        if token.position <= position:
            assert token.end == end, "a joined form ends with its last part"
            continue
        assert token.position == position + 1
        assert token.start >= end
        assert token.end > token.start
        position, end = token.position, token.end


@given(ANY_TEXT)
def test_no_letter_or_digit_is_lost(text: str) -> None:
    covered = {i for token in tokenize(text) for i in range(token.start, token.end)}
    lost = [c for i, c in enumerate(text) if c.isalnum() and i not in covered]
    assert lost == []


@given(st.text("aé1-.,", max_size=30))
def test_decomposed_text_has_the_same_words(text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)
    again = [unicodedata.normalize("NFC", word) for word in words(decomposed)]
    assert again == words(text)


@pytest.mark.parametrize("text", [",".join(["111"] * 20_000) + ",12", "1." * 30_000, "a-" * 30_000])
@pytest.mark.timeout(30)
def test_long_runs_are_read_once(text: str) -> None:
    """Read n² times, each of these would take minutes and run into the limit."""
    assert words(text * 10)


def test_a_number_and_its_unit_are_found_together_and_apart() -> None:
    assert words("500mg") == ["500", "mg", "500mg"]
    assert words("2.5mg, 1,000mg") == ["2.5", "mg", "2.5mg", "1000", "mg", "1000mg"]
    assert words("120/80mmHg") == ["120", "80", "mmHg", "80mmHg"]
    assert words("5HT B12 3D 10mgs") == ["5HT", "B12", "3D", "10mgs"]
