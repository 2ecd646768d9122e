"""Searches run in worker threads: a slow one holds up nobody else."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from typing import cast

import anyio
import httpx2

from indexer.errors import Overloaded
from service.answers import Answers
from service.app import create_app
from service.cache import Answer, AnswerCache
from service.metrics import Metrics
from service.problems import problem_of
from service.search.request import SearchRequest
from service.search.response import SearchResponse
from service.settings import Settings
from tests.service.fakes import FakeLive, FakeSearcher


class SlowLive(FakeLive):
    """Holds searches until told to go on, and counts how many run at once."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()
        self.running = 0
        self.most = 0

    @contextmanager
    def searcher(self) -> Iterator[FakeSearcher]:
        yield cast("FakeSearcher", self)

    def search(self, request: SearchRequest) -> SearchResponse:
        self.running += 1
        self.most = max(self.most, self.running)
        self.go.wait(10)
        self.running -= 1
        return FakeSearcher().search(request)


@asynccontextmanager
async def client_of(live: FakeLive, threads: int) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(create_app(replace(Settings(), threads=threads), live))
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


def test_a_slow_search_does_not_hold_up_others() -> None:
    live = SlowLive()
    statuses: list[int] = []

    async def ask(client: httpx2.AsyncClient, query: str) -> None:
        statuses.append((await client.get("/v1/search", params={"q": query})).status_code)

    async def run() -> None:
        async with client_of(live, threads=2) as client, anyio.create_task_group() as tasks:
            for number in range(5):
                tasks.start_soon(ask, client, f"pain {number}")
            while live.running < 2:
                await anyio.sleep(0.01)
            assert (await client.get("/healthz")).status_code == 200
            assert statuses == []
            live.go.set()

    anyio.run(run)
    assert statuses == [200] * 5
    assert live.most == 2


def test_an_answer_that_is_kept_waits_for_no_thread() -> None:
    live = SlowLive()
    live.go.set()

    async def run() -> None:
        async with client_of(live, threads=1) as client, anyio.create_task_group() as tasks:
            await client.get("/v1/search?q=joint")
            live.go.clear()
            tasks.start_soon(client.get, "/v1/search?q=pain")
            while not live.running:
                await anyio.sleep(0.01)
            with anyio.fail_after(5):
                assert (await client.get("/v1/search?q=joint")).status_code == 200
                kept = await client.post("/v1/search", json={"q": "joint"})
                assert kept.status_code == 200
            assert live.running == 1
            live.go.set()

    anyio.run(run)


def test_what_waited_too_long_is_turned_away_and_not_worked_through() -> None:
    live = SlowLive()
    answers = Answers(live, 1, AnswerCache(1_000_000), Metrics(), patience=0.2)

    async def run() -> list[object]:
        asked = [SearchRequest(q=f"pain {number}") for number in range(4)]
        tasks = [asyncio.ensure_future(answers.find(each)) for each in asked]
        while not live.running:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.3)
        live.go.set()
        return await asyncio.gather(*tasks, return_exceptions=True)

    first, *others = asyncio.run(run())
    assert isinstance(first, Answer)
    assert [type(each) for each in others] == [Overloaded] * 3
    assert live.most == 1
    assert isinstance(asyncio.run(answers.find(SearchRequest(q="pain 3"))), Answer)


def test_being_turned_away_is_a_problem_that_says_when_to_come_back() -> None:
    problem = problem_of(Overloaded("…"))
    assert (problem.status, problem.code) == (503, "overloaded")
    assert int(problem.headers["Retry-After"]) > 0
