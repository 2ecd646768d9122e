"""What a hit shows of an article beside its text, and all else that is not in its text."""

from datetime import date

import msgspec

from indexer.article import Article, Section


class Card(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The fields of an article that a hit carries."""

    id: str
    url: str
    title: str
    language: str
    published: date | None
    modified: date | None
    last_reviewed: date | None
    publisher: str
    topics: tuple[str, ...]
    audience: tuple[str, ...]
    words: int
    reading_grade: float | None


class Rest(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What of an article is neither on its card nor in its text.

    Attributes:
        description: how many characters of the text it has.
        sections: the values of each, in the order of its fields.
    """

    description: int
    sections: tuple[tuple[str, int, int, int, str], ...]
    authors: tuple[str, ...]
    reviewer: str
    tags: tuple[str, ...]


def card_of(article: Article) -> Card:
    """Return the card of an article."""
    return Card(
        id=article.id,
        url=article.url,
        title=article.title,
        language=article.language,
        published=article.published,
        modified=article.modified,
        last_reviewed=article.last_reviewed,
        publisher=article.publisher,
        topics=article.topics,
        audience=article.audience,
        words=article.words,
        reading_grade=article.reading_grade,
    )


def rest_of(article: Article) -> Rest:
    """Return what is neither on the card of an article nor in its text."""
    return Rest(
        description=len(article.description),
        sections=tuple((s.heading, s.start, s.end, s.level, s.anchor) for s in article.sections),
        authors=article.authors,
        reviewer=article.reviewer,
        tags=article.tags,
    )


def article_of(card: Card, rest: Rest, text: str) -> Article:
    """Return the article of which these are the parts."""
    described = len(card.title) + 1
    end = described + rest.description
    sections = (
        Section(heading=heading, start=start, end=stop, level=level, anchor=anchor)
        for heading, start, stop, level, anchor in rest.sections
    )
    return Article(
        id=card.id,
        url=card.url,
        title=card.title,
        body=text[end + 1 :],
        sections=tuple(sections),
        description=text[described:end],
        language=card.language,
        published=card.published,
        modified=card.modified,
        last_reviewed=card.last_reviewed,
        authors=rest.authors,
        reviewer=rest.reviewer,
        publisher=card.publisher,
        topics=card.topics,
        tags=rest.tags,
        audience=card.audience,
        words=card.words,
        reading_grade=card.reading_grade,
    )
