"""Searches are computed once, answered from memory after that, and never for another index."""

import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from typing import Any, cast

import anyio
import httpx2
import msgspec
import pytest
from starlette.testclient import TestClient

from service.access.keys import Key
from service.answers import canonical
from service.app import create_app
from service.search.live import IndexStatus
from service.search.request import SearchRequest
from service.search.response import SearchResponse
from service.settings import Settings
from tests.service.fakes import INFO, FakeLive, FakeSearcher
from tests.service.writing import AUTHORIZED, admin_key


def test_at_the_end_its_threads_are_let_go() -> None:
    app = create_app(Settings(), FakeLive())
    with TestClient(app) as client:
        assert client.get("/v1/search?q=joint").status_code == 200
        threads = list(app.state.context.answers._threads._threads)
    assert threads
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive()


class CountingLive(FakeLive):
    """Counts searches, in threads that it remembers; its generation can be changed."""

    def __init__(self) -> None:
        super().__init__()
        self.info = INFO
        self.asked: list[SearchRequest] = []
        self.threads: set[int] = set()
        self.out_of_time = False
        self.go = threading.Event()
        self.go.set()

    @property
    def status(self) -> IndexStatus:
        return IndexStatus(None, "gone") if self.missing else IndexStatus(self.info, "")

    @contextmanager
    def searcher(self) -> Iterator[FakeSearcher]:
        with super().searcher():
            yield cast("FakeSearcher", self)

    def search(self, request: SearchRequest) -> SearchResponse:
        info = self.info
        self.asked.append(request)
        self.threads.add(threading.get_ident())
        assert self.go.wait(10)
        response = FakeSearcher().search(request)
        relation = "gte" if self.out_of_time else "eq"
        return msgspec.structs.replace(response, total_relation=relation, index=info)

    def switch(self, name: str, lexicon: str = "") -> None:
        self.info = msgspec.structs.replace(INFO, generation=name, lexicon=lexicon)


@pytest.fixture
def live() -> CountingLive:
    return CountingLive()


def generation(response: Any) -> str:
    assert response.status_code == 200
    name: str = response.json()["index"]["generation"]
    return name


URL = "/v1/search?q=joint+pain"


class TestKept:
    def test_the_same_again_is_answered_without_a_search(
        self, client: TestClient, live: CountingLive
    ) -> None:
        first, second, third = (client.get(URL) for _ in range(3))
        assert first.content == second.content == third.content
        assert len(live.asked) == 1
        assert second.headers.items() - first.headers.items() == {
            ("x-request-id", second.headers["x-request-id"])
        }
        assert second.headers.keys() == first.headers.keys()

    def test_get_and_post_share(self, client: TestClient, live: CountingLive) -> None:
        posted = client.post("/v1/search", json={"q": "joint pain"})
        assert client.get(URL).content == posted.content
        assert client.post("/v1/search", json={"q": "joint pain"}).content == posted.content
        assert len(live.asked) == 1

    @pytest.mark.parametrize(
        "url",
        [
            "/v1/search?q=joint%20pain",
            "/v1/search?page=1&q=joint+pain&per_page=10",
            "/v1/search?sort=relevance&q=++joint++pain%0A",
            "/v1/search?q=joint%E2%80%8B+pain",
        ],
    )
    def test_so_is_what_only_looks_different(
        self, client: TestClient, live: CountingLive, url: str
    ) -> None:
        client.get(URL)
        assert client.get(url).status_code == 200
        assert len(live.asked) == 1

    @pytest.mark.parametrize(
        "more", ["&page=2", "&per_page=5", "&sort=newest", "&topic=Pain", "&language=en", "s"]
    )
    def test_what_is_different_is_not(
        self, client: TestClient, live: CountingLive, more: str
    ) -> None:
        for _ in range(2):
            assert client.get(URL + more).status_code == client.get(URL).status_code == 200
        assert len(live.asked) == 2

    def test_the_order_of_filters_means_nothing(self) -> None:
        one = SearchRequest(q="a", topic=("x", "y"), language=("en", "es"))
        other = SearchRequest(q=" a ", topic=("y", "x", "y"), language=("es", "en"))
        assert canonical(one) == canonical(other)
        assert canonical(one) != canonical(SearchRequest(q="a", topic=("x",)))

    def test_a_space_at_the_end_says_that_no_letter_follows(self) -> None:
        typed = canonical(SearchRequest(q=" heart att", finish=True))
        done = canonical(SearchRequest(q="heart att ", finish=True))
        assert (typed.q, typed.finish) == ("heart att", True)
        assert (done.q, done.finish) == ("heart att", False)

    def test_an_answer_that_ran_out_of_time_is_asked_again(
        self, client: TestClient, live: CountingLive
    ) -> None:
        live.out_of_time = True
        for _ in range(2):
            response = client.get(URL)
            assert response.json()["total_relation"] == "gte"
            assert "etag" not in response.headers
        live.out_of_time = False
        assert client.get(URL).json()["total_relation"] == "eq"
        assert len(live.asked) == 3

    def test_an_error_is_not_kept(self, client: TestClient, live: CountingLive) -> None:
        for _ in range(2):
            assert client.get("/v1/search?q=boom").status_code == 500
        assert len(live.asked) == 2

    def test_bad_requests_stay_bad(self, client: TestClient) -> None:
        client.get(URL)
        assert client.get(f"{URL}&q=pain").status_code == 422
        assert client.request("GET", URL, headers={"Content-Length": "x"}).status_code == 400

    def test_with_no_memory_every_search_is_computed(self, live: CountingLive) -> None:
        with TestClient(create_app(replace(Settings(), cache_megabytes=0), live)) as client:
            for _ in range(3):
                assert client.get(URL).headers["etag"]
        assert len(live.asked) == 3

    def test_a_request_id_is_kept_on_the_short_way_too(self, client: TestClient) -> None:
        client.get(URL)
        named = client.get(URL, headers={"X-Request-ID": "0a1b2c3d-44"})
        assert named.headers["x-request-id"] == "0a1b2c3d-44"


