"""What a text may become while it is typed."""
