"""The main flow, over several runs: what is counted, what goes live, what is left behind."""

import errno
import gzip
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from indexer.article import Article, article_id
from indexer.errors import GateError, IndexLocked, IndexUnwritable, SourceError
from indexer.extraction import article_from_record
from indexer.index import durable
from indexer.index.generation import Generation, Mark
from indexer.index.generations import GenerationStore
from indexer.index.manifest import MANIFEST
from indexer.index.schema import SCHEMA_VERSION
from indexer.index.verification import verify
from indexer.index.writer import ArticleWriter, mark_of
from indexer.reindex import reindex
from indexer.sources import Damaged, Known, PassedOver, Record, SourceItem
from indexer.tally import Report, Tally, Trouble
from tests.indexer.builders import left_behind, page, plan, record, run, write_jsonl
from tests.journals import NoJournal


class Items:
    """A source made of what a test gives it; an exception among the items is raised."""

    def __init__(self, *items: SourceItem | BaseException) -> None:
        self._items = items

    complete = True

    def size(self) -> int | None:
        return len(self._items)

    def items(self, _known: Known, /) -> Iterator[SourceItem]:
        for item in self._items:
            if isinstance(item, BaseException):
                raise item
            yield item


def records(*numbers: int) -> list[SourceItem]:
    return [Record(location=f"test:{n}", fields=record(n)) for n in numbers]


def index(store: GenerationStore, *items: SourceItem | BaseException) -> Report:
    return reindex(store, plan(Items(*items)), NoJournal())


def counts(report: Report) -> dict[str, int]:
    fields = msgspec.structs.asdict(report)
    fields["indexed"] = fields.pop("new") + fields.pop("changed")
    del fields["changes"]
    del fields["generation"]
    return {name: len(v) if isinstance(v, tuple) else v for name, v in fields.items() if v}


def untouched(store: GenerationStore, live: Generation) -> bool:
    whole = store.current() == live and verify(store.current()) == live.manifest.articles
    return whole and store.complete() == [live] and left_behind(store.folder) == []


class TestCounts:
    def test_several_runs(self, store: GenerationStore) -> None:
        first = index(store, *records(1, 2, 3))
        assert counts(first) == {"articles": 3, "seen": 3, "indexed": 3}
        second = index(store, *records(1, 2, 3))
        assert counts(second) == {"articles": 3, "seen": 3, "unchanged": 3}
        changed = Record(location="test:2", fields=record(2, title="Another title"))
        third = index(store, *records(1), changed, *records(4))
        assert counts(third) == {
            "articles": 3,
            "seen": 3,
            "indexed": 2,
            "unchanged": 1,
            "deleted": 1,
        }
        assert store.current().name == third.generation
        assert set(store.current().marks()) == {"r1", "r2", "r4"}

    def test_what_is_passed_over_and_what_is_damaged(self, store: GenerationStore) -> None:
        report = index(
            store,
            PassedOver(location="a.html", reason="empty file"),
            *records(1),
            Damaged(location="b:7", reason="no JSON object"),
            Record(location="b:8", fields={"title": "No id"}),
        )
        assert counts(report) == {"articles": 1, "seen": 4, "indexed": 1, "skipped": 1, "failed": 2}
        assert report.skipped == (Trouble("a.html", "empty file"),)
        assert report.failed[0] == Trouble("b:7", "no JSON object")
        assert report.failed[1].url == "b:8"

    def test_pages_of_every_kind(self, store: GenerationStore, tmp_path: Path) -> None:
        site = tmp_path / "site"
        site.mkdir()
        (site / "asthma.html").write_text(page("Asthma"))
        (site / "fever.html.gz").write_bytes(gzip.compress(page("Fever").encode()))
        (site / "hidden.html").write_text(
            page("Draft", head='<meta name="robots" content="noindex">')
        )
        (site / "short.html").write_text("<title>Short</title><p>Nothing here.")
        (site / "binary.html").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
        (site / "empty.html").touch()
        report = run(store.folder, site, base_url="https://clinic.example")
        assert counts(report) == {
            "articles": 2,
            "seen": 6,
            "indexed": 2,
            "skipped": 3,
            "failed": 1,
        }
        skipped = [Path(trouble.url).name for trouble in report.skipped]
        assert skipped == ["binary.html", "hidden.html", "short.html"]
        assert Path(report.failed[0].url).name == "empty.html"
        assert verify(store.current()) == 2

    def test_an_article_whose_page_is_passed_over_now_is_deleted(
        self, store: GenerationStore
    ) -> None:
        index(store, *records(1, 2))
        report = index(store, *records(1), PassedOver(location="test:2", reason="empty file"))
        assert (report.unchanged, report.deleted, len(report.skipped)) == (1, 1, 1)

    def test_after_a_rollback_it_counts_against_the_live_generation(
        self, store: GenerationStore
    ) -> None:
        index(store, *records(1))
        index(store, *records(1, 2))
        with store.writing() as writing:
            writing.roll_back()
        assert counts(index(store, *records(1, 2)))["indexed"] == 1

    def test_progress_is_told_after_every_item(self, store: GenerationStore) -> None:
        index(store, *records(1, 9))
        told: list[tuple[int, int, int]] = []

        class Listener(NoJournal):
            def note(self, tally: Tally, /) -> None:
                told.append((tally.seen, tally.done, len(tally.failed)))

        items = Items(*records(1), Damaged(location="x", reason="y"), *records(2))
        reindex(store, plan(items), Listener())
        assert told == [(1, 1, 0), (2, 1, 1), (3, 2, 1)]


