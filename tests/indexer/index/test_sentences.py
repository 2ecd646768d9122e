"""Where one sentence ends and the next begins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.index import sentences as module
from indexer.index.lexicon import load_words
from indexer.index.sentences import sentences, spans


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "parts",
    [
        ["Rest.", "Drink water!", "Is it asthma?", "Yes…", "Go."],
        ["Do not stop.", "2 tablets are enough."],
        ['He said "stop."', "She did."],
        ["Take it (with food.)", "Then rest."],
        ["Él dijo: «Ya.»", "¿Qué tiene?", "¡Cuidado!", "Llame al 112."],
        ["Is it safe?!", "“Yes.”", "‘No!’", "[Then] it is."],
        ["Éste duele.", "Ñandú.", "Último."],
        ["Take 2.5 mg.", "Not 25."],
        ["It costs £3.50.", "Then pay."],
        ["ألم في الصدر.", "اتصل الآن."],
    ],
)
def test_sentences(parts: list[str]) -> None:
    assert split(" ".join(parts)) == parts


@pytest.mark.parametrize(
    "text",
    [
        "Try St. John's wort first.",
        "Ask Dr. Smith or Prof. Jones.",
        "Use pain relief, e.g. Paracetamol, at home.",
        "Use it (e.g. Ibuprofen) at home.",
        "Tome un analgésico, p. ej. Paracetamol.",
        "Tome un analgésico, p.ej. Paracetamol.",
        "La Dra. López y el Sr. Ruiz.",
        "Aspirin vs. Placebo in adults.",
        "By J. R. Smith and A. Ñúñez.",
        "By J.R. Smith.",
        "See the U.S. Preventive Services advice.",
        "Take no more than 2.5 mg a day.",
        "Version 1.2.3 of the list",
        "It may help… but do not stop.",
        "Ask (Who?) and wait.",
        "Look at www.clinic.example for more",
    ],
)
def test_one_sentence(text: str) -> None:
    assert split(text) == [text]


def test_lettered_points_keep_their_letter() -> None:
    assert split("A. Rest first. B. Drink.") == ["A. Rest first.", "B. Drink."]


def test_lines_end_sentences_whatever_their_kind() -> None:
    text = "Symptoms\r\n  Fever, and\nno rash\x0b Cough \u2028Row | 1\n\n \n"
    assert split(text) == ["Symptoms", "Fever, and", "no rash", "Cough", "Row | 1"]


@pytest.mark.parametrize("text", ["", " \n\t\n", "\u3000\x1f"])
def test_nothing(text: str) -> None:
    assert split(text) == []


def test_a_full_stop_without_space_cuts_nothing() -> None:
    assert split("One.Two.Three") == ["One.Two.Three"]


def test_every_abbreviation_is_looked_at_whole() -> None:
    for word in load_words("abbreviations.txt"):
        assert len(word) < module._LONGEST_ABBREVIATION
        assert not word.endswith("."), word
        assert len(split(f"One {word}. Two")) == 1


@given(st.one_of(st.text(max_size=80), st.text('aB1.?!… \n\r"»)(¿Dr.', max_size=60)))
def test_sentences_are_in_order_and_lose_nothing(text: str) -> None:
    end = 0
    for sentence in sentences(text):
        assert sentence.start >= end
        assert not text[end : sentence.start].strip()
        piece = text[sentence.start : sentence.end]
        assert piece
        assert piece == piece.strip()
        assert len(piece.splitlines()) == 1
        end = sentence.end
    assert not text[end:].strip()


@given(st.one_of(st.text(max_size=80), st.text('aB1.?!… \n\r\u2028\x1f"»)(¿Dr.', max_size=60)))
def test_lines_are_split_as_if_each_were_alone(text: str) -> None:
    found = spans(text)
    alone = [(line, split(line)) for line in text.splitlines(keepends=True)]
    assert split(text) == [piece for _, pieces in alone for piece in pieces]
    assert found.firsts == [n == 0 for _, pieces in alone for n in range(len(pieces))]


@pytest.mark.parametrize(
    "text",
    [
        "." * 50_000 + "x",
        "x" * 50_000 + " foo. Bar",
        "Dr. A " * 10_000,
        ".)" * 20_000,
        ". " * 20_000,
    ],
)
@pytest.mark.timeout(30)
def test_long_lines_are_read_once(text: str) -> None:
    """Read n² times, each of these would take minutes and run into the limit."""
    assert list(sentences(text * 10))
