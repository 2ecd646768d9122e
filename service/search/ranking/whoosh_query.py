"""Plan → Whoosh's query: for what the columns do not cover, and to hold them to the same scores."""

from collections.abc import Iterator

from whoosh.query.compound import And, AndMaybe, Or
from whoosh.query.positional import Phrase
from whoosh.query.qcore import NullQuery, Query
from whoosh.query.terms import Term

from indexer.index.columns.layout import EXACT
from indexer.index.schema import EXACT_FIELDS, TEXT_FIELDS, TextField, field_name
from service.search.plan import (
    Beginning,
    Both,
    Either,
    Leaf,
    Name,
    Nothing,
    Plan,
    Rather,
    Run,
    Without,
)
from service.search.ranking.exclusion import Excluding
from service.search.ranking.prefixes import FrequentPrefix


def whoosh_query(plan: Plan) -> Query:
    """Return the Whoosh query of a plan."""
    query: Query = _query(plan).normalize()
    return query


def _query(plan: Plan) -> Query:  # noqa: PLR0911 - one case a kind of plan
    match plan:
        case Nothing():
            return NullQuery
        case Leaf(space, term, fields, factor):
            terms = [
                Term(name, term, boost=factor * field.weight)
                for name, field in _fields(space, fields)
            ]
            return Or(terms)
        case Run(terms, fields):
            phrases = [
                Phrase(name, list(terms), boost=field.weight)
                for name, field in _fields(EXACT, fields)
            ]
            return Or(phrases)
        case Name(space, terms, factor):
            # Whoosh knows no places of stems: it finds the words anywhere.
            fields = tuple(range(len(TEXT_FIELDS)))
            return And([_query(Leaf(space, term, fields, factor)) for term in terms if term])
        case Beginning(space, text, fields):
            return Or([FrequentPrefix(name, text) for name, _ in _fields(space, fields)])
        case Either(parts):
            return Or([_query(part) for part in parts])
        case Both(parts):
            return And([_query(part) for part in parts])
        case Rather(required, optional):
            return AndMaybe(_query(required), _query(optional))
        case Without(wanted, unwanted):
            return Excluding(_query(wanted), _query(unwanted))


def _fields(space: str, places: tuple[int, ...]) -> Iterator[tuple[str, TextField]]:
    for place in places:
        field = EXACT_FIELDS[place] if space == EXACT else TEXT_FIELDS[place]
        yield field.name if space == EXACT else field_name(field.name, space), field
