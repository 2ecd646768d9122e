"""How large an article may be: what is larger is no article, or a broken one."""

import msgspec

from indexer.article import Article
from indexer.errors import PageSkipped

MAX_BODY_CHARS = 1_000_000
"""About 150,000 words, a thick book. A snippet reads the whole body of a hit."""

MAX_TITLE_CHARS = 1_000
MAX_URL_CHARS = 2_048
MAX_VALUES = 50
"""Topics, tags, authors and audiences that are kept, each up to ``MAX_VALUE_CHARS``."""

MAX_VALUE_CHARS = 200
MAX_DESCRIPTION_CHARS = 5_000


def within_limits(article: Article) -> Article:
    """Return the article without values that no site means, such as a tag of a thousand letters.

    Raises:
        PageSkipped: its text, title or address is too long to be an article's.
    """
    for name, limit in (
        ("body", MAX_BODY_CHARS),
        ("title", MAX_TITLE_CHARS),
        ("url", MAX_URL_CHARS),
    ):
        if len(getattr(article, name)) > limit:
            raise PageSkipped(f"too large: its {name} has more than {limit:,} characters")
    return msgspec.structs.replace(
        article,
        description=article.description
        if len(article.description) <= MAX_DESCRIPTION_CHARS
        else "",
        authors=_kept(article.authors),
        topics=_kept(article.topics),
        tags=_kept(article.tags),
        audience=_kept(article.audience),
    )


def _kept(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value for value in values if len(value) <= MAX_VALUE_CHARS)[:MAX_VALUES]
