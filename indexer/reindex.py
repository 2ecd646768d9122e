"""The main flow: source → page → article → index → gate → publish, and a report of all of it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

import msgspec

from indexer.crew import Crew, cores
from indexer.edits import apply_edits
from indexer.embedding import Embedding
from indexer.errors import GateError
from indexer.gate import (
    MAX_DROP,
    Judge,
    check_articles,
    check_build,
    check_drop,
    check_sameness,
    judge_build,
)
from indexer.index.compaction import stale_segments
from indexer.index.generation import Mark
from indexer.index.generations import GenerationStore
from indexer.index.job import Edit
from indexer.index.ledger import Entry, Ledger
from indexer.index.publishing import Contents
from indexer.index.segments import Segments
from indexer.index.vectors.embedder import Embedder
from indexer.maker import Made, Outcome, Refused, Task, Work
from indexer.memory import Memory, extraction_digest, fingerprint, remember
from indexer.sources import Damaged, Page, PassedOver, Source, SourceItem, Unchanged, Visit
from indexer.tally import Report, Tally


class NamedSource(NamedTuple):
    """A source and what the operator called it."""

    name: str
    source: Source


@dataclass(frozen=True)
class Plan:
    """What a job is to do.

    Attributes:
        sources: where the pages come from. Together they are the whole new index: an article that
            they no longer hold is gone from it.
        base_url: against which relative addresses of pages are resolved.
        update: keep what the sources do not mention.
        afresh: look at every page again, and write every article again.
        force: go live even if many articles are gone, or judged queries are answered worse.
        max_drop: the share of the articles that may be gone.
        processes: how many may work at the same time.
        judge: runs judged queries before the generation goes live, if there are any.
        embedder: makes the vectors by which meanings are compared; without it there are none.
    """

    sources: tuple[NamedSource, ...]
    base_url: str = ""
    update: bool = False
    afresh: bool = False
    force: bool = False
    max_drop: float = MAX_DROP
    processes: int = cores()
    judge: Judge | None = None
    embedder: Embedder | None = None


class Journal(Protocol):
    """Who is told how a job goes, and knows what happened to the index meanwhile."""

    def begin(self) -> None:
        """Note that the job begins: it holds the folder."""
        ...

    def note(self, tally: Tally) -> None:
        """Note how far the job is, after every item.

        Raises:
            JobCanceled: it is to stop.
        """
        ...

    def later_edits(self) -> Iterable[Edit]:
        """Return the changes to single articles that were made while the job ran."""
        ...


def reindex(store: GenerationStore, plan: Plan, journal: Journal) -> Report:
    """Build the next generation and make it live. On any error the live generation is untouched.

    Raises:
        SourceError: a source fails as a whole.
        GateError: what was built must not go live.
        JobBroken: a process of the job ended unexpectedly.
        JobCanceled: the journal said so.
        IndexFolderError: the folder is locked, or cannot be written.
    """
    with store.writing() as writing:
        journal.begin()
        with store.switching():
            writing.sweep()
            memory = remember(store, afresh=plan.afresh)
            embedding = Embedding(store, plan.embedder, plan.processes)
        with writing.build() as build:
            job = _Job(plan, memory, build.parts, writes=True)
            job.read_sources(journal.note)
            job.check()
            segments = job.assemble(build.folder)
            embedding.run(build.folder, job.tally, journal.note)
            with store.switching():
                marks = apply_edits(journal.later_edits(), segments, job.marks, build.parts)
                segments.write()
                embedding.run(build.folder, job.tally, journal.note)
                check_build(build.whoosh, len(marks))
                contents = Contents(
                    marks=marks,
                    ledger=job.ledger,
                    withdrawals=segments.withdrawals,
                    sources=tuple(each.name for each in plan.sources),
                    base=memory.generation,
                )
                complete = writing.complete(build, contents)
                generation, judged = judge_build(plan.judge, store, complete, force=plan.force)
                writing.go_live(generation)
                writing.prune()
    return msgspec.structs.replace(job.tally.report(generation.name, marks), judged=judged)


def preview(store: GenerationStore, plan: Plan, note: Callable[[Tally], None]) -> Report:
    """Return what ``reindex`` would do, change by change, and write nothing.

    Raises:
        SourceError: a source fails as a whole.
        JobBroken: a process of the job ended unexpectedly.
    """
    job = _Job(plan, remember(store, afresh=plan.afresh), store.folder, writes=False)
    job.read_sources(note)
    report = job.tally.report("", job.marks)
    changes = tuple(job.tally.changes(job.marks))
    return msgspec.structs.replace(report, changes=changes, refusal=job.refusal())


class _Place(NamedTuple):
    """Where an item came from, and what is to be remembered of it."""

    location: str
    fingerprint: str = ""
    visit: Visit = Visit()


class _Job:
    """One job: reads the sources, writes the parts of the index, and puts them together."""

    def __init__(self, plan: Plan, memory: Memory, parts: Path, *, writes: bool) -> None:
        self._plan = plan
        self._memory = memory
        self._parts = parts
        self._writes = writes
        self.tally = Tally(memory.marks)
        self.marks: dict[str, Mark] = {}
        self._entries: dict[str, Entry] = {}

    @property
    def ledger(self) -> Ledger:
        """What was learned, for the next job."""
        return Ledger(extraction_digest(), self._entries)

    def read_sources(self, note: Callable[[Tally], None]) -> None:
        """Make articles of all items, and write those that are new."""
        known = self._memory.marks if self._memory.reusable else {}
        task = Task(self._parts / "new", self._plan.base_url, known, self._writes)
        with Crew(task, self._plan.processes) as crew:
            for place, outcome in crew.run(self._work()):
                self._take_down(place, outcome)
                note(self.tally)
            crew.finish()
        keeping_all = self._plan.update or not all(s.source.complete for s in self._plan.sources)
        if keeping_all:
            self._entries = {**self._memory.ledger.entries, **self._entries}
        self.marks = self.tally.marks(keeping_all=keeping_all)

    def check(self) -> None:
        """Check that what was read may replace what is live.

        Raises:
            GateError: there is no article, far fewer than before, or one text over and over.
        """
        check_articles(len(self.marks), self.tally.reasons)
        if not self._plan.force:
            check_drop(len(self._memory.marks), len(self.marks), self._plan.max_drop)
            texts = ((m.text for m in marks.values()) for marks in (self._memory.marks, self.marks))
            check_sameness(*texts)

    def refusal(self) -> str:
        """Return why what was read may not replace what is live, or nothing."""
        try:
            self.check()
        except GateError as error:
            return str(error)
        return ""

    def assemble(self, folder: Path) -> Segments:
        """Put the index together: what stays of the generation before, and the new parts."""
        segments = Segments(folder)
        written = {name for name, claim in self.tally.claims.items() if claim.part}
        staying = self.marks.keys() - written
        generation = self._memory.generation
        if generation is not None and staying:
            segments.take_over(generation.folder, generation.withdrawals())
            segments.remove(self._memory.marks.keys() - staying)
            self._write_again(segments)
        for part in _folders(self._parts / "new"):
            segments.adopt(part, without=self.tally.duplicates.get(part.name, ()))
        for part in _folders(self._parts / "again"):
            segments.adopt(part)
        return segments

    def _write_again(self, segments: Segments) -> None:
        """Write the articles anew of segments that are stale, or of another analysis."""
        sizes = segments.sizes()
        places: Sequence[int] = range(len(sizes))
        if self._memory.reusable:
            places = stale_segments(sizes, len(self.marks), segments.full())
        task = Task(self._parts / "again", "", {})
        with Crew(task, self._plan.processes) as crew:
            for _ in crew.run((None, article) for article in segments.dissolve(places)):
                pass
            crew.finish()

    def _work(self) -> Iterator[tuple[_Place, Work | Outcome]]:
        for named in self._plan.sources:
            for item in named.source.items(self._memory):
                yield self._prepare(item)

    def _prepare(self, item: SourceItem) -> tuple[_Place, Work | Outcome]:
        """Return what is to be done with an item: nothing, if what comes of it is known."""
        place = item.location
        match item:
            case PassedOver():
                return _Place(place), Refused(item.reason, is_failure=False)
            case Damaged():
                return _Place(place), Refused(item.reason, is_failure=True)
            case Unchanged():
                known = self._memory.of_place(place)
                lost = Refused("the site says unchanged, but it is not known here", is_failure=True)
                before = self._memory.ledger.entries.get(place)
                seen = before.fingerprint if before else ""
                return _Place(place, seen, item.visit), known or lost
            case _:
                seen = fingerprint(item, self._plan.base_url)
                visit = item.visit if isinstance(item, Page) else Visit()
                known = self._memory.recall(seen) or self._taken(seen)
                return _Place(place, seen, visit), known or item

    def _taken(self, seen: str) -> Made | None:
        """Return the article that this content makes if another place has claimed it.

        With the hash that this content gave it: it is what the ledger remembers of this place.
        """
        entry = self._memory.entry_of(seen)
        claim = self.tally.claimed(entry.article) if entry else None
        if entry is None or claim is None:
            return None
        mark = Mark(entry.hash, claim.mark.language, claim.mark.url)
        return Made(entry.article, mark, claim.part)

    def _take_down(self, place: _Place, outcome: Outcome) -> None:
        """Count what came of an item, and note it in the ledger."""
        self.tally.seen += 1
        visit = msgspec.structs.asdict(place.visit)
        entry: Entry | None
        match outcome:
            case Made():
                self.tally.claim(place.location, outcome)
                entry = Entry(
                    place.fingerprint, article=outcome.id, hash=outcome.mark.hash, **visit
                )
            case Refused(reason=reason, is_failure=False):
                self.tally.skip(
                    place.location, reason, self._memory.earlier_version(place.location)
                )
                entry = Entry(place.fingerprint, reason=reason, **visit)
            case Refused(reason=reason):
                self.tally.fail(
                    place.location, reason, self._memory.earlier_version(place.location)
                )
                entry = self._memory.ledger.entries.get(place.location)
        if entry is not None:
            self._entries[place.location] = entry


def _folders(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []
