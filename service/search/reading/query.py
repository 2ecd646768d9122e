"""What a visitor typed → a tree of what to look for. Any text is a valid query.

    magnesium "joint pain"     the phrase is required, the word raises the score
    asthma -children           without the word
    heart AND failure, NOT, OR, ( )     operators are upper case
    title:gout, heading:diet, body:knee, topic:heart
    arthr*                     words that begin so
    astma~                     words that are spelled nearly so

What is malformed (an open quote or bracket, an operator without its word) is read as the words
in it.
"""

import re
import unicodedata
from dataclasses import dataclass

FIELDS = ("title", "heading", "body", "topic")
"""The names that ``field:word`` knows; any other ``name:`` is just a word."""

MAX_DEPTH = 8
"""Brackets nested deeper are ignored; nobody types them by hand."""

MIN_PREFIX = 2
"""Letters that ``prefix*`` needs; a single one would match a good part of the dictionary."""


MIN_FUZZY = 3
"""Letters that ``fuzzy~`` needs; of two, hardly any word is not nearly spelled so."""


@dataclass(frozen=True)
class Word:
    """A word as typed; it may be a compound such as ``COVID-19``."""

    text: str
    field: str = ""


@dataclass(frozen=True)
class Phrase:
    """Quoted words, to be found unstemmed and in this order."""

    text: str
    field: str = ""


@dataclass(frozen=True)
class Prefix:
    """The beginning of a word, typed with a star."""

    text: str
    field: str = ""


@dataclass(frozen=True)
class Fuzzy:
    """A word typed with a tilde: it may be spelled a little otherwise."""

    text: str
    field: str = ""


@dataclass(frozen=True)
class Beside:
    """Words of the query that are worth more side by side. Nobody types it; see ``pairs``."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Other:
    """Another name of words that were typed. Nobody types it; expansion puts it in.

    Attributes:
        words: of the name.
        language: whose name it is, or ``exact`` for one that has no other forms.
        factor: what it is worth beside what was typed.
    """

    words: tuple[str, ...]
    language: str
    factor: float


@dataclass(frozen=True)
class AllOf:
    """Every part must match."""

    parts: tuple["Node", ...]


@dataclass(frozen=True)
class AnyOf:
    """Words side by side: phrases and field terms must match, of plain words one at least."""

    parts: tuple["Node", ...]
    excluded: tuple["Node", ...] = ()


@dataclass(frozen=True)
class OneOf:
    """Parts with an OR between them: one at least must match."""

    parts: tuple["Node", ...]


Node = Word | Phrase | Prefix | Fuzzy | Beside | Other | AllOf | OneOf | AnyOf

_INVISIBLE = re.compile(r"[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
"""Zero-width, soft hyphen and direction marks. Extraction drops them from the pages too."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_QUOTED = re.compile(r'(?P<kept>[-:]"[^"]*")|"(?P<words>[^"]*)"')
_MARKS = re.compile(r"(?<!\w)-+|[()*~:]")
"""What means something outside of quotes only."""

OPERATORS = frozenset(("AND", "OR", "NOT"))
_TOKEN = re.compile(
    r"""
      (?P<open>[-]?\() | (?P<close>\))
    | (?P<sign>[-]?)(?:(?P<field>FIELDS):)?(?:"(?P<phrase>[^"]*)" | (?P<word>[^\s()"]+))
    """.replace("FIELDS", f"(?i:{'|'.join(FIELDS)})"),
    re.VERBOSE,
)


