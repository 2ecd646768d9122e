"""Vectors: what articles mean, as numbers, so that a search can compare meanings.

Each segment may have a file of vectors beside its columns, with the same document numbers. They are
an optional part: an index without them is searched by its words alone.
"""
