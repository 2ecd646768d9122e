"""What a hit shows of an article, beside its text."""

from datetime import date

import msgspec

from indexer.article import Article


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
    )
