"""The lead of an article: paragraphs that stand between its title and the element it was found in.

Themes set them in a header of their own, with a picture. On a health site they hold what matters
most: "If you notice these symptoms, call 911 right away."
"""

import re
from itertools import takewhile

from indexer.extraction.document import Element, text_of
from indexer.extraction.measure import PROSE_LINK_SHARE, Measures

# Shorter paragraphs between title and article are dates, authors, and calls to print.
LEAD_CHARS = 60
LEAD_TAGS = frozenset(("p", "ul", "ol", "dl", "blockquote"))
# More is another article.
LEAD_PARAGRAPHS = 4
# Lines that name dates and reviewers have none.
_FOOTNOTES = re.compile(r"[\s\d,\[\]]+$")
SENTENCE_ENDS = (".", "!", "?", ":", "…", ".”", ".’", '."')


def take_lead(root: Element, measures: Measures) -> None:
    """Move the paragraphs of the lead, if there are any, to the beginning of ``root``.

    Only what an author marked as the article, around title and root, is searched: what stands
    elsewhere above an article is the site's slogan as often as the article's lead.
    """
    marked = next(root.iterancestors("article", "main"), None)
    if marked is None or next(root.iter("h1"), None) is not None:
        return
    before = list(takewhile(lambda element: element is not root, marked.iter("*")))
    titles = [place for place, element in enumerate(before) if element.tag == "h1"]
    if not titles:
        return
    above = set(root.iterancestors())
    found = [
        each
        for each in before[titles[-1] :]
        if each.tag in LEAD_TAGS and each not in above and _is_prose(each, measures)
    ]
    known = set(found)
    lead = [each for each in found if known.isdisjoint(each.iterancestors())]
    if len(lead) > LEAD_PARAGRAPHS:
        return
    for paragraph in reversed(lead):
        paragraph.tail, root.text = root.text, None
        root.insert(0, paragraph)


def _is_prose(element: Element, measures: Measures) -> bool:
    own = measures.get(element)
    if own is None or own.prose < LEAD_CHARS or own.link_share >= PROSE_LINK_SHARE:
        return False
    return element.tag != "p" or _FOOTNOTES.sub("", text_of(element)).endswith(SENTENCE_ENDS)
