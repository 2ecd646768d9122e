"""What is typed is searched under its other names, which are worth less and are shown."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.search.engine import IndexSearcher
from service.search.lexicon.table import KINDS
from service.search.options import shipped_lexicon
from service.search.reading.expansion import FACTORS, Expanded, Expander
from service.search.reading.languages import query_language
from service.search.reading.query import AllOf, AnyOf, Node, OneOf, Other, normalize, parse
from service.search.reading.spoken import plain_words
from service.search.tuning import DEFAULT, PLAIN
from tests.service.search.asked import FILLER, article, ask, matching
from tests.service.search.conftest import OpenIndex

SYNONYMS = replace(PLAIN, synonyms=True)


def expanded(text: str, *languages: str) -> Expanded:
    expander = Expander(shipped_lexicon(), languages or ("en", "es", "und"))
    tree = parse(normalize(text))
    return expander.expand(tree, query_language(tree))


def others(node: Node) -> Iterator[Other]:
    """Yield the other names in a tree."""
    if isinstance(node, Other):
        yield node
    elif isinstance(node, AllOf | OneOf | AnyOf):
        for part in node.parts:
            yield from others(part)


def names(text: str, *languages: str) -> set[str]:
    return {" ".join(each.words) for each in others(expanded(text, *languages).tree)}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("heart attack", "myocardial infarction"),
        ("Heart attacks", "myocardial infarction"),
        ("HEART ATTACK", "myocardial infarction"),
        ("what is a heart attack?", "myocardial infarction"),
        ("tylenol dose", "acetaminophen"),
        ("tylenol AND dose", "acetaminophen"),
        ("tylenol OR dose", "acetaminophen"),
        ("dose AND (tylenol OR advil)", "acetaminophen"),
        ("(heart attack) aspirin", "myocardial infarction"),
        ('tylenol "with food"', "acetaminophen"),
        ("tylenol -dose", "acetaminophen"),
        ("presión alta", "hipertensión"),
        ("la presión alta", "hipertensión"),
    ],
)
def test_plain_words_have_other_names(text: str, name: str) -> None:
    assert name in names(text)


@pytest.mark.parametrize(
    "text",
    [
        '"heart attack"',
        '"tylenol"',
        "title:tylenol",
        "body:tylenol dose",
        "tylenol*",
        "tylenol~",
        "dose -tylenol",
        "dose NOT tylenol",
        "dose -(tylenol advil)",
        'title:"heart attack"',
        "heart title:attack",
        "heart AND attack",
        "the",
        "",
    ],
)
def test_what_is_to_stay_as_typed_does(text: str) -> None:
    found = expanded(text)
    assert found == Expanded(parse(text), (), ())


def test_what_was_typed_stays_in_the_query() -> None:
    tree = expanded("what is a heart attack").tree
    assert plain_words(tree) == ["what", "is", "a", "heart", "attack"]


def test_names_are_of_the_language_of_the_query() -> None:
    """Spanish function words make it Spanish, though "panadol" is a name in English, too."""
    for text in ("la hipertensión", "la hypertension"):
        assert {each.language for each in others(expanded(text).tree)} <= {"es"}
    assert "high blood pressure" not in names("la hypertension")
    assert "high blood pressure" in names("the hypertension")
    assert "presión alta" not in names("the hipertensión")


def test_names_are_of_the_languages_of_the_index() -> None:
    assert names("presión alta", "en") == set()
    assert names("heart attack", "es") == set()


def test_where_all_is_in_capitals_they_mean_nothing() -> None:
    assert "sudden infant death syndrome" in names("SIDS risk")
    assert "sudden infant death syndrome" not in names("SIDS RISK")
    assert "myocardial infarction" in names("HEART ATTACK PAIN")


def test_each_name_is_there_once_and_shown_once() -> None:
    found = expanded("tylenol and more tylenol, or TYLENOL")
    inside = [(each.words, each.language) for each in others(found.tree)]
    assert len(inside) == len(set(inside))
    (shown,) = found.expansions
    assert shown.term == "tylenol"
    assert len(shown.to) == len(set(shown.to))
    assert set(shown.to) == {" ".join(words) for words, _ in inside}


def test_all_is_shown_that_is_searched() -> None:
    for text in ("heart attack tylenol", "high blood pressure", "presión alta"):
        found = expanded(text)
        assert {name for each in found.expansions for name in each.to} == names(text)


@pytest.mark.parametrize("text", ["tylenol AND dose", "tylenol OR dose", "(tylenol) dose"])
def test_all_is_shown_that_is_searched_beside_operators(text: str) -> None:
    found = expanded(text)
    assert {name for each in found.expansions for name in each.to} == names(text) != set()


def test_swaps_say_where_a_name_would_stand() -> None:
    (swap,) = expanded("a heart attack at night", "en").swaps
    assert (swap.start, swap.end, swap.other.words) == (1, 3, ("myocardial", "infarction"))


def test_what_is_broader_is_searched_and_never_stands_in_a_title() -> None:
    found = expanded("celebrex at night", "en")
    assert "anti-inflammatory" in names("celebrex at night", "en")
    assert {swap.other.words for swap in found.swaps} == {("celecoxib",)}


def test_every_kind_of_name_has_its_worth() -> None:
    assert set(FACTORS) == set(KINDS)
    assert all(0 < factor <= 1 for factor in FACTORS.values())


PIECES = st.sampled_from(["tylenol", "AND", "OR", "(", ")", '"', "-", "heart", "attack", "la"])


@given(st.text(max_size=60) | st.lists(PIECES).map(" ".join))
def test_any_text_is_expanded(text: str) -> None:
    found = expanded(text)
    tree = parse(normalize(text))
    assert plain_words(found.tree) == plain_words(tree)
    assert found.tree.excluded == tree.excluded


HEARTS = (
    article("typed", "A heart attack is an emergency.", "One"),
    article("other", "A myocardial infarction is an emergency.", "Two"),
    article("words", "An attack on the heart.", "Three"),
    article("apart", "An infarction of another kind than the myocardial one.", "Four"),
    article("es", "Un heart attack, o myocardial infarction.", "Cinco", language="es"),
)


@pytest.fixture(scope="module")
def searcher(open_index: OpenIndex) -> IndexSearcher:
    return open_index([*HEARTS, *FILLER], SYNONYMS)


def test_other_names_are_found_as_phrases_and_count_less(searcher: IndexSearcher) -> None:
    answer = ask(searcher, "heart attack")
    assert set(matching(answer)) == {"typed", "words", "other", "es"}
    ids = matching(answer)
    assert ids.index("typed") < ids.index("other")
    assert [(each.term, each.to) for each in answer.expansions] == [
        ("heart attack", ("myocardial infarction",))
    ]


def test_asked_not_to_it_searches_what_was_typed(
    searcher: IndexSearcher, open_index: OpenIndex
) -> None:
    answer = ask(searcher, "heart attack", expand=False)
    assert set(matching(answer)) == {"typed", "words", "es"}
    assert answer.expansions == ()
    plain = open_index([*HEARTS, *FILLER], PLAIN)
    assert ask(plain, "heart attack").hits == answer.hits
    assert ask(plain, "heart attack").expansions == ()


def test_excluded_words_exclude_only_themselves(searcher: IndexSearcher) -> None:
    answer = ask(searcher, 'emergency -"heart attack"')
    assert set(matching(answer)) == {"other"}


def test_operators_hold_for_other_names(open_index: OpenIndex) -> None:
    searcher = open_index(
        [
            article("both", "Acetaminophen for pain."),
            article("typed", "Tylenol for pain."),
            article("one", "Acetaminophen for fever."),
            *FILLER,
        ],
        SYNONYMS,
    )
    assert set(matching(ask(searcher, "tylenol AND pain"))) == {"both", "typed"}
    assert set(matching(ask(searcher, "tylenol AND pain", expand=False))) == {"typed"}


def test_the_meant_words_are_searched_and_what_was_typed_is_kept(open_index: OpenIndex) -> None:
    texts = [article(f"p{n}", f"Pneumonia of kind {n}.", f"Lungs {n}") for n in range(4)]
    searcher = open_index([*texts, *FILLER])
    answer = ask(searcher, "pnemonia")
    assert (answer.query, answer.did_you_mean, answer.corrected) == ("pnemonia", "pneumonia", True)
    meant = ask(searcher, "pneumonia")
    assert answer.hits == meant.hits
    assert answer.total == meant.total == 4
    assert (meant.did_you_mean, meant.corrected) == (None, False)
    as_typed = ask(searcher, "pnemonia", expand=False)
    assert (as_typed.total, as_typed.related, as_typed.hits) == (0, 0, ())
    assert (as_typed.did_you_mean, as_typed.corrected) == ("pneumonia", False)
    off = open_index([*texts, *FILLER], replace(DEFAULT, spelling=False))
    assert ask(off, "pnemonia").did_you_mean is None
