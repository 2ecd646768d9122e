"""What the editors are told."""

from datetime import date, timedelta

import msgspec

from service.analytics.counts import Counts
from service.analytics.report import Report, report_of

DAYS = [date(2026, 3, 11), date(2026, 3, 12)]
TOTALS: dict[date, Counts] = {
    DAYS[1]: {"searches": 10, "zero": 2, "click 1": 4, "click 21+": 2, "kept": 3, "suggestions": 9}
}
QUERIES: dict[str, Counts] = {
    "gout": {"clients": 5, "searches": 6, "click 1": 3},
    "asthma": {"clients": 9, "searches": 6},
    "xyzzy": {"clients": 5, "searches": 5, "zero": 5},
    "knee pain": {
        "clients": 5,
        "searches": 8,
        "zero": 2,
        "slow": 2,
        "slowest_ms": 900,
        "click 2": 3,
    },
    "rare": {"clients": 4, "searches": 99, "zero": 50, "slow": 40},
}


def report(k: int = 5) -> Report:
    return report_of(DAYS, TOTALS, QUERIES, k)


def queries(rows: tuple[object, ...]) -> list[str]:
    return [row.query for row in rows]  # type: ignore[attr-defined]


def test_lists() -> None:
    told = report()
    assert queries(told.top) == ["knee pain", "asthma", "gout", "xyzzy"]
    assert queries(told.without_results) == ["xyzzy", "knee pain"]
    assert queries(told.unclicked) == ["asthma"], "what finds nothing cannot be clicked"
    assert queries(told.slow) == ["knee pain"]
    assert told.top[0].click_rate == 0.5
    assert told.slow[0].slowest_ms == 900


def test_what_fewer_than_k_asked_in_the_period_is_not_shown() -> None:
    assert "rare" not in str(report())
    assert queries(report(9).top) == ["asthma"]
    assert "rare" in queries(report(4).top)


def test_days_and_places() -> None:
    told = report()
    assert (told.since, told.until, told.searches, told.zero, told.clicks) == (*DAYS, 10, 2, 6)
    assert [day.searches for day in told.days] == [0, 10]
    assert (told.days[1].clicks, told.days[1].kept, told.days[1].suggestions) == (6, 3, 9)
    places = {each.place: (each.clicks, each.share) for each in told.places}
    assert (places["1"], places["2"], places["21+"]) == ((4, 0.5), (0, 0.0), (2, 0.25))


def test_where_no_clicks_are_sent_nothing_is_blamed_for_having_none() -> None:
    totals: dict[date, Counts] = {DAYS[1]: {"searches": 10}}
    assert report_of(DAYS, totals, QUERIES, 5).unclicked == ()


def test_lists_end() -> None:
    many = {f"query {number}": {"clients": 5, "searches": number} for number in range(1, 80)}
    top = report_of(DAYS, {}, many, 5).top
    assert (len(top), top[0].searches) == (50, 79)


def test_it_is_json() -> None:
    told = msgspec.json.decode(msgspec.json.encode(report()))
    assert told["days"][0]["day"] == str(DAYS[0])
    assert DAYS[1] - DAYS[0] == timedelta(days=1)
