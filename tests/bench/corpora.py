"""The texts that every engine indexes: MedQuAD's, and corpora of any size grown from them.

A grown corpus begins with MedQuAD as it is. Every further article is made by a generator seeded
with its number, so a corpus is always the beginning of a larger one:

- It is as long as an article of MedQuAD drawn at random.
- Its text is blocks of one to five sentences that stood together. Two of three blocks come from
  the neighbourhood of one article (MedQuAD's files are in the order of its sites' pages, so these
  are of like topic), the third from anywhere.
- Its title is that of an article with another subject put in: two subjects joined, or a subject
  and an invented name. There are more invented names the more articles there are, a few frequent
  and many rare, and they stand in the text too.

So the frequencies of MedQuAD's words grow in step with the number of articles, as those of common
words do on a growing site, and the vocabulary grows with it.
"""

import gzip
import random
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import msgspec

from indexer.index.sentences import sentences
from tests.bench.places import data_folder

SEED = 20260411
NEIGHBOURS = 40
"""How far around an article its own topic is taken to reach, in articles."""

NEAR_SHARE = 2 / 3
BLOCK_SENTENCES = 5
ARTICLES_A_NAME = 3
"""One invented name for so many articles."""

OVERSHOOT = 190
"""Characters by which the last block goes too far on average."""

GZIP_LEVEL = 1
_BEGINNINGS = tuple(re.findall("..", "bacedifoguhajekilomunaperisotuvawexiyoza"))
_ENDINGS = ("osis", "itis", "emia", "opathy", "oma", "algia")


class Text(msgspec.Struct, frozen=True):
    """An article as the engines get it: lines without surplus white space."""

    id: str
    url: str
    title: str
    body: str


class _Source(msgspec.Struct, frozen=True):
    """A line of MedQuAD's file."""

    id: str
    title: str
    text: str
    url: str = ""
    focus: str = ""


class _Record(msgspec.Struct, frozen=True):
    """A line of a grown file, as ``health-index`` reads it."""

    id: str
    url: str
    title: str
    text: str


class _Subject(msgspec.Struct, frozen=True):
    """What the generator takes from an article: its title around the subject, and sentences."""

    focus: str
    title: str
    length: int
    sentences: tuple[str, ...]


def medquad() -> Path:
    """Return MedQuAD's file, which need not be there."""
    return data_folder() / "medquad" / "docs.jsonl.gz"


def texts(path: Path) -> Iterator[Text]:
    """Yield the articles of a file of records."""
    decoder = msgspec.json.Decoder(_Source)
    with gzip.open(path, "rb") as lines:
        for line in lines:
            source = decoder.decode(line)
            title = " ".join(source.title.split())
            yield Text(source.id, source.url, title, _tidy(source.text))


def grow(source: Path, count: int) -> Iterator[Text]:
    """Yield so many articles: those of ``source``, then grown ones."""
    yield from islice(texts(source), count)
    subjects = _subjects(source)
    for number in range(len(subjects), count):
        yield _grown(subjects, number)


def write_corpus(source: Path, count: int, target: Path) -> Path:
    """Write so many articles to ``target`` unless it is there; return it."""
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.part")
    encoder = msgspec.json.Encoder()
    with gzip.open(partial, "wb", GZIP_LEVEL) as file:
        for text in grow(source, count):
            record = _Record(text.id, text.url, text.title, text.body)
            file.write(encoder.encode(record) + b"\n")
    return partial.rename(target)


def _tidy(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _subjects(path: Path) -> list[_Subject]:
    decoder = msgspec.json.Decoder(_Source)
    with gzip.open(path, "rb") as lines:
        return [_subject(decoder.decode(line)) for line in lines]


def _subject(source: _Source) -> _Subject:
    body = _tidy(source.text)
    found = tuple(body[each.start : each.end] for each in sentences(body))
    return _Subject(source.focus, source.title, len(body), found or (source.title,))


def _grown(subjects: Sequence[_Subject], number: int) -> Text:
    chance = random.Random(SEED * 1_000_003 + number)
    home = chance.randrange(len(subjects))
    name = _name(int(number / ARTICLES_A_NAME * chance.random() ** 2))
    focus = subjects[home].focus or subjects[home].title.rstrip("? ")
    other = subjects[_near(subjects, home, chance)].focus
    new = f"{focus} with {other}" if other and chance.random() < 0.5 else f"{name} and {focus}"
    title = _with_subject(subjects[home], new)
    length = chance.choice(subjects).length
    blocks = [f"{new}: {name}."]
    size = len(blocks[0])
    while size < length - OVERSHOOT:
        block = _block(subjects, home, chance)
        blocks.append(block)
        size += len(block) + 1
    url = f"https://grown.example/{number}"
    return Text(f"grown-{number}", url, title, "\n".join(blocks))


def _with_subject(subject: _Subject, new: str) -> str:
    title = " ".join(subject.title.split())
    if subject.focus and subject.focus in title:
        return title.replace(subject.focus, new)
    return f"{new}: {title}"


def _near(subjects: Sequence[_Subject], home: int, chance: random.Random) -> int:
    return (home + chance.randint(-NEIGHBOURS, NEIGHBOURS)) % len(subjects)


def _block(subjects: Sequence[_Subject], home: int, chance: random.Random) -> str:
    is_near = chance.random() < NEAR_SHARE
    at = _near(subjects, home, chance) if is_near else chance.randrange(len(subjects))
    found = subjects[at].sentences
    first = chance.randrange(len(found))
    return " ".join(found[first : first + chance.randint(1, BLOCK_SENTENCES)])


def _name(number: int) -> str:
    """Return the invented name of that number: the same for the same, and never another's."""
    number, ending = divmod(number, len(_ENDINGS))
    syllables: list[str] = []
    while number or len(syllables) < 2:
        number, digit = divmod(number, len(_BEGINNINGS))
        syllables.append(_BEGINNINGS[digit])
    return "".join(syllables).capitalize() + "l" + _ENDINGS[ending]
