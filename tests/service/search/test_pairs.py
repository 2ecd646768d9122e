"""Function words that are part of a term: the A of vitamin A, the IT of IT band."""

import pytest

from service.search.engine import IndexSearcher
from service.search.plan import Leaf
from service.search.reading.compiler import compile_query
from service.search.reading.pairs import is_letter_of, with_pairs
from service.search.reading.query import Beside, Word, parse
from tests.service.search.asked import FILLER, article, ask, matching
from tests.service.search.conftest import OpenIndex

TEXTS = (
    article("a", "It is found in a carrot. Vitamin A is good for a child.", "Vitamin A"),
    article("c", "It is found in a fruit. Vitamin C is for a cold.", "Vitamin C"),
    article("d", "A vitamin of the sun.", "Vitamin D"),
    article("hep-a", "Hepatitis A comes from water.", "Hepatitis A"),
    article("hep-b", "Hepatitis B comes from blood. A liver disease.", "Hepatitis B"),
    article("it", "The IT band runs along the thigh.", "IT band syndrome"),
    article("bands", "It is a band of gold. A band, it is said.", "Bands of gold"),
    article("who", "People with asthma should not take ibuprofen.", "Ibuprofen"),
    article("take", "What to take with you. Who should go?", "Travel"),
    *(article(f"x{n}", f"It is a day like {n}. A good one it is.", f"A day {n}") for n in range(9)),
)


@pytest.fixture(scope="module")
def searcher(open_index: OpenIndex) -> IndexSearcher:
    return open_index([*TEXTS, *FILLER])


@pytest.mark.parametrize(
    ("q", "name", "total"),
    [
        ("vitamin A", "a", 3),
        ("vitamin a", "a", 3),
        ("VITAMIN A", "a", 3),
        ("what is vitamin a", "a", 3),
        ("vitamin C", "c", 3),
        ("hepatitis A", "hep-a", 2),
        ("hepatitis a", "hep-a", 2),
        ("HEPATITIS B", "hep-b", 2),
        ("IT band", "it", 2),
        ("the IT band", "it", 2),
        ("band IT", "it", 2),
        ("who should not take ibuprofen", "who", 2),
    ],
)
def test_the_article_meant_stands_first_and_few_others_match(
    searcher: IndexSearcher, q: str, name: str, total: int
) -> None:
    answer = ask(searcher, q)
    assert matching(answer)[0] == name
    assert answer.total == total


def test_a_title_of_the_other_word_alone_is_not_meant(open_index: OpenIndex) -> None:
    searcher = open_index([*TEXTS, article("band", "It is a band.", "Band"), *FILLER])
    assert matching(ask(searcher, "IT band"))[0] == "it"


def test_where_all_is_in_capitals_they_mean_nothing(searcher: IndexSearcher) -> None:
    assert ask(searcher, "IT BAND").hits == ask(searcher, "it band").hits
    assert ask(searcher, "IT BAND").hits != ask(searcher, "IT band").hits


def pairs(text: str, *, shouted: bool = False) -> list[tuple[str, ...]]:
    tree = with_pairs(parse(text), shouted=shouted)
    return [part.words for part in tree.parts if isinstance(part, Beside)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("vitamin A", [("vitamin", "A")]),
        ("hepatitis a and vitamin a", [("hepatitis", "a"), ("vitamin", "a")]),
        ("vitamina A", [("vitamina", "A")]),
        ("Vitamin  A deficiency", [("Vitamin", "A")]),
        ("IT band", [("IT", "band")]),
        ("band IT", [("band", "IT")]),
        ("band IT is", [("band", "IT")]),
        ("IT is band", []),
        ("band is IT", []),
        ("it band", []),
        ("a vitamin", []),
        ("vitamin about", []),
        ("vitamin 1", []),
        ('vitamin "A"', []),
        ("vitamin -A", []),
        ("vitamin AND A", []),
        ("title:vitamin A", []),
        ("IT", []),
        ("IT is WHO", []),
        ("fish and chips", []),
        ("", []),
    ],
)
def test_pairs(text: str, found: list[tuple[str, ...]]) -> None:
    assert pairs(text) == found


def test_a_name_is_looked_for_beside_its_word_and_nowhere_else() -> None:
    tree = with_pairs(parse("IT band pain"), shouted=False)
    assert tree.parts == (Word("band"), Word("pain"), Beside(("IT", "band")))
    for text in ("IT is WHO", "IT", "it band"):
        assert with_pairs(parse(text), shouted=False) == parse(text)
    assert pairs("IT BAND", shouted=True) == []
    assert pairs("VITAMIN A", shouted=True) == [("VITAMIN", "A")]


@pytest.mark.parametrize(
    ("letter", "head", "is_its"),
    [
        ("A", "vitamin", True),
        ("a", "HEPATITIS", True),
        ("é", "hepatitis", True),
        ("1", "hepatitis", False),
        ("ab", "hepatitis", False),
        ("", "hepatitis", False),
        ("a", "", False),
        ("a", "fish", False),
    ],
)
def test_letters(letter: str, head: str, is_its: bool) -> None:
    assert is_letter_of(letter, head) is is_its


def test_the_letter_is_spoken_and_other_function_words_are_not() -> None:
    spoken = compile_query(parse("what is vitamin A in a fish"), ("en",)).spoken
    told = {word.text: word.leaves for word in spoken if word.leaves}
    assert told["A"] == (Leaf("exact", "a", (0, 1)),)
    assert set(told) == {"vitamin", "A", "fish"}
    assert [word.place for word in spoken] == list(range(7))
