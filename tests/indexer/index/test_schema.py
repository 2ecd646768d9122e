"""The field table: what of an article can be searched, filtered and sorted by."""

import pickle
from datetime import date

import pytest

from indexer.article import Section
from indexer.index.analysis import ANALYSIS_VERSION, LANGUAGES
from indexer.index.schema import (
    SCHEMA_VERSION,
    SEPARATOR,
    TEXT_FIELDS,
    build_digest,
    sections_are_ordered,
    whoosh_schema,
)
from tests.indexer.builders import article
from tests.indexer.index.by_whoosh import document, section_text


def test_text_is_indexed_in_fields_of_its_language() -> None:
    values = document(article(language="es", title="Asma"))
    assert values["title_es"] == values["title_exact"] == "Asma"
    assert "title_en" not in values


@pytest.mark.parametrize("language", ["ar", "und", "pt", "zz"])
def test_other_languages_share_one_set_of_fields(language: str) -> None:
    values = document(article(language=language))
    assert values["language"] == language
    assert "title_und" in values


def test_every_field_of_a_document_is_in_the_schema() -> None:
    full = article(
        description="About attacks.",
        topics=("Lungs", "Children"),
        tags=("wheeze",),
        published=date(2024, 2, 29),
    )
    known = set(whoosh_schema().names())
    for language in LANGUAGES:
        values = document(full if language == "en" else article(language=language))
        assert set(values) <= known


def test_headings_have_a_field_of_their_own() -> None:
    values = document(article(7))
    assert values["headings_en"] == "Causes"
    assert values["body_en"] == "Pollen brings on attack number 7."
    assert values["body_exact"] == "Causes\nPollen brings on attack number 7."


def test_a_body_without_sections() -> None:
    assert section_text(article(body="All of it.", sections=())) == "All of it."


def test_topics_keep_their_commas_and_spaces() -> None:
    values = document(article(topics=("Heart, lungs", "Skin")))
    assert values["topic"] == f"Heart, lungs{SEPARATOR}Skin"
    analyze = whoosh_schema()["topic"].analyzer
    assert analyze
    assert [token.text for token in analyze(values["topic"])] == ["heart, lungs", "skin"]
    assert values["keywords_en"] == "Heart, lungs\nSkin"


def test_empty_values_are_left_out() -> None:
    values = document(article(title="", sections=()))
    assert {"title_en", "title_exact", "headings_en", "description_en", "topic"}.isdisjoint(values)


def test_dates_are_days_and_a_missing_one_is_zero() -> None:
    values = document(article(published=date(1, 1, 1), modified=date(9999, 12, 31)))
    assert (values["published"], values["modified"]) == (1, 3652059)
    assert values["last_reviewed"] == 0


def test_exact_fields_have_positions_and_stemmed_ones_do_not() -> None:
    fields = whoosh_schema()
    assert fields["body_exact"].supports("positions")
    assert not fields[f"{TEXT_FIELDS[0].name}_en"].supports("positions")


def test_the_pickled_schema_holds_names_not_word_lists() -> None:
    raw = pickle.dumps(whoosh_schema(), protocol=2)
    assert len(raw) < 10_000
    assert pickle.loads(raw).names() == whoosh_schema().names()


def test_the_digest_follows_the_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    before = build_digest()
    assert before == build_digest()
    monkeypatch.setattr("indexer.index.schema.SCHEMA_VERSION", SCHEMA_VERSION + 1)
    after_schema = build_digest()
    monkeypatch.setattr("indexer.index.schema.ANALYSIS_VERSION", ANALYSIS_VERSION + 1)
    assert len({before, after_schema, build_digest()}) == 3


@pytest.mark.parametrize(
    ("bounds", "ordered"),
    [
        ([], True),
        ([(0, 10)], True),
        ([(0, 4), (5, 10)], True),
        ([(0, 4), (4, 4)], True),
        ([(0, 11)], False),
        ([(-1, 4)], False),
        ([(4, 0)], False),
        ([(0, 5), (4, 10)], False),
    ],
)
def test_sections_are_ordered(bounds: list[tuple[int, int]], ordered: bool) -> None:
    sections = tuple(Section(heading="", start=start, end=end) for start, end in bounds)
    assert sections_are_ordered(article(body="0123456789", sections=sections)) is ordered
