"""What an element claims to be: frame, navigation, talk, adverts, or none of them.

Every rule is one function that looks at one element: its tag, its role, the words in its class and
id, the share of its text that is links. The tables at the end say which tags and attributes make
it worth asking.
"""

from collections.abc import Callable, Mapping

from indexer.extraction.document import HEADINGS, Element, pieces, text_of
from indexer.extraction.measure import PROSE_CHARS, Measures
from indexer.extraction.patterns import name_parts, names_boilerplate, patterns

# An aside with a larger part of links than this points elsewhere; a smaller one explains.
ASIDE_LINK_SHARE = 0.3
# A form with less prose than this asks; one with more wraps the page, as some frameworks do.
FORM_PROSE = 400
# Invitations to subscribe and labelled adverts are shorter than this, and sections longer.
INVITATION_CHARS = 400

# A name in a sentence may open a card about whom it names; all that it says is links.
CARD_LINK_SHARE = 0.9
CARD_LINKS = 2

_NEVER = frozenset(
    ("html", "body", "main", "tbody", "thead", "tfoot", "tr", "td", "th", "caption", "figcaption")
)
_ROLES = frozenset(
    {"navigation", "banner", "contentinfo", "complementary", "search", "menu", "menubar", "tablist"}
    | {"dialog", "alertdialog", "toolbar", "feed", "status", "progressbar", "tooltip"}
    | {"doc-toc", "doc-backlink"}
)
_HIDING = ("display:none", "visibility:hidden")
_BOXES = frozenset(("div", "section", "aside", "p", "ul", "figure", "li", "article", "table"))
_ABOUT_PEOPLE = frozenset(("author", "Person", "comment", "Comment", "UserComments"))
_DATES = frozenset(("datePublished", "dateModified", "dateCreated"))
# "Friday, 22 October 2010 at 20:13" and its label; a longer element holds more than a date.
DATE_CHARS = 60

Rule = Callable[[Element, Measures], bool]


def is_claimed(element: Element, measures: Measures) -> bool:
    """Say whether a rule takes ``element`` for something that is not article."""
    tag = element.tag
    if tag in _NEVER:
        return False
    rules = _BY_TAG.get(tag, ())
    for attribute in element.attrib:
        rules += _BY_ATTRIBUTE.get(attribute, ())
    return any(rule(element, measures) for rule in rules)


def _is_navigation(_element: Element, _: Measures) -> bool:
    """An element whose tag says enough."""
    return True


def _has_role_of_frame(element: Element, _: Measures) -> bool:
    return element.get("role", "") in _ROLES


def _is_footer(element: Element, _: Measures) -> bool:
    return next(element.iterancestors("blockquote"), None) is None


def _is_site_header(element: Element, _: Measures) -> bool:
    """A header outside any article, without a title or with a menu."""
    if next(element.iterancestors("article", "main", "section"), None) is not None:
        return False
    return next(element.iter("h1"), None) is None or next(element.iter("nav"), None) is not None


def _has_such_a_class(element: Element, _: Measures) -> bool:
    return names_boilerplate(element.get("class", ""))


def _has_such_an_id(element: Element, _: Measures) -> bool:
    return names_boilerplate(element.get("id", ""))


def _is_foreign_aside(element: Element, measures: Measures) -> bool:
    """An aside within the article is a box of the article, unless it points elsewhere."""
    if next(element.iterancestors("article", "main"), None) is None:
        return True
    own = measures[element]
    return (
        not own.chars
        or own.link_share > ASIDE_LINK_SHARE
        or next(element.iter("form"), None) is not None
    )


def _is_form(element: Element, measures: Measures) -> bool:
    return measures[element].prose < FORM_PROSE


def _invites_by_mail(element: Element, measures: Measures) -> bool:
    """A box that asks for a mail address, with the words that recommend doing so."""
    if measures[element].chars > INVITATION_CHARS:
        return False
    return any(field.get("type") == "email" for field in element.iter("input"))


