"""Commands of ``health-search`` that have a module of their own."""
