"""What the buttons beside results do to a rule."""

from collections.abc import Sequence

from msgspec import structs

from service.search.editorial.rules import Rule


def changed(rule: Rule, do: str) -> Rule:
    """Return a rule as a button changes it: ``pin ID``, ``up ENTRY``, and so on.

    What is pinned is not hidden, and the other way round. A button of a page that is no longer up
    to date changes nothing.
    """
    what, _, entry = do.partition(" ")
    if not entry:
        return rule
    pinned, hidden = _without(rule.pinned, entry), _without(rule.hidden, entry)
    match what:
        case "pin":
            return structs.replace(rule, pinned=(*pinned, entry), hidden=hidden)
        case "hide":
            return structs.replace(rule, pinned=pinned, hidden=(*hidden, entry))
        case "free":
            return structs.replace(rule, pinned=pinned, hidden=hidden)
        case "up" | "down":
            return structs.replace(rule, pinned=_moved(rule.pinned, entry, what == "down"))
        case _:
            return rule


def _without(entries: Sequence[str], entry: str) -> tuple[str, ...]:
    return tuple(each for each in entries if each != entry)


def _moved(entries: Sequence[str], entry: str, is_down: bool) -> tuple[str, ...]:
    """Return the entries with one of them a place nearer to an end."""
    if entry not in entries:
        return tuple(entries)
    place = entries.index(entry) + (1 if is_down else -1)
    rest = _without(entries, entry)
    place = min(max(place, 0), len(rest))
    return (*rest[:place], entry, *rest[place:])
