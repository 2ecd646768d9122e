"""What is asked: consumers' questions, and searches of one to three words drawn from them."""

import itertools
import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from indexer.index.lexicon import load_words
from tests.bench.places import data_folder

SEED = 20260412
LENGTHS = {"one word": 1, "two words": 2, "three words": 3}
QUESTIONS = "questions"
ZIPF_EXPONENT = 1.0
_WORD = re.compile(r"\w+")
_SHORTEST = 3

Queries = Mapping[str, Sequence[str]]
"""The queries of each kind, by the kind's name."""


def questions_file() -> Path:
    """Return HealthSearchQA's file, which need not be there."""
    return data_folder() / "queries" / "healthsearchqa.jsonl"


def read_questions(path: Path) -> list[str]:
    """Return the questions of a file."""
    lines = path.read_text("utf-8").splitlines()
    return [str(json.loads(line)["text"]) for line in lines]


def words_of(text: str) -> list[str]:
    """Return the words of a text, in lower case."""
    return _WORD.findall(text.lower())


def content_words(text: str) -> list[str]:
    """Return the words that our engine ranks by: all but stop words, or all if there are none.

    Engines without a list of stop words get these, so that all search for the same.
    """
    stop = load_words("stopwords/en.txt")
    words = words_of(text)
    return [word for word in words if word not in stop] or words


def draw(questions: Sequence[str], count: int, seed: int = SEED) -> Queries:
    """Return so many queries of every kind, all different (fewer if there are not as many)."""
    chance = random.Random(seed)
    distinct = list(dict.fromkeys(questions))
    drawn: dict[str, Sequence[str]] = {
        QUESTIONS: chance.sample(distinct, min(count, len(distinct)))
    }
    for kind, length in LENGTHS.items():
        runs = sorted(set(_runs(distinct, length)))
        drawn[kind] = chance.sample(runs, min(count, len(runs)))
    return drawn


def zipf_stream(queries: Sequence[str], count: int, seed: int = SEED) -> list[str]:
    """Return so many queries, of which the n-th most frequent is asked 1/n times the first."""
    chance = random.Random(seed)
    ranked = chance.sample(queries, len(queries))
    weights = [1 / place**ZIPF_EXPONENT for place in range(1, len(ranked) + 1)]
    return chance.choices(ranked, cum_weights=list(itertools.accumulate(weights)), k=count)


def _runs(questions: Sequence[str], length: int) -> Iterator[str]:
    for question in questions:
        words = [word for word in content_words(question) if _is_content(word)]
        for first in range(len(words) - length + 1):
            yield " ".join(words[first : first + length])


def _is_content(word: str) -> bool:
    return len(word) >= _SHORTEST and word.isalpha()
