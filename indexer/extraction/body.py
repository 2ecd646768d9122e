"""Finds the element that holds the article, and nothing else if it can."""

from indexer.errors import PageSkipped
from indexer.extraction.document import Element, find_all
from indexer.extraction.lead import take_lead
from indexer.extraction.links import drop_link_blocks
from indexer.extraction.measure import Measure, Measures, measure, measure_again
from indexer.extraction.pruning import drop_invisible, prune
from indexer.extraction.tabs import label_panels

# Going down to a child must keep this much of the prose: less, and the article has several parts.
KEPT_SHARE = 0.8
# What an author marked as the article's body is believed if it holds this much of the prose.
MARKED_SHARE = 0.35
# An index, from A to Z say, has so much more text in its links than beside them, and many links.
# A page with some paragraphs of prose is none, whatever lists stand beside them.
INDEX_LINKS = 5
INDEX_LINKED = 1_500
INDEX_PROSE = 600

_MARKED = (
    "descendant::*[contains(concat(' ', normalize-space(@itemprop), ' '), ' articleBody ')]",
    "descendant::article",
    "descendant::main",
)


def article_root(page: Element) -> Element:
    """Prune ``page`` and return the element that holds its article.

    Raises:
        PageSkipped: the page is an index: what its author marked as the content is links.
    """
    body = page.find("body")
    body = page if body is None else body
    drop_invisible(body)
    label_panels(body)
    measures = measure(body)
    measure_again(body, measures, prune(body, measures))
    if measures[body].prose < INDEX_PROSE and any(
        _is_index(measures[main]) for main in body.iter("main", "article")
    ):
        raise PageSkipped("no article found: an index of links")
    root = _descend(_marked(body, measures), measures)
    take_lead(root, measures)
    drop_link_blocks(root, measures)
    return root


def _is_index(own: Measure) -> bool:
    return own.linked >= max(INDEX_LINKED, INDEX_LINKS * own.prose)


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
