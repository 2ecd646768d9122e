"""Where pages come from. Each source yields a stream of pages and never the whole site at once."""
