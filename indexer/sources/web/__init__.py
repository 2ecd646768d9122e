"""Pages over HTTP: a sitemap, a feed, or a whole site. `site.py` is the main flow."""

from indexer.sources.web.options import WebOptions
from indexer.sources.web.site import WebSource

__all__ = ["WebOptions", "WebSource"]
