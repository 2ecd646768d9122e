"""The phrases and what they must bring, and how well some notices do that."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from service.search.editorial.notices import NoticeBook

FOLDER = Path(__file__).parent
SETS = ("dev", "held")
"""The patterns were written while looking at the first; the other was only counted."""

NOTHING = "-"
ALL = "all"


class Phrase(NamedTuple):
    """What somebody types, its language, and the kinds of notice that it must bring."""

    text: str
    language: str
    kinds: frozenset[str]


class Figures(NamedTuple):
    """How often notices were right.

    Attributes:
        right: notices that came and had to.
        wrong: those that came and had not to.
        missed: those that had to come and did not.
    """

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Of what came, the share that had to; 1 if nothing came."""
        came = self.right + self.wrong
        return self.right / came if came else 1.0

    @property
    def recall(self) -> float:
        """Of what had to come, the share that came; 1 if nothing had to."""
        wanted = self.right + self.missed
        return self.right / wanted if wanted else 1.0


class Outcome(NamedTuple):
    """A phrase and what it brought."""

    phrase: Phrase
    came: frozenset[str]

    @property
    def is_right(self) -> bool:
        """Whether it brought what it had to, and nothing else."""
        return self.came == self.phrase.kinds


def read_phrases(name: str) -> list[Phrase]:
    """Return the phrases of a set."""
    return [_phrase(line) for line in _lines(FOLDER / f"{name}.tsv")]


def _lines(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


def _phrase(line: str) -> Phrase:
    text, language, kinds = line.split("\t")
    return Phrase(text, language, frozenset(kinds.split(",")) - {NOTHING})


def outcomes(book: NoticeBook, phrases: Iterable[Phrase]) -> list[Outcome]:
    """Return what each phrase brings; a notice in another language than the phrase's is wrong."""
    return [Outcome(phrase, frozenset(_came(book, phrase))) for phrase in phrases]


def _came(book: NoticeBook, phrase: Phrase) -> Iterator[str]:
    for called in book.called([phrase.text], ""):
        is_own = called.language == phrase.language
        yield called.entry.kind if is_own else f"{called.entry.kind} ({called.language})"


def figures(found: Sequence[Outcome]) -> dict[tuple[str, str], Figures]:
    """Return the figures by language and kind, and of all kinds by language."""
    right: Counter[tuple[str, str]] = Counter()
    wrong: Counter[tuple[str, str]] = Counter()
    missed: Counter[tuple[str, str]] = Counter()
    for phrase, came in found:
        for counts, kinds in (
            (right, came & phrase.kinds),
            (wrong, came - phrase.kinds),
            (missed, phrase.kinds - came),
        ):
            counts.update((phrase.language, kind) for kind in kinds)
            counts[phrase.language, ALL] += len(kinds)
    keys = sorted(right.keys() | wrong.keys() | missed.keys())
    return {key: Figures(right[key], wrong[key], missed[key]) for key in keys}
