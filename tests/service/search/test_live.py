"""The newest generation is served without dropping a request, and a bad one never is."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from indexer.article import Article
from indexer.errors import IndexDamaged, IndexMissing
from indexer.index import manifest
from indexer.index.generation import Generation
from indexer.index.generations import GenerationStore
from indexer.index.manifest import MANIFEST
from indexer.index.schema import SCHEMA_VERSION
from service.app import create_app
from service.search.audit import Audit
from service.search.engine import IndexSearcher, open_searcher
from service.search.live import LiveIndex, _Lease
from service.search.request import RelatedRequest, SearchRequest
from service.search.response import IndexInfo, RelatedResponse, SearchResponse
from service.search.suggest.suggestion import SuggestRequest, SuggestResponse
from service.settings import Settings
from tests.service.conftest import Lines
from tests.service.search.conftest import Publish

ARTICLE = Article(id="a", url="https://a.example/", title="Gout", body="Gout hurts.", language="en")


class Recorder:
    """A searcher that knows whether it is open, and answers with its generation."""

    def __init__(self, generation: Generation) -> None:
        self.info = IndexInfo(generation.name, datetime.now(UTC), 1)
        self.closed = 0

    def search(self, request: SearchRequest) -> SearchResponse:
        assert not self.closed
        return SearchResponse(
            query=request.q,
            total=0,
            total_relation="eq",
            page=1,
            per_page=10,
            took_ms=0,
            hits=(),
            facets={},
            index=self.info,
        )

    def suggest(self, request: SuggestRequest) -> SuggestResponse:
        return SuggestResponse(request.q, ())

    def article(self, id_: str) -> Article | None:
        raise NotImplementedError(id_)

    def related(self, id_: str, request: RelatedRequest) -> RelatedResponse | None:
        raise NotImplementedError(id_)

    def close(self) -> None:
        self.closed += 1


class Site:
    """An index folder, what is published to it, and the live index on it."""

    def __init__(self, folder: Path, publish: Publish) -> None:
        self.folder = folder
        self.opened: list[Recorder] = []
        self.live = LiveIndex(folder, self._open, retry_seconds=0)
        self._publish = publish

    def _open(self, generation: Generation) -> Recorder:
        self.opened.append(Recorder(generation))
        return self.opened[-1]

    def publish(self) -> Generation:
        return self._publish(self.folder, [ARTICLE])

    def serves(self) -> str:
        with self.live.searcher() as searcher:
            return searcher.search(SearchRequest(q="gout")).index.generation


@pytest.fixture
def site(tmp_path: Path, publish: Publish) -> Iterator[Site]:
    made = Site(tmp_path / "index", publish)
    yield made
    made.live.close()


class TestWithoutAnIndex:
    def test_nothing_is_served_and_the_status_says_why(self, site: Site) -> None:
        assert site.live.status.info is None
        assert site.live.status.problem
        assert site.live.refresh() is False
        assert "reindex" in site.live.status.problem
        with pytest.raises(IndexMissing, match="no index"), site.live.searcher():
            pass

    def test_the_first_generation_is_served_as_soon_as_it_is_there(self, site: Site) -> None:
        site.live.refresh()
        generation = site.publish()
        assert site.live.refresh() is True
        assert site.serves() == generation.name
        assert site.live.status.problem == ""
        info = site.live.status.info
        assert info
        assert info.generation == generation.name


class TestRefresh:
    def test_changes_nothing_while_nothing_is_new(self, site: Site) -> None:
        site.publish()
        assert site.live.refresh() is True
        assert site.live.refresh() is False
        assert len(site.opened) == 1

    def test_moves_on_to_the_next_generation_and_closes_the_old(self, site: Site) -> None:
        site.publish()
        site.live.refresh()
        new = site.publish()
        assert site.live.refresh() is True
        assert site.serves() == new.name
        assert [searcher.closed for searcher in site.opened] == [1, 0]

    def test_goes_back_with_a_roll_back(self, site: Site) -> None:
        old, _ = site.publish(), site.publish()
        site.live.refresh()
        with GenerationStore(site.folder).writing() as writing:
            writing.roll_back()
        assert site.live.refresh() is True
        assert site.serves() == old.name


class TestLeases:
    def test_a_running_request_keeps_the_old_searcher_open(self, site: Site) -> None:
        old = site.publish()
        site.live.refresh()
        with site.live.searcher() as outer:
            with site.live.searcher() as inner:
                site.publish()
                site.live.refresh()
                assert inner is outer
            assert site.opened[0].closed == 0
            assert outer.search(SearchRequest(q="gout")).index.generation == old.name
            with site.live.searcher() as new:
                assert new is not outer
        assert site.opened[0].closed == 1

    def test_an_error_in_a_request_gives_the_lease_back(self, site: Site) -> None:
        site.publish()
        site.live.refresh()
        with pytest.raises(KeyError), site.live.searcher():
            raise KeyError
        site.publish()
        site.live.refresh()
        assert site.opened[0].closed == 1

    def test_a_retired_searcher_is_not_lent_again(self, site: Site) -> None:
        """A request that read the old lease just before a swap must take the new one."""
        searcher = Recorder(site.publish())
        lease = _Lease(searcher)
        lease.retire()
        assert lease.acquire() is False
        assert searcher.closed == 1

    def test_close_waits_for_the_last_request(self, site: Site) -> None:
        site.publish()
        site.live.refresh()
        with site.live.searcher() as searcher:
            site.live.close()
            searcher.search(SearchRequest(q="gout"))
            assert site.opened[0].closed == 0
        assert site.opened[0].closed == 1

    def test_after_close_nothing_is_served(self, site: Site) -> None:
        site.publish()
        site.live.refresh()
        site.live.close()
        site.live.close()
        assert site.opened[0].closed == 1
        assert site.live.status.info is None
        with pytest.raises(IndexMissing, match="closed"), site.live.searcher():
            pass


def cut_a_file(generation: Generation) -> None:
    segment = next(generation.whoosh.glob("*.seg"))
    segment.write_bytes(segment.read_bytes()[:-1])


def alter_a_file(generation: Generation) -> None:
    segment = next(generation.whoosh.glob("*.seg"))
    content = bytearray(segment.read_bytes())
    content[len(content) // 2] ^= 1
    segment.write_bytes(content)


def remove_a_file(generation: Generation) -> None:
    next(generation.whoosh.glob("*.seg")).unlink()


def remove_the_manifest(generation: Generation) -> None:
    (generation.folder / MANIFEST).unlink()


def spoil_the_manifest(generation: Generation) -> None:
    (generation.folder / MANIFEST).write_bytes(b"{")


def spoil_the_encoding_of_the_manifest(generation: Generation) -> None:
    path = generation.folder / MANIFEST
    path.write_bytes(path.read_bytes().replace(b"digest", b"dig\xffst"))


def come_from_another_schema(generation: Generation) -> None:
    path = generation.folder / MANIFEST
    now = f'"schema_version": {SCHEMA_VERSION}'.encode()
    assert now in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(now, b'"schema_version": 999'))


def lose_the_pointer(generation: Generation) -> None:
    (generation.folder.parent.parent / "CURRENT").unlink()


def spoil_the_pointer(generation: Generation) -> None:
    (generation.folder.parent.parent / "CURRENT").write_bytes(b"\xff\0")


def point_outside(generation: Generation) -> None:
    (generation.folder.parent.parent / "CURRENT").write_text("../../etc")


def point_nowhere(generation: Generation) -> None:
    (generation.folder.parent.parent / "CURRENT").write_text("20200101T000000000Z-0000")


class TestBadGenerations:
    @pytest.mark.parametrize(
        "spoil",
        [
            cut_a_file,
            alter_a_file,
            remove_a_file,
            remove_the_manifest,
            spoil_the_manifest,
            spoil_the_encoding_of_the_manifest,
            come_from_another_schema,
            lose_the_pointer,
            spoil_the_pointer,
            point_outside,
            point_nowhere,
        ],
    )
    def test_do_not_displace_the_one_that_is_served(self, site: Site, spoil: object) -> None:
        assert callable(spoil)
        good = site.publish()
        site.live.refresh()
        spoil(site.publish())
        for _ in range(2):
            assert site.live.refresh() is False
            assert site.serves() == good.name
            problem = site.live.status.problem
            assert problem
            assert "\n" not in problem
        info = site.live.status.info
        assert info
        assert info.generation == good.name
        recovered = site.publish()
        assert site.live.refresh() is True
        assert site.serves() == recovered.name
        assert site.live.status.problem == ""

    def test_are_named(self, site: Site) -> None:
        site.publish()
        site.live.refresh()
        bad = site.publish()
        cut_a_file(bad)
        site.live.refresh()
        assert bad.name in site.live.status.problem
        come_from_another_schema(bad)
        site.live.refresh()
        assert bad.name in site.live.status.problem
        assert "999" in site.live.status.problem

    def test_are_forgotten_after_a_roll_back(self, site: Site) -> None:
        good = site.publish()
        site.live.refresh()
        cut_a_file(site.publish())
        site.live.refresh()
        with GenerationStore(site.folder).writing() as writing:
            writing.roll_back(good.name)
        assert site.live.refresh() is False
        assert site.live.status.problem == ""
        assert len(site.opened) == 1

    def test_that_the_engine_cannot_open_do_not_either(
        self, tmp_path: Path, publish: Publish
    ) -> None:
        def refuse(generation: Generation) -> Recorder:
            if generation.name != good.name:
                raise IndexDamaged("Whoosh cannot open it.")
            return Recorder(generation)

        good = publish(tmp_path, [ARTICLE])
        live = LiveIndex(tmp_path, refuse)
        assert live.refresh() is True
        publish(tmp_path, [ARTICLE])
        assert live.refresh() is False
        assert live.status.problem == "Whoosh cannot open it."
        live.close()

    def test_that_the_disk_cannot_read_do_not_either(
        self, tmp_path: Path, publish: Publish
    ) -> None:
        def fail(_generation: Generation) -> Recorder:
            raise OSError("Input/output error")

        publish(tmp_path, [ARTICLE])
        live = LiveIndex(tmp_path, fail)
        assert live.refresh() is False
        assert "Input/output error" in live.status.problem

    def test_are_not_served_at_the_start(self, site: Site) -> None:
        cut_a_file(site.publish())
        assert site.live.refresh() is False
        assert site.live.status.info is None
        with pytest.raises(IndexMissing, match="bytes"), site.live.searcher():
            pass


@pytest.fixture
def everything_is_big(monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening reads no file but the manifest."""
    monkeypatch.setattr(manifest, "SMALL_BYTES", -1)


