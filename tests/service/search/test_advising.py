"""What stands beside and above results: notices, articles on prevention, pinned and hidden ones."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from indexer.index.generation import Generation
from service.search.advising import PINNED_REASON, RAISED_REASON
from service.search.editorial.advice import Editorial
from service.search.editorial.loader import shipped_notices
from service.search.editorial.rules import Rule
from service.search.engine import IndexSearcher, open_searcher
from service.search.options import Options
from service.search.response import Hit
from tests.service.search.asked import FILLER, article, ask
from tests.service.search.conftest import OpenIndex, Publish

HELP = "If you think about suicide, call a helpline or talk to someone. In an emergency call 999."
LIBRARY = (
    article("help", HELP, "Suicide: where to get help"),
    article("low", f"Low mood for weeks. {HELP}", "Depression"),
    article("also", f"Low mood after birth. {HELP}", "Postnatal depression"),
    article("gene", f"A suicide gene kills cells. {HELP}", "Suicide gene therapy"),
    article("cold", "Rest if you want to get well. You may die of boredom.", "Colds"),
    article("ayuda", "Si piensas en el suicidio, llama a una línea.", "Suicidio", language="es"),
    *FILLER,
)
CRISIS = "i want to die"
DEPRESSION = "https://plainhealth.example/depression/"


@pytest.fixture(scope="module")
def library(open_index: OpenIndex) -> IndexSearcher:
    return open_index(LIBRARY)


Ruled = Callable[..., IndexSearcher]


@pytest.fixture
def ruled(publish: Publish, tmp_path: Path) -> Iterator[Ruled]:
    """Opens the library with rules."""
    generation = publish(tmp_path, LIBRARY)
    opened: list[IndexSearcher] = []

    def open_with(*rules: Rule) -> IndexSearcher:
        editorial = Editorial(shipped_notices(), rules, "GB")
        opened.append(open_searcher(generation, Options(editorial=lambda: editorial)))
        return opened[-1]

    yield open_with
    for searcher in opened:
        searcher.close()


def ids(hits: Sequence[Hit]) -> list[str]:
    return [hit.id for hit in hits]


def raised(hits: Sequence[Hit]) -> list[str]:
    return [hit.id for hit in hits if hit.raised]


class TestNotices:
    def test_they_come_beside_the_results_and_hide_none(self, library: IndexSearcher) -> None:
        answer = ask(library, "chest pain of boredom")
        assert answer.notices == ()
        answer = ask(library, CRISIS)
        (notice,) = answer.notices
        assert (notice.kind, notice.language, notice.country) == ("suicide", "en", "")
        assert "cold" in ids(answer.hits)

    def test_in_the_language_of_the_query_whatever_the_index_has(
        self, library: IndexSearcher
    ) -> None:
        (notice,) = ask(library, "quiero morir").notices
        assert (notice.kind, notice.language) == ("suicide", "es")

    def test_they_come_on_every_page_and_in_any_order(self, library: IndexSearcher) -> None:
        for wishes in ({"page": 3}, {"sort": "newest"}, {"language": ("es",)}):
            assert [n.kind for n in ask(library, CRISIS, **wishes).notices] == ["suicide"]

    def test_a_mistyped_query_brings_those_of_what_was_meant(
        self, corpus_searcher: IndexSearcher
    ) -> None:
        answer = ask(corpus_searcher, "heart atack symptoms")
        assert answer.corrected
        assert [notice.kind for notice in answer.notices] == ["heart-attack"]

    def test_the_country_is_the_operators(self, ruled: Ruled) -> None:
        (notice,) = ask(ruled(), CRISIS).notices
        assert notice.country == "GB"
        assert [action.href for action in notice.actions] == ["tel:116123", "tel:999"]


class TestRaised:
    def test_articles_on_help_stand_first_and_no_more_than_two(
        self, library: IndexSearcher
    ) -> None:
        answer = ask(library, CRISIS)
        assert raised(answer.hits) == ids(answer.hits)[:2]
        assert set(raised(answer.hits)) <= {"help", "low", "also"}
        assert len(ids(answer.hits)) == len(set(ids(answer.hits)))
        assert not any(hit.pinned for hit in answer.hits)

    def test_they_are_counted_and_not_repeated(self, library: IndexSearcher) -> None:
        answer = ask(library, CRISIS, expand=False)
        everything = ask(library, CRISIS, expand=False, per_page=100)
        assert answer.total == len([hit for hit in everything.hits if not hit.related])
        second = ask(library, CRISIS, expand=False, page=2, per_page=2)
        assert set(ids(second.hits)).isdisjoint(raised(answer.hits))

    def test_in_the_language_of_the_notice(self, library: IndexSearcher) -> None:
        assert raised(ask(library, "quiero morir").hits) == ["ayuda"]

    def test_only_those_that_pass_the_filters(self, library: IndexSearcher) -> None:
        assert raised(ask(library, CRISIS, language=("es",)).hits) == []

    def test_not_in_an_order_by_day_and_not_without_a_crisis(self, library: IndexSearcher) -> None:
        assert raised(ask(library, CRISIS, sort="newest").hits) == []
        assert raised(ask(library, "chest pain").hits) == []
        assert raised(ask(library, "suicide gene therapy").hits) == []

    def test_it_is_explained(self, library: IndexSearcher) -> None:
        first, *_ = ask(library, CRISIS, explain=True).hits
        assert first.explanation == (RAISED_REASON,)

    def test_nothing_off_topic_is(self, open_index: OpenIndex) -> None:
        research = open_index(
            (
                article("a", "Suicide rates fell. We call for research.", "Suicide rates in towns"),
                article("b", "Diet and mood in students.", "Depression and diet"),
                *FILLER,
            )
        )
        assert raised(ask(research, CRISIS).hits) == []

    def test_in_the_sample_pages(self, corpus_searcher: IndexSearcher) -> None:
        answer = ask(corpus_searcher, "i want to kill myself")
        assert answer.hits[0].url == DEPRESSION
        assert len(raised(answer.hits)) == 1


class TestRules:
    PIN = Rule(id="pin", pattern="cold", match="contains", pinned=("https://a.example/z01", "low"))

    def test_pinned_articles_stand_first(self, ruled: Ruled) -> None:
        answer = ask(ruled(self.PIN), "a cold")
        assert ids(answer.hits)[:2] == ["z01", "low"]
        assert [hit.pinned for hit in answer.hits][:3] == [True, True, False]
        assert ids(ask(ruled(), "a cold").hits)[0] == "cold"

    def test_before_those_that_are_raised(self, ruled: Ruled) -> None:
        rule = Rule(id="r", pattern=CRISIS, pinned=("cold", "low"))
        hits = ask(ruled(rule), CRISIS).hits
        assert ids(hits)[:2] == ["cold", "low"]
        assert raised(hits)
        assert "low" not in raised(hits)

    def test_what_is_hidden_is_neither_found_nor_counted_nor_raised(self, ruled: Ruled) -> None:
        before = ask(ruled(), CRISIS)
        rule = Rule(id="r", pattern=CRISIS, hidden=("help", "https://a.example/low", "nowhere"))
        after = ask(ruled(rule), CRISIS, per_page=100)
        assert {"help", "low"}.isdisjoint(ids(after.hits))
        assert raised(after.hits) == ["also"]
        assert after.total <= before.total

    def test_it_is_explained(self, ruled: Ruled) -> None:
        first, *_ = ask(ruled(self.PIN), "a cold", explain=True).hits
        assert first.explanation == (PINNED_REASON,)

    def test_nothing_is_pinned_in_an_order_by_day(self, ruled: Ruled) -> None:
        answer = ask(ruled(self.PIN), "cold", sort="newest")
        assert not any(hit.pinned for hit in answer.hits)
        assert ids(answer.hits) == ids(ask(ruled(), "cold", sort="newest").hits)

    def test_what_is_pinned_is_nothing_that_quoted_words_find(self, ruled: Ruled) -> None:
        rule = Rule(id="r", pattern="well rest", match="words", pinned=("z01",))
        answer = ask(ruled(rule), '"well rest"')
        assert answer.corrected
        assert ids(answer.hits)[:2] == ["z01", "cold"]

    def test_a_query_that_finds_nothing_shows_what_is_pinned(self, ruled: Ruled) -> None:
        rule = Rule(id="r", pattern="qqqq", pinned=("cold",))
        answer = ask(ruled(rule), "qqqq")
        assert [hit.id for hit in answer.hits if hit.pinned] == ["cold"]
        assert answer.total == 1

    def test_the_language_is_the_querys_or_the_only_one_wanted(self, ruled: Ruled) -> None:
        rule = Rule(id="r", pattern="qqqq", language="es", pinned=("ayuda",))
        searcher = ruled(rule)
        assert ask(searcher, "qqqq").hits == ()
        assert ids(ask(searcher, "qqqq", language=("es",)).hits) == ["ayuda"]

    def test_the_edition_is_part_of_the_state_of_the_index(
        self, corpus_generation: Generation
    ) -> None:
        now = [Editorial(shipped_notices())]
        with closing(open_searcher(corpus_generation, Options(editorial=lambda: now[0]))) as live:
            before = live.info
            assert before.editorial == ""
            assert live.info is before
            now[0] = Editorial(shipped_notices(), [self.PIN])
            assert live.info.editorial == now[0].edition
            assert ask(live, "gout").index is live.info


def test_beside_a_notice_of_a_crisis_nothing_is_shown_that_is_merely_alike(
    library: IndexSearcher,
) -> None:
    assert ask(library, "boredom").related > 0
    in_crisis = ask(library, "boredom makes me want to die")
    assert [notice.severity for notice in in_crisis.notices] == ["crisis"]
    assert 0 < in_crisis.total < 50
    assert in_crisis.related == 0
