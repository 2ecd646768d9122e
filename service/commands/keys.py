"""``health-search keys``: making, listing and revoking keys."""

import argparse
import os
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from indexer.errors import SettingError
from service.access.keyfile import KeyFile
from service.access.keys import ACTIONS, Key, hash_of, make_text, new_id
from service.access.origins import parse_origin
from service.access.rates import checked_rate
from service.commands.printing import print_json
from service.search.today import utc_today
from service.settings import add_flags, load


def add_keys(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command ``keys`` with what it can do."""
    command = commands.add_parser(
        "keys",
        help="make, list and revoke keys of the API",
        description="Make, list and revoke keys of the API. A running service notices at once.",
    )
    doing = command.add_subparsers(title="what to do", metavar="WHAT", required=True)
    create = doing.add_parser("create", help="make a key; it is shown once")
    create.add_argument("--name", required=True, help="who has it, for you to remember")
    create.add_argument(
        "--action",
        action="append",
        required=True,
        choices=ACTIONS,
        help="what it is for; repeatable. index: jobs and articles, admin: everything",
    )
    create.add_argument(
        "--expires", type=_day, metavar="DAY", help="last day it works, 2027-01-31 (UTC)"
    )
    create.add_argument(
        "--origin",
        action="append",
        default=[],
        type=_origin,
        metavar="ORIGIN",
        help="only for pages of this origin, https://www.clinic.example; repeatable",
    )
    create.add_argument(
        "--rate-limit", type=_rate, metavar="RATE", help="its own limit, 600/minute"
    )
    create.set_defaults(run=_create)
    listing = doing.add_parser("list", help="list the keys, without themselves")
    listing.set_defaults(run=_list)
    revoke = doing.add_parser("revoke", help="take a key out of force")
    revoke.add_argument("id", metavar="ID", help="as the list has it")
    revoke.set_defaults(run=_revoke)
    for each in (create, listing, revoke):
        add_flags(each, {"keys"})
        each.add_argument("--json", action="store_true", help="as JSON")


def _create(options: argparse.Namespace) -> int:
    text = make_text()
    key = Key(
        id=new_id(),
        name=options.name,
        hash=hash_of(text),
        actions=tuple(dict.fromkeys(options.action)),
        created=utc_today(),
        expires=options.expires,
        origins=tuple(dict.fromkeys(options.origin)),
        rate_limit=options.rate_limit or "",
    )
    _file(options).add(key)
    if key.expires and key.expires < utc_today():
        print(f"Mind that {key.expires} is over: this key never works.", file=sys.stderr)
    if options.json:
        print_json({"key": text, **_told(key)})
    else:
        print(text)
        print(f"Key {key.id} for {', '.join(key.actions)}. It is not shown again.", file=sys.stderr)
    return 0


def _list(options: argparse.Namespace) -> int:
    keys = _file(options).read()
    if options.json:
        print_json([_told(key) for key in keys])
        return 0
    rows = [("ID", "NAME", "ACTIONS", "EXPIRES", "RATE", "ORIGINS"), *map(_row, keys)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(map(str.ljust, row, widths)).rstrip())
    return 0


def _revoke(options: argparse.Namespace) -> int:
    key = _file(options).revoke(options.id)
    if options.json:
        print_json(_told(key))
    else:
        print(f"Key {key.id} ({key.name}) is revoked.")
    return 0


def _file(options: argparse.Namespace) -> KeyFile:
    path: Path | None = load(os.environ, {"keys": options.keys}).keys
    if path is None:
        raise SettingError("Name the file of keys with --keys or HEALTH_SEARCH_KEYS.")
    return KeyFile(path)


def _row(key: Key) -> tuple[str, ...]:
    if key.expires is None:
        expires = "never"
    else:
        expires = key.expires.isoformat() + (" (over)" if key.has_expired(utc_today()) else "")
    rest = (key.rate_limit or "default", _words(key.origins) or "any")
    return key.id, key.name, _words(key.actions), expires, *rest


def _words(words: Iterable[str]) -> str:
    return " ".join(words)


def _told(key: Key) -> dict[str, Any]:
    """Return what may be told of a key: all but its hash, which nobody needs."""
    told: dict[str, Any] = msgspec.to_builtins(key)
    del told["hash"]
    return told


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"expected a day such as 2027-01-31, not {text!r}"
        ) from None


def _origin(text: str) -> str:
    try:
        return parse_origin(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{error}, not {text!r}") from None


def _rate(text: str) -> str:
    try:
        return checked_rate(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{error}, not {text!r}") from None
