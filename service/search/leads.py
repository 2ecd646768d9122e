"""What must stand before a sentence so that it does not mislead: "Do not take it if:".

A list item keeps the line that leads into it, and a text below a heading with a negation keeps
the heading ("Who should not take it"). An article does not say which of its lines are list items,
so a short line some way below one that ends with a colon is taken for one, if it looks like the
first line below the colon. Where the leading line holds a negation, it is kept in doubt.
"""

from indexer.article import Article, Section
from indexer.index.analysis import analyzer
from indexer.index.lexicon import load_words
from indexer.index.sentences import Sentence, sentences
from indexer.index.tokenizer import tokenize

MAX_LEAD_LINES = 12
"""How far above a list item its leading line may stand, unless that line holds a negation."""

MAX_ITEM_CHARS = 250
"""A longer line is a paragraph, and no item of the list above it, unless it is the first one."""

MAX_LEAD_CHARS = 700
"""A longer line leads into nothing, though it may end with a colon."""

_MAX_LEADS = 3
"""Lists in lists: how many leading lines are kept."""


def has_negation(text: str) -> bool:
    """Return whether a word of ``text`` turns a statement around."""
    negations = load_words("negations.txt")
    exact = analyzer("exact")
    return any(exact.term(token.text) in negations for token in tokenize(text))


def in_context(article: Article, section: Section, sentence: Sentence) -> tuple[str, Sentence]:
    """Return the lead of a sentence in ``section``, or "", and what to show of its line.

    Of a list item below a leading line the whole item is shown.
    """
    body = article.body
    start = max(body.rfind("\n", 0, sentence.start) + 1, section.start)
    newline = body.find("\n", sentence.end)
    end = newline if newline >= 0 else len(body)
    is_short = end - start <= MAX_ITEM_CHARS
    lines = _leading_lines(body[section.start : start].splitlines(), body[start:end])
    lead = " ".join((*_negated_headings(article, section), *lines))
    return lead, Sentence(start, end) if lines and is_short else sentence


def _leading_lines(above: list[str], line: str) -> list[str]:
    """Return the line that leads into ``line`` below ``above``, after those that lead into it."""
    leads: list[str] = []
    is_item = len(line) <= MAX_ITEM_CHARS
    while len(leads) < _MAX_LEADS:
        at = _lead_index(above, line) if is_item else _lead_directly_above(above)
        if at is None:
            break
        line = above[at].strip()
        leads.insert(0, line)
        above = above[:at]
        is_item = line[0].islower()
    return leads


def _lead_directly_above(above: list[str]) -> int | None:
    return len(above) - 1 if above and _is_lead(above[-1]) else None


def _lead_index(above: list[str], line: str) -> int | None:
    """Return where the leading line of the list item ``line`` below ``above`` stands."""
    for at in range(len(above) - 1, -1, -1):
        if _is_lead(above[at]):
            is_near = len(above) - at <= MAX_LEAD_LINES
            is_like_the_first = _shape(line) == _shape([*above[at + 1 :], line][0])
            in_doubt = has_negation(_last_sentence(above[at]))
            return at if (is_near and is_like_the_first) or in_doubt else None
        if len(above[at]) > MAX_ITEM_CHARS and _lead_directly_above(above[:at]) is None:
            return None
    return None


def _last_sentence(line: str) -> str:
    *_, (start, end) = sentences(line)
    return line[start:end]


def _shape(line: str) -> tuple[bool, bool]:
    """Return how a line begins and ends, which the items of one list have in common."""
    text = line.strip()
    return text[:1].islower(), text.endswith((".", "!", "?", "…"))


def _is_lead(line: str) -> bool:
    return len(line) <= MAX_LEAD_CHARS and line.rstrip().endswith(":")


def _negated_headings(article: Article, section: Section) -> list[str]:
    """Return the headings from the outermost with a negation down to the section's own."""
    path = [section.heading]
    level = section.level
    for other in reversed([s for s in article.sections if s.start < section.start]):
        if 0 < other.level < level:
            path.insert(0, other.heading)
            level = other.level
    while path and not has_negation(path[0]):
        path.pop(0)
    return [_as_lead(heading) for heading in path if heading]


def _as_lead(heading: str) -> str:
    bare = heading.rstrip(" :")
    return bare if bare.endswith((".", "?", "!")) else f"{bare}:"
