"""Where pages come from. Each source yields a stream of items and never the whole site at once."""

from indexer.sources.page import Damaged, Page, PassedOver, Record, SourceItem
from indexer.sources.registry import Source, open_source

__all__ = ["Damaged", "Page", "PassedOver", "Record", "Source", "SourceItem", "open_source"]
