"""Dates as pages write them, English and Spanish. What could be two dates is none."""

import re
from datetime import date

_MONTHS = (
    ("january", "jan", "enero", "ene"),
    ("february", "feb", "febrero"),
    ("march", "mar", "marzo"),
    ("april", "apr", "abril", "abr"),
    ("may", "mayo"),
    ("june", "jun", "junio"),
    ("july", "jul", "julio"),
    ("august", "aug", "agosto", "ago"),
    ("september", "sept", "sep", "septiembre", "setiembre"),
    ("october", "oct", "octubre"),
    ("november", "nov", "noviembre"),
    ("december", "dec", "diciembre", "dic"),
)
_NUMBER = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_MONTH = "|".join(sorted(_NUMBER, key=len, reverse=True))

_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]\.?m\b\.?)?"
_WEEKDAYS = (
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
    "|lunes|martes|miércoles|jueves|viernes|sábado|domingo"
)

BEFORE_DATE = rf"(?:{_CLOCK}(?: [a-z]{{2,4}})?,? )?(?:(?:{_WEEKDAYS}),? )?"
"""A pattern, case ignored, of the time and the day of the week that may precede a date."""

DATE = (
    r"(?:\d{4}-\d{2}-\d{2}"
    rf"|\d{{1,2}}(?: ?(?:st|nd|rd|th)|\.|º)?[ -](?:of |de )?(?:{_MONTH})\b\.?,?[ -]"
    r"(?:de |del )?\d{4}"
    rf"|(?:{_MONTH})\b\.? \d{{1,2}}(?: ?(?:st|nd|rd|th))?,? \d{{4}}"
    r"|\d{1,2}[/.]\d{1,2}[/.]\d{4})"
)
"""A pattern, case ignored, of what ``parse_date`` is worth being asked."""

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)|(\d{4})(\d{2})(\d{2})(?!\d)")
_WORDS = re.compile(rf"\b({_MONTH})\b", re.IGNORECASE)
_NUMERIC = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_TIME = re.compile(_CLOCK, re.IGNORECASE)
_YEAR = re.compile(r"\b(\d{4})\b")
_DAY = re.compile(r"\b(\d{1,2})(?: ?st|nd|rd|th|º)?\b")
# Older and later dates are placeholders and typing errors.
_YEARS = range(1950, 2101)


def parse_date(text: str) -> date | None:
    """Return the day that ``text`` names, or nothing if it names none or may name two."""
    text = text.strip()
    if match := _ISO.match(text):
        year, month, day = (int(part) for part in match.groups() if part)
        return _date(year, month, day)
    if match := _NUMERIC.match(text):
        return _numeric(int(match[1]), int(match[2]), int(match[3]))
    text = _TIME.sub(" ", text)
    month_name, year_text, day_text = _WORDS.search(text), _YEAR.search(text), _DAY.search(text)
    if not (month_name and year_text and day_text):
        return None
    return _date(int(year_text[1]), _NUMBER[month_name[1].lower()], int(day_text[1]))


def is_filled_in(reviewed: str, modified: str) -> bool:
    """Return whether a template gave its time of change for a review: they agree to the second."""
    return reviewed == modified and _TIME.search(reviewed) is not None


def _numeric(first: int, second: int, year: int) -> date | None:
    """Return the date of 3/5/2025 only where day and month cannot be swapped."""
    if first == second or (first > 12 >= second):
        return _date(year, second, first)
    return _date(year, first, second) if second > 12 >= first else None


def _date(year: int, month: int, day: int) -> date | None:
    if year not in _YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
