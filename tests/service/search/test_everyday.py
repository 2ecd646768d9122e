"""Words of everyday language are no errors, though no article has them."""

import pytest

from indexer.index.analysis import SNOWBALL
from service.search.lexicon.everyday import everyday_words, is_everyday
from tests.service.search.asked import FILLER, article, ask
from tests.service.search.conftest import OpenIndex


@pytest.mark.parametrize(
    ("term", "language", "known"),
    [
        ("football", "en", True),
        ("futbol", "es", True),
        ("corazon", "es", True),
        ("football", "und", False),
        ("pnemonia", "en", False),
        ("asdfghjkl", "en", False),
        ("", "en", False),
        ("頭痛", "en", False),
    ],
)
def test_words(term: str, language: str, known: bool) -> None:
    assert is_everyday(term, language) is known


def test_there_are_many_in_each_language_and_none_in_others() -> None:
    for language in SNOWBALL:
        words = everyday_words(language)
        assert len(words) > 50_000
        assert (words[1:] >= words[:-1]).all()
    assert len(everyday_words("und")) == 0


def test_they_are_not_put_right(open_index: OpenIndex) -> None:
    texts = [article(f"a{n}", f"A footfall of {n} steps.", f"Footfall {n}") for n in range(5)]
    searcher = open_index([*texts, *FILLER])
    assert ask(searcher, "football").did_you_mean is None
    assert ask(searcher, "footfoll").did_you_mean == "footfall"


def test_plurals_that_the_lists_lack_are_words() -> None:
    assert is_everyday("sintomas", "es")
    assert not is_everyday("xzqvas", "es")
