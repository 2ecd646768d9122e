"""What snippets mark, and what they are chosen by."""

from dataclasses import dataclass, field


@dataclass
class QueryTerms:
    """The terms of a query, gathered while it is compiled.

    Attributes:
        stems: per analyzer language, the weight of each term. Weights are inverse document
            frequencies, so rare words count more.
        exact: weights of unstemmed terms (acronyms, words whose stems are stop words).
        prefixes: beginnings of unstemmed terms.
        phrases: runs of unstemmed terms.
        names: per analyzer language, runs of stems that are other names of what was typed; an
            empty stem is that of any word.
    """

    stems: dict[str, dict[str, float]] = field(default_factory=dict)
    exact: dict[str, float] = field(default_factory=dict)
    prefixes: set[str] = field(default_factory=set)
    phrases: set[tuple[str, ...]] = field(default_factory=set)
    names: dict[str, set[tuple[str, ...]]] = field(default_factory=dict)


PHRASE_WEIGHT = 10.0
"""A phrase that someone quoted outweighs any single word in the choice of a sentence."""

NAME_WEIGHT = 3.0
"""Another name of several words outweighs a common word, and not a rare one that was typed."""

PREFIX_WEIGHT = 2.0
"""The idf of a prefix is not known; this is that of a fairly common word."""
