"""How the desk shows moments, spans, sizes and numbers. The desk speaks English."""

from datetime import UTC, date, datetime

_SPANS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def number(value: int) -> str:
    """Return a whole number with its thousands apart."""
    return f"{value:,}"


def counted(count: int, noun: str, several: str = "") -> str:
    """Return a number with what is counted: ``1 article``, ``2 articles``."""
    return f"{number(count)} {noun if count == 1 else several or f'{noun}s'}"


def moment(at: datetime) -> str:
    """Return a moment to the minute, UTC."""
    return f"{aware(at):%Y-%m-%d %H:%M} UTC"


def aware(at: datetime) -> datetime:
    """Return a moment in UTC; one that names no zone is in it already."""
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def span(seconds: float) -> str:
    """Return how long something takes, in its largest unit: ``3 hours``."""
    if seconds < 1:
        return "under a second"
    unit, length = next(each for each in _SPANS if seconds >= each[1])
    return counted(int(seconds // length), unit)


def ago(at: datetime, now: datetime | None = None) -> str:
    """Return how long ago a moment was."""
    seconds = ((now or datetime.now(UTC)) - aware(at)).total_seconds()
    return "just now" if seconds < 1 else f"{span(seconds)} ago"


def took(started: datetime | None, finished: datetime | None) -> str:
    """Return how long a job took, or has taken so far; empty before it began."""
    if started is None:
        return ""
    end = aware(finished) if finished else datetime.now(UTC)
    return span((end - aware(started)).total_seconds())


def size(count: int) -> str:
    """Return a number of bytes as people read it, in powers of 1,000."""
    amount = float(count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if amount < 1000:
            digits = 0 if unit == "bytes" or amount >= 100 else 1
            return f"{amount:.{digits}f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"


def percent(part: float, whole: float) -> str:
    """Return a share in per cent, empty of nothing."""
    return f"{100 * part / whole:.0f}%" if whole else ""


def difference(count: int) -> str:
    """Return a difference with its sign: ``+3``, ``−12``, ``as many``."""
    if count == 0:
        return "as many"
    return f"{'+' if count > 0 else '−'}{number(abs(count))}"


def day(at: date) -> str:
    """Return a day of this or another year: ``3 Nov``."""
    return f"{at.day} {at:%b}"
