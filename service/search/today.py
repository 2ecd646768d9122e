"""The day that it is."""

from datetime import UTC, date, datetime


def utc_today() -> date:
    """Return the day that it is now in UTC, by which rules, keys and counts begin and end."""
    return datetime.now(UTC).date()
