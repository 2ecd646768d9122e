"""Within the article: blocks of links, teasers, and what stands under "Related articles"."""

from collections import Counter
from itertools import islice

from indexer.extraction.document import HEADINGS, Element, remove, text_of, text_within
from indexer.extraction.labels import drop_labelled_links
from indexer.extraction.measure import Measure, Measures
from indexer.extraction.patterns import AROUND_TITLES, names_elsewhere, patterns

# From this share on, a block without prose is a list of links and not a list with links.
LINK_SHARE = 0.7
# A paragraph that is all link sends readers on, unless it is long enough to say something.
LINKED_PARAGRAPH = 0.95
LINKED_PARAGRAPH_CHARS = 250
# A teaser is a linked heading with a sentence or two; what is longer is a section.
TEASER_PROSE = 450
# A section that leads elsewhere holds teasers; more prose than this, and it is one of the article.
ELSEWHERE_PROSE = 1200
ELSEWHERE_SHARE = 0.3
# Teasers are linked titles with a sentence; a section of text has fewer links.
LINKING_SHARE = 0.25
# Headings that send readers elsewhere are a few words (judgement).
LONGEST_HEADING = 500
# Nobody (judgement) sets so many empty elements between a list and what introduces it.
MOST_EMPTY = 100

_SENTENCE_ENDS = (".", "?", "!", ":", "…", "”")
_CONTAINERS = frozenset(("ul", "ol", "div", "section", "table", "dl", "aside", "figure"))
_TEASERS = frozenset(("li", "div", "article", "section", "figure", "aside"))


def drop_link_blocks(root: Element, measures: Measures) -> None:
    """Remove what sends readers elsewhere, below ``root``."""
    drop_labelled_links(root, measures)
    waiting = list(root)[::-1]
    while waiting:
        element = waiting.pop()
        if _sends_away(element, measures[element]):
            remove(element)
        else:
            waiting += list(element)[::-1]
    drop_teasers(root, measures)
    for heading in list(root.iter(*HEADINGS)):
        if next(heading.iterancestors(*HEADINGS), None) is not None:
            continue  # part of a heading
        title = text_within(heading, LONGEST_HEADING)
        if names_elsewhere(title) and not _is_lost(heading, root):
            _drop_section(heading, root, measures)


def _is_lost(element: Element, root: Element) -> bool:
    """Say whether ``element`` was removed with something around it."""
    return all(ancestor is not root for ancestor in element.iterancestors())


def _sends_away(element: Element, own: Measure) -> bool:
    if not own.chars or own.link_share < LINK_SHARE:
        return False
    if element.tag in _CONTAINERS:
        return (
            own.prose == 0 and sum(1 for _ in element.iter("a")) > 1 and not _is_introduced(element)
        )
    is_short = own.chars < LINKED_PARAGRAPH_CHARS
    return (
        element.tag == "p"
        and is_short
        and own.link_share >= LINKED_PARAGRAPH
        and not _in_row(element)
        and not text_of(element).endswith(_SENTENCE_ENDS)
    )


def _is_introduced(element: Element) -> bool:
    """Say whether a list of links is part of the text: a heading or a colon leads to it."""
    part: Element | None = element
    while part is not None and part.tag != "body":
        nearest = islice(part.itersiblings("*", preceding=True), MOST_EMPTY)
        before = next((each for each in nearest if text_of(each)), None)
        if before is not None:
            if before.tag in HEADINGS:
                return not names_elsewhere(text_of(before))
            return text_of(before).endswith(":")
        part = part.getparent()
    return False


def _in_row(element: Element) -> bool:
    return next(element.iterancestors("li", "td", "th", "dd", "dt"), None) is not None


def drop_teasers(root: Element, measures: Measures) -> None:
    """Remove neighbours that each are a linked heading and a little text."""
    found = [
        each
        for each in root.iter(*_TEASERS)
        if each is not root and _is_teaser(each, measures[each])
    ]
    parents = [each.getparent() for each in found]
    counts = Counter(parents)
    for teaser, parent in zip(found, parents, strict=True):
        if counts[parent] > 1 and not _is_lost(teaser, root):
            remove(teaser)


def _is_teaser(element: Element, own: Measure) -> bool:
    if own.prose > TEASER_PROSE or not own.linked:
        return False
    heading = next(element.iter(*HEADINGS), None)
    if heading is None:
        return False
    link = heading if heading.tag == "a" else next(heading.iter("a"), None)
    if link is None:
        link = next(heading.iterancestors("a"), None)
        return link is not None and element in link.iterancestors()
    return not link.get("href", "#").startswith("#") and text_of(link) == text_of(heading) != ""


def _drop_section(heading: Element, root: Element, measures: Measures) -> None:
    """Remove ``heading`` and what belongs to it, unless that is a section of the article."""
    title = text_of(heading)
    is_surely_elsewhere = patterns().headings.fullmatch(title.strip(AROUND_TITLES)) is not None
    part = _part_opened_by(heading, root)
    opens_all = part is not heading and measures[part].chars > len(title) + 1
    section = [part] if opens_all else [part, *_following(part, measures, is_surely_elsewhere)]
    chars = sum(measures[each].chars for each in section) - len(title)
    linked = sum(measures[each].linked for each in section)
    limit = min(ELSEWHERE_PROSE, ELSEWHERE_SHARE * measures[root].prose)
    if sum(measures[each].prose for each in section) > limit:
        return
    if is_surely_elsewhere or linked >= LINKING_SHARE * chars:
        for each in section:
            remove(each)


def _part_opened_by(heading: Element, root: Element) -> Element:
    """Return the largest element that begins with ``heading`` and has no other of its rank."""
    part = heading
    while (parent := part.getparent()) is not None and parent is not root:
        if (
            any(True for _ in part.itersiblings("*", preceding=True) if text_of(_))
            or (parent.text or "").strip()
        ):
            break
        if any(each is not heading and each.tag == heading.tag for each in parent.iter(*HEADINGS)):
            break
        part = parent
    return part


def _following(part: Element, measures: Measures, is_surely_elsewhere: bool) -> list[Element]:
    """Return the siblings after ``part`` that belong to it.

    They end at a heading of its rank or above, and where running text goes on; below a heading
    that is surely not the article's, one block of text (about the author, say) belongs to it.
    """
    rank = next((each.tag for each in part.iter(*HEADINGS)), "h6")
    found: list[Element] = []
    for sibling in part.itersiblings("*"):
        own = measures[sibling]
        is_text = own.prose > 0 and own.link_share < LINKING_SHARE
        if any(each.tag <= rank and not _is_linked(each) for each in sibling.iter(*HEADINGS)):
            break
        if is_text and (found or not is_surely_elsewhere):
            break
        found.append(sibling)
    return found


def _is_linked(heading: Element) -> bool:
    """Say whether a heading is the title of another page."""
    link = next(heading.iter("a"), None)
    return link is not None and text_of(link) == text_of(heading)
