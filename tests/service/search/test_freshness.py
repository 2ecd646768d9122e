"""Of two articles that answer alike the one that was reviewed later stands first."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.search.engine import open_searcher
from service.search.options import Options
from service.search.ranking import freshness
from service.search.ranking.freshness import HALF_LIFE, MOST, OUTDATED, Freshness
from service.search.tuning import PLAIN
from tests.service.search.asked import FILLER, article, ask, matching
from tests.service.search.conftest import OpenIndex, Publish
from tests.service.search.opened import opened

TODAY = date(2025, 6, 1)
FRESH = replace(PLAIN, freshness=True)


def share(**days: object) -> float:
    """Return what an article with these days keeps of its score."""
    segment = opened([article("other"), article("it", "", "", **days)])
    return float(Freshness([segment], TODAY).shares(np.array([1]))[0])


def ago(years: float) -> date:
    return TODAY - timedelta(days=round(years * 365.25))


def test_a_review_of_today_keeps_all() -> None:
    assert share(last_reviewed=TODAY) == 1


def test_what_is_lost_is_half_of_all_after_a_while_and_never_more_than_all() -> None:
    assert share(last_reviewed=ago(HALF_LIFE / 365.25)) == pytest.approx(1 - MOST / 2, abs=1e-4)
    assert 1 - MOST < share(last_reviewed=ago(50)) < 1 - 0.99 * MOST
    assert share(last_reviewed=date(1, 1, 1)) >= 1 - MOST


@given(st.dates(max_value=TODAY), st.dates(max_value=TODAY))
def test_the_older_loses_more(one: date, other: date) -> None:
    older, newer = sorted([one, other])
    assert 1 - MOST <= share(last_reviewed=older) <= share(last_reviewed=newer) <= 1


def test_without_a_date_an_article_is_neither_new_nor_old() -> None:
    assert share(last_reviewed=ago(20)) < share() < share(last_reviewed=ago(1))
    assert share() == pytest.approx(1 - MOST / 2)


def test_a_day_in_the_future_is_today() -> None:
    assert share(last_reviewed=TODAY + timedelta(days=3000)) == 1


def test_a_review_counts_before_a_change_and_that_before_the_publication() -> None:
    old, new = ago(20), ago(1)
    assert share(last_reviewed=old, modified=new, published=new) == share(last_reviewed=old)
    assert share(modified=old, published=new) == share(modified=old) == share(published=old)
    assert share(modified=new, published=old) == share(published=new)


def test_segments_are_told_apart() -> None:
    segments = [opened([article("a", modified=ago(30))]), opened([article("b", modified=TODAY)])]
    made = Freshness(segments, TODAY)
    old, new = made.shares(np.arange(2))
    assert old < new == 1


GOUT = (
    article("a-old", "Gout hurts.", "A", last_reviewed=date(1990, 1, 1)),
    article("b-undated", "Gout hurts.", "B"),
    article("c-new", "Gout hurts.", "C", last_reviewed=date(2025, 1, 1)),
    article("d-more", "Gout gout gout hurts.", "D", last_reviewed=date(1990, 1, 1)),
)


def test_decides_between_like_articles_only(open_index: OpenIndex) -> None:
    plain, fresh = (open_index([*GOUT, *FILLER], tuning) for tuning in (PLAIN, FRESH))
    assert matching(ask(plain, "gout")) == ["d-more", "a-old", "b-undated", "c-new"]
    assert matching(ask(fresh, "gout")) == ["d-more", "c-new", "b-undated", "a-old"]
    before = {hit.id: hit.score for hit in ask(plain, "gout").hits}
    for hit in ask(fresh, "gout").hits:
        assert (1 - MOST) * before[hit.id] <= hit.score <= before[hit.id]


def test_other_orders_take_no_notice(open_index: OpenIndex) -> None:
    plain, fresh = (open_index([*GOUT, *FILLER], tuning) for tuning in (PLAIN, FRESH))
    assert ask(fresh, "gout", sort="reviewed").hits == ask(plain, "gout", sort="reviewed").hits


def test_age_is_that_on_the_day_of_the_index(tmp_path: Path, publish: Publish) -> None:
    """Not on that of the question: an index answers today as it did yesterday."""
    generation = publish(tmp_path, [*GOUT, *FILLER])
    shares: list[float] = []
    for year in (1991, 2025, 2100):
        built = datetime(year, 1, 1, tzinfo=UTC)
        manifest = msgspec.structs.replace(generation.manifest, built_at=built)
        with closing(
            open_searcher(replace(generation, manifest=manifest), Options(tuning=FRESH))
        ) as made:
            scores = {hit.id: hit.score for hit in ask(made, "gout").hits}
        shares.append(scores["a-old"] / scores["c-new"])
    assert shares[0] == pytest.approx(0.987, abs=0.001)
    assert shares[1] == pytest.approx(0.9, abs=0.001)
    assert shares[2] == pytest.approx(1, abs=0.001)


class TestOutdated:
    """More than three years, by the day that counts for freshness."""

    AGO = timedelta(days=OUTDATED)

    @pytest.mark.parametrize(
        ("days", "is_outdated"),
        [
            ({"last_reviewed": TODAY - AGO}, False),
            ({"last_reviewed": TODAY - AGO - timedelta(1)}, True),
            ({"last_reviewed": TODAY + AGO * 2}, False),
            ({"modified": TODAY - AGO - timedelta(1)}, True),
            ({"published": TODAY - AGO - timedelta(1)}, True),
            ({"published": date.min, "modified": TODAY}, False),
            ({"published": TODAY, "last_reviewed": date.min}, True),
            ({"modified": TODAY, "last_reviewed": ago(4)}, True),
            ({"modified": ago(9), "last_reviewed": ago(1)}, False),
            ({}, False),
        ],
    )
    def test_by_the_day_that_counts(self, days: dict[str, date], is_outdated: bool) -> None:
        card = opened([article("it", "", "", **days)]).card(0)
        assert freshness.is_outdated(card, TODAY) == is_outdated

    def test_three_years(self) -> None:
        assert round(OUTDATED / 365.25, 2) == 3

    def test_on_the_day_on_which_the_index_was_built(
        self, tmp_path: Path, publish: Publish
    ) -> None:
        today = datetime.now(UTC).date()
        made = [
            article("old", "Gout.", "One", last_reviewed=today - timedelta(OUTDATED + 2)),
            article("new", "Gout!", "Two", last_reviewed=today - timedelta(OUTDATED - 2)),
        ]
        with closing(open_searcher(publish(tmp_path, made))) as searcher:
            assert {hit.id: hit.outdated for hit in ask(searcher, "gout").hits} == {
                "old": True,
                "new": False,
            }
