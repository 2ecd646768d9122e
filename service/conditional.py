"""Conditional requests (RFC 9110, section 13): has the caller what would be sent?"""

import re
from collections.abc import Iterable

_TAG = re.compile(r'\s*(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")\s*(?:,|$)')


def is_known(etag: str, if_none_match: Iterable[str]) -> bool:
    """Return whether one of the ``If-None-Match`` headers names ``etag``, or any (``*``).

    Tags are compared weakly, as the RFC asks. A header that is malformed names none.
    """
    tag = etag.removeprefix("W/")
    return any(header.strip() == "*" or tag in _tags(header) for header in if_none_match)


def _tags(header: str) -> list[str]:
    found, at = [], 0
    while match := _TAG.match(header, at):
        found.append(match[1])
        at = match.end()
    return found if at == len(header) else []
