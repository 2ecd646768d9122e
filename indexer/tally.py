"""The running counts of a job, and the report at its end."""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from indexer.gate import Judged
from indexer.index.generation import Mark
from indexer.maker import Made


class Trouble(msgspec.Struct, frozen=True):
    """Something that did not become an article, and why. ``url`` may be a path or a line."""

    url: str
    reason: str


class Change(msgspec.Struct, frozen=True):
    """An article that a job makes new, changes or deletes."""

    kind: str
    id: str
    url: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a reindex did, or would do.

    Attributes:
        generation: the generation that went live; empty after a trial run.
        articles: how many articles it holds.
        without_address: how many of them have no web address, so that their hits are no links.
        seen: items the sources offered, readable or not.
        new: articles that were not there before.
        changed: articles that were, with other content.
        unchanged: articles equal to those of the generation before.
        deleted: articles of the generation before that are gone.
        kept: articles that stay although their source could not be read now.
        skipped: what is not meant to be an article: noindex, no article, empty, a duplicate.
        failed: what should have become an article and could not.
        changes: the deleted articles one by one; after a trial run the new and changed ones too.
        refusal: why it would not go live; filled by a trial run only.
        judged: what judged queries found in it, if they were run.
    """

    generation: str
    articles: int
    without_address: int
    seen: int
    new: int
    changed: int
    unchanged: int
    deleted: int
    kept: int
    skipped: tuple[Trouble, ...]
    failed: tuple[Trouble, ...]
    changes: tuple[Change, ...] = ()
    refusal: str = ""
    judged: Judged | None = None

    @property
    def indexed(self) -> int:
        """New and changed articles."""
        return self.new + self.changed


class Claim(NamedTuple):
    """The place that an article came from, and where it was written to."""

    location: str
    mark: Mark
    part: str


class Tally:
    """What a job has seen so far.

    Attributes:
        seen: items so far.
        skipped: what is not meant to be an article.
        failed: what should have become one and could not.
        claims: which place each article came from, by its id.
        embedded: articles that have got their vectors,
        to_embed: of so many; zero until all items were seen, and where none are wanted.
        duplicates: by part of the index, the ids written there that another place had claimed.
    """

    def __init__(self, before: Mapping[str, Mark]) -> None:
        """Take the articles of the generation before."""
        self.seen = 0
        self.embedded = self.to_embed = 0
        self.skipped: list[Trouble] = []
        self.failed: list[Trouble] = []
        self.claims: dict[str, Claim] = {}
        self.duplicates: dict[str, set[str]] = {}
        self._before = before
        self._kept: set[str] = set()
        self._left: set[str] = set()

    @property
    def done(self) -> int:
        """How many articles there are so far."""
        return len(self.claims)

    @property
    def reasons(self) -> list[str]:
        """Why items did not become articles, with where they came from."""
        return [f"{t.url}: {t.reason}" for t in (*self.failed, *self.skipped)]

    def skip(self, location: str, reason: str, earlier: Made | None = None) -> None:
        """Count what is not meant to be an article; its ``earlier`` version is gone."""
        self.skipped.append(Trouble(location, reason))
        if earlier is not None:
            self._left.add(earlier.id)

    def fail(self, location: str, reason: str, earlier: Made | None) -> None:
        """Count what could not become an article; its ``earlier`` version stays if there is one."""
        stays = earlier is not None and earlier.id not in self.claims
        if earlier is not None and stays:
            self._kept.add(earlier.id)
            self.claims[earlier.id] = Claim(location, earlier.mark, earlier.part)
            reason = f"{reason}; its earlier version stays"
        self.failed.append(Trouble(location, reason))

    def claimed(self, name: str) -> Claim | None:
        """Return which place an article came from, unless that only keeps its earlier version."""
        return None if name in self._kept else self.claims.get(name)

    def claim(self, location: str, made: Made) -> None:
        """Count an article; the first place that it comes from has it.

        A place that only keeps the earlier version of an article has to yield.
        """
        first = self.claims.get(made.id)
        if first is None or made.id in self._kept:
            self._kept.discard(made.id)
            self.claims[made.id] = Claim(location, made.mark, made.part)
            return
        about = f"id {made.id}, address {made.mark.url or 'none'}"
        self.skip(location, f"same article as {first.location} ({about})")
        if made.part and made.part != first.part:
            self.duplicates.setdefault(made.part, set()).add(made.id)

    def marks(self, *, keeping_all: bool) -> dict[str, Mark]:
        """Return what the new generation holds; ``keeping_all`` adds what was not mentioned."""
        claimed = {name: claim.mark for name, claim in self.claims.items()}
        if not keeping_all:
            return claimed
        unmentioned = {name: m for name, m in self._before.items() if name not in self._left}
        return unmentioned | claimed

    def changes(self, after: Mapping[str, Mark]) -> list[Change]:
        """Return what became of the generation before."""
        found = [
            Change("changed" if name in self._before else "new", name, mark.url)
            for name, mark in after.items()
            if self._before.get(name) != mark
        ]
        gone = self._before.keys() - after.keys()
        return found + [Change("deleted", name, self._before[name].url) for name in sorted(gone)]

    def report(self, generation: str, after: Mapping[str, Mark]) -> Report:
        """Return the final report on a generation that holds ``after``."""
        changes = self.changes(after)
        kinds = [change.kind for change in changes]
        new, changed, deleted = (kinds.count(kind) for kind in ("new", "changed", "deleted"))
        return Report(
            generation=generation,
            articles=len(after),
            without_address=sum(not mark.has_address for mark in after.values()),
            seen=self.seen,
            new=new,
            changed=changed,
            unchanged=len(after) - new - changed,
            deleted=deleted,
            kept=len(self._kept),
            skipped=tuple(self.skipped),
            failed=tuple(self.failed),
            changes=tuple(change for change in changes if change.kind == "deleted"),
        )
