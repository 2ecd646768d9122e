"""Page to article."""

import msgspec

from indexer.article import Article, article_id
from indexer.errors import PageSkipped
from indexer.extraction.body import article_root
from indexer.extraction.decoding import decode
from indexer.extraction.document import parse
from indexer.extraction.head import read_head
from indexer.extraction.language import settled_language
from indexer.extraction.layout import lay_out
from indexer.extraction.metadata import joined, read_metadata
from indexer.extraction.patterns import patterns
from indexer.extraction.reading import read_reading
from indexer.extraction.text import lines_of
from indexer.extraction.trimming import article_lines
from indexer.sources.page import Page

# The shortest real article seen on a health site has twice as many words.
FEWEST_WORDS = 25
# What a server says of a missing page, with some addresses to go on from.
_MOST_WORDS_OF_AN_ERROR = 200


def extract_page(page: Page, base_url: str = "") -> Article:
    """Return the article of ``page``.

    Args:
        page: the page as its source gave it.
        base_url: the address of the site, for pages that know only their path.

    Raises:
        PageSkipped: the page is empty or binary, asks not to be indexed, or has no article.
    """
    text = decode(page.content, page.charset)
    head = read_head(text)
    if head.refuses_indexing:
        raise PageSkipped("noindex: the page asks not to be indexed")
    tree = parse(text)
    address = joined(base_url, page.url) or page.location
    # The metadata is read first: finding the article takes the tree apart.
    metadata = read_metadata(head, tree, address)
    lines = article_lines(lines_of(article_root(tree)), metadata)
    words = sum(len(line.text.split()) for line in lines if not line.level)
    if words < FEWEST_WORDS:
        raise PageSkipped(
            f"no article found: {words} words of running text, fewer than {FEWEST_WORDS}"
        )
    if words < _MOST_WORDS_OF_AN_ERROR and patterns().missing_titles.fullmatch(metadata.title):
        raise PageSkipped(f"no article found: the page says {metadata.title!r}")
    body, sections = lay_out(lines)
    fields = msgspec.structs.asdict(metadata)
    fields["language"] = settled_language(metadata.language, body)
    reading = read_reading(body, sections, fields["language"])
    return Article(
        id=article_id(metadata.url),
        body=body,
        sections=sections,
        words=reading.words,
        reading_grade=reading.grade,
        **fields,
    )
