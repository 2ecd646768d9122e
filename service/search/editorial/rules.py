"""Pinned and hidden results by query, and the file that editors keep them in.

The file is JSON; the desk writes it, and so may anybody by hand:

    {"rules": [{"id": "flu", "pattern": "flu jab", "match": "words",
                "pinned": ["https://site.example/flu-vaccine"]}]}
"""

import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, structs

from indexer.errors import EditorialError, IndexUnwritable
from indexer.index.analysis import SNOWBALL
from indexer.index.durable import write_atomically
from indexer.index.lock import wait_for_folder
from service.search.editorial.complaints import complaint, either
from service.search.editorial.words import words_of

Match = Literal["exact", "words", "contains"]
"""``exact``: the query is the pattern. ``words``: it has all of its words. ``contains``: it has
them side by side. Case, accents, apostrophes and spaces mean nothing."""

MAX_PINNED = 10
"""A page of results; further down nobody would see that something is pinned."""

MAX_HIDDEN = 100
MAX_ID = 100
MAX_RULES = 5_000
MAX_BYTES = 10_000_000

Entry = Annotated[str, Meta(min_length=1, max_length=2_000)]

_LANGUAGE = re.compile(r"[a-z]{2,3}")


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is pinned and hidden where a query is meant.

    Attributes:
        id: names it; a new one gets one when it is put in a book.
        pattern: words that are compared with a query's.
        match: how they are compared.
        language: only queries typed in it are meant (``en``); all, if it is empty.
        pinned: articles that stand first, in this order, by their ids or addresses.
        hidden: articles that are not found.
        note: of the editors, for themselves.
        until: the last day on which it is in force; none if it is for good.
    """

    id: str = ""
    pattern: str = ""
    match: Match = "exact"
    language: str = ""
    pinned: tuple[Entry, ...] = ()
    hidden: tuple[Entry, ...] = ()
    note: Annotated[str, Meta(max_length=2_000)] = ""
    until: date | None = None


class _File(msgspec.Struct, forbid_unknown_fields=True):
    rules: tuple[Rule, ...] = ()


class RuleBook:
    """The file of rules. Several processes may write it at once; none sees it by halves."""

    def __init__(self, path: Path) -> None:
        """Take the path of the file, which need not be there yet."""
        self._path = path

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules in their order; none if there is no file.

        Raises:
            EditorialError: the file is malformed, or cannot be read.
        """
        try:
            with self._path.open("rb") as file:
                content = file.read(MAX_BYTES + 1)
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise EditorialError(f"{self._path}: cannot be read: {error.strerror}.") from error
        return parse_rules(content, str(self._path))

    def put(self, rule: Rule) -> Rule:
        """Add a rule, or replace the one of the same id. Returns it as it is kept.

        Raises:
            EditorialError: the rule says nothing that can be followed, or the file is malformed or
                cannot be written.
        """
        kept = structs.replace(rule, id=rule.id or secrets.token_hex(4))
        for problem in _problems(kept):
            raise EditorialError(f"{problem}.")
        with self._locked():
            rules = self.rules()
            at = next((at for at, each in enumerate(rules) if each.id == kept.id), len(rules))
            if at >= MAX_RULES:
                raise EditorialError(f"There are {MAX_RULES:,} rules already; remove some.")
            self._write((*rules[:at], kept, *rules[at + 1 :]))
        return kept

    def remove(self, rule_id: str) -> bool:
        """Remove the rule of an id; returns whether there was one.

        Raises:
            EditorialError: the file is malformed, or cannot be written.
        """
        with self._locked():
            rules = self.rules()
            left = tuple(rule for rule in rules if rule.id != rule_id)
            if len(left) < len(rules):
                self._write(left)
        return len(left) < len(rules)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            with wait_for_folder(self._path.parent, f".{self._path.name}.lock"):
                yield
        except IndexUnwritable as error:
            raise EditorialError(f"{self._path.parent} cannot be written.") from error

    def _write(self, rules: Sequence[Rule]) -> None:
        content = msgspec.json.format(msgspec.json.encode(_File(tuple(rules))))
        parse_rules(content, str(self._path))  # what is written can be read again
        try:
            write_atomically(self._path, content + b"\n")
        except OSError as error:
            raise EditorialError(f"{self._path}: cannot be written: {error.strerror}.") from error


