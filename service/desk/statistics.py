"""What visitors look for: the counts of the analytics, as tables and small charts."""

from anyio import to_thread
from starlette.responses import Response

from service.analytics.report import Day, PlaceClicks, Report
from service.desk.display import counted
from service.desk.plots import Value, plot_of
from service.desk.visit import Visit

PERIODS = (7, 30, 90)
"""Days that can be chosen."""

DEFAULT_DAYS = 30


async def statistics(visit: Visit) -> Response:
    """Show what was counted in a period, or how to have it counted."""
    analytics = visit.context.analytics
    settings = visit.context.settings
    asked = visit.request.query_params.get("days", "")
    days = int(asked) if asked in map(str, PERIODS) else DEFAULT_DAYS
    report: Report = await to_thread.run_sync(analytics.report, days)
    return visit.page(
        "analytics.html",
        here="analytics",
        report=report,
        days=days,
        periods=PERIODS,
        kept_days=settings.analytics_days,
        searches_plot=plot_of([_of_day(day) for day in report.days]),
        places_plot=plot_of([_of_place(place) for place in report.places]),
    )


def _of_day(day: Day) -> Value:
    told = f"{day.day}: {counted(day.searches, 'search', 'searches')}, {day.zero} found nothing"
    return Value(day.searches, day.zero, told)


def _of_place(place: PlaceClicks) -> Value:
    return Value(place.clicks, 0, f"Place {place.place}: {counted(place.clicks, 'click')}")
