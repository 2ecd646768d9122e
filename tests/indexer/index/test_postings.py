"""Postings are those that Whoosh's own writer finds."""

import pytest
from hypothesis import HealthCheck, given, settings

from indexer.article import Article
from indexer.index.columns.layout import EXACT, FIELDS_OF, SPACES, term_hash
from indexer.index.inversion import Inversion
from indexer.index.postings import Postings, postings_of, scored_fields
from tests.indexer.builders import article
from tests.indexer.index.by_whoosh import Posting, postings, reading, write_by_whoosh
from tests.indexer.index.texts import collections


def made_of(articles: list[Article]) -> dict[str, Postings]:
    inversion = Inversion()
    for each in articles:
        inversion.add(each)
    return postings_of(inversion)


def told(held: Postings, space: str, number: int) -> dict[str, list[Posting]]:
    """Return the postings of a field as Whoosh tells them."""
    found: dict[str, list[Posting]] = {}
    width = len(FIELDS_OF[space])
    for place, term in enumerate(held.terms):
        run = place * width + number
        for at in range(held.ptr[run], held.ptr[run + 1]):
            frequency = int(held.frequencies[at])
            value: object = frequency
            if held.positions is not None and held.places is not None:
                value = held.positions[held.places[at] : held.places[at + 1]].tolist()
            posting = Posting(int(held.documents[at]), frequency, value)
            found.setdefault(term, []).append(posting)
    return found


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(articles=collections())
def test_of_any_articles(tmp_path_factory: pytest.TempPathFactory, articles: list[Article]) -> None:
    folder = tmp_path_factory.mktemp("oracle")
    write_by_whoosh(folder, *articles)
    ours = made_of(articles)
    with reading(folder) as reader:
        theirs = postings(reader)
    for space, number, name in scored_fields():
        expected = {term.decode(): held for (field, term), held in theirs.items() if field == name}
        assert told(ours[space], space, number) == expected, name


def test_terms_stand_in_the_order_of_their_hashes() -> None:
    for held in made_of([article(n, body=f"word{n} and more") for n in range(50)]).values():
        hashes = [term_hash(term) for term in held.terms]
        assert held.hashes.tolist() == hashes == sorted(hashes)
        texts = [held.terms[place].encode() for place in held.alphabetical.tolist()]
        assert texts == sorted(texts)


def test_words_by_field_and_document() -> None:
    held = made_of([article(1, body="one two", sections=()), article(2, language="es")])
    assert set(held) == set(SPACES)
    assert held[EXACT].words.tolist() == [[3, 3], [2, 7]]
    assert held["en"].words[:, 1].sum() == 0
