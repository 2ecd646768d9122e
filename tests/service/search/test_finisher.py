"""A word that is only begun is looked for as what it is on the way to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.search.engine import IndexSearcher
from service.search.reading.query import normalize
from tests.service.search.asked import FILLER, article, ask, matching
from tests.service.search.conftest import OpenIndex

TITLES = (
    "Heart attack", "Heart failure", "Signs of a heart attack", "High blood pressure", "Migraine",
    "Kidney stones", "Kidney stents", "Kidney stones in children", "Fever in babies",
    "Methotrexate", "Metformin", "Prednisone", "Vitamin deficiency", "Cold hands",
)  # fmt: skip

BODIES = (
    *(f"It might be your blood pressure, says doctor {n}. A low blood count may be, too."
      for n in range(8)),
    *(f"Vitamin D is made by the sun, in the {n}. week." for n in range(6)),
    *(f"Rest, and let somebody rest beside you {n} times." for n in range(5)),
    *(f"After a heart attack, call {n} friends." for n in range(6)),
    "The heart may fail. The AAA test is one of blood. The co of a firm.",
)  # fmt: skip

ARTICLES = (
    *(article(f"t{n:02}", f"{title}: what to know.", title) for n, title in enumerate(TITLES)),
    *(article(f"b{n:02}", body, f"Note {n}") for n, body in enumerate(BODIES)),
    *(article(f"e{n}", "La presión arterial alta y el dolor de cabeza.", f"Presión arterial {n}",
              language="es") for n in range(3)),
    *FILLER,
)  # fmt: skip


@pytest.fixture(scope="module")
def searcher(open_index: OpenIndex) -> IndexSearcher:
    return open_index(ARTICLES)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("heart att", "heart attack"),
        ("Heart Att", "Heart Attack"),
        ("HEART ATT", "HEART ATTACK"),
        ("signs of a heart att", "signs of a heart attack"),
        ("kidney st", "kidney stones"),  # more titles have these than stents
        ("blood p", "blood pressure"),  # one letter, but it follows
        ("blood co", "blood count"),  # a word, but another follows far more often
        ("sudden fever ba", "sudden fever babies"),  # no title has all, but some without "sudden"
        ("sudden fev", "sudden fever"),  # no title has both, nor does it follow
        ("mig", "migraine"),  # a title's word before one that is in more texts
        ("metf", "metformin"),
        ('"heart att', '"heart attack'),  # a quote that is left open is none
        ("presion art", "presion arterial"),
        ("dolor de cab", "dolor de cabeza"),
    ],
)
def test_the_last_word_is_finished(searcher: IndexSearcher, typed: str, meant: str) -> None:
    answer = ask(searcher, typed, finish=True)
    assert (answer.query, answer.did_you_mean, answer.corrected) == (typed, meant, True)
    assert matching(answer) == matching(ask(searcher, meant))


@pytest.mark.parametrize(
    "typed",
    [
        "heart att ",  # the space says that the word is at its end
        "heart att.",
        "heart title:att",
        "heart -att",
        "heart att*",
        "att heart",
        "heart a",  # a function word
        "vitamin d",  # stands there, and oftener than what it may go on to
        "rest",  # a word of many texts, not the beginning of a rarer one
        "met",  # two medicines: none is guessed
        "k",  # too little to say anything
        "sudden k",
        "covid-1",
        "kidney stone",  # finds the same
        "migraine",
        "xyzzy",
        "?",
    ],
)
def test_what_is_no_beginning_is_left(searcher: IndexSearcher, typed: str) -> None:
    plain, finished = ask(searcher, typed), ask(searcher, typed, finish=True)
    assert finished.did_you_mean == plain.did_you_mean
    assert matching(finished) == matching(plain)


def test_nothing_is_finished_unless_that_is_asked_for(searcher: IndexSearcher) -> None:
    assert ask(searcher, "kidney st").did_you_mean is None


def test_what_was_typed_can_be_searched_as_it_is(searcher: IndexSearcher) -> None:
    answer = ask(searcher, "heart att", finish=True, expand=False)
    assert (answer.did_you_mean, answer.corrected) == ("heart attack", False)


def test_a_word_gives_way_to_a_far_more_usual_one_only_if_it_is_rare(open_index: OpenIndex) -> None:
    titled = [article(f"t{n:02}", "", f"Gutter fever {n}") for n in range(12)]
    said = [article(f"g{n}", "The gut hurts.") for n in range(4)]
    few, many = open_index([*titled, *said[:3], *FILLER]), open_index([*titled, *said, *FILLER])
    assert ask(few, "gut", finish=True).did_you_mean == "gutter"
    assert ask(many, "gut", finish=True).did_you_mean is None
    assert ask(open_index([*titled[:5], *said[:3]]), "gut", finish=True).did_you_mean is None


def test_a_finished_query_is_spelled_right_as_well(searcher: IndexSearcher) -> None:
    assert ask(searcher, "hart att", finish=True).did_you_mean == "heart attack"


def test_notices_hear_the_finished_query(open_index: OpenIndex) -> None:
    searcher = open_index([article("o", "An overdose of pills.", "Overdose"), *FILLER])
    typed = "i took an overdo"
    assert not ask(searcher, typed).notices
    assert ask(searcher, typed, finish=True).notices


WORDS = st.sampled_from(
    ["heart", "att", "blood", "p", "kidney", "st", "de", "é", '"', "(", "-", "OR"]
)


@given(st.lists(WORDS, max_size=8).map(" ".join) | st.text(min_size=1, max_size=30))
def test_any_text_may_be_only_begun(searcher: IndexSearcher, text: str) -> None:
    answer = ask(searcher, text, finish=True)
    assert answer.did_you_mean is None or answer.did_you_mean != normalize(text)
