"""How long an article is, and the school grade from which it can be read: an estimate.

A formula sees the lengths of words and sentences and nothing else. It compares articles; it does
not judge them.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from operator import mul

import msgspec

from indexer.article import Section
from indexer.extraction.syllables import COUNTERS

# Fewer words are a sentence or two, of which one long word moves the grade by several.
FEWEST_WORDS = 30
# No writer's average: the text has lost its line breaks or its full stops.
LONGEST_SENTENCES = 40.0
_CITATION = re.compile(r"\s?\[\d+(?:[,–-]\d+)*\]")
_WORD = re.compile(r"\w+(?:['’.,-]\w+)*")
_SPOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?…:][\"'”’»)\]]*$")
_BOUNDARY = re.compile(
    r"(?<![.!?…])(?P<stop>[.!?…]+)[\"'”’»)\]]*\s+(?=[\"'“‘«(\[¿¡]*[^\W_a-zß-öø-ÿ])"
)
# "Dr. Lee", "J. Smith", "e.g. Ibuprofen": a full stop that ends no sentence.
_ABBREVIATION = re.compile(r"(?:^|[\s(\[\"“«])(?:[^\W\d_]|[A-Z][a-z]{1,2}|\w+\.\w+)$")


class Reading(msgspec.Struct, frozen=True):
    """What an article's text tells of itself."""

    words: int
    grade: float | None


def read_reading(body: str, sections: Sequence[Section], language: str) -> Reading:
    """Return the number of words in ``body`` and the grade of its running text.

    Running text is every line below the headings that ends like a sentence. Items and rows without
    a full stop are not sentences, and would make any text an easy one.
    """
    lines = (_CITATION.sub("", line) if "[" in line else line for line in _lines(body, sections))
    prose = [line for line in lines if _is_prose(line)]
    return Reading(words=len(_WORD.findall(body)), grade=_grade(prose, language))


def _lines(body: str, sections: Sequence[Section]) -> Iterator[str]:
    for section in sections:
        yield from body[section.start : section.end].splitlines()


def _is_prose(line: str) -> bool:
    return " | " not in line and _SENTENCE_END.search(line) is not None


def _grade(lines: Sequence[str], language: str) -> float | None:
    count = COUNTERS.get(language)
    if count is None:
        return None
    words = _SPOKEN.findall("\n".join(lines).lower())
    sentences = sum(_sentences(line) for line in lines)
    if len(words) < FEWEST_WORDS or len(words) > LONGEST_SENTENCES * sentences:
        return None
    times = Counter(words)
    syllables = sum(map(mul, map(count, times), times.values()))
    grade = _FORMULAS[language](len(words) / sentences, syllables / len(words))
    return round(max(0.0, grade), 1)


def _sentences(line: str) -> int:
    """Return how many sentences a line has, at least one."""
    ends = 1
    for match in _BOUNDARY.finditer(line):
        if match["stop"] != "." or not _ABBREVIATION.search(line[: match.start()][-20:]):
            ends += 1
    return ends


def flesch_kincaid(words_per_sentence: float, syllables_per_word: float) -> float:
    """Return the grade of an English text.

    J. P. Kincaid et al., Derivation of New Readability Formulas for Navy Enlisted Personnel,
    Research Branch Report 8-75, 1975.
    """
    return 0.39 * words_per_sentence + 11.8 * syllables_per_word - 15.59


# Middle of each band of Fernández Huerta's scale, and its grade: "4.º grado" to "7.º u 8.º grado",
# then "preuniversitario", "cursos selectivos" (the first year of university) and "universitario",
# for which 11, 13 and 16 are our numbers.
_HUERTA = (
    (95.0, 4.0),
    (85.0, 5.0),
    (75.0, 6.0),
    (65.0, 7.5),
    (55.0, 11.0),
    (40.0, 13.0),
    (15.0, 16.0),
)


def fernandez_huerta(words_per_sentence: float, syllables_per_word: float) -> float:
    """Return the grade of a Spanish text.

    J. Fernández Huerta, Medidas sencillas de lecturabilidad, Consigna 214, 1959: the score
    ``206.84 - 60 P - 1.02 F`` with P syllables a word and F words a sentence (many places print F
    as sentences per hundred words), and its scale of grades, here with straight lines between the
    middles of the bands and beyond them.
    """
    score = 206.84 - 60.0 * syllables_per_word - 1.02 * words_per_sentence
    segments = list(pairwise(_HUERTA))
    (high, low_grade), (low, high_grade) = next(
        (segment for segment in segments if score >= segment[1][0]), segments[-1]
    )
    return low_grade + (high - score) * (high_grade - low_grade) / (high - low)


_FORMULAS: Mapping[str, Callable[[float, float], float]] = {
    "en": flesch_kincaid,
    "es": fernandez_huerta,
}
