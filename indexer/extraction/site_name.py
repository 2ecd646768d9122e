"""The name of the site, for a page whose metadata does not give it."""

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlsplit

from indexer.extraction.document import Element, find_all, text_of, text_within
from indexer.extraction.text import tidy
from indexer.extraction.title import MOST_TITLES, same_words, title_parts

# The front page, or that of one language.
_ROOT = re.compile(
    r"(?:\.\./)*/?(?:[a-z]{2}(?:-[a-z]{2})?/?)?(?:(?:index|default|home)\.\w{3,5})?", re.IGNORECASE
)
_COPYRIGHT = re.compile(
    r"(?:copyright|\(c\)|©)[\s©]*(?:\d{4}\s*(?:[-–—]\s*\d{4})?)?[\s,.:–—-]*", re.IGNORECASE
)
_LOGO = re.compile(r"\s+(?:logo|home ?page|home)\b.*", re.IGNORECASE | re.DOTALL)
_NAME_ENDS = re.compile(r"[.|,]| [-–—] | (?=\d{4})")
_LONGEST_LINE = 300


def site_name(title: str, tree: Element, url: str) -> str:
    """Return the part of a page's title that is its site's name, if a second place says so.

    That place is a link to the front page (its text, or the alternative text of its logo, as in
    "The Clinic logo"), or the copyright line. One of them alone is no evidence: the link may say
    "Home", the last part of the title may be a section.

    Args:
        title: the text of the title element.
        tree: the whole page.
        url: its address, as far as known.
    """
    parts = title_parts(title)
    if len(parts) < 2:
        return ""
    headings = [text_of(heading) for heading in islice(tree.iter("h1"), MOST_TITLES)]
    # "Home" opens the titles of many front pages, and their menus.
    candidates = [
        part
        for part in (parts[-1], *(part for part in parts[:1] if " " in part))
        if not any(same_words(part, heading) for heading in headings)
    ]
    said = list(_said(tree, _host(url)))
    return next((part for part in candidates if any(same_words(part, other) for other in said)), "")


def _said(tree: Element, host: str) -> Iterator[str]:
    for link in tree.iter("a"):
        if _leads_home(link, host):
            yield text_of(link)
            yield link.get("title", "")
            for image in link.iter("img"):
                yield _LOGO.sub("", tidy(image.get("alt", "")))
    for text in find_all(tree, "//*[text()[contains(., '©') or contains(., 'opyright')]]"):
        line = text_within(text, 4 * _LONGEST_LINE)  # four, as white space may count there
        if len(line) <= _LONGEST_LINE and (match := _COPYRIGHT.search(line)):
            yield _NAME_ENDS.split(line[match.end() :], maxsplit=1)[0]


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower().removeprefix("www.")
    except ValueError:
        return ""


def _leads_home(link: Element, host: str) -> bool:
    if "home" in link.get("rel", "").split():
        return True
    try:
        parts = urlsplit(link.get("href", "").strip())
    except ValueError:
        return False
    is_here = not parts.netloc or parts.netloc.lower().removeprefix("www.") == host
    is_address = bool(parts.netloc or parts.path) and not parts.query
    return is_here and is_address and _ROOT.fullmatch(parts.path) is not None