def parse_rules(content: bytes, name: str) -> tuple[Rule, ...]:
    """Return the rules of a file's content; ``name`` is what an error calls the file.

    Raises:
        EditorialError: it is malformed.
    """
    if len(content) > MAX_BYTES:
        raise EditorialError(f"{name}: has more than {MAX_BYTES:,} bytes.")
    try:
        raw = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise EditorialError(f"{name}: is not JSON: {_not_json(str(error), content)}.") from None
    try:
        rules = msgspec.convert(raw, _File).rules
    except msgspec.ValidationError as error:
        found = complaint(error, _File)
        where = "".join(f"{step}: " for step in _steps(found.place, raw))
        raise EditorialError(f"{name}: {where}{found.text}.") from None
    if len(rules) > MAX_RULES:
        raise EditorialError(f"{name}: has more than {MAX_RULES:,} rules.")
    known: set[str] = set()
    for number, rule in enumerate(rules):
        for problem in _problems(rule):
            raise EditorialError(f"{name}: {_called(number, rule.id)}: {problem}.")
        if rule.id in known:
            where = _called(number, rule.id)
            raise EditorialError(f"{name}: {where}: another rule has the id {rule.id!r}.")
        known.add(rule.id)
    return rules


def _steps(place: tuple[str | int, ...], file: Any) -> Iterator[str]:
    """Yield the way to a place as people count."""
    match place:
        case ("rules", int(number), *inside):
            rule = file["rules"][number]
            yield _called(number, rule.get("id") if isinstance(rule, dict) else "")
            yield from (f"entry {s + 1}" if isinstance(s, int) else s for s in inside)
        case _:
            yield from map(str, place)


def _called(number: int, rule_id: object) -> str:
    """Return what a message calls a rule: its number from 1, and its id if it has one."""
    has_id = isinstance(rule_id, str) and rule_id.isprintable() and 0 < len(rule_id) <= MAX_ID
    return f"rule {number + 1} ({rule_id})" if has_id else f"rule {number + 1}"


def _not_json(problem: str, content: bytes) -> str:
    """Return what is wrong with JSON, and on which line."""
    what, _, where = problem.partition(" (byte ")
    if not where:
        return "it ends too early" if "truncated" in what else what
    line = content[: int(where.strip(")"))].count(b"\n") + 1
    return f"line {line}: {what.removeprefix('JSON is malformed: ')}"


def _problems(rule: Rule) -> Iterator[str]:
    """Yield what is wrong with a rule, each as a sentence without its period."""
    if not (rule.id and rule.id.isprintable() and len(rule.id) <= MAX_ID):
        yield f"Expected an id of 1 to {MAX_ID} letters"
    if not words_of(rule.pattern) or len(rule.pattern) > 500:
        yield "Expected a query of 1 to 500 letters with a word in it"
    if rule.language and not _LANGUAGE.fullmatch(rule.language):
        known = either(tuple(SNOWBALL))
        yield f"Expected the language {known}, or another code of articles, found {rule.language!r}"
    if not (rule.pinned or rule.hidden):
        yield "Expected an article that is pinned or hidden"
    if len(rule.pinned) > MAX_PINNED:
        yield f"Expected {MAX_PINNED} pinned articles at most"
    if len(rule.hidden) > MAX_HIDDEN:
        yield f"Expected {MAX_HIDDEN} hidden articles at most"
    entries = [*rule.pinned, *rule.hidden]
    if any(not entry or entry != entry.strip() or not entry.isprintable() for entry in entries):
        yield "Expected ids or addresses of articles, without spaces around"
    for entry in entries:
        if entries.count(entry) > 1:
            yield f"{entry} stands in it twice"
            return