def mend_the_file(generation: Generation) -> None:
    alter_a_file(generation)


class TestDamageToSmallFiles:
    def test_is_refused_at_once(self, site: Site) -> None:
        alter_a_file(site.publish())
        assert site.live.refresh() is False
        assert site.live.status.info is None
        assert "checksum" in site.live.status.problem
        assert site.opened == []


@pytest.mark.usefixtures("everything_is_big")
class TestDamageToBigFiles:
    def test_at_the_start_is_found_beside_the_searches(self, site: Site) -> None:
        bad = site.publish()
        alter_a_file(bad)
        assert site.live.refresh() is True, "it is served before all of it was read"
        with site.live.searcher() as running:
            assert site.live.refresh() is False
            assert site.live.status.info is None
            assert bad.name in site.live.status.problem
            assert "checksum" in site.live.status.problem
            with pytest.raises(IndexMissing, match="checksum"), site.live.searcher():
                pass
            running.search(SearchRequest(q="gout"))
        assert site.opened[0].closed == 1

    def test_is_not_served_again(self, site: Site) -> None:
        alter_a_file(site.publish())
        site.live.refresh()
        for _ in range(5):
            assert site.live.refresh() is False
            assert site.live.status.info is None
            assert "checksum" in site.live.status.problem
        assert len(site.opened) == 1

    def test_is_left_alone_for_a_while(self, tmp_path: Path, publish: Publish) -> None:
        generation = publish(tmp_path, [ARTICLE])
        alter_a_file(generation)
        live = LiveIndex(tmp_path, Recorder, retry_seconds=3600)
        live.refresh()
        live.refresh()
        mend_the_file(generation)
        assert live.refresh() is False
        assert "checksum" in live.status.problem

    def test_can_be_mended(self, site: Site) -> None:
        generation = site.publish()
        alter_a_file(generation)
        site.live.refresh()
        site.live.refresh()
        mend_the_file(generation)
        assert site.live.refresh() is True
        assert site.serves() == generation.name
        assert site.live.status.problem == ""

    def test_a_newer_generation_is_served_instead(self, site: Site) -> None:
        alter_a_file(site.publish())
        site.live.refresh()
        site.live.refresh()
        new = site.publish()
        assert site.live.refresh() is True
        assert site.serves() == new.name

    def test_displaces_nothing(self, site: Site) -> None:
        good = site.publish()
        site.live.refresh()
        alter_a_file(site.publish())
        for _ in range(2):
            assert site.live.refresh() is False
            assert site.serves() == good.name
            assert "checksum" in site.live.status.problem
        assert len(site.opened) == 1, "it was not even opened"
        assert site.opened[0].closed == 0

    def test_is_told_by_the_service(self, site: Site, log: Lines) -> None:
        generation = site.publish()
        alter_a_file(generation)
        settings = replace(Settings(), poll_seconds=3600.0)
        with TestClient(create_app(settings, site.live)) as client:
            deadline = time.monotonic() + 30
            while (answer := client.get("/readyz")).status_code == 200:
                assert time.monotonic() < deadline
                time.sleep(0.01)
            assert answer.json()["code"] == "index-unavailable"
            assert "checksum" in answer.json()["detail"]
            assert client.get("/v1/search?q=gout").status_code == 503
        (line,) = [line for line in log.lines if '"event":"index-unavailable"' in line]
        assert generation.name in line

    def test_whole_ones_are_read_once(self, tmp_path: Path, publish: Publish) -> None:
        class Counting(Audit):
            checks = 0

            def check(self, generation: Generation) -> bool:
                self.checks += 1
                return super().check(generation)

        audit = Counting()
        live = LiveIndex(tmp_path, Recorder, audit=audit)
        publish(tmp_path, [ARTICLE])
        assert [live.refresh() for _ in range(4)] == [True, False, False, False]
        assert audit.checks == 1
        publish(tmp_path, [ARTICLE])
        assert [live.refresh() for _ in range(4)] == [True, False, False, False]
        assert audit.checks == 2

    def test_reading_stops_when_the_service_does(self, site: Site) -> None:
        site.publish()
        slow = LiveIndex(site.folder, Recorder, audit=Audit(rest=1e9))
        slow.refresh()
        reading = threading.Thread(target=slow.refresh)
        reading.start()
        slow.close()
        reading.join(timeout=30)
        assert not reading.is_alive()
        assert slow.status.info is None