class TestDuplicates:
    def test_the_first_of_two_addresses_wins(self, store: GenerationStore, tmp_path: Path) -> None:
        address = "https://clinic.example/asthma"
        (tmp_path / "site").mkdir()
        (tmp_path / "site" / "a.html").write_text(page("Asthma", canonical=address))
        (tmp_path / "site" / "b-print.html").write_text(page("Asthma in print", canonical=address))
        report = run(store.folder, tmp_path / "site")
        assert counts(report) == {"articles": 1, "seen": 2, "indexed": 1, "skipped": 1}
        (skipped,) = report.skipped
        assert skipped.url.endswith("b-print.html")
        assert skipped.reason == (
            f"same article as {tmp_path}/site/a.html (id {article_id(address)}, address {address})"
        )

    def test_the_same_id_twice(self, store: GenerationStore, tmp_path: Path) -> None:
        path = write_jsonl(tmp_path / "a.jsonl", [record(1), record(1, title="Other"), record(2)])
        report = run(store.folder, path)
        assert counts(report) == {"articles": 2, "seen": 3, "indexed": 2, "skipped": 1}
        assert report.skipped[0].url == f"{path}:2"
        assert f"as {path}:1 (id r1," in report.skipped[0].reason

    def test_the_same_source_twice(self, store: GenerationStore, tmp_path: Path) -> None:
        path = write_jsonl(tmp_path / "a.jsonl", [record(1)])
        report = run(store.folder, path, path)
        assert counts(report) == {"articles": 1, "seen": 2, "indexed": 1, "skipped": 1}
        assert store.current().manifest.sources == ("a.jsonl", "a.jsonl")


class TestRecords:
    def test_lines_of_every_kind(self, store: GenerationStore, tmp_path: Path) -> None:
        path = tmp_path / "a.jsonl"
        good = [
            msgspec.json.encode(fields)
            for fields in (
                {"_id": "1", "title": "Fever", "text": "Drink water."},
                {"id": 2, "title": "Rash", "html": "<p>Do <b>not</b> scratch.</p>"},
                {"url": "https://clinic.example/3", "text": "Only an address and a text."},
            )
        ]
        path.write_bytes(b"\xef\xbb\xbf" + b"\r\n\r\n".join([good[0], b"{broken", *good[1:]]))
        report = run(store.folder, path)
        expected = {"articles": 3, "without_address": 2, "seen": 4, "indexed": 3, "failed": 1}
        assert counts(report) == expected
        assert report.failed[0].url == f"{path}:3"
        assert {"1", "2"} < set(store.current().marks())

    def test_a_truncated_file_stops_everything(
        self, store: GenerationStore, live: Generation, tmp_path: Path
    ) -> None:
        path = write_jsonl(tmp_path / "a.jsonl", [record(n) for n in range(500)])
        cut = tmp_path / "cut.jsonl.gz"
        cut.write_bytes(gzip.compress(path.read_bytes())[:-20])
        with pytest.raises(SourceError, match="cannot be read to its end"):
            run(store.folder, cut)
        assert untouched(store, live)


