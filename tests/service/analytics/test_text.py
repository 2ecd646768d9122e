"""What a query is counted under, and what is never kept."""

import pytest

from service.analytics.text import CUT_CHARS, MAX_CHARS, may_be_kept, normal_form


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("Gout", "gout"),
        ("  what is\n GOUT? ", "what is gout"),
        ('"Joint pain"', "joint pain"),
        ("“joint pain”", "joint pain"),
        ("¿Qué es la gota?", "qué es la gota"),
        ("diabète", "diabète"),
        ("diabe\u0300te", "diabète"),
        ("asthma -children", "asthma -children"),
        ("arthr*", "arthr"),
        ("vitamin b12", "vitamin b12"),
        ("(heart AND failure)", "heart and failure"),
        ("İ", "i̇"),
        ("...", ""),
        ('""', ""),
    ],
)
def test_what_says_the_same_is_counted_together(typed: str, text: str) -> None:
    assert normal_form(typed) == text
    assert normal_form(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "gout",
        "癌",
        "vitamin b12 1000 mcg",
        "covid-19",
        "type 2 diabetes",
        "blood pressure 120/80",
        "omega 3 6 9",
        "e.coli",
        "st. john's wort",
        "vitamin d 10000 iu",
        "clinics near 90210",
        "6-8 weeks",
        "covid 19 2023",
    ],
)
def test_what_people_ask_may_be_kept(text: str) -> None:
    assert may_be_kept(normal_form(text))


@pytest.mark.parametrize(
    "text",
    [
        "ann@example.org",
        "@ann",
        "https://example.org/record",
        "www.example.org",
        "example.org results",
        "call 0170 1234567",
        "(555) 010-9999",
        "ssn 123-45-6789",
        "943 476 5919",
        "qq 12 34 56 c",
        "patient 123456",
        "born 12/03/1985",
        "born 1.2.85",
        "٠١٢٣٤٥٦٧",
        "a" * (MAX_CHARS + 1),
        "my daughter has had a rash since we came back from the lake in june",
        "",
    ],
)
def test_what_may_be_somebodys_is_never_kept(text: str) -> None:
    assert not may_be_kept(normal_form(text))


def test_of_a_long_query_no_more_is_remembered_than_that_it_is_long() -> None:
    assert len(normal_form("word " * 100)) == CUT_CHARS
