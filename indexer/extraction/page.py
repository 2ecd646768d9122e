"""Page to article."""

from collections.abc import Sequence

import msgspec

from indexer.article import Article, article_id
from indexer.errors import PageSkipped
from indexer.extraction.body import article_root
from indexer.extraction.decoding import decode
from indexer.extraction.document import parse
from indexer.extraction.head import read_head
from indexer.extraction.language import guess_language
from indexer.extraction.layout import lay_out
from indexer.extraction.metadata import joined, read_metadata
from indexer.extraction.patterns import patterns
from indexer.extraction.text import Line, lines_of
from indexer.extraction.title import same_words
from indexer.sources.page import Page

# The shortest real article seen on a health site has twice as many words.
FEWEST_WORDS = 25
# A title stands at the top; the same words further down are a section.
_TITLE_LINES = 4


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
    lines = _article_lines(lines_of(article_root(tree)), metadata.title)
    words = sum(len(line.text.split()) for line in lines if not line.level)
    if words < FEWEST_WORDS:
        raise PageSkipped(
            f"no article found: {words} words of running text, fewer than {FEWEST_WORDS}"
        )
    body, sections = lay_out(lines)
    fields = msgspec.structs.asdict(metadata)
    fields["language"] = metadata.language or guess_language(body)
    return Article(id=article_id(metadata.url), body=body, sections=sections, **fields)


def _article_lines(lines: Sequence[Line], title: str) -> list[Line]:
    """Return the lines without the title, calls to share or read on, and headings of nothing."""
    dropped = patterns().lines
    kept = [line for line in lines if line.level or not dropped.fullmatch(line.text)]
    top = [line for line in kept[:_TITLE_LINES] if not same_words(line.text, title)]
    rest = [
        line for line in kept[_TITLE_LINES:] if line.level != 1 or not same_words(line.text, title)
    ]
    found = top + rest
    while found and found[-1].level:
        found.pop()
    return found
