"""What visitors look for and do not find, counted so that nobody's worries are kept.

    search → who (a name for the day) → run (what was meant) → crowd (k clients) → book (SQLite)

All of it but the book is memory, and the book holds nothing that fewer than k clients asked.
``docs/analytics.md`` says it for those who have to answer for it.
"""
