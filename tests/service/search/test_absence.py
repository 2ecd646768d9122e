"""Words that no article has are told, for the results are not about them."""

import pytest

from service.search.engine import IndexSearcher
from tests.service.search.asked import FILLER, article, ask
from tests.service.search.conftest import OpenIndex


@pytest.fixture(scope="module")
def library(open_index: OpenIndex) -> IndexSearcher:
    return open_index(
        (
            article("pain", "Paracetamol eases a headache.", "Headache"),
            article("dolor", "El paracetamol alivia el dolor.", "Dolor", language="es"),
            article("heart", "A myocardial infarction is an emergency.", "Heart"),
            *FILLER,
        )
    )


@pytest.mark.parametrize(
    ("query", "absent"),
    [
        ("headache", ()),
        ("headaches", ()),  # in another form
        ("what is a headache", ()),  # function words are not looked for
        ("headache zosterix", ("zosterix",)),
        ("Zosterix headache Qwertol zosterix", ("Zosterix", "Qwertol")),
        ("tylenol headache", ()),  # under another name
        ("heart attack", ()),  # by a name of several words
        ("dolor de cabeza", ("cabeza",)),
        ('headache "zosterix"', ("zosterix",)),  # nothing has it: searched without the quotes
        ("headache -zosterix", ()),
        ("headache AND zosterix", ()),
        ("zoster* headache", ()),
        ("", ()),
    ],
)
def test_words_that_no_article_has(
    library: IndexSearcher, query: str, absent: tuple[str, ...]
) -> None:
    assert ask(library, query).absent == absent


def test_what_was_only_typed_is_told_where_names_are_not_searched(library: IndexSearcher) -> None:
    assert ask(library, "tylenol headache", expand=False).absent == ("tylenol",)