class TestErrors:
    @pytest.mark.parametrize("kind", [ValueError, RecursionError, MemoryError, AssertionError])
    def test_a_page_that_trips_a_bug_fails_alone(
        self, store: GenerationStore, monkeypatch: pytest.MonkeyPatch, kind: type[Exception]
    ) -> None:
        def trip(item: Record) -> object:
            if item.fields["id"] == "r2":
                raise kind("a secret of the page")
            return article_from_record(item)

        monkeypatch.setattr("indexer.maker.article_from_record", trip)
        report = index(store, *records(1, 2, 3))
        assert counts(report) == {"articles": 2, "seen": 3, "indexed": 2, "failed": 1}
        reason = f"unexpected {kind.__name__}; please report this page"
        assert report.failed == (Trouble("test:2", reason),)

    @pytest.mark.parametrize(
        "items",
        [
            [],
            [PassedOver(location="a.html", reason="empty file")],
            [Damaged(location="a:1", reason="no JSON object")],
        ],
        ids=["nothing", "skipped", "failed"],
    )
    def test_nothing_to_index(
        self, store: GenerationStore, live: Generation, items: list[SourceItem]
    ) -> None:
        with pytest.raises(GateError) as caught:
            index(store, *items)
        assert f"({len(items)} items skipped or failed)" in str(caught.value)
        assert untouched(store, live)

    def test_nothing_to_index_and_no_index_yet(self, store: GenerationStore) -> None:
        with pytest.raises(GateError):
            index(store)
        assert store.names() == []
        assert not (store.folder / "CURRENT").exists()

    @pytest.mark.parametrize(
        "error",
        [SourceError("gone"), KeyboardInterrupt(), RuntimeError("bug"), MemoryError()],
        ids=lambda error: type(error).__name__,
    )
    def test_an_error_midway_leaves_nothing_behind(
        self, store: GenerationStore, live: Generation, error: BaseException
    ) -> None:
        with pytest.raises(type(error)):
            index(store, *records(3, 4), error)
        assert untouched(store, live)

    @pytest.mark.filterwarnings("ignore::ResourceWarning")
    @pytest.mark.usefixtures("unclosed_files")
    def test_a_build_that_lost_an_article_does_not_go_live(
        self, store: GenerationStore, live: Generation, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        add = ArticleWriter.add

        def forgetful(self: ArticleWriter, article: Article) -> Mark:
            if article.id != "r2":
                return add(self, article)
            self.marks[article.id] = mark_of(article)
            return self.marks[article.id]

        monkeypatch.setattr(ArticleWriter, "add", forgetful)
        with pytest.raises(GateError, match="holds 2 articles instead of 3"):
            index(store, *records(1, 2, 3))
        assert untouched(store, live)

    @pytest.mark.parametrize("step", range(0, 12, 3))
    def test_a_full_disk_while_it_goes_live(
        self,
        store: GenerationStore,
        live: Generation,
        monkeypatch: pytest.MonkeyPatch,
        step: int,
    ) -> None:
        sync, left = durable.sync, [step]

        def fail(path: Path) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            sync(path)

        monkeypatch.setattr(durable, "sync", fail)
        with pytest.raises(IndexUnwritable, match="No space left on device"):
            index(store, *records(1, 2, 3))
        assert store.current() == live
        assert store.complete() == [live], "nor can it be rolled back to"

    def test_while_another_one_runs(self, store: GenerationStore, live: Generation) -> None:
        with store.writing(), pytest.raises(IndexLocked):
            index(store, *records(1))
        assert untouched(store, live)


class TestHousekeeping:
    def test_the_newest_three_stay(self, store: GenerationStore) -> None:
        made = [index(store, *records(n)).generation for n in range(5)]
        assert store.names() == made[2:]

    def test_what_a_crash_left_is_swept(self, store: GenerationStore, live: Generation) -> None:
        half = store.folder / "generations" / "20200101T000000000Z-abcd" / "whoosh"
        half.mkdir(parents=True)
        (half / "segment").write_bytes(b"half")
        report = index(store, *records(1))
        assert store.names() == [live.name, report.generation]

    def test_it_is_swept_first_for_the_room_it_takes(
        self, store: GenerationStore, live: Generation
    ) -> None:
        (store.folder / "generations" / "20200101T000000000Z-abcd").mkdir()
        with pytest.raises(GateError):
            index(store)
        assert untouched(store, live)

    def test_over_a_damaged_generation(self, store: GenerationStore, live: Generation) -> None:
        for path in live.folder.rglob("*"):
            if path.is_file() and path.name != MANIFEST:
                path.write_bytes(b"")
        assert counts(index(store, *records(1))) == {"articles": 1, "seen": 1, "indexed": 1}
        assert verify(store.current()) == 1

    def test_over_an_index_of_another_version(
        self, store: GenerationStore, live: Generation
    ) -> None:
        manifest = msgspec.structs.replace(live.manifest, schema_version=SCHEMA_VERSION + 1)
        (live.folder / MANIFEST).write_bytes(msgspec.json.encode(manifest))
        report = index(store, *records(1))
        assert counts(report) == {"articles": 1, "seen": 1, "indexed": 1}
        assert store.current().name == report.generation
        assert store.names() == [live.name, report.generation], "its program may come back"

    def test_over_a_broken_pointer(self, store: GenerationStore, live: Generation) -> None:
        (store.folder / "CURRENT").write_text("../../nonsense")
        index(store, *records(1))
        assert verify(store.current()) == 1
        assert live.folder.exists()


def test_the_sample_corpus_again_is_all_unchanged(corpus: Path, tmp_path: Path) -> None:
    first, second = (run(tmp_path / "index", corpus) for _ in range(2))
    assert second.unchanged == first.articles == second.articles
    assert (second.indexed, second.deleted) == (0, 0)
    assert second.skipped == first.skipped
    assert first.failed == ()


def test_a_site_under_maintenance_does_not_go_live(store: GenerationStore) -> None:
    index(store, *records(*range(9)))
    notice = "We will be back soon."
    down: list[SourceItem] = [
        Record(location=f"test:{n}", fields=record(n, text=notice)) for n in range(9)
    ]
    with pytest.raises(GateError, match="9 of 9 articles would have the very same text"):
        reindex(store, plan(Items(*down), force=False), NoJournal())
    assert counts(reindex(store, plan(Items(*down)), NoJournal()))["indexed"] == 9
