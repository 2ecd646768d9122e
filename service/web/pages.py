"""Renders the page and the documentation from templates."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from indexer.article import UNDETERMINED
from service.highlighting import marked_parts
from service.problems import KINDS, ProblemError
from service.search.request import MAX_QUERY_CHARS, MAX_WINDOW
from service.search.response import FacetCount, SearchResponse
from service.templating import environment
from service.web import display
from service.web.bundle import build_box
from service.web.form import PageForm
from service.web.texts import LANGUAGES, load_texts
from service.web.trying import load_examples

TEMPLATES = Path(__file__).with_name("templates")

PAGES_AROUND = 2
"""Links to so many pages before and after the current one: five fit on a phone."""

MAX_RELATED = 3
"""Related articles that are shown: an offer, in which nobody should have to look for results."""

FACETS = ("topic", "language")
MAX_FACET_VALUES = 12
IDLE = ("language", UNDETERMINED)
"""No choice that helps anybody."""

CLOSED = (401, 403)
"""Statuses of what is refused for good: to try again helps nobody."""


class Pages:
    """The pages of one site. Texts and templates are read once, here."""

    def __init__(
        self, site_name: str, api: Mapping[str, Any], *, counts_clicks: bool = False
    ) -> None:
        self._catalog = load_texts()
        self.box = build_box(self._catalog)
        self._environment = environment(TEMPLATES)
        self._environment.globals |= {
            "site_name": site_name,
            "display": display,
            "marked_parts": marked_parts,
            "last_page": last_page,
            "counts_clicks": counts_clicks,
        }
        self._environment.tests["safe_action"] = display.safe_action
        self._embed = self._environment.get_template("embed.html")
        self._opensearch = self._environment.get_template("opensearch.xml")
        self._search = self._environment.get_template("search.html")
        self.docs = self._environment.get_template("docs.html").render(
            api=api, kinds=KINDS, examples=load_examples()
        )

    def embed(self, base: str) -> str:
        """Return the page that says how a site shows the search box, served under ``base``."""
        return self._embed.render(base=base, parts=self.box.parts)

    def opensearch(self, base: str, lang: str) -> str:
        """Return the description for browsers of the search served under ``base``."""
        return self._opensearch.render(base=base, t=self._catalog.texts[lang])

    def search(
        self,
        form: PageForm,
        answer: SearchResponse | None = None,
        *,
        refused: ProblemError | None = None,
    ) -> str:
        """Return the search page; what was ``refused`` is told instead of an answer."""
        texts = self._catalog.texts[form.lang]
        facets = _facets(form, answer)
        return self._search.render(
            form=form,
            answer=answer,
            refusal=_refusal(refused, texts) if refused else "",
            can_retry=refused is not None and refused.status not in CLOSED,
            t=texts,
            language_names=dict(self._catalog.language_names),
            other_languages=[
                (lang, self._catalog.texts[lang]["language_name"])
                for lang in LANGUAGES
                if lang != form.lang
            ],
            max_chars=MAX_QUERY_CHARS,
            matching=[hit for hit in answer.hits if not hit.related] if answer else [],
            related=[hit for hit in answer.hits if hit.related][:MAX_RELATED] if answer else [],
            facets=facets,
            has_filters=any(facets.values()),
            pages=_page_numbers(answer) if answer else [],
        )


def _refusal(refused: ProblemError, texts: Mapping[str, str]) -> str:
    """Return what visitors are told who get no answer; the same as the box tells them."""
    if refused.status in CLOSED:
        return texts["error_closed"]
    if refused.code == "index-unavailable":
        return texts["error_unavailable"]
    return texts["error_busy"].format(seconds=refused.headers["Retry-After"])


def _facets(
    form: PageForm, answer: SearchResponse | None
) -> dict[str, list[tuple[FacetCount, bool]]]:
    """Return each facet's values and whether they are chosen; chosen ones always come along.

    What all matches have is no choice.
    """
    if answer is None or form.query is None:
        return {}
    facets = {}
    for name in FACETS:
        chosen = getattr(form.query, name)
        counted = [each for each in answer.facets.get(name, ()) if (name, each.value) != IDLE]
        if not chosen and all(each.count >= answer.total for each in counted):
            continue
        known = {value.value for value in counted}
        missing = [FacetCount(value, 0) for value in chosen if value not in known]
        offered = [value for value in counted if value.value not in chosen][:MAX_FACET_VALUES]
        first = missing + [value for value in counted if value.value in chosen]
        facets[name] = [(value, True) for value in first] + [(value, False) for value in offered]
    return facets


def _page_numbers(answer: SearchResponse) -> list[int]:
    """Return the pages to link to, around the current one; empty if there is only one."""
    last = last_page(answer)
    if last <= 1:
        return []
    middle = min(answer.page, last)
    around = range(middle - PAGES_AROUND, middle + PAGES_AROUND + 1)
    return sorted({1, *(number for number in around if 1 <= number <= last)})


def last_page(answer: SearchResponse) -> int:
    """Return the number of the last page that can be asked for."""
    return -(-min(answer.total, MAX_WINDOW) // answer.per_page)
