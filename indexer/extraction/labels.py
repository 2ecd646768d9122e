"""Paragraphs that stand above links as a heading would: "Read more", "Don't miss"."""

from collections.abc import Iterator

from indexer.extraction.document import Element, remove, text_of
from indexer.extraction.measure import Measures
from indexer.extraction.patterns import names_elsewhere

# Longer paragraphs are sentences, whatever they say.
LABEL_CHARS = 60
# What stands below such a label is links, with a word beside them at most ("[VIDEO]").
LINK_SHARE = 0.7


def drop_labelled_links(root: Element, measures: Measures) -> None:
    """Remove the label paragraphs below ``root`` and the links that follow each."""
    for label in list(root.iter("p", "strong", "b")):
        if not 0 < measures[label].chars <= LABEL_CHARS or not names_elsewhere(text_of(label)):
            continue
        part = _alone_in(label, root, measures)
        links = list(_links_after(part, measures))
        if any(measures[each].linked for each in links):
            for each in (part, *links):
                remove(each)


def _alone_in(label: Element, root: Element, measures: Measures) -> Element:
    """Return the largest element that has no text but the label's."""
    part = label
    while (parent := part.getparent()) is not None and parent is not root:
        if measures[parent].chars > measures[label].chars:
            break
        part = parent
    return part


def _links_after(part: Element, measures: Measures) -> Iterator[Element]:
    for sibling in part.itersiblings("*"):
        own = measures[sibling]
        if (part.tail or "").strip() or (own.chars and own.link_share < LINK_SHARE):
            return
        yield sibling
        if (sibling.tail or "").strip():
            return
