"""The read side: ranked keyword queries with highlighted snippets over a live index."""
