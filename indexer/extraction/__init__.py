"""Page → Article: decode the bytes, read the head, keep the article, drop the rest."""

from indexer.extraction.page import extract_page
from indexer.extraction.record import article_from_record

__all__ = ["article_from_record", "extract_page"]
