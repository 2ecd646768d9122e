"""Takes out of the tree what is not article: frame, navigation, talk, adverts.

``rules.py`` says what an element claims to be, and the guard here overrules it where the element
holds the article: page authors put ``sidebar`` or ``newsletter`` on wrappers of everything.
"""

from lxml import etree

from indexer.extraction.document import INVISIBLE, Element, remove
from indexer.extraction.measure import Measures
from indexer.extraction.patterns import name_parts, patterns
from indexer.extraction.rules import is_claimed

# An element with more than this share of the page's prose may be the article.
GUARDED_SHARE = 0.4
# Comments may be longer than what they are about: as much as this must remain without them.
REST_PROSE = 600

# A rule needs these: a box with a field for mail is an invitation.
_INVISIBLE_YET_TELLING = frozenset(("input",))


def drop_invisible(root: Element) -> None:
    """Remove scripts, drawings and the like below ``root``: half of the elements of many pages."""
    etree.strip_elements(root, *(INVISIBLE - _INVISIBLE_YET_TELLING), with_tail=False)


def prune(root: Element, measures: Measures) -> list[Element]:
    """Remove what a rule claims and the guard does not protect, below ``root``.

    Returns:
        the elements that have lost a child.
    """
    left = measures[root].prose
    changed: list[Element] = []
    waiting = list(root)[::-1]
    while waiting:
        element = waiting.pop()
        if element.tag not in INVISIBLE and is_claimed(element, measures):
            prose = measures[element].prose
            parent = element.getparent()
            if parent is not None and not _holds_the_article(element, prose, left):
                left -= prose
                changed.append(parent)
                remove(element)
                continue
        waiting += list(element)[::-1]
    return changed


def _holds_the_article(element: Element, prose: int, left: int) -> bool:
    """Say whether removing ``element`` would take the article.

    Only what others wrote may be most of a page, if it has no title and leaves enough.
    """
    if not prose or prose < GUARDED_SHARE * left:
        return False
    names = name_parts(f"{element.get('class', '')} {element.get('id', '')}")
    is_by_others = patterns().by_others.search(names) is not None
    return (
        not is_by_others or left - prose < REST_PROSE or next(element.iter("h1"), None) is not None
    )
