"""The notices in force, as visitors see them, and which of them a phrase calls."""

from collections.abc import Sequence
from typing import NamedTuple

from anyio import to_thread
from starlette.responses import Response

from service.desk.visit import Visit
from service.search.editorial.advice import Editorial
from service.search.editorial.notices import Called
from service.search.request import MAX_QUERY_CHARS
from service.search.response import Notice


class Shown(NamedTuple):
    """A notice in one language, and how many patterns call it."""

    notice: Notice
    patterns: int
    prevention: str


async def notices_page(visit: Visit) -> Response:
    """List the notices."""
    return await _page(visit)


async def try_phrase(visit: Visit) -> Response:
    """Say which notices a phrase calls; it is neither logged nor kept, nor put in an address."""
    return await _page(visit, visit.form.get("phrase", "").strip()[:MAX_QUERY_CHARS])


async def _page(visit: Visit, phrase: str = "") -> Response:
    context = visit.context
    editorial = await to_thread.run_sync(context.desk.editorial)
    return visit.page(
        "notices.html",
        here="notices",
        shown=_shown(editorial),
        country=editorial.country,
        countries=editorial.notices.countries,
        source=context.settings.notices,
        is_off=not context.settings.has_notices,
        phrase=phrase,
        called=editorial.advice(phrase, "").notices,
        max_chars=MAX_QUERY_CHARS,
    )


def _shown(editorial: Editorial) -> Sequence[Shown]:
    """Return every notice in every language, in their order."""
    return [
        Shown(
            editorial.notices.notice(Called(entry, language), editorial.country),
            len(list(wording.patterns())),
            wording.prevention,
        )
        for entry in editorial.notices.entries
        for language, wording in entry.wordings.items()
    ]
