"""Quoted words that are found nowhere side by side are searched for as plain words."""

from contextlib import closing
from functools import partial
from itertools import chain, repeat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.search.engine import IndexSearcher, open_searcher
from service.search.options import Options
from service.search.ranking import scoring
from service.search.reading.query import normalize, parse, unquoted
from service.search.response import SearchResponse
from tests.service.search.asked import FILLER, article, ask, matching
from tests.service.search.conftest import OpenIndex, Publish

TEXTS = (
    article("asthma", "Asthma makes breathing hard.", "Asthma", topics=("Lungs",)),
    article("gout", "Gout is in the toe.", "Gout"),
    article("both", "Gout, and no asthma.", "Questions"),
)


@pytest.fixture(scope="module")
def searcher(open_index: OpenIndex) -> IndexSearcher:
    return open_index([*TEXTS, *FILLER])


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ('"chest pain"', "chest pain"),
        ('“chest pain” «knee» "of it"', "chest pain knee of it"),
        ('a"b c"d', "a b c d"),
        ('-"chest pain" "knee pain"', '-"chest pain" knee pain'),
        ('-"chest pain!" knee "hip pain"', '-"chest pain!" knee hip pain'),
        ('title:"chest pain" "knee"', 'title:"chest pain" knee'),
        ('"-a (b OR c* title:d" COVID-19', "a b or c title d COVID-19"),
        ('"chest pain', '"chest pain'),
        ('"" "!"', '"" "!"'),
    ],
)
def test_without_quotes(text: str, plain: str) -> None:
    assert unquoted(text) == plain


@given(st.text(alphabet='ab -:!()"“ ', max_size=30).map(normalize))
def test_what_is_excluded_stays_excluded(text: str) -> None:
    if not text.translate({ord("“"): '"'}).count('"') % 2:
        assert parse(unquoted(text)).excluded == parse(text).excluded


def test_what_is_nowhere_side_by_side(searcher: IndexSearcher) -> None:
    answer = ask(searcher, '"asthma gout"')
    assert (answer.query, answer.did_you_mean) == ('"asthma gout"', "asthma gout")
    assert answer.corrected
    assert set(matching(answer)) == {"asthma", "gout", "both"}


def test_what_is_side_by_side_stays_quoted(searcher: IndexSearcher) -> None:
    answer = ask(searcher, '"no asthma"')
    assert (answer.did_you_mean, answer.corrected) == (None, False)
    assert matching(answer) == ["both"]


def test_nobody_who_wants_just_that_gets_more(searcher: IndexSearcher) -> None:
    answer = ask(searcher, '"asthma gout"', expand=False)
    assert (answer.total, answer.did_you_mean, answer.corrected) == (0, None, False)


@pytest.mark.parametrize(
    ("q", "topic"), [('"xqzt yqzt"', ()), ('"asthma gout"', ("no such topic",))]
)
def test_plain_words_that_find_nothing_either_are_not_shown(
    searcher: IndexSearcher, q: str, topic: tuple[str, ...]
) -> None:
    answer = ask(searcher, q, topic=topic)
    assert (answer.total, answer.did_you_mean, answer.corrected) == (0, None, False)


def test_who_ran_out_of_time_does_not_search_again(tmp_path: Path, publish: Publish) -> None:
    with closing(open_searcher(publish(tmp_path, TEXTS), Options(seconds=-1.0))) as searcher:
        answer = ask(searcher, '"asthma gout"')
    assert answer.total_relation == "gte"
    assert (answer.did_you_mean, answer.corrected) == (None, False)


def test_if_time_runs_out_without_quotes_the_answer_says_so(
    searcher: IndexSearcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often the clock was looked at before."""
    answers: list[SearchResponse] = []
    while not answers or answers[-1].total_relation == "gte":
        looks = chain(repeat(0.0, len(answers)), repeat(float("inf")))
        monkeypatch.setattr(scoring, "monotonic", partial(next, looks))
        answers.append(ask(searcher, '"asthma gout"'))
    assert answers[-1].total == 3
    assert answers[0].did_you_mean is None
    assert answers[-2].did_you_mean == "asthma gout"
