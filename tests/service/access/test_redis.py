"""Counting in a Redis, which here is fakeredis: its Lua runs the library's own scripts."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from limits.aio.storage import RedisStorage

from service.access.limiter import Limiter
from service.access.rates import Rate
from tests.service.access.callers import VISITOR, Service

fakeredis: Any = pytest.importorskip(
    "fakeredis", reason="no fakeredis[lua] here: counting in Redis was not tested"
)


class Redis:
    """A Redis, and stores of several machines in it."""

    def __init__(self) -> None:
        self.server = fakeredis.FakeServer()

    def store(self) -> RedisStorage:
        client = fakeredis.FakeAsyncRedis(server=self.server)
        return RedisStorage(
            "async+redis://fake:6379",
            wrap_exceptions=True,
            implementation="redispy",
            key_prefix="health-search",
            connection_pool=client.connection_pool,
        )

    async def contents(self) -> str:
        client = fakeredis.FakeAsyncRedis(server=self.server)
        return repr([(key, await client.get(key)) for key in await client.keys("*")])


@pytest.fixture
def redis() -> Redis:
    return Redis()


def test_machines_count_together_and_no_address_is_there(redis: Redis) -> None:
    async def run() -> None:
        one, other = (Limiter(redis.store(), b"secret") for _ in range(2))
        rate = Rate(3, 86_400)
        lefts = []
        for limiter in (one, other, one):
            standing = await limiter.hit("address", VISITOR, rate)
            assert standing
            assert standing.is_within
            lefts.append(standing.left)
        assert lefts == [2, 1, 0]
        refused = await other.hit("address", VISITOR, rate)
        assert refused
        assert not refused.is_within
        assert 0 < refused.wait <= 2 * rate.seconds
        elsewhere = await other.hit("address", "203.0.113.99", rate)
        assert elsewhere
        assert elsewhere.left == 2
        contents = await redis.contents()
        assert "health-search" in contents
        assert VISITOR not in contents

    asyncio.run(run())


def test_a_redis_that_goes_away_limits_nobody(redis: Redis) -> None:
    told: list[str] = []

    async def run() -> None:
        now = 1_000_000.0
        limiter = Limiter(redis.store(), b"secret", told.append, lambda: now)
        assert await limiter.hit("address", VISITOR, Rate(1, 60))
        redis.server.connected = False
        assert await limiter.hit("address", VISITOR, Rate(1, 60)) is None
        redis.server.connected = True
        now += 2
        assert await limiter.hit("address", VISITOR, Rate(1, 60))

    asyncio.run(run())
    assert told == ["ConnectionError", ""]


def test_a_service_counts_there(redis: Redis, tmp_path: Path) -> None:
    service = Service(tmp_path, rate_limit="2/day")
    service.app.state.context.access._limiter._store = redis.store()
    with service.client:
        statuses = [service.get(address=VISITOR).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