def _is_labelled_advert(element: Element, measures: Measures) -> bool:
    """A small box that begins with the word "Advertisement", or is no more than a paid link."""
    own = measures[element]
    if not own.chars or own.chars > INVITATION_CHARS:
        return False
    if (
        own.linked
        and own.prose < PROSE_CHARS
        and any("sponsored" in link.get("rel", "").split() for link in element.iter("a"))
    ):
        return True
    label = next((text for piece in pieces(element) if (text := piece.strip())), "")
    return patterns().advert_labels.fullmatch(label) is not None


def _is_about_its_author(element: Element, _: Measures) -> bool:
    """What is marked as being a person or a comment, where an article would be."""
    if element.tag not in _BOXES:
        return False
    marks = (
        f"{element.get('itemprop', '')} {element.get('itemtype', '').rpartition('/')[2]}".split()
    )
    return not _ABOUT_PEOPLE.isdisjoint(marks)


def _is_its_date(element: Element, measures: Measures) -> bool:
    """What is marked as the article's date, and is no more."""
    return measures[element].chars <= DATE_CHARS and not _DATES.isdisjoint(
        element.get("itemprop", "").split()
    )


def _is_hidden(element: Element, _: Measures) -> bool:
    """Hidden, and not because a visitor opens it: panels of tabs and accordions are article."""
    style = element.get("style", "").replace(" ", "").lower()
    if not (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or any(hiding in style for hiding in _HIDING)
    ):
        return False
    return not _is_panel(element)


def _is_panel(element: Element) -> bool:
    if element.get("role") in ("tabpanel", "region") or element.get("aria-labelledby"):
        return True
    panels = patterns().panels
    nearby = [element, *list(element.iterancestors())[:2]]
    return any(
        panels.search(name_parts(f"{each.get('class', '')} {each.get('id', '')}"))
        or each.tag == "details"
        for each in nearby
    )


def _is_for_screen_readers(element: Element, _: Measures) -> bool:
    """Text that only a screen reader says; in a heading it is part of the meaning ("Warning:")."""
    names = element.get("class")
    if not names or not patterns().unseen.search(name_parts(names)):
        return False
    return element.tag not in HEADINGS and next(element.iterancestors(*HEADINGS), None) is None


def _is_button(element: Element, _: Measures) -> bool:
    """A button that is not the heading of something that it opens."""
    if (element.tag != "button" and element.get("role") != "button") or element.tag == "summary":
        return False
    if next(element.iterancestors("summary", "dt", *HEADINGS), None) is not None:
        return False
    opens = (
        element.get("aria-controls") or element.get("data-target") or element.get("data-bs-target")
    )
    return (
        not opens or element.get("aria-haspopup") is not None or len(text_of(element).split()) < 2
    )


def _is_card_in_a_sentence(element: Element, measures: Measures) -> bool:
    """A box that opens when a reader points at a name: a picture, then only links."""
    own = measures[element]
    if own.link_share < CARD_LINK_SHARE or next(element.iterancestors("p", "li"), None) is None:
        return False
    if sum(1 for _ in element.iter("a")) < CARD_LINKS:
        return False
    first = next((each for each in element.iter("*") if len(each) == 0 or each.text), None)
    return first is not None and first.tag == "img"


_OF_BOXES: tuple[Rule, ...] = (_invites_by_mail, _is_labelled_advert)
_BY_TAG: Mapping[str, tuple[Rule, ...]] = {
    **dict.fromkeys(_BOXES, _OF_BOXES),
    **dict.fromkeys(("nav", "dialog", "search", "menu"), (_is_navigation,)),
    "footer": (_is_footer,),
    "header": (_is_site_header,),
    "aside": (_is_foreign_aside, *_OF_BOXES),
    "form": (_is_form,),
    "button": (_is_button,),
    "span": (_is_card_in_a_sentence,),
}
# lxml-stubs says that an attribute's name may be bytes.
_BY_ATTRIBUTE: Mapping[str | bytes, tuple[Rule, ...]] = {
    "class": (_has_such_a_class, _is_for_screen_readers),
    "id": (_has_such_an_id,),
    "role": (_has_role_of_frame, _is_button),
    "itemprop": (_is_about_its_author, _is_its_date),
    "itemtype": (_is_about_its_author,),
    **dict.fromkeys(("hidden", "aria-hidden", "style"), (_is_hidden,)),
}
