"""What a job remembers of the one before: it looks again only at what may have changed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.article import Article
from indexer.edits import edit_live
from indexer.errors import GateError
from indexer.extraction import article_from_record
from indexer.index.generation import Generation
from indexer.index.generations import GenerationStore
from indexer.index.job import Edit
from indexer.index.ledger import LEDGER
from indexer.index.verification import verify
from indexer.memory import Memory, extraction_digest, fingerprint, remember
from indexer.sources import Damaged, Page, PassedOver, Record, Unchanged, Visit
from tests.indexer.builders import bodies, index, item, page, record

ETAG = Visit(etag='"7"')


def counts(store: GenerationStore, *items: Record, **options: bool) -> tuple[int, int, int, int]:
    report = index(store, *items, **options)
    assert verify(store.current()) == report.articles
    return report.new, report.changed, report.unchanged, report.deleted


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The places whose items were made into articles."""
    places: list[str] = []

    def extract(each: Record) -> Article:
        places.append(each.location)
        return article_from_record(each)

    monkeypatch.setattr("indexer.maker.article_from_record", extract)
    return places


@pytest.fixture
def other_extraction(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Change the program that makes articles of pages."""

    def change() -> None:
        monkeypatch.setattr("indexer.memory.extraction_digest", lambda: "other")
        monkeypatch.setattr("indexer.reindex.extraction_digest", lambda: "other")

    return change


class TestWhatIsLookedAtAgain:
    def test_only_what_is_new_or_changed(
        self, store: GenerationStore, looked_at: list[str]
    ) -> None:
        assert counts(store, item(1), item(2), item(3)) == (3, 0, 0, 0)
        looked_at.clear()
        assert counts(store, item(1), item(2, text="Other."), item(4)) == (1, 1, 1, 1)
        assert looked_at == ["place 2", "place 4"]

    def test_content_that_has_moved_is_known(
        self, store: GenerationStore, looked_at: list[str]
    ) -> None:
        index(store, item(1), item(2))
        looked_at.clear()
        assert counts(store, item(2, "a"), item(1, "b")) == (0, 0, 2, 0)
        assert looked_at == []

    def test_what_was_refused_is_known_with_its_reason(
        self, store: GenerationStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hidden = page("Draft", head='<meta name="robots" content="noindex">').encode()
        draft = Page(location="draft", url="", content=hidden)
        first = index(store, item(1), draft)
        monkeypatch.setattr("indexer.maker.extract_page", lambda *_: pytest.fail("looked again"))
        second = index(store, item(1), draft)
        assert first.skipped == second.skipped
        assert len(second.skipped) == 1

    def test_everything_by_another_program(
        self,
        store: GenerationStore,
        looked_at: list[str],
        other_extraction: Callable[[], None],
    ) -> None:
        index(store, item(1), item(2))
        looked_at.clear()
        other_extraction()
        assert counts(store, item(1), item(2)) == (0, 0, 2, 0)
        assert looked_at == ["place 1", "place 2"]
        looked_at.clear()
        index(store, item(1), item(2))
        assert looked_at == []

    def test_another_program_takes_over_no_fingerprint(
        self,
        store: GenerationStore,
        looked_at: list[str],
        other_extraction: Callable[[], None],
    ) -> None:
        """Neither of what an update does not mention, nor of what could not be read."""
        index(store, item(1), item(2), item(3))
        other_extraction()
        index(store, item(1), Damaged(location="place 3", reason="offline"), update=True)
        assert set(bodies(store.current())) == {"r1", "r2", "r3"}
        looked_at.clear()
        index(store, item(1), item(2), item(3))
        assert looked_at == ["place 2", "place 3"]

    def test_everything_if_the_whole_is_wanted(
        self, store: GenerationStore, looked_at: list[str]
    ) -> None:
        index(store, item(1), item(2))
        before = segments(store.current())
        looked_at.clear()
        assert counts(store, item(1), item(2), afresh=True) == (0, 0, 2, 0)
        assert looked_at == ["place 1", "place 2"]
        assert not before & segments(store.current())

    def test_nothing_but_all_is_written_with_another_analysis(
        self, store: GenerationStore, looked_at: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        index(store, item(1), item(2))
        before = segments(store.current())
        looked_at.clear()
        for module in ("memory", "index.publishing"):
            monkeypatch.setattr(f"indexer.{module}.build_digest", lambda: "other")
        assert counts(store, item(1), item(2)) == (0, 0, 2, 0)
        assert not before & segments(store.current())
        assert store.current().manifest.digest == "other"
        assert looked_at == [], "the articles come from the index: no page is fetched for them"

    def test_what_a_single_change_replaced(
        self, store: GenerationStore, looked_at: list[str]
    ) -> None:
        """A job makes the index what the sources are."""
        index(store, item(1), item(2), item(3))
        edit_live(store, [Edit(0, "r1", {"title": "Mine"}), Edit(0, "r2", None)])
        edit_live(store, [Edit(0, "new", {"title": "Mine"})])
        looked_at.clear()
        assert counts(store, item(1), item(2), item(3)) == (1, 1, 1, 1)
        assert looked_at == ["place 1", "place 2"]
        assert bodies(store.current())["r1"] == record(1)["text"]

    def test_the_address_and_the_charset_count_too(self) -> None:
        one = Page(location="a", url="https://c.example/", content=b"x")
        others = [
            Page(location="a", url="https://c.example/2", content=b"x"),
            Page(location="a", url="https://c.example/", content=b"y"),
            Page(location="a", url="https://c.example/", content=b"x", charset="latin-1"),
        ]
        prints = {fingerprint(each, "") for each in (one, *others)}
        prints.add(fingerprint(one, "https://b.example/"))
        assert len(prints) == 5
        moved = Page(location="b", url="https://c.example/", content=b"x", visit=ETAG)
        assert fingerprint(moved, "") == fingerprint(one, "")


class TestDuplicates:
    A, B, OTHER = item(1, "a", text="Of a."), item(1, "b", text="Of b."), item(9)

    def test_the_first_place_has_it_every_time(self, store: GenerationStore) -> None:
        for _ in range(3):
            report = index(store, self.A, self.B, self.OTHER)
            assert bodies(store.current())["r1"] == "Of a."
            assert [each.url for each in report.skipped] == ["b"]
            assert "same article as a (id r1," in report.skipped[0].reason

    @pytest.mark.parametrize("jobs", [1, 2, 3])
    def test_the_second_place_gets_it_with_its_own_text(
        self, store: GenerationStore, jobs: int
    ) -> None:
        for _ in range(jobs):
            index(store, self.A, self.B, self.OTHER)
        report = index(store, self.B, self.OTHER)
        assert (report.changed, report.unchanged, report.deleted) == (1, 1, 0)
        assert bodies(store.current())["r1"] == "Of b."

    def test_they_are_not_looked_at_again(
        self, store: GenerationStore, looked_at: list[str]
    ) -> None:
        index(store, self.A, self.B)
        looked_at.clear()
        index(store, self.A, self.B)
        assert looked_at == []

    def test_a_changed_first_place_still_has_it(self, store: GenerationStore) -> None:
        index(store, self.A, self.B)
        report = index(store, item(1, "a", text="News."), self.B)
        assert (report.changed, len(report.skipped)) == (1, 1)
        assert bodies(store.current()) == {"r1": "News."}

    def test_another_order(self, store: GenerationStore) -> None:
        index(store, self.A, self.B)
        index(store, self.B, self.A)
        assert bodies(store.current()) == {"r1": "Of b."}


class TestKept:
    LOST = Damaged(location="place 1", reason="offline")

    @pytest.mark.parametrize("afresh", [False, True])
    def test_an_article_whose_place_is_damaged_stays(
        self, store: GenerationStore, afresh: bool
    ) -> None:
        index(store, item(1), item(2))
        for _ in range(2):
            report = index(store, self.LOST, item(2, text="Other."), afresh=afresh)
            assert (report.kept, report.deleted, len(report.failed)) == (1, 0, 1)
            assert report.failed[0].reason == "offline; its earlier version stays"
        assert bodies(store.current()) == {"r1": record(1)["text"], "r2": "Other."}
        assert counts(store, item(1), item(2, text="Other.")) == (0, 0, 2, 0)

    def test_a_place_that_never_had_an_article(self, store: GenerationStore) -> None:
        report = index(store, self.LOST, item(2))
        assert (report.kept, report.articles) == (0, 1)
        assert report.failed[0].reason == "offline"

    @pytest.mark.parametrize("first", [True, False], ids=["damaged first", "damaged last"])
    def test_a_page_elsewhere_wins(self, store: GenerationStore, first: bool) -> None:
        index(store, item(1), item(2))
        new = item(1, "moved", text="Of the new place.")
        items = (self.LOST, new) if first else (new, self.LOST)
        report = index(store, *items, item(2))
        assert (report.kept, report.changed, report.articles) == (0, 1, 2)
        assert bodies(store.current())["r1"] == "Of the new place."
        assert index(store, new, item(2)).unchanged == 2

    def test_a_duplicate_of_it_wins_with_its_own_text(self, store: GenerationStore) -> None:
        twin = item(1, "twin", text="Of the twin.")
        for _ in range(2):
            index(store, item(1), twin, item(2))
        report = index(store, self.LOST, twin, item(2))
        assert (report.kept, report.changed) == (0, 1)
        assert bodies(store.current())["r1"] == "Of the twin."

    def test_what_is_passed_over_is_gone(self, store: GenerationStore) -> None:
        index(store, item(1), item(2))
        report = index(store, PassedOver(location="place 1", reason="gone (410)"), item(2))
        assert (report.kept, report.deleted) == (0, 1)
        assert set(bodies(store.current())) == {"r2"}


class TestUnchanged:
    def page(self, place: str) -> Page:
        content = page(f"Of {place}").encode()
        return Page(location=place, url=f"https://c.example/{place}", content=content, visit=ETAG)

    def test_an_article_whose_page_is_unchanged(self, store: GenerationStore) -> None:
        index(store, self.page("a"), self.page("b"))
        for _ in range(2):
            same = Unchanged(location="a", visit=Visit(etag='"8"'))
            report = index(store, same, self.page("b"))
            assert (report.unchanged, report.articles, report.failed) == (2, 2, ())
            entry = store.current().ledger().entries["a"]
            assert (entry.etag, bool(entry.fingerprint)) == ('"8"', True)

    def test_a_page_that_is_not_known_here(self, store: GenerationStore) -> None:
        index(store, self.page("b"))
        report = index(store, Unchanged(location="a", visit=ETAG), self.page("b"))
        assert [each.url for each in report.failed] == ["a"]
        assert report.articles == 1

    def test_a_source_hears_of_the_last_visit(self, store: GenerationStore) -> None:
        index(store, self.page("a"), self.page("b"))
        assert remember(store, afresh=False).visit("a") == ETAG
        assert remember(store, afresh=False).visit("nowhere") is None
        assert remember(store, afresh=True).visit("a") is None

    def test_but_not_where_its_article_is_needed_again(self, store: GenerationStore) -> None:
        index(store, self.page("a"), self.page("b"))
        (name,) = {store.current().ledger().entries["a"].article}
        edit_live(store, [Edit(0, name, {"title": "Mine"})])
        memory = remember(store, afresh=False)
        assert (memory.visit("a"), memory.visit("b")) == (None, ETAG)

    def test_nor_after_another_program(
        self, store: GenerationStore, other_extraction: Callable[[], None]
    ) -> None:
        index(store, self.page("a"))
        other_extraction()
        assert remember(store, afresh=False).visit("a") is None


class TestKeepingWhatIsNotMentioned:
    @pytest.mark.parametrize("options", [{"update": True}, {"complete": False}], ids=str)
    @pytest.mark.parametrize("afresh", [False, True])
    def test_it_stays_and_is_known(
        self, store: GenerationStore, options: dict[str, bool], afresh: bool
    ) -> None:
        index(store, item(1), item(2), item(3))
        report = index(store, item(2, text="Other."), item(4), afresh=afresh, **options)
        assert (report.new, report.changed, report.unchanged, report.deleted) == (1, 1, 2, 0)
        assert set(bodies(store.current())) == {"r1", "r2", "r3", "r4"}
        assert set(store.current().ledger().entries) == {f"place {n}" for n in range(1, 5)}
        assert counts(store, item(1), item(2, text="Other."), item(4)) == (0, 0, 3, 1)

    @pytest.mark.parametrize("options", [{"update": True}, {"complete": False}], ids=str)
    def test_a_page_that_is_gone_is_mentioned(
        self, store: GenerationStore, options: dict[str, bool]
    ) -> None:
        index(store, item(1), item(2), item(3))
        gone = PassedOver(location="place 1", reason="gone (410)")
        report = index(store, gone, item(2), **options)
        assert (report.deleted, report.articles) == (1, 2)
        assert set(bodies(store.current())) == {"r2", "r3"}

    def test_unless_another_place_has_its_article(self, store: GenerationStore) -> None:
        index(store, item(1), item(2))
        gone = PassedOver(location="place 1", reason="gone (410)")
        assert index(store, gone, item(1, "moved"), update=True).deleted == 0
        assert set(bodies(store.current())) == {"r1", "r2"}

    def test_one_incomplete_source_of_two_is_enough(self, store: GenerationStore) -> None:
        index(store, item(1), item(2))
        assert index(store, item(1), complete=False).articles == 2
        assert index(store, item(1), complete=True).articles == 1


class TestDamage:
    def test_a_damaged_generation_is_built_anew(
        self, live: Generation, store: GenerationStore, damage: Callable[[str, str], Path]
    ) -> None:
        path = damage(
            max(live.manifest.files, key=lambda name: live.manifest.files[name].size), "flip"
        )
        assert remember(store, afresh=False).generation is None
        report = index(store, item(1), update=True)
        assert (report.new, report.articles) == (1, 1)
        assert verify(store.current()) == 1
        assert path.read_bytes() not in [p.read_bytes() for p in store.current().whoosh.iterdir()]

    def test_a_ledger_that_cannot_be_understood_is_no_memory(
        self, live: Generation, store: GenerationStore
    ) -> None:
        (live.folder / LEDGER).write_bytes(b"\xc1")
        memory = Memory(live, afresh=False)
        assert (memory.generation, memory.marks, memory.reusable) == (None, {}, False)
        assert store.names() == [live.name]


class TestGate:
    def test_many_gone_at_once_stop_the_job(self, store: GenerationStore) -> None:
        index(store, *map(item, range(10)))
        before = store.current()
        with pytest.raises(GateError) as caught:
            index(store, *map(item, range(7)), force=False)
        assert "There would be 7 articles instead of 10, 30% fewer" in str(caught.value)
        assert store.complete() == [before]
        assert index(store, *map(item, range(8)), force=False).deleted == 2

    def test_unless_told_otherwise(self, store: GenerationStore) -> None:
        index(store, *map(item, range(10)))
        assert index(store, *map(item, range(5)), force=False, max_drop=0.5).articles == 5
        assert index(store, item(1), force=True).articles == 1

    def test_kept_articles_do_not_count_as_gone(self, store: GenerationStore) -> None:
        index(store, *map(item, range(3)))
        lost = [Damaged(location=f"place {n}", reason="offline") for n in range(3)]
        report = index(store, *lost, force=False)
        assert (report.kept, report.unchanged) == (3, 3)


def test_the_digest_of_the_extraction_is_of_its_program() -> None:
    assert extraction_digest() == extraction_digest() != ""


def segments(generation: Generation) -> set[str]:
    return {path.name.split(".")[0] for path in generation.whoosh.glob("*.seg")}
