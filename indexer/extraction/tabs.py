"""Tabs: the label that a visitor clicks becomes the heading of the panel that it opens."""

from lxml import etree

from indexer.extraction.document import HEADINGS, Element, find_all, text_of

# A label is a few words; a tab with more is a card.
LABEL_CHARS = 80
# Where no heading stands above the tabs.
TOP_LEVEL = 2
_DEEPEST = 6


def label_panels(root: Element) -> None:
    """Put the label of each tab below ``root`` as a heading into its panel."""
    if not find_all(root, "descendant::*[@role='tab']"):
        return
    named = {element.get("id"): element for element in find_all(root, "descendant::*[@id]")}
    level = TOP_LEVEL
    for element in root.iter("*"):
        if element.tag in HEADINGS:
            level = min(int(element.tag[1]) + 1, _DEEPEST)
        elif element.get("role") == "tab" and (panel := named.get(_target(element))) is not None:
            _label(panel, text_of(element), f"h{level}")


def _target(tab: Element) -> str:
    """Return the id of the panel that ``tab`` opens, said on it or on the link in it."""
    for element in (tab, *tab.iter("a", "button")):
        target = (
            element.get("aria-controls")
            or element.get("data-bs-target")
            or element.get("data-target")
            or element.get("href", "")
        )
        if target:
            return target.removeprefix("#")
    return ""


def _label(panel: Element, label: str, tag: str) -> None:
    """Put ``label`` above the panel's text, unless the panel begins with a heading of its own."""
    if not label or len(label) > LABEL_CHARS or _begins_with_heading(panel):
        return
    heading = etree.Element(tag)
    heading.text, heading.tail = label, panel.text
    panel.text = None
    panel.insert(0, heading)


def _begins_with_heading(panel: Element) -> bool:
    first = next((each for each in panel.iter("*") if (each.text or "").strip()), panel)
    return first.tag in HEADINGS or next(first.iterancestors(*HEADINGS), None) is not None
