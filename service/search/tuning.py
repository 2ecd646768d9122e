"""Which signals take part in a ranking: all for visitors, fewer to measure what each does."""

from dataclasses import dataclass, fields, replace

from indexer.errors import SettingError


@dataclass(frozen=True)
class Tuning:
    """The parts of the ranking that can be left out.

    Attributes:
        synonyms: search what was typed under its other names, too.
        spelling: search what was probably meant where words are misspelt.
        titles: lift articles whose title is what was typed.
        proximity: lift articles where words stand together that were typed together.
        coverage: lower articles that lack words which were typed.
        feedback: where few match, lift those that are like the best, and add others that are.
        freshness: lower articles whose last review is long ago.
        languages: lower articles in another language than the query.
        duplicates: show one of several articles that say the same.
        semantic: rank the best again by the likeness of their meaning, where the index has it.
    """

    synonyms: bool = True
    spelling: bool = True
    titles: bool = True
    proximity: bool = True
    coverage: bool = True
    feedback: bool = True
    freshness: bool = True
    languages: bool = True
    duplicates: bool = True
    semantic: bool = False


SIGNALS = tuple(field.name for field in fields(Tuning))
"""The names by which signals are switched."""

DEFAULT = Tuning()
PLAIN = Tuning(**dict.fromkeys(SIGNALS, False))
"""BM25F over the fields and nothing else."""


def parse_tuning(text: str) -> Tuning:
    """Return the tuning that a text names: ``default-feedback``, ``plain+titles+proximity``.

    Raises:
        SettingError: it names something else.
    """
    name, *switches = text.replace("+", " +").replace("-", " -").split() or [""]
    known = {"default": DEFAULT, "plain": PLAIN}
    if name not in known or any(each[1:] not in SIGNALS for each in switches):
        raise SettingError(
            f"{text!r} names no ranking. Write default or plain, then signals to add or to leave "
            f"out, as in default-feedback or plain+titles. The signals: {', '.join(SIGNALS)}."
        )
    changed = {each[1:]: each[0] == "+" for each in switches}
    return replace(known[name], **changed)
