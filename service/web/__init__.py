"""The search page and the documentation page: texts, templates, scripts and styles."""