class TestUnderLoad:
    SWAPS = 20

    def test_no_request_is_lost_in_twenty_swaps(self, tmp_path: Path, publish: Publish) -> None:
        """Eight threads search on and on while the generation changes under them."""
        open_now: set[int] = set()

        class Watched(IndexSearcher):
            def close(self) -> None:
                open_now.discard(id(self))
                super().close()

        def open_watched(generation: Generation) -> IndexSearcher:
            searcher = open_searcher(generation)
            searcher.__class__ = Watched
            open_now.add(id(searcher))
            return searcher

        names = [publish(tmp_path, [ARTICLE]).name for _ in range(self.SWAPS + 1)]
        live = LiveIndex(tmp_path, open_watched)
        live.refresh()
        done = threading.Event()
        with ThreadPoolExecutor(8) as pool:
            running = [pool.submit(search_until, live, done) for _ in range(8)]
            try:
                swaps = [self._swap(live, tmp_path, name) for name in names[: self.SWAPS]]
            finally:
                done.set()
            seen = {name for future in running for name in future.result(timeout=60)}
        assert swaps == [True] * self.SWAPS
        assert len(seen) > 1
        assert len(open_now) == 1
        live.close()
        assert not open_now

    def _swap(self, live: LiveIndex, folder: Path, name: str) -> bool:
        with GenerationStore(folder).writing() as writing:
            writing.roll_back(name)
        return live.refresh()

    def test_refreshing_from_several_threads_opens_a_generation_once(self, site: Site) -> None:
        site.publish()
        with ThreadPoolExecutor(8) as pool:
            changed = list(pool.map(lambda _: site.live.refresh(), range(32)))
        assert changed.count(True) == 1
        assert len(site.opened) == 1


def search_until(live: LiveIndex, done: threading.Event) -> list[str]:
    """Search over and over; every request must find the one article."""
    seen = []
    while not done.is_set():
        with live.searcher() as searcher:
            answer = searcher.search(SearchRequest(q="gout"))
        assert [hit.id for hit in answer.hits] == ["a"]
        seen.append(answer.index.generation)
        done.wait(0.001)
    return seen


def test_a_refused_generation_is_left_alone_for_a_while(tmp_path: Path, publish: Publish) -> None:
    """Checking a big damaged generation on every look would keep a core busy."""
    publish(tmp_path, [ARTICLE])
    tries = []

    def refuse(generation: Generation) -> Recorder:
        tries.append(generation.name)
        raise IndexDamaged("damaged")

    live = LiveIndex(tmp_path, refuse)
    for _ in range(3):
        assert live.refresh() is False
        assert live.status.problem == "damaged"
    assert len(tries) == 1
    publish(tmp_path, [ARTICLE])
    live.refresh()
    assert len(tries) == 2
