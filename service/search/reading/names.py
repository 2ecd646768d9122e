"""Another name of what was typed → what is looked for in the index."""

from functools import lru_cache

from indexer.index.analysis import analyzer
from indexer.index.columns.layout import EXACT
from service.search.plan import NOTHING, Leaf, Name, Nothing
from service.search.reading.leaves import TARGETS, is_acronym
from service.search.reading.query import Other
from service.search.reading.spoken import parts_of


@lru_cache(maxsize=10_000)
def other_plan(node: Other) -> Leaf | Name | Nothing:
    """Return the plan of another name: a word by its stem, several as a run of stems.

    Acronyms and what has no other forms are looked for unstemmed. Names met before are remembered.
    """
    words = [text for word in node.words for text, _ in parts_of(word)]
    if len(words) == 1 and (is_acronym(words[0]) or node.language == EXACT):
        return Leaf(EXACT, analyzer(EXACT).term(words[0]), TARGETS[""][1], node.factor)
    stems = tuple(analyzer(node.language).term(word) for word in words)
    if not any(stems):
        return NOTHING
    if len(stems) == 1:
        return Leaf(node.language, stems[0], TARGETS[""][0], node.factor)
    return Name(node.language, stems, node.factor)
