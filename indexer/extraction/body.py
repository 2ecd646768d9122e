"""Finds the element that holds the article, and nothing else if it can."""

from indexer.extraction.document import Element, find_all
from indexer.extraction.links import drop_link_blocks
from indexer.extraction.measure import Measures, measure
from indexer.extraction.pruning import prune

# Going down to a child must keep this much of the prose: less, and the article has several parts.
KEPT_SHARE = 0.8
# What an author marked as the article's body is believed if it holds this much of the prose.
MARKED_SHARE = 0.35

_MARKED = (
    ".//*[contains(concat(' ', normalize-space(@itemprop), ' '), ' articleBody ')]",
    ".//article",
    ".//main",
)


def article_root(page: Element) -> Element:
    """Prune ``page`` and return the element that holds its article."""
    body = page.find("body")
    body = page if body is None else body
    prune(body, measure(body))
    measures = measure(body)
    root = _descend(_marked(body, measures), measures)
    drop_link_blocks(root, measures)
    return root


def _marked(body: Element, measures: Measures) -> Element:
    """Return what the author marked as the article, or ``body``."""
    needed = MARKED_SHARE * measures[body].prose
    for path in _MARKED:
        found = [element for element in find_all(body, path) if measures[element].prose > needed]
        if found:
            return max(found, key=lambda element: measures[element].prose)
    return body


def _descend(start: Element, measures: Measures) -> Element:
    """Return the smallest element below ``start`` that keeps nearly all of its prose."""
    needed = KEPT_SHARE * measures[start].prose
    element = start
    while True:
        richest = max(element, key=lambda child: measures[child].prose, default=None)
        if richest is None or measures[richest].prose < max(needed, 1):
            return element
        element = richest
