"""The article's title, without the site's name."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

# Between a page's title and its site's name.
_SEPARATOR = re.compile(r"\s+(?:[|\u2013\u2014\u00b7\u2022\u00bb\u203a<>~-]|::|//)\s+|\s*\|\s*")
_WORD = re.compile(r"\w+")
# From this share of common words on, two titles are of the same article.
AGREEMENT = 0.5
# A site's name is short; a longer last part belongs to the title.
LONGEST_SITE_NAME = 6
# As the API takes them; what is longer is cut, or a broken page would hold up a job.
LONGEST_TITLE = 1_000
# Pages have one h1 and up to five other titles; more than this (judgement) are not looked at.
MOST_TITLES = 20


def choose_title(headings: Sequence[str], titles: Sequence[str], site: str, url: str) -> str:
    """Return the title.

    Args:
        headings: texts of the page's h1 elements.
        titles: what the page calls itself elsewhere, best first, perhaps with the site's name.
        site: the site's name, if known.
        url: the page's address, whose host may spell the site's name.
    """
    headings, titles = _looked_at(headings), _looked_at(titles)
    site = site[:LONGEST_TITLE]
    bare = [short for title in titles if (short := without_site(title, site, url))]
    if not bare:
        return next((heading for heading in headings if not same_words(heading, site)), "")
    agreement, heading = max(
        ((max(_agreement(heading, title) for title in bare), heading) for heading in headings),
        key=lambda pair: pair[0],
        default=(0.0, ""),
    )
    return heading if agreement >= AGREEMENT and not same_words(heading, site) else bare[0]


def without_site(title: str, site: str, url: str) -> str:
    """Return ``title`` without the name of its site at either end."""
    parts, between = _SEPARATOR.split(title), list(_SEPARATOR.finditer(title))
    while between and (
        _is_site(parts[-1], site, url)
        or (not site and between[-1][0].strip() == "|" and _is_short(parts[-1], parts[0]))
    ):
        parts.pop()
        title = title[: between.pop().start()]
    return title[between[0].end() :] if between and _is_site(parts[0], site, url) else title


def title_parts(title: str) -> list[str]:
    """Return what stands between the separators of a title."""
    return [part for part in _SEPARATOR.split(title) if part]


def same_words(one: str, other: str) -> bool:
    """Say whether two texts have the same words, whatever is between them."""
    return bool(one) and _words(one) == _words(other)


def _looked_at(titles: Sequence[str]) -> list[str]:
    return [title[:LONGEST_TITLE].rstrip() for title in titles[:MOST_TITLES]]


def _is_site(part: str, site: str, url: str) -> bool:
    if site and (
        same_words(part, site) or " ".join(_words(part)).startswith(" ".join(_words(site)) + " ")
    ):
        return True
    host = re.sub(r"\W", "", urlsplit(url).netloc.removeprefix("www.").rpartition(".")[0])
    spelled = "".join(_words(part))
    return len(spelled) > 3 and spelled.isascii() and (spelled in host or spelled == host)


def _is_short(part: str, first: str) -> bool:
    return len(_words(part)) <= LONGEST_SITE_NAME and part != first


def _agreement(one: str, other: str) -> float:
    first, second = set(_words(one)), set(_words(other))
    smaller = min(len(first), len(second))
    return len(first & second) / smaller if smaller else 0.0


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())
