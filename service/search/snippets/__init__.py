"""The sentences of a hit that answer a query."""