class TestSwitch:
    def test_an_answer_is_of_the_index_that_is_live(
        self, client: TestClient, live: CountingLive
    ) -> None:
        for name in ("one", "two", "one"):
            live.switch(name)
            assert [generation(client.get(URL)) for _ in range(2)] == [name, name]
            assert generation(client.post("/v1/search", json={"q": "joint pain"})) == name
        assert len(live.asked) == 3

    def test_an_answer_is_of_the_names_that_are_in_force(
        self, client: TestClient, live: CountingLive
    ) -> None:
        tags = set()
        for edition in ("", "one", "two"):
            live.switch("same", edition)
            first, second = client.get(URL), client.get(URL)
            assert first.json()["index"]["lexicon"] == edition
            assert second.content == first.content
            shown = {"If-None-Match": first.headers["etag"]}
            assert client.get(URL, headers=shown).status_code == 304
            tags.add(first.headers["etag"])
        assert len(tags) == len(live.asked) == 3
        live.switch("same", "one")
        assert client.get(URL, headers=shown).status_code == 200, "the tag is of other names"

    def test_nothing_is_answered_from_memory_when_the_index_is_gone(
        self, client: TestClient, live: CountingLive
    ) -> None:
        etag = client.get(URL).headers["etag"]
        live.missing = True
        assert client.get(URL).status_code == 503
        assert client.get(URL, headers={"If-None-Match": etag}).status_code == 503

    def test_a_search_that_began_before_is_not_kept_for_the_new_index(
        self, live: CountingLive
    ) -> None:
        async def run() -> None:
            async with client_of(live) as client, anyio.create_task_group() as tasks:
                live.switch("one")
                live.go.clear()
                found: list[Any] = []
                tasks.start_soon(ask, client, URL, found)
                while not live.asked:
                    await anyio.sleep(0.001)
                live.switch("two")
                live.go.set()
                while not found:
                    await anyio.sleep(0.001)
                assert generation(found[0]) == "one", "it was lent the old index and finishes"
                assert generation(await client.get(URL)) == "two"
                assert generation(await client.get(URL)) == "two"

        anyio.run(run)
        assert len(live.asked) == 2


@asynccontextmanager
async def client_of(live: FakeLive, key: Key | None = None) -> AsyncIterator[httpx2.AsyncClient]:
    app = create_app(Settings(), live, key)
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def ask(client: httpx2.AsyncClient, url: str, found: list[Any], headers: Any = None) -> None:
    found.append(await client.get(url, headers=headers))


class TestTogether:
    @pytest.mark.parametrize(("url", "status"), [(URL, 200), ("/v1/search?q=boom", 500)])
    def test_the_same_at_once_is_computed_once(
        self, live: CountingLive, url: str, status: int
    ) -> None:
        found: list[Any] = []

        async def run() -> None:
            live.go.clear()
            async with client_of(live) as client, anyio.create_task_group() as tasks:
                for _ in range(10):
                    tasks.start_soon(ask, client, url, found)
                while not live.asked:
                    await anyio.sleep(0.001)
                await anyio.sleep(0.05)
                live.go.set()

        anyio.run(run)
        assert [response.status_code for response in found] == [status] * 10
        assert len(live.asked) == 1

    def test_who_may_ask_why_shares_no_answer_with_who_may_not(self, live: CountingLive) -> None:
        explained, found = f"{URL}&explain=true", list[Any]()

        async def run() -> None:
            live.go.clear()
            service = client_of(live, admin_key())
            async with service as client, anyio.create_task_group() as tasks:
                tasks.start_soon(ask, client, explained, found, AUTHORIZED)
                while not live.asked:
                    await anyio.sleep(0.001)
                assert (await client.get(explained)).status_code == 401
                tasks.start_soon(ask, client, URL, found)
                while len(live.asked) < 2:
                    await anyio.sleep(0.001)
                live.go.set()

        anyio.run(run)
        assert {len(each.json()["hits"][0]["explanation"]) for each in found} == {0, 2}
        assert [asked.explain for asked in live.asked] == [True, False]

    def test_who_leaves_takes_the_answer_from_nobody(self, live: CountingLive) -> None:
        found: list[Any] = []

        async def run() -> None:
            live.go.clear()
            async with client_of(live) as client, anyio.create_task_group() as tasks:
                with anyio.move_on_after(5) as first:
                    async with anyio.create_task_group() as leaving:
                        leaving.start_soon(ask, client, URL, found)
                        while not live.asked:
                            await anyio.sleep(0.001)
                        tasks.start_soon(ask, client, URL, found)
                        await anyio.sleep(0.01)
                        first.cancel()
                live.go.set()

        anyio.run(run)
        assert [response.status_code for response in found] == [200]
        assert len(live.asked) == 1


def test_a_search_runs_in_a_thread_and_a_kept_answer_in_none(live: CountingLive) -> None:
    async def run() -> int:
        async with client_of(live) as client:
            for _ in range(3):
                await client.get(URL)
        return threading.get_ident()

    loop = anyio.run(run)
    assert loop not in live.threads
    assert len(live.asked) == len(live.threads) == 1
