"""The search box, the search page and the documentation page: texts, templates, scripts, styles."""
