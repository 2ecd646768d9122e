"""Lists of synonyms → the files of names that were filtered from them.

``python -m tests.quality.lexicon_sources FOLDER`` reads ``medlineplus_topics_also_called.tsv``,
``medquad_focus_synonyms.tsv`` and ``disease_ontology_exact.tsv`` in a folder (a heading line, then
a name, a tab and its synonyms with ``|`` between them) and writes the files again that
``service/search/lexicon/data`` ships. What the rules let pass was read; what is wrong in it stands
in ``lexicon_refused.txt``.
"""

import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from service.search.lexicon.groups import numbered_lines
from service.search.lexicon.keys import Key, Keys

HOME = Path(__file__).parents[2] / "service" / "search" / "lexicon" / "data"
REFUSED = Path(__file__).with_name("lexicon_refused.txt")

MAX_WORDS = 5
MAX_NAMES = 6
WRITERS_FOR_PATIENTS = {
    "ADAM",
    "MPlusHealthTopics",
    "NHLBI",
    "NIDDK",
    "NINDS",
    "CDC",
    "SeniorHealth",
}
"""Sources of MedQuAD; the others (GARD, GHR) write about rare diseases and genes."""

RULES = tomllib.loads(Path(__file__).with_name("lexicon_rules.toml").read_text(encoding="utf-8"))
PASSED_OVER = frozenset(RULES["passed_over"])
QUALIFIERS = frozenset(RULES["qualifiers"])

_NUMBERS = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "vii": "7",
    "viii": "8",
}
_WRITTEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*(?: [^\W_]+(?:['’-][^\W_]+)*)*")
_SHORT_FORM = re.compile(r" \([A-Z][\w-]{1,6}\)$")
_KEYS = Keys("en")


class Row(NamedTuple):
    """A line of a source: a name, its synonyms, and the rest."""

    names: tuple[str, ...]
    rest: tuple[str, ...]


def main(folder: Path, home: Path = HOME) -> None:
    """Read the sources in a folder and write the three files anew."""
    refused = Refused(REFUSED.read_text(encoding="utf-8"))
    medlineplus = rows(folder / "medlineplus_topics_also_called.tsv")
    medquad = [row for row in rows(folder / "medquad_focus_synonyms.tsv") if _for_patients(row)]
    known = {
        _key(term)
        for row in [*medlineplus, *medquad]
        for name in row.names
        if (term := written(name))
    }
    ontology = [
        row
        for row in rows(folder / "disease_ontology_exact.tsv")
        if any(_key(term) in known for name in row.names if (term := written(name)))
    ]
    for name, source, found in (
        ("medlineplus", "MedlinePlus health topics by way of MedQuAD, CC BY 4.0", medlineplus),
        ("medquad", "MedQuAD, CC BY 4.0", medquad),
        ("disease_ontology", "the Disease Ontology (2015), CC BY 3.0", ontology),
    ):
        lines = ["\t".join(group) for group in groups(found, refused)]
        heading = f"# Filtered from {source}; see NOTICE. Made by tests/quality/lexicon_sources.py."
        path = home / f"{name}.en.tsv"
        path.write_text("\n".join([heading, *sorted(set(lines))]) + "\n", encoding="utf-8")
        print(f"{path.name}: {len(lines)} groups")


def rows(path: Path) -> list[Row]:
    """Return the lines of a source."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        name, synonyms, *rest = line.split("\t")
        found.append(Row((name, *synonyms.split("|")), tuple(rest)))
    return found


class Refused:
    """What was found wrong by reading: terms, terms beside another one, whole groups."""

    def __init__(self, text: str) -> None:
        lines = [line.split("\t") for _, line in numbered_lines(text)]
        self._terms = {_key(line[0]) for line in lines if len(line) == 1}
        self._groups = {_key(line[0]) for line in lines if line[1:] == ["*"]}
        self._pairs = {frozenset(map(_key, line)) for line in lines if len(line) == 2}

    def term(self, term: str) -> bool:
        """Return whether a term is refused everywhere."""
        return _key(term) in self._terms

    def pair(self, one: str, other: str) -> bool:
        """Return whether two terms are refused side by side."""
        return frozenset((_key(one), _key(other))) in self._pairs

    def group(self, terms: list[str]) -> bool:
        """Return whether a group is refused."""
        return bool(terms) and _key(terms[0]) in self._groups


def groups(found: Iterable[Row], refused: Refused) -> Iterator[list[str]]:
    """Yield the groups of a source that pass."""
    cleaned = [
        [term for name in row.names if (term := written(name)) and not refused.term(term)]
        for row in found
    ]
    counts = Counter(key for terms in cleaned for key in {_key(term) for term in terms})
    for terms in cleaned:
        group: list[str] = []
        for term in terms:
            ambiguous = counts[_key(term)] > 1 and term != terms[0]
            same = all(is_same(term, other) and not refused.pair(term, other) for other in group)
            if same and not ambiguous:
                group.append(term)
        if len(group) > 1 and not refused.group(group):
            yield group


def written(name: str) -> str:
    """Return a name as the lexicon writes it, or nothing if it is none that anybody types."""
    name = _SHORT_FORM.sub("", name.strip())
    if not _WRITTEN.fullmatch(name) or name.count(" ") >= MAX_WORDS or name.endswith(" NOS"):
        return ""
    words = name.split(" ")
    if PASSED_OVER & set(name.lower().split(" ")):
        return ""
    shouted = name.isupper() and len(name) > 6
    if not shouted and any(sum(c.isupper() or c.isdigit() for c in word) > 1 for word in words):
        return ""  # An acronym, a gene, a code.
    return name.lower().replace("’", "'")


def is_same(term: str, other: str) -> bool:
    """Return whether two names can be of one thing.

    Neither is but a part of the other, and nothing that tells two things apart is in one only.
    """
    one, two = set(_key(term)), set(_key(other))
    if one <= two or two <= one or {_excess(term), _excess(other)} == {"hyper", "hypo"}:
        return False
    return _told_apart(term) == _told_apart(other)


def _key(term: str) -> Key:
    return _KEYS.of(term)


def _told_apart(term: str) -> set[str]:
    words = re.split(r"[ -]", term.removesuffix("'s"))
    numbers = {
        _NUMBERS.get(word, word)
        for word in words
        if word in _NUMBERS or word.isdigit() or len(word) == 1
    }
    marks = {RULES["same"].get(word, word) for word in words if word in QUALIFIERS}
    return {mark for mark in marks | numbers if mark}


def _excess(term: str) -> str:
    found = re.search(r"\b(hyper|hypo)", term)
    return found[1] if found else ""


def _for_patients(row: Row) -> bool:
    """Return whether a row of MedQuAD is about what patients read of.

    Long rows are catalogues, and those without a semantic type are procedures and household goods
    with whatever has to do with them.
    """
    types, sources = row.rest
    written_for = WRITERS_FOR_PATIENTS & set(sources.split("|"))
    return bool(types and written_for) and len(row.names) <= MAX_NAMES


if __name__ == "__main__":
    main(Path(sys.argv[1]))
