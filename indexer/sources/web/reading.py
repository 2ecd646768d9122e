"""From an address to what a source yields: ask for it, and say what came of it."""

import re
from collections.abc import Mapping

import msgspec
from urllib3 import HTTPHeaderDict

from indexer.sources.files import MAX_PAGE_BYTES
from indexer.sources.page import (
    Damaged,
    Page,
    PassedOver,
    SourceItem,
    Unchanged,
    Visit,
)
from indexer.sources.web.address import Address
from indexer.sources.web.client import Client
from indexer.sources.web.fetching import Answer, Ask
from indexer.sources.web.links import links_of
from indexer.sources.web.robots import RobotsBook, robots_tag
from indexer.sources.web.trouble import NotWanted, Trouble

_GONE = (404, 410, 451)
_REFUSALS = frozenset(("noindex", "none"))
_NOT_FOLLOWED = frozenset(("nofollow", "none"))
_HTML = ("text/html", "application/xhtml+xml")
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([^\s;\"']+)", re.IGNORECASE)
# A header of a request is not the place for what a server made up at length.
_MAX_VALIDATOR = 1024


class Listed(msgspec.Struct, frozen=True):
    """A page to read, and when its sitemap says that it last changed."""

    address: Address
    lastmod: str = ""


class Outcome(msgspec.Struct, frozen=True):
    """What came of a page.

    Attributes:
        item: what the source yields.
        final: the address that a page's redirects led to.
        away: whether the server did not serve us; None if it was not asked.
        links: of the page, for a crawl.
    """

    item: SourceItem
    final: str = ""
    away: bool | None = None
    links: tuple[Address, ...] = ()


class Reader:
    """Reads pages. Threads may share it."""

    def __init__(self, client: Client, robots: RobotsBook) -> None:
        self._client = client
        self._robots = robots

    def read(self, listed: Listed, before: Visit | None, *, with_links: bool) -> Outcome:
        """Return what came of a page; never raises for what a site does.

        Args:
            listed: the page.
            before: the last visit, to ask for news only; None if the content is needed.
            with_links: whether its links are wanted.
        """
        location = listed.address.url
        conditions = _conditions(before) if before else {}
        ask = Ask(limit=MAX_PAGE_BYTES, headers=conditions, wants=_is_html)
        try:
            answer = self._client.get(listed.address, ask, self._robots.admit)
            if answer.status == 304 and before and conditions:
                visit = _visit(listed, answer.headers, before)
                unchanged = Unchanged(location=location, visit=visit)
                return Outcome(unchanged, answer.address.url, away=False)
            return _outcome(listed, answer, with_links=with_links)
        except NotWanted as error:
            return Outcome(PassedOver(location=location, reason=str(error)))
        except Trouble as error:
            return Outcome(Damaged(location=location, reason=str(error)), away=error.away)


def _outcome(listed: Listed, answer: Answer, *, with_links: bool) -> Outcome:
    """Return what an answer means.

    Raises:
        Trouble: it means that there should be a page.
    """
    location, final = listed.address.url, answer.address.url
    if answer.status in _GONE:
        item = PassedOver(location=location, reason=f"gone ({answer.status})")
        return Outcome(item, away=False)
    if answer.status != 200:
        # A 403 is how many sites turn robots away: the next page would get it too.
        raise Trouble(f"answered {answer.status}", away=answer.status == 403)
    if not _is_html(answer.headers):
        item = PassedOver(location=location, reason=f"not HTML ({_media_type(answer.headers)})")
        return Outcome(item, away=False)
    if not answer.body.strip():
        raise Trouble("empty page")
    directives = robots_tag(answer.headers.getlist("X-Robots-Tag"))
    follow = with_links and _NOT_FOLLOWED.isdisjoint(directives)
    links = links_of(answer.body, answer.address) if follow else ()
    if not _REFUSALS.isdisjoint(directives):
        item = PassedOver(location=location, reason="X-Robots-Tag: noindex")
        return Outcome(item, away=False, links=links)
    page = Page(
        location=location,
        url=final,
        content=answer.body,
        charset=_charset(answer.headers),
        visit=_visit(listed, answer.headers, Visit()),
    )
    return Outcome(page, final, away=False, links=links)


def _conditions(visit: Visit) -> Mapping[str, str]:
    """Return the headers that ask for news only (RFC 9110, section 13.1)."""
    validators = {"If-None-Match": visit.etag, "If-Modified-Since": visit.last_modified}
    return {name: value for name, value in validators.items() if value}


def _visit(listed: Listed, headers: HTTPHeaderDict, before: Visit) -> Visit:
    """Return what to remember; a 304 need not repeat what was said before."""
    return Visit(
        etag=_validator(headers.get("ETag", "")) or before.etag,
        last_modified=_validator(headers.get("Last-Modified", "")) or before.last_modified,
        lastmod=listed.lastmod,
    )


def _validator(text: str) -> str:
    fits = len(text) <= _MAX_VALIDATOR and text.isascii() and text.isprintable()
    return text.strip() if fits else ""


def _is_html(headers: HTTPHeaderDict) -> bool:
    """Return whether the headers say HTML, or nothing."""
    return _media_type(headers) in ("", *_HTML)


def _media_type(headers: HTTPHeaderDict) -> str:
    # Of a header that was sent twice the first counts; they come joined by a comma.
    text = re.split("[;,]", headers.get("Content-Type", ""))[0].strip().lower()
    return text[:80] if text.isprintable() else "unreadable Content-Type"


def _charset(headers: HTTPHeaderDict) -> str:
    match = _CHARSET.search(headers.get("Content-Type", ""))
    return match[1] if match else ""
