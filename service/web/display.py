"""How values are shown: marked text, links, addresses, dates and numbers."""

import re
from datetime import date
from urllib.parse import quote, unquote, urlsplit

from service.search.response import Hit, SearchResponse
from service.web.texts import Texts

_NUMBER = re.compile(r"tel:\+?[0-9*#().-]+", re.IGNORECASE)
_LINK = re.compile(r"https?://[^\s/\\?#]+([/?#]\S*)?", re.IGNORECASE)


def safe_link(url: str, anchor: str = "") -> str:
    """Return ``url`` (at ``anchor``) if it is a web address, else an empty string."""
    if not _LINK.fullmatch(url) or not url.isprintable():
        return ""
    return f"{url.partition('#')[0]}#{quote(anchor)}" if anchor else url


def safe_action(href: str) -> bool:
    """Return whether a notice may link to this: a number to call, or a page over TLS."""
    return bool(_NUMBER.fullmatch(href)) or safe_link(href)[:6].lower() == "https:"


def readable_url(url: str) -> str:
    """Return an address as people read it: ``example.org › heart › attack``."""
    if not safe_link(url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    path = unquote(parts.path, errors="replace")
    if not path.isprintable() or "\ufffd" in path:
        path = parts.path
    host = parts.netloc.rpartition("@")[2].removeprefix("www.")
    return " › ".join([host, *filter(None, path.split("/"))])


def date_line(hit: Hit, texts: Texts) -> tuple[str, str]:
    """Return the most telling date of an article as a sentence and in ISO form."""
    for kind in ("reviewed", "modified", "published"):
        day = hit.last_reviewed if kind == "reviewed" else getattr(hit, kind)
        if day:
            return texts[kind].format(date=written_date(day, texts)), day.isoformat()
    return "", ""


def written_date(day: date, texts: Texts) -> str:
    """Return a date in words: ``12 March 2026``."""
    month = texts["months"].split()[day.month - 1]
    return texts["date"].format(day=day.day, month=month, year=day.year)


def written_number(number: int, texts: Texts) -> str:
    """Return a number with its thousands apart."""
    return f"{number:,}".replace(",", texts["thousands"])


def other_names(answer: SearchResponse) -> list[str]:
    """Return the names that were also searched, each once."""
    return list(dict.fromkeys(name for each in answer.expansions for name in each.to))


def result_count(total: int, relation: str, texts: Texts) -> str:
    """Return how many articles were found, in words."""
    if relation == "eq" and total <= 1:
        return texts["results_one" if total else "results_none"]
    key = "results_other" if relation == "eq" else "results_least"
    return texts[key].format(count=written_number(total, texts))
