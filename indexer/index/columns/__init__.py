"""Columns: plain arrays beside each segment, from which searches are answered.

Whoosh's segments stay the index of record; the columns are derived from the same articles and can
be built anew from them. Each segment has one file of arrays, which never changes and is mapped into
memory by every process that reads it.
"""
