"""What a visitor asked for in the page's URL, read as kindly as possible."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from service.search.blank import is_blank
from service.search.request import MAX_PAGE, MAX_QUERY_CHARS, SearchRequest, Sort
from service.web.texts import choose_language

MAX_FILTERS = 20
MAX_FILTER_CHARS = 200
MAX_GRADE = 20

UNFILTERED = dict.fromkeys(
    ("topic", "language", "audience", "publisher", "reviewed_after", "reading_level_max"), ""
)
"""The filters, off: changes of a link."""


@dataclass(frozen=True)
class PageForm:
    """The state of the page's form. ``query`` is None while there is nothing to search for."""

    lang: str
    asked_lang: str
    typed: str
    too_long: bool
    query: SearchRequest | None

    def link(self, **changes: Any) -> str:
        """Return the relative URL of this search with ``changes``; back on page 1 unless given."""
        query = self.query or SearchRequest(q=self.typed)
        fields: dict[str, Any] = {
            "lang": self.asked_lang,
            "q": query.q,
            "sort": query.sort if query.sort != "relevance" else "",
            "topic": query.topic,
            "language": query.language,
            "audience": query.audience,
            "publisher": query.publisher,
            "reviewed_after": query.reviewed_after,
            "reading_level_max": query.reading_level_max,
            "expand": "" if query.expand else "false",
            **changes,
        }
        kept = {name: value for name, value in fields.items() if value or value == 0}
        return "?" + urlencode(kept, doseq=True, errors="replace")

    def unfiltered(self) -> str:
        """Return the relative URL of this search without its filters."""
        return self.link(**UNFILTERED)

    def hidden(self) -> Iterator[tuple[str, object]]:
        """Yield the filters that the form has no visible fields for, as names and values."""
        query = self.query
        if query is None:
            return
        yield from (("audience", value) for value in query.audience)
        yield from (("publisher", value) for value in query.publisher)
        if query.reviewed_after is not None:
            yield "reviewed_after", query.reviewed_after
        if query.reading_level_max is not None:
            yield "reading_level_max", query.reading_level_max


def read_form(params: QueryParams, accept_language: str) -> PageForm:
    """Read the form. Unknown parameters and unusable values are ignored."""
    asked_lang = params.get("lang", "")
    lang = choose_language(asked_lang, accept_language)
    typed = params.get("q", "").strip()
    too_long = len(typed) > MAX_QUERY_CHARS
    return PageForm(
        lang=lang,
        asked_lang=asked_lang if asked_lang == lang else "",
        typed=typed[:MAX_QUERY_CHARS],
        too_long=too_long,
        query=None if too_long or is_blank(typed) else _query(typed, params),
    )


def _query(typed: str, params: QueryParams) -> SearchRequest:
    sort: Sort = "relevance"
    for known in get_args(Sort):
        if params.get("sort") == known:
            sort = known
    return SearchRequest(
        q=typed,
        page=_page_number(params.get("page", "")),
        sort=sort,
        topic=_filters(params.getlist("topic")),
        language=_filters(params.getlist("language")),
        audience=_filters(params.getlist("audience")),
        publisher=_filters(params.getlist("publisher")),
        reviewed_after=_day(params.get("reviewed_after", "")),
        reading_level_max=_grade(params.get("reading_level_max", "")),
        expand=params.get("expand") != "false",
        finish=True,
    )


def _page_number(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        return 1
    return min(max(int(text), 1), MAX_PAGE)


def _filters(values: list[str]) -> tuple[str, ...]:
    usable = (value for value in dict.fromkeys(values) if 0 < len(value) <= MAX_FILTER_CHARS)
    return tuple(usable)[:MAX_FILTERS]


def _day(text: str) -> date | None:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _grade(text: str) -> float | None:
    if not re.fullmatch(r"[0-9]{1,2}(\.[0-9]{1,3})?", text):
        return None
    return min(float(text), MAX_GRADE)
