"""Takes out of the tree what is not article: frame, navigation, talk, adverts.

Every rule is one function that looks at one element; ``_RULES`` is the table of them. A rule says
what an element claims to be, and the guard in ``prune`` overrules it where the element holds the
article: page authors put ``sidebar`` or ``newsletter`` on wrappers of everything.
"""

from collections.abc import Callable

from indexer.extraction.document import HEADINGS, INVISIBLE, Element, pieces, remove, text_of
from indexer.extraction.measure import PROSE_CHARS, Measures
from indexer.extraction.patterns import name_parts, names_boilerplate, patterns

# An element with more than this share of the page's prose may be the article.
GUARDED_SHARE = 0.4
# Comments may be longer than what they are about: as much as this must remain without them.
REST_PROSE = 600
# An aside with a larger part of links than this points elsewhere; a smaller one explains.
ASIDE_LINK_SHARE = 0.3
# A form with less prose than this asks; one with more wraps the page, as some frameworks do.
FORM_PROSE = 400
# Invitations to subscribe and labelled adverts are shorter than this, and sections longer.
INVITATION_CHARS = 400

_NEVER = frozenset(
    ("html", "body", "main", "tbody", "thead", "tfoot", "tr", "td", "th", "caption", "figcaption")
)
_ROLES = frozenset(
    {"navigation", "banner", "contentinfo", "complementary", "search", "menu", "menubar", "tablist"}
    | {"dialog", "alertdialog", "toolbar", "feed", "status", "progressbar", "tooltip"}
    | {"doc-toc", "doc-backlink"}
)
_TAGS = frozenset(("nav", "dialog", "search", "menu"))
_HIDING = ("display:none", "visibility:hidden")
_BOXES = frozenset(("div", "section", "aside", "p", "ul", "figure", "li", "article", "table"))
_ABOUT_PEOPLE = frozenset(("author", "Person", "comment", "Comment", "UserComments"))

Rule = Callable[[Element, Measures], bool]


def prune(root: Element, measures: Measures) -> None:
    """Remove what a rule claims and the guard does not protect, below ``root``."""
    left = measures[root].prose
    gone: set[Element] = set()
    for element in list(root.iter("*")):
        if element.getparent() in gone or element.tag in INVISIBLE:
            gone.add(element)
        elif element is root or not _is_claimed(element, measures):
            continue
        elif not _holds_the_article(element, measures[element].prose, left):
            left -= measures[element].prose
            gone.add(element)
            remove(element)


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


def _is_claimed(element: Element, measures: Measures) -> bool:
    return element.tag not in _NEVER and any(rule(element, measures) for rule in _RULES)


def _is_navigation(element: Element, _: Measures) -> bool:
    return element.tag in _TAGS or element.get("role", "") in _ROLES


def _is_footer(element: Element, _: Measures) -> bool:
    return element.tag == "footer" and next(element.iterancestors("blockquote"), None) is None


def _is_site_header(element: Element, _: Measures) -> bool:
    """A header outside any article, without a title or with a menu."""
    if (
        element.tag != "header"
        or next(element.iterancestors("article", "main", "section"), None) is not None
    ):
        return False
    return next(element.iter("h1"), None) is None or next(element.iter("nav"), None) is not None


def _is_named_so(element: Element, _: Measures) -> bool:
    names = element.get("class")
    name = element.get("id")
    return bool((names and names_boilerplate(names)) or (name and names_boilerplate(name)))


def _is_foreign_aside(element: Element, measures: Measures) -> bool:
    """An aside within the article is a box of the article, unless it points elsewhere."""
    if element.tag != "aside":
        return False
    if next(element.iterancestors("article", "main"), None) is None:
        return True
    own = measures[element]
    return (
        not own.chars
        or own.link_share > ASIDE_LINK_SHARE
        or next(element.iter("form"), None) is not None
    )


def _is_form(element: Element, measures: Measures) -> bool:
    return element.tag == "form" and measures[element].prose < FORM_PROSE


def _invites_by_mail(element: Element, measures: Measures) -> bool:
    """A box that asks for a mail address, with the words that recommend doing so."""
    if element.tag not in _BOXES or measures[element].chars > INVITATION_CHARS:
        return False
    return any(field.get("type") == "email" for field in element.iter("input"))


def _is_labelled_advert(element: Element, measures: Measures) -> bool:
    """A small box that begins with the word "Advertisement", or is no more than a paid link."""
    own = measures[element]
    if element.tag not in _BOXES or not own.chars or own.chars > INVITATION_CHARS:
        return False
    if (
        any("sponsored" in link.get("rel", "").split() for link in element.iter("a"))
        and own.prose < PROSE_CHARS
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


_RULES: tuple[Rule, ...] = (
    _is_navigation,
    _is_named_so,
    _is_footer,
    _is_site_header,
    _is_foreign_aside,
    _is_form,
    _invites_by_mail,
    _is_labelled_advert,
    _is_about_its_author,
    _is_hidden,
    _is_for_screen_readers,
    _is_button,
)