def normalize(text: str) -> str:
    """Return a query in one canonical form: NFC, on one line, without control characters."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    text = _CONTROL.sub(" ", _INVISIBLE.sub("", text))
    return " ".join(unicodedata.normalize("NFC", text).split())


def unquoted(text: str) -> str:
    """Return a query with its quoted words as plain words, for when the quotes find nothing.

    What is quoted and excluded, or asked for in a field, stays as it is.
    """
    return " ".join(_QUOTED.sub(_plainly, text.translate(_QUOTES)).split())


def _plainly(quoted: re.Match[str]) -> str:
    if quoted["kept"] or not _letters(quoted["words"]):
        return quoted[0]
    words = _MARKS.sub(" ", quoted["words"]).split()
    return f" {' '.join(word.lower() if word in OPERATORS else word for word in words)} "


def parse(text: str) -> AnyOf:
    """Parse a normalized query. Never fails: what is no query is words."""
    return _Parser(closed(text)).parse()


def closed(text: str) -> str:
    """Return a query with plain quotation marks, none of them left open; no place in it moves."""
    text = text.translate(_QUOTES)
    if text.count('"') % 2:
        head, _, tail = text.rpartition('"')
        text = f"{head} {tail}"
    return text


class _Parser:
    """A recursive descent over the tokens; every method consumes what it understands."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_TOKEN.finditer(text))
        self._at = 0

    def parse(self) -> AnyOf:
        group = self._group(depth=0)
        while self._at < len(self._tokens):
            rest = self._group(depth=0)
            group = AnyOf(group.parts + rest.parts, group.excluded + rest.excluded)
        return group

    def _group(self, depth: int) -> AnyOf:
        """Read up to the closing bracket or the end."""
        parts: list[Node] = []
        excluded: list[Node] = []
        operator = ""
        negated = False
        while token := self._next():
            if token["close"]:
                break
            if (name := _operator(token)) is not None:
                operator, negated = (operator, True) if name == "NOT" else (name, negated)
                continue
            node, minus = self._operand(token, depth)
            if node is None:
                continue
            if negated or minus:
                excluded.append(node)
            elif operator and parts:
                parts.append(_joined(parts.pop(), operator, node))
            else:
                parts.append(node)
            operator, negated = "", False
        return AnyOf(tuple(parts), tuple(excluded))

    def _operand(self, token: re.Match[str], depth: int) -> tuple[Node | None, bool]:
        """Return the node that begins with ``token``, and whether a minus excludes it."""
        if token["open"]:
            if depth >= MAX_DEPTH:
                return None, False
            group = self._group(depth + 1)
            return (group if group.parts or group.excluded else None), token["open"][0] == "-"
        return _leaf(token)

    def _next(self) -> re.Match[str] | None:
        if self._at >= len(self._tokens):
            return None
        self._at += 1
        return self._tokens[self._at - 1]


def _operator(token: re.Match[str]) -> str | None:
    bare = not (token["sign"] or token["field"])
    return token["word"] if bare and token["word"] in OPERATORS else None


def _joined(left: Node, operator: str, right: Node) -> Node:
    """Join two nodes; AND binds tighter than OR, and a run of one operator makes one node."""
    if operator == "OR":
        return OneOf((*left.parts, right) if isinstance(left, OneOf) else (left, right))
    if isinstance(left, OneOf):
        return OneOf((*left.parts[:-1], _joined(left.parts[-1], "AND", right)))
    return AllOf((*left.parts, right) if isinstance(left, AllOf) else (left, right))


def _leaf(token: re.Match[str]) -> tuple[Node | None, bool]:
    field = (token["field"] or "").lower()
    minus = bool(token["sign"])
    if token["phrase"] is not None:
        return (Phrase(token["phrase"], field) if _letters(token["phrase"]) else None), minus
    word = token["word"]
    if not _letters(word):
        return None, False
    if word.endswith("*") and _letters(word) >= MIN_PREFIX:
        return Prefix(word.rstrip("*"), field), minus
    if word.endswith("~") and _letters(word) >= MIN_FUZZY:
        return Fuzzy(word.rstrip("~"), field), minus
    if minus and word[0].isdigit() and not field:
        # "COVID -19" is a slip of the space bar, not a wish to exclude 19.
        minus = False
    return Word(word, field), minus


def _letters(text: str) -> int:
    """Count the characters that can be searched for."""
    return sum(c.isalnum() for c in text)
