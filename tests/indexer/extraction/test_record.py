from datetime import date
from typing import Any

import pytest

from indexer.article import article_id
from indexer.errors import PageError
from indexer.extraction import article_from_record
from indexer.sources.page import Record


def record(**fields: Any) -> Record:
    return Record(location="a.jsonl:3", fields=fields)


def test_text_keeps_its_lines() -> None:
    found = article_from_record(
        record(id="a", title="Asthma", text="One.\n\n  Two \u00a0 words.\r\nThree.")
    )
    assert (found.id, found.title, found.body) == ("a", "Asthma", "One.\nTwo words.\nThree.")
    assert [(s.heading, s.start, s.end) for s in found.sections] == [("", 0, len(found.body))]


def test_a_flattened_list_gets_its_lines_back() -> None:
    text = "Do not take it if you:    - are pregnant    -  have asthma. A well-known  risk - rare."
    found = article_from_record(record(id="a", text=text))
    assert found.body.split("\n") == [
        "Do not take it if you:",
        "- are pregnant",
        "- have asthma. A well-known risk - rare.",
    ]


def test_a_record_without_a_title_is_called_by_its_first_words() -> None:
    assert article_from_record(record(id="a", text="Gout hurts.\nMore.")).title == "Gout hurts."
    long = article_from_record(record(id="a", text="It hurts " * 40)).title
    assert len(long) <= 81
    assert long.endswith(("hurts…", "It…"))


def test_html_is_all_article() -> None:
    html = '<h1>Asthma</h1><p>One &amp; only.</p><nav>Menu</nav><h2 id="x">Rest</h2><p>Two.'
    found = article_from_record(record(_id="a", title="Asthma", html=html))
    assert found.body == "One & only.\nMenu\nRest\nTwo."
    assert found.sections[1].anchor == "x"


def test_metadata() -> None:
    found = article_from_record(
        record(
            id=7,
            title="T",
            text="x",
            url="https://x.example/",
            language="ES-mx",
            last_reviewed="2025-05-03",
            authors="Ann",
            topics=["A", "B", "A"],
            unknown={"any": "thing"},
        )
    )
    assert (found.id, found.language, found.last_reviewed) == ("7", "es", date(2025, 5, 3))
    assert (found.authors, found.topics) == (("Ann",), ("A", "B"))


def test_missing_id_is_made_from_the_url() -> None:
    found = article_from_record(record(title="T", text="x", url="https://x.example/"))
    assert found.id == article_id("https://x.example/")


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"title": "T", "text": "x"}, "'id'"),
        ({"id": "a"}, "'text'"),
        ({"id": "a", "title": ["T"], "text": "x"}, "'title'"),
        ({"id": "a", "text": 5}, "'text'"),
        ({"id": True, "text": "x"}, "'id'"),
        ({"id": "a", "text": "x", "authors": [1]}, "'authors'"),
        ({"id": "a", "text": "x", "tags": {"a": 1}}, "'tags'"),
        ({"id": "a", "text": "x", "published": "yesterday"}, "'published'"),
        ({"id": "a", "text": "x", "published": 20250503}, "'published'"),
    ],
)
def test_wrong_fields_are_named(fields: dict[str, Any], named: str) -> None:
    with pytest.raises(PageError, match=f"field {named}"):
        article_from_record(record(**fields))


def test_a_single_text_with_several_topics() -> None:
    found = article_from_record(
        record(
            id="a", text="x", topics="Wounds, Skin", tags="burns; hands, feet", audience="Patient"
        )
    )
    assert (found.topics, found.tags) == (("Wounds", "Skin"), ("burns", "hands, feet"))
    assert found.audience == ("Patient",)
    assert article_from_record(record(id="a", text="x", topics=["A, B"])).topics == ("A, B",)
    assert article_from_record(record(id="a", text="x", authors="Lee, Ann")).authors == (
        "Lee, Ann",
    )


@pytest.mark.parametrize("language", ["english", "en_US", "EN-us", "eng"])
def test_languages_of_records(language: str) -> None:
    assert article_from_record(record(id="a", text="x", language=language)).language == "en"


def test_words_and_reading_grade() -> None:
    text = "The cat sat on the mat. It was warm there. She slept all day long. " * 3
    found = article_from_record(record(id="a", text=text, language="en"))
    assert found.words == 45
    assert found.reading_grade is not None
    assert found.reading_grade < 2
