"""What a query looks for, as a tree: the one form that both engines answer.

The compiler makes it from what was typed; ``scoring`` answers it from the columns, and
``whoosh_query`` says the same to Whoosh. It is kept normal: runs of one kind are one node, and
nothing is asked for twice.
"""

from collections.abc import Iterable

import msgspec


class Leaf(msgspec.Struct, frozen=True, gc=False):
    """A term in some fields of a space; what it scores is the sum over the fields.

    Attributes:
        space: an analyzer's language, or ``exact``.
        term: the term.
        fields: places of the fields in the space's list.
        factor: of the fields' weights.
    """

    space: str
    term: str
    fields: tuple[int, ...]
    factor: float = 1.0


class Run(msgspec.Struct, frozen=True, gc=False):
    """Unstemmed terms one after the other, in any of the exact fields."""

    terms: tuple[str, ...]
    fields: tuple[int, ...]


class Name(msgspec.Struct, frozen=True, gc=False):
    """Stems of a language one after the other, in title or body: a name of several words.

    Attributes:
        space: the language.
        terms: an empty one stands for any word, for a stop word has no stem.
        factor: of the fields' weights.
    """

    space: str
    terms: tuple[str, ...]
    factor: float


class Beginning(msgspec.Struct, frozen=True, gc=False):
    """The most frequent terms of each field that begin so; every match counts one."""

    space: str
    text: str
    fields: tuple[int, ...]


Word = tuple[Leaf, ...]
"""The terms of a word: in each language, and unstemmed."""


class Titled(msgspec.Struct, frozen=True, gc=False):
    """Titles of some words.

    Attributes:
        words: the terms of each, in every language and unstemmed.
        factor: of the worth.
    """

    words: tuple[Word, ...]
    factor: float = 1.0


Unit = Word | Run | Name | Titled
"""What is worth something by itself; a query of words is worth the sum of its units."""


class Either(msgspec.Struct, frozen=True, gc=False):
    """One part at least; the scores of those that match add up."""

    parts: tuple["Plan", ...]


class Both(msgspec.Struct, frozen=True, gc=False):
    """Every part; the scores add up."""

    parts: tuple["Plan", ...]


class Rather(msgspec.Struct, frozen=True, gc=False):
    """What must match, and what adds to the score where it does."""

    required: "Plan"
    optional: "Plan"


class Without(msgspec.Struct, frozen=True, gc=False):
    """What matches, unless something else does."""

    wanted: "Plan"
    unwanted: "Plan"


class Nothing(msgspec.Struct, frozen=True, gc=False):
    """No document."""


Plan = Leaf | Run | Name | Beginning | Either | Both | Rather | Without | Nothing

NOTHING = Nothing()


def either(parts: Iterable[Plan]) -> Plan:
    """Return the plan of "one of these", each counted once."""
    flat: list[Plan] = []
    seen: dict[Plan, None] = {}
    fields: dict[tuple[str, str, float], set[int]] = {}
    for part in parts:
        flat += part.parts if type(part) is Either else (part,)
    for part in flat:
        if type(part) is Leaf:
            key = (part.space, part.term, part.factor)
            known = fields.get(key)
            if known is None:
                fields[key] = set(part.fields)
            elif left := tuple(field for field in part.fields if field not in known):
                known.update(left)
                part = Leaf(part.space, part.term, left, part.factor)  # noqa: PLW2901
            else:
                continue
        if type(part) is not Nothing:
            seen[part] = None
    return _joined(Either, tuple(seen))


def both(parts: Iterable[Plan]) -> Plan:
    """Return the plan of "all of these", where what can match nothing is not asked for."""
    flat: list[Plan] = []
    for part in parts:
        flat += part.parts if type(part) is Both else (part,)
    return _joined(Both, tuple(dict.fromkeys(p for p in flat if type(p) is not Nothing)))


def rather(required: Plan, optional: Plan) -> Plan:
    """Return the plan of what must match and what adds to it; either may be nothing."""
    if type(required) is Nothing:
        return optional
    return required if type(optional) is Nothing else Rather(required, optional)


def without(wanted: Plan, unwanted: Plan) -> Plan:
    """Return the plan of what matches but for something else; either may be nothing."""
    if type(wanted) is Nothing or type(unwanted) is Nothing:
        return wanted
    return Without(wanted, unwanted)


def _joined(kind: type[Either] | type[Both], parts: tuple[Plan, ...]) -> Plan:
    if not parts:
        return NOTHING
    return parts[0] if len(parts) == 1 else kind(parts)
