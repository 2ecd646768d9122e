"""Makes scripts and styles of our own small: takes out what people need to read them.

It knows as much of the languages as our own files use: a semicolon after every statement, brackets
around every parameter, no braces in the texts of a style sheet. What it makes is what the tests in
a browser run.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, product
from string import ascii_letters
from typing import NamedTuple

_TOKEN = re.compile(
    r"""(?P<gap>(?:\s+|//[^\n]*)+)
    |(?P<text>"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)
    |(?P<word>[\w$\#]+)
    |(?P<regex>/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*)
    |(?P<mark>.)""",
    re.VERBOSE,
)

_BEFORE_REGEX = tuple("(,=:[!&|?{;")
"""What an expression follows: a slash after anything else divides."""

_JOINS = re.compile(r"[\w$#]{2}|\+\+|--")
"""Two characters that would be one word or operator, were nothing between them."""

_OPEN, _CLOSING = tuple("{}([,;=>&|?:+.<"), tuple(")].,?:&|")
_DECLARING = ("const", "let", "function", "class")
_CONTROL = ("if", "for", "while", "switch")


class _Token(NamedTuple):
    kind: str
    text: str
    gap: str  # the white space and comments before it


def squeezed_script(source: str) -> str:
    """Return a script that does the same, on fewer bytes."""
    tokens = list(_tokens(source))
    short = _short_names(tokens)
    pieces: list[str] = []
    last = ""
    for token in tokens:
        text = short.get(token.text, token.text) if token.kind == "word" else token.text
        if text == "}" and last == ";":
            pieces.pop()  # the statement ends there anyway
        elif token.gap and last:
            pieces.append(_between(last, text, token.gap))
        pieces.append(text)
        last = text
    return "".join(pieces) + "\n"


def squeezed_style(source: str) -> str:
    """Return a style sheet that says the same."""
    text = " ".join(re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL).split())
    text = re.sub(r" ?([{};,>]) ?", r"\1", text).replace(": ", ":").replace(";}", "}")
    return re.sub(r"(?<![\w.])0(\.\d)", r"\1", text)


def _tokens(source: str) -> Iterator[_Token]:
    last, gap, at = "", "", 0
    while match := _TOKEN.match(source, at):
        kind, text = str(match.lastgroup), match[0]
        if kind == "regex" and not last.endswith(_BEFORE_REGEX):
            kind, text = "mark", "/"
        at += len(text)
        if kind == "gap":
            gap = text
            continue
        yield _Token(kind, text, gap)
        last, gap = text, ""


def _between(last: str, text: str, gap: str) -> str:
    """Return what must stay of a gap between two tokens: a line's end, a space, or nothing."""
    if "\n" in gap and not last.endswith(_OPEN) and not text.startswith(_CLOSING):
        return "\n"
    return " " if _JOINS.fullmatch(last[-1] + text[0]) else ""


def _short_names(tokens: Sequence[_Token]) -> Mapping[str, str]:
    """Return shorter names for what can be named anew everywhere at once, the most frequent first.

    Those are private members, and what is declared and stands nowhere where it could be the name
    of a property: after a dot, before a colon, in a template, or alone between braces and commas.
    """
    words = Counter(token.text for token in tokens if token.kind == "word")
    private = {word for word in words if word.startswith("#")}
    ours = private | (_declared(tokens) - _properties(tokens))
    names = ("".join(name) for size in (1, 2) for name in product(ascii_letters, repeat=size))
    free = (name for name in names if name not in words)
    frequent = (word for word, _ in words.most_common() if word in ours and len(word) > 2)
    return {
        word: "#" * (word in private) + name for word, name in zip(frequent, free, strict=False)
    }


def _declared(tokens: Sequence[_Token]) -> set[str]:
    """Return the names of variables, functions, classes and parameters."""
    found: set[str] = set()
    opened: list[int] = []
    for index, (kind, text, _) in enumerate(tokens):
        before = tokens[index - 1].text if index else ""
        if kind == "word" and before in _DECLARING:
            found.add(text)
        elif text == "(":
            opened.append(index)
        elif text == ")":
            start = opened.pop()
            after = "".join(token.text for token in tokens[index + 1 : index + 3])
            is_body = after.startswith("{") and tokens[start - 1].text not in _CONTROL
            if after == "=>" or is_body:
                found.update(
                    token.text
                    for earlier, token in pairwise(tokens[start:index])
                    if token.kind == "word" and earlier.text in ("(", ",", ".")
                )
    return found


def _properties(tokens: Sequence[_Token]) -> set[str]:
    """Return the words that are, or may be, names of properties."""
    found: set[str] = set()
    brackets: list[str] = []
    for index, (kind, text, _) in enumerate(tokens):
        before = tokens[index - 1].text if index else ""
        after = tokens[index + 1].text if index + 1 < len(tokens) else ""
        if kind == "mark" and text in "([{":
            brackets.append(text)
        elif kind == "mark" and text in ")]}":
            brackets.pop()
        elif text.startswith("`"):
            found.update(re.findall(r"\w+", text))
        elif kind == "word":
            is_spread = before == "." and tokens[index - 2].text == "."
            alone = brackets[-1:] == ["{"] and before in ("{", ",") and after in (",", "}", "=")
            if (before == "." and not is_spread) or after == ":" or alone:
                found.add(text)
    return found
