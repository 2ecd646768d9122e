"""What the classifier knows of an element: how much text, how much of it links, how much prose."""

import msgspec

from indexer.extraction.document import BLOCKS, INVISIBLE, Element

# Shorter blocks are labels, buttons, captions, menu entries: they do not show where an article is.
PROSE_CHARS = 40
# A block that is link for more than this is a list of links, whatever its length.
PROSE_LINK_SHARE = 0.5


class Measure(msgspec.Struct, frozen=True):
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
        measures[element] = _NOTHING if element.tag in INVISIBLE else _combine(element, measures)
    return measures


def _combine(element: Element, measures: Measures) -> Measure:
    own = _length(element.text)
    chars, linked, prose, has_block = own, 0, 0, False
    for child in element:
        below = measures[child]
        tail = _length(child.tail)
        own += tail
        chars += below.chars + tail
        linked += below.linked
        prose += below.prose
        has_block = has_block or below.has_block or child.tag in BLOCKS
    if element.tag == "a" and element.get("href") is not None:
        # A card that is one link as a whole has no prose of this page's own.
        return Measure(chars, chars, 0, has_block)
    if not has_block:
        prose = _prose(element, chars, linked)
    elif own >= PROSE_CHARS:
        prose += own
    return Measure(chars, linked, prose, has_block)


def _prose(element: Element, chars: int, linked: int) -> int:
    """Return the prose of an element without blocks; inline elements leave it to their block."""
    if chars < PROSE_CHARS or linked > PROSE_LINK_SHARE * chars:
        return 0
    return chars - linked if element.tag in BLOCKS else 0


def _length(text: str | None) -> int:
    return len(text.strip()) if text else 0
