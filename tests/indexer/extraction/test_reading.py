"""Words, syllables and reading grades, of texts whose counts are known."""

import pytest

from indexer.extraction.layout import lay_out
from indexer.extraction.reading import (
    Reading,
    fernandez_huerta,
    flesch_kincaid,
    read_reading,
)
from indexer.extraction.syllables import english, spanish
from indexer.extraction.text import Line

EASY = "The cat sat on the mat. It was warm there. She slept all day long."
HARD = (
    "Pharmacological management necessitates individualized consideration of comorbidities, "
    "contraindications and interactions before initiating anticoagulation."
)
FACIL = "El gato come pan. La casa es roja. El sol sale hoy. Mi perro es muy bueno y come bien."


def reading(*texts: str | Line, language: str = "en") -> Reading:
    lines = [text if isinstance(text, Line) else Line(text) for text in texts]
    return read_reading(*lay_out(lines), language)


def test_the_formulas() -> None:
    # Kincaid et al. 1975: 10 words a sentence and 1.5 syllables a word.
    assert flesch_kincaid(10, 1.5) == pytest.approx(6.01)
    # Scores 95.0, 85.0 and 65.0: the middles of "4.º", "5.º" and "7.º u 8.º grado".
    for score, grade in ((95.0, 4.0), (85.0, 5.0), (65.0, 7.5), (40.0, 13.0), (15.0, 16.0)):
        assert fernandez_huerta((206.84 - 60 * 1.6 - score) / 1.02, 1.6) == pytest.approx(grade)
    assert fernandez_huerta(10, 1.5) == pytest.approx(4 - (106.64 - 95) / 10)
    assert fernandez_huerta(40, 3.2) > 16


def test_a_known_text() -> None:
    # 15 words, 3 sentences and 18 syllables: "over", "water" and "seven" have two.
    text = "He ran over the hill. She had cold water here. We all saw seven men."
    found = reading(*[text] * 3)
    assert found == Reading(words=45, grade=round(0.39 * 5 + 11.8 * (18 / 15) - 15.59, 1))


def test_easy_and_hard() -> None:
    easy, hard = reading(*[EASY] * 3).grade, reading(*[HARD] * 3).grade
    assert easy is not None
    assert hard is not None
    # The formula gives -1.6, and there is no such grade.
    assert easy == 0.0
    assert hard > 16
    # 20 words, 4 sentences, 28 syllables: a score of 117.74.
    assert reading(*[FACIL] * 3, language="es").grade == 1.7


def test_headings_items_and_rows_are_no_sentences() -> None:
    prose = [EASY] * 3
    alone = reading(*prose)
    mixed = reading(
        Line("Extraordinarily complicated considerations", level=2),
        *prose,
        "pharmacological anticoagulation",
        "Anticoagulation | Contraindication | 5 mg.",
    )
    assert mixed.grade == alone.grade
    assert mixed.words == alone.words + 9


def test_every_line_ends_a_sentence() -> None:
    items = ["Take the pill with a glass of water: "] * 12
    assert reading(*items).grade == reading(*[item.replace(":", ".") for item in items]).grade


def test_abbreviations_end_no_sentence() -> None:
    short = "He saw Dr. Lee and Mrs. J. Poe at St. Mary for a cold that went on and on"
    plain = short.replace(".", "")
    assert reading(*[f"{short}."] * 3).grade == reading(*[f"{plain}."] * 3).grade


def test_citation_marks_do_not_hide_the_end_of_a_sentence() -> None:
    marked = EASY.replace(". ", ".[12] ") + "[3,4]"
    assert reading(*[marked] * 3).grade == reading(*[EASY] * 3).grade


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (EASY, "en"),
        ("", "en"),
        ("chest pain\n" * 40, "en"),
        ("word " * 60 + ".", "en"),
        (EASY * 3, "fr"),
        (EASY * 3, "und"),
    ],
)
def test_no_grade(text: str, language: str) -> None:
    assert reading(text, language=language).grade is None


@pytest.mark.parametrize(
    ("word", "count"),
    [("cat", 1), ("water", 2), ("medicine", 3), ("hypertension", 4), ("the", 1), ("mri", 1)],
)
def test_english_syllables(word: str, count: int) -> None:
    assert english(word) == count


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("sol", 1),
        ("agua", 2),
        ("día", 2),
        ("ciudad", 2),
        ("quemadura", 4),
        ("guerra", 2),
        ("pingüino", 3),
        ("hipertensión", 4),
        ("corazón", 3),
        ("aéreo", 4),
        ("ahumado", 3),
        ("prohíbe", 3),
        ("muy", 1),
        ("ayuda", 3),
        ("y", 1),
        ("leer", 2),
        ("uruguay", 3),
        ("dr", 1),
    ],
)
def test_spanish_syllables(word: str, count: int) -> None:
    assert spanish(word) == count
