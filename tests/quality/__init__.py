"""How good the ranking is: on the project's own judged queries, and on the sets that are there."""
