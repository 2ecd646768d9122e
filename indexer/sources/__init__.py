"""Where pages come from. Each source yields a stream of items and never the whole site at once."""

from indexer.sources.page import (
    NOTHING_KNOWN,
    Damaged,
    Known,
    Page,
    PassedOver,
    Record,
    SourceItem,
    Unchanged,
    Visit,
)
from indexer.sources.registry import Source, open_source

__all__ = [
    "NOTHING_KNOWN",
    "Damaged",
    "Known",
    "Page",
    "PassedOver",
    "Record",
    "Source",
    "SourceItem",
    "Unchanged",
    "Visit",
    "open_source",
]
