"""Queries as they are mistyped: one or two slips of the fingers, the same ones in every run."""

import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import cycle, islice

import msgspec
from whoosh.index import open_dir

from indexer.article import Article
from indexer.index.generation import Generation
from service.search.measuring.judgements import JudgedQuery, Query
from tests.quality.sets import JudgedSet

COUNT = 500
SEED = 20261123

MIN_LETTERS = 4
TWICE_LETTERS = 8
"""Words from these lengths are mistyped, and mistyped twice: what is left of a shorter word could
be several others."""

LETTER_SHARE = 3
"""Slips within a word for each that splits or joins words, for each of the kinds: of mistyped
words, 15% are split or run on (Kukich, "Techniques for automatically correcting words in text",
ACM Computing Surveys 24 (4), 1992, section 1.2); here it is 2 of 14."""

ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
TWO = "two edits"

_WORD = re.compile(rf"[^\W\d_]{{{MIN_LETTERS},}}")


class Typo(msgspec.Struct, frozen=True):
    """A mistyped query beside the one that was meant; ``mistyped.query.kind`` says what it is."""

    meant: JudgedQuery
    mistyped: JudgedQuery


def typos(meant: Sequence[JudgedQuery], count: int = COUNT) -> list[Typo]:
    """Return so many mistyped variants, half of them with one edit, half with two where it fits."""
    chance = random.Random(SEED)
    bases = [each for each in meant if _WORD.search(each.query.text)]
    chance.shuffle(bases)
    return [
        _typo(base, 1 + number % 2, number, chance)
        for number, base in enumerate(islice(cycle(bases), count))
    ]


def _typo(meant: JudgedQuery, edits: int, number: int, chance: random.Random) -> Typo:
    text = meant.query.text
    kind, changed = "", text
    while changed == text:
        kind, changed = mistype(text, edits, chance)
    query = Query(f"{meant.query.id}~{number}", changed, kind)
    return Typo(meant, JudgedQuery(query, meant.grades))


def mistype(text: str, edits: int, chance: random.Random) -> tuple[str, str]:
    """Return what kind of slip it is and the text with it: one edit, or two where they fit."""
    words = list(_WORD.finditer(text))
    if edits == 2 and len(words) > 1:
        first, second = sorted(chance.sample(words, 2), key=lambda word: word.start())
        for word in (second, first):
            _, text = _slip(text, word, chance)
        return TWO, text
    word = chance.choice(words)
    if edits == 2 and len(word[0]) >= TWICE_LETTERS:
        twice = _within(_within(word[0], chance)[1], chance)[1]
        return TWO, text[: word.start()] + twice + text[word.end() :]
    return _slip(text, word, chance)


def _slip(text: str, word: re.Match[str], chance: random.Random) -> tuple[str, str]:
    before, after = text[: word.start()], text[word.end() :]
    kinds = ["letter"] * LETTER_SHARE * len(LETTERS) + ["split"]
    if re.match(r" \w", after):
        kinds.append("join")
    kind, changed = chance.choice(kinds), word[0]
    if kind == "join":
        after = after[1:]
    elif kind == "split":
        at = chance.randrange(2, len(word[0]) - 1)
        changed = f"{word[0][:at]} {word[0][at:]}"
    else:
        kind, changed = _within(word[0], chance)
    return kind, before + changed + after


def _within(word: str, chance: random.Random) -> tuple[str, str]:
    kind = chance.choice(list(LETTERS))
    return kind, LETTERS[kind](word, chance.randrange(len(word)), chance)


def _insertion(word: str, at: int, chance: random.Random) -> str:
    """Return the word with a neighbouring key hit too, or a key hit twice."""
    return word[: at + 1] + chance.choice([word[at], _beside(word[at], chance)]) + word[at + 1 :]


def _deletion(word: str, at: int, _chance: random.Random) -> str:
    return word[:at] + word[at + 1 :]


def _substitution(word: str, at: int, chance: random.Random) -> str:
    return word[:at] + _beside(word[at], chance) + word[at + 1 :]


def _transposition(word: str, at: int, _chance: random.Random) -> str:
    at = min(at, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


LETTERS: Mapping[str, Callable[[str, int, random.Random], str]] = {
    "insertion": _insertion,
    "deletion": _deletion,
    "substitution": _substitution,
    "transposition": _transposition,
}
"""The four slips within a word (Damerau, "A technique for computer detection and correction of
spelling errors", CACM 7 (3), 1964)."""


def _beside(letter: str, chance: random.Random) -> str:
    """Return a key beside that of a letter; a letter without a key of its own stays."""
    low = letter.lower()
    return chance.choice(NEIGHBOURS[low]) if low in NEIGHBOURS else letter


def _neighbours() -> Iterator[tuple[str, str]]:
    """Yield the keys around each key; each row is half a key to the right of the one above."""
    keys = {
        (2 * at + row, row): key for row, keys in enumerate(ROWS) for at, key in enumerate(keys)
    }
    for (x, y), key in keys.items():
        around = (
            (x - 2, y),
            (x + 2, y),
            (x - 1, y - 1),
            (x + 1, y - 1),
            (x - 1, y + 1),
            (x + 1, y + 1),
        )
        yield key, "".join(keys[place] for place in around if place in keys)


NEIGHBOURS = dict(_neighbours())


def titles(judged: JudgedSet, generation: Generation) -> list[JudgedQuery]:
    """Return what is like a title in a set, to make mistakes in."""
    if judged.titles == "queries":
        return list(judged.judged)
    if judged.titles == "articles":
        words = [each for each in judged.judged if each.query.kind == "word"]
        return [*words, *_titles_of(_articles(generation))]
    return []


def _titles_of(articles: Iterable[Article]) -> Iterator[JudgedQuery]:
    for article in articles:
        query = Query(f"title of {article.url or article.id}", article.title)
        yield JudgedQuery(query, {article.id: 1})


def _articles(generation: Generation) -> list[Article]:
    index = open_dir(str(generation.whoosh), readonly=True)
    try:
        with index.reader() as reader:
            stored = [fields["article"] for _, fields in reader.iter_docs()]
    finally:
        index.close()
    found = [msgspec.msgpack.decode(raw, type=Article) for raw in stored]
    return sorted(found, key=lambda article: article.id)
