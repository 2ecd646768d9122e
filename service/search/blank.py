"""What says nothing: a text without anything to see."""

import re

VISIBLE = r"[^\s\x00-\x1f\x7f-\x9f]"
"""What a query must hold at least once: anything but white space and control characters."""

_VISIBLE = re.compile(VISIBLE)


def is_blank(text: str) -> bool:
    """Return whether a text holds nothing to see, or to search for."""
    return not _VISIBLE.search(text)
