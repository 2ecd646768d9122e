"""What a visitor typed → what is searched for it: its words, their other names, its titles."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from service.search.lexicon import Lexicon
from service.search.plan import Leaf, Name, Titled, Unit
from service.search.reading.compiler import CompiledQuery, Near, compile_query
from service.search.reading.expansion import Expanded, Expander, Swap
from service.search.reading.languages import query_language
from service.search.reading.leaves import leaves_of
from service.search.reading.names import other_plan
from service.search.reading.query import AnyOf, parse
from service.search.reading.spoken import Spoken
from service.search.response import Expansion
from service.search.tuning import Tuning

MAX_TITLES = 8
"""Titles that are looked for: of what was typed, and of its other names."""

MAX_TITLE_WORDS = 8
"""Words that are looked for in titles; longer queries are sentences."""

OTHER_TITLE = 0.8
"""What a title by another name is worth beside one of what was typed."""


@dataclass(frozen=True)
class Reading:
    """A query as it was understood.

    Attributes:
        text: the query, normalized.
        tree: the same, parsed.
        language: that it is typed in, or empty.
        compiled: what is looked for, other names included.
        titles: titles that are lifted.
        words: what each word is found by, other names included, if it is nothing but words.
        expansions: the other names, to be shown.
    """

    text: str
    tree: AnyOf
    language: str
    compiled: CompiledQuery
    titles: tuple[Titled, ...]
    words: tuple[tuple[Unit, ...], ...]
    expansions: tuple[Expansion, ...]


class Reader:
    """Reads queries for an index of some languages."""

    def __init__(
        self,
        languages: tuple[str, ...],
        lexicon: Callable[[], Lexicon],
        near: Near,
        tuning: Tuning,
    ) -> None:
        """Take the lexicon that is in force when it is asked for, and what spells alike."""
        self._languages = languages
        self._lexicon = lexicon
        self._near = near
        self._tuning = tuning

    def read(self, text: str, *, expand: bool) -> Reading:
        """Read a normalized query; ``expand`` lets it be searched under other names, too."""
        tree = parse(text)
        language = query_language(tree)
        expanded = Expanded(tree, (), ())
        if expand and self._tuning.synonyms:
            expanded = Expander(self._lexicon(), self._languages).expand(tree, language)
        own = language if self._tuning.languages else ""
        compiled = compile_query(expanded.tree, self._languages, self._near, own)
        titles: tuple[Titled, ...] = ()
        words: tuple[tuple[Unit, ...], ...] = ()
        if compiled.is_plain:
            words = tuple(_found_by(compiled.spoken, expanded.swaps))
            if self._tuning.titles:
                titles = tuple(self._titles(compiled.spoken, expanded.swaps))[:MAX_TITLES]
        return Reading(text, tree, language, compiled, titles, words, expanded.expansions)

    def _titles(self, spoken: Sequence[Spoken], swaps: Sequence[Swap]) -> Iterator[Titled]:
        said = tuple(dict.fromkeys(word.leaves for word in spoken if word.leaves))
        if 0 < len(said) <= MAX_TITLE_WORDS:
            yield Titled(said)
        for swap in swaps:
            before = (w.leaves for w in spoken if w.leaves and w.place < swap.start)
            behind = (w.leaves for w in spoken if w.leaves and w.place >= swap.end)
            named = (leaves_of(word, "", self._languages, "") for word in swap.other.words)
            said = (*before, *(leaves for leaves in named if leaves), *behind)
            words = tuple(dict.fromkeys(said))
            if 0 < len(words) <= MAX_TITLE_WORDS:
                yield Titled(words, OTHER_TITLE)


def _found_by(spoken: Sequence[Spoken], swaps: Sequence[Swap]) -> Iterator[tuple[Unit, ...]]:
    """Yield what each word of a query is found by: its terms, and the names that stand for it."""
    for word in spoken:
        if word.leaves:
            plans = [other_plan(s.other) for s in swaps if s.start <= word.place < s.end]
            leaves: list[Unit] = [(plan,) for plan in plans if isinstance(plan, Leaf)]
            names = [plan for plan in plans if isinstance(plan, Name)]
            yield (word.leaves, *leaves, *names)
