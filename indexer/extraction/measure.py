"""What the classifier knows of an element: how much text, how much of it links, how much prose."""

from collections.abc import Iterable

import msgspec

from indexer.extraction.document import BLOCKS, INVISIBLE, Element

# Shorter blocks are labels, buttons, captions, menu entries: they do not show where an article is.
PROSE_CHARS = 40
# A block that is link for more than this is a list of links, whatever its length.
PROSE_LINK_SHARE = 0.5


class Measure(msgspec.Struct, frozen=True, gc=False):
    """Text below an element, in characters without surrounding space.

    Attributes:
        chars: all of it.
        linked: what lies inside links.
        prose: what stands in blocks long enough to be sentences, links left out.
        has_block: whether a block begins below the element.
    """

    chars: int = 0
    linked: int = 0
    prose: int = 0
    has_block: bool = False

    @property
    def link_share(self) -> float:
        """The part of the text that is link; 0 where there is no text."""
        return self.linked / self.chars if self.chars else 0.0


_NOTHING = Measure()
Measures = dict[Element, Measure]


def measure(root: Element) -> Measures:
    """Measure ``root`` and all below it, children before parents."""
    measures: Measures = {}
    for element in reversed(list(root.iter("*"))):
        measures[element] = _measure(element, measures)
    return measures


def measure_again(root: Element, measures: Measures, changed: Iterable[Element]) -> None:
    """Correct ``measures`` after the elements ``changed`` below ``root`` have lost children."""
    stale: set[Element] = set()
    for element in changed:
        around: Element | None = element
        while around is not None and around not in stale:
            stale.add(around)
            around = around.getparent()
    for element in reversed(list(root.iter("*"))):
        if element in stale:
            measures[element] = _measure(element, measures)


def _measure(element: Element, measures: Measures) -> Measure:
    tag = element.tag
    text = element.text
    own = len(text.strip()) if text else 0
    chars, linked, prose, has_block = own, 0, 0, False
    for child in element:
        if tail := child.tail:
            length = len(tail.strip())
            own += length
            chars += length
        below = measures[child]
        if below is not _NOTHING:
            chars += below.chars
            linked += below.linked
            prose += below.prose
        has_block = has_block or below.has_block or child.tag in BLOCKS
    if (not chars and not has_block) or tag in INVISIBLE:
        return _NOTHING
    if tag == "a" and element.get("href") is not None:
        # A card that is one link as a whole has no prose of this page's own.
        return Measure(chars, chars, 0, has_block)
    if not has_block:
        prose = _prose(tag, chars, linked)
    elif own >= PROSE_CHARS:
        prose += own
    return Measure(chars, linked, prose, has_block)


def _prose(tag: str, chars: int, linked: int) -> int:
    """Return the prose of an element without blocks; inline elements leave it to their block."""
    if chars < PROSE_CHARS or linked > PROSE_LINK_SHARE * chars:
        return 0
    return chars - linked if tag in BLOCKS else 0
