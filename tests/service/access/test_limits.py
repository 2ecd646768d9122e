"""How often: rates, windows, stores, and what callers are told of it."""

import asyncio
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from limits.aio.storage import MemoryStorage
from msgspec import structs

from service.access import counting
from service.access.counting import MemoryStore, open_store, parse_url
from service.access.limiter import Limiter
from service.access.rates import Rate, parse_rate, remaining, wait_seconds
from service.cli import main
from service.search.request import SearchRequest
from service.search.response import SearchResponse
from tests.service.access.callers import SEARCH, VISITOR, Service, code
from tests.service.conftest import Lines
from tests.service.fakes import FakeSearcher
from tests.service.writing import KEY

OTHER = "203.0.113.8"


class Clock:
    """A time that goes on only when it is told to."""

    def __init__(self, now: float = 1_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class Broken(MemoryStore):
    """A store that fails while it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.is_down = True
        self.asked = 0

    async def acquire_sliding_window_entry(
        self, key: str, limit: int, expiry: int, amount: int = 1
    ) -> bool:
        self.asked += 1
        if self.is_down:
            raise ConnectionError("redis://:password@host is down")
        return await super().acquire_sliding_window_entry(key, limit, expiry, amount)


class TestRates:
    @pytest.mark.parametrize(
        ("text", "rate"),
        [
            ("600/minute", Rate(600, 60)),
            (" 5 / Second ", Rate(5, 1)),
            ("1/hour", Rate(1, 3600)),
            ("9/day", Rate(9, 86400)),
            ("off", None),
            ("OFF", None),
        ],
    )
    def test_rates(self, text: str, rate: Rate | None) -> None:
        assert parse_rate(text) == rate

    @pytest.mark.parametrize(
        "text", ["", "0/minute", "600", "600/", "600/week", "-1/minute", "1.5/minute", "٣/minute"]
    )
    def test_what_is_none(self, text: str) -> None:
        with pytest.raises(ValueError, match="600/minute"):
            parse_rate(text)

    @pytest.mark.parametrize("url", ["memory://", "redis://h:1/0", "rediss://:p@h:1"])
    def test_stores(self, url: str) -> None:
        assert parse_url(url) == url

    def test_what_is_no_store(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["serve", "--limits-url", "mongodb://h"]) == 2
        assert "memory://" in capsys.readouterr().err

    def test_without_the_package_it_says_what_to_install(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(counting, "find_spec", lambda _: None)
        assert main(["serve", "--limits-url", "redis://h:1"]) == 2
        assert "health-search[redis]" in capsys.readouterr().err


Steps = st.lists(st.tuples(st.floats(0, 45), st.sampled_from("ab"), st.integers(1, 3)), max_size=60)


class TestStore:
    @settings(deadline=None, max_examples=200, derandomize=True)
    @given(Steps)
    def test_it_counts_as_that_of_limits_does(self, steps: list[tuple[float, str, int]]) -> None:
        clock = Clock()
        ours, theirs = MemoryStore(clock), MemoryStorage()

        async def run() -> None:
            for pause, key, cost in steps:
                clock.now += pause
                both: list[Any] = []
                for store in (ours, theirs):
                    taken = await store.acquire_sliding_window_entry(key, 6, 20, cost)
                    both.append((taken, await store.get_sliding_window(key, 20)))
                (taken, ours_now), (theirs_taken, theirs_now) = both
                assert taken == theirs_taken
                assert (ours_now[0], ours_now[2]) == (theirs_now[0], theirs_now[2])
                assert ours_now[3] == pytest.approx(theirs_now[3])

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("limits.aio.storage.memory.time", SimpleNamespace(time=clock))
            asyncio.run(run())

    @settings(deadline=None, max_examples=300, derandomize=True)
    @given(Steps, st.integers(1, 6))
    def test_who_waits_as_long_as_told_gets_in(
        self, steps: list[tuple[float, str, int]], cost: int
    ) -> None:
        clock, rate = Clock(), Rate(6, 20)
        store = MemoryStore(clock)

        async def run() -> None:
            for pause, key, each in steps:
                clock.now += pause
                await store.acquire_sliding_window_entry(key, *rate, amount=each)
            window = await store.get_sliding_window("a", rate.seconds)
            wait = wait_seconds(window, rate, cost)
            if wait == 0:
                assert remaining(window, rate) >= cost
            clock.now += wait
            assert await store.acquire_sliding_window_entry("a", *rate, amount=cost)

        asyncio.run(run())

    def test_what_costs_more_than_there_is_never_fits(self) -> None:
        assert wait_seconds((0, 0.0, 0, 20.0), Rate(6, 20), 7) == 20

    def test_it_forgets_and_is_bounded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(counting, "MAX_CALLERS", 10)
        clock = Clock()
        store = MemoryStore(clock)

        async def run() -> None:
            for number in range(100):
                assert await store.acquire_sliding_window_entry(str(number), 1, 60)
            assert not await store.acquire_sliding_window_entry("0", 1, 60)
            assert await store.acquire_sliding_window_entry("99", 1, 60), "not counted"
            windows = store._windows[60]
            assert len(windows.now) == 10
            clock.now += 120
            await store.get_sliding_window("0", 60)
            assert (windows.now, windows.before) == ({}, {})

        asyncio.run(run())


class TestLimiter:
    def test_nobody_is_limited_while_the_store_is_down(self) -> None:
        told: list[str] = []
        store, clock = Broken(), Clock()
        limiter = Limiter(store, b"secret", told.append, clock)

        async def hit() -> Any:
            return await limiter.hit("address", VISITOR, Rate(1, 60))

        for _ in range(5):
            assert asyncio.run(hit()) is None
        assert store.asked == 1, "it is left alone for a second"
        clock.now += 2
        assert asyncio.run(hit()) is None
        assert store.asked == 2
        assert told == ["ConnectionError"]
        store.is_down = False
        clock.now += 2
        assert asyncio.run(hit())
        assert told == ["ConnectionError", ""]

    def test_no_address_reaches_the_store(self) -> None:
        names: set[str] = set()

        class Spy(MemoryStore):
            async def acquire_sliding_window_entry(
                self, key: str, limit: int, expiry: int, amount: int = 1
            ) -> bool:
                names.add(key)
                return await super().acquire_sliding_window_entry(key, limit, expiry, amount)

        clock = Clock()
        for secret in (b"one", b"other"):
            limiter = Limiter(Spy(clock), secret, clock=clock)
            for address in (VISITOR, OTHER, VISITOR):
                asyncio.run(limiter.hit("address", address, Rate(5, 60)))
            clock.now += 86_400
            asyncio.run(limiter.hit("address", VISITOR, Rate(5, 60)))
        assert len(names) == 6  # two and another day, with each secret
        assert all(re.fullmatch(r"[0-9a-f]{32}", name) for name in names)


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return limited(tmp_path)


def limited(folder: Path, **flags: str) -> Service:
    return Service(folder, flags={"rate_limit": "3/day", "key_rate_limit": "5/day", **flags})


class TestService:
    def test_an_address_is_told_where_it_stands_and_then_refused(self, service: Service) -> None:
        for left in (2, 1, 0):
            response = service.get(address=VISITOR)
            assert response.status_code == 200
            assert response.headers["ratelimit-policy"] == '"address";q=3;w=86400'
            assert response.headers["ratelimit"] == f'"address";r={left};t=86400'
            assert "retry-after" not in response.headers
        response = service.get(address=VISITOR)
        assert code(response) == (429, "too-many-requests")
        retry_after = response.headers["retry-after"]
        assert 0 < int(retry_after) <= 2 * 86_400
        assert response.headers["ratelimit"] == f'"address";r=0;t={retry_after}'
        assert service.get(address=OTHER).status_code == 200

    @pytest.mark.parametrize(
        ("method", "path", "more"),
        [
            ("GET", SEARCH, {}),
            ("HEAD", SEARCH, {}),
            ("POST", "/v1/search", {"json": {"q": "joint"}}),
            ("POST", "/v1/search:batch", {"json": {"searches": [{"q": "joint"}]}}),
            ("GET", "/v1/suggest?q=jo", {}),
            ("POST", "/v1/suggest", {"json": {"q": "jo"}}),
            ("GET", "/v1/articles/none", {}),
            ("GET", "/v1/articles/none/related", {}),
            ("GET", "/?q=joint", {}),
        ],
    )
    def test_what_is_limited(
        self, service: Service, method: str, path: str, more: dict[str, Any]
    ) -> None:
        for _ in range(3):
            response = service.request(method, path, address=VISITOR, **more)
            assert response.status_code != 429
            assert "ratelimit" in response.headers
        assert service.request(method, path, address=VISITOR, **more).status_code == 429
        assert service.get(address=VISITOR).status_code == 429, "it is one limit"

    @pytest.mark.parametrize(
        "path", ["/healthz", "/readyz", "/metrics", "/docs", "/openapi.json", "/static/page.css"]
    )
    def test_what_is_not(self, service: Service, path: str) -> None:
        for _ in range(5):
            response = service.get(path, address=VISITOR)
            assert response.status_code == 200
            assert "ratelimit" not in response.headers

    def test_a_key_has_a_limit_of_its_own(self, service: Service) -> None:
        key, other = service.key("search"), service.key("search", rate_limit="1/day")
        for _ in range(5):
            response = service.get(key=key, address=VISITOR)
            assert response.status_code == 200
        assert response.headers["ratelimit"] == '"key";r=0;t=86400'
        assert service.get(key=key, address=OTHER).status_code == 429
        assert service.get(key=other, address=VISITOR).status_code == 200
        assert service.get(key=other, address=VISITOR).status_code == 429
        assert service.get(address=VISITOR).status_code == 200
        free = service.key("search", rate_limit="off")
        assert {service.get(key=free).status_code for _ in range(9)} == {200}

    def test_one_who_writes_is_not_limited(self, service: Service) -> None:
        key = service.key("index")
        assert {service.get("/v1/jobs", key=key).status_code for _ in range(9)} == {200}

    def test_a_batch_costs_its_searches(self, service: Service) -> None:
        def batch(size: int, **caller: Any) -> Any:
            searches = {"searches": [{"q": f"joint {place}"} for place in range(size)]}
            return service.request("POST", "/v1/search:batch", json=searches, **caller)

        key = service.key("search")
        assert batch(3, key=key).headers["ratelimit"] == '"key";r=2;t=86400'
        refused = batch(4, key=key)
        assert refused.status_code == 429
        for name in ("RateLimit-Policy", "RateLimit", "Retry-After"):
            assert len(refused.headers.get_list(name)) == 1
        assert batch(2, address=VISITOR).status_code == 200
        assert batch(2, address=VISITOR).status_code == 429

    def test_a_batch_that_is_refused_costs_one_request(self, service: Service) -> None:
        searches = {"searches": [{"q": f"joint {place}", "explain": True} for place in range(3)]}
        refused = service.request("POST", "/v1/search:batch", address=VISITOR, json=searches)
        assert code(refused) == (401, "unauthorized")
        assert refused.headers["ratelimit"] == '"address";r=2;t=86400'

    def test_a_batch_that_never_fits_is_not_told_to_wait(self, service: Service) -> None:
        key = service.key("search")
        for shown, address, limit in ((key, "", 5), ("", VISITOR, 3)):
            searches = {"searches": [{"q": "joint"}] * (limit + 1)}
            refused = service.request(
                "POST", "/v1/search:batch", key=shown, address=address, json=searches
            )
            assert code(refused) == (422, "invalid-field")
            assert refused.json()["errors"][0]["pointer"] == "/searches"
            assert f"{limit} searches" in refused.json()["detail"]
            assert "Retry-After" not in refused.headers
        free = service.key("search", rate_limit="off")
        assert service.request("POST", "/v1/search:batch", json=searches, key=free).is_success

    def test_an_address_of_ipv6_is_a_network(self, service: Service) -> None:
        for last in ("1", "2", "ffff:1"):
            assert service.get(address=f"2001:db8:1:2::{last}").status_code == 200
        assert service.get(address="2001:db8:1:2:ffff::").status_code == 429
        assert service.get(address="2001:db8:1:3::1").status_code == 200

    def test_nobody_known_is_limited(self, service: Service) -> None:
        for address in ("", "127.0.0.1", "unknown"):
            for _ in range(5):
                response = service.get(address=address)
                assert response.status_code == 200
                assert "ratelimit" not in response.headers

    def test_off_is_off(self, tmp_path: Path) -> None:
        service = limited(tmp_path, rate_limit="off")
        assert {service.get(address=VISITOR).status_code for _ in range(9)} == {200}

    def test_searches_go_on_while_the_store_is_down(self, service: Service, log: Lines) -> None:
        broken = Broken()
        service.app.state.context.access._limiter._store = broken
        for _ in range(9):
            response = service.get(address=VISITOR)
            assert response.status_code == 200
            assert "ratelimit" not in response.headers
        assert "health_search_uncounted_total 9.0" in service.get("/metrics").text
        told = [line for line in log.lines if "limits-unavailable" in line]
        assert len(told) == 1
        assert "ConnectionError" in told[0]
        assert not [line for line in log.lines if "password" in line or VISITOR in line]

    def test_no_address_is_in_a_log(self, service: Service, log: Lines) -> None:
        for _ in range(5):
            service.get(address=VISITOR)
        assert not [line for line in log.lines if VISITOR in line]


class TestWrongKeys:
    def test_who_guesses_is_slowed_down(self, service: Service) -> None:
        statuses = [service.get("/v1/jobs", key="x", address=VISITOR) for _ in range(25)]
        assert [each.status_code for each in statuses] == [401] * 20 + [429] * 5
        assert '"wrong-keys";q=20;w=60' in statuses[-1].headers["ratelimit-policy"]
        assert service.get("/v1/jobs", key="x", address=OTHER).status_code == 401

    def test_the_right_guess_comes_too_late(self, service: Service) -> None:
        for _ in range(21):
            service.get("/v1/jobs", key="x", address=VISITOR)
        assert service.get("/v1/jobs", key=KEY, address=VISITOR).status_code == 429
        assert service.get("/v1/jobs", key=KEY, address=OTHER).status_code == 200

    def test_a_random_key_waits_for_no_neighbour(self, service: Service) -> None:
        key = service.key("index")
        for _ in range(21):
            service.get("/v1/jobs", key="x", address=VISITOR)
        assert service.get("/v1/jobs", key=key, address=VISITOR).status_code == 200

    def test_right_keys_are_not_counted(self, service: Service) -> None:
        statuses = {
            service.get("/v1/jobs", key=KEY, address=VISITOR).status_code for _ in range(30)
        }
        assert statuses == {200}


def test_memory_needs_nothing_installed() -> None:
    assert isinstance(open_store("memory://"), MemoryStore)


class TestWork:
    """What a search takes of the engine is counted, too, and refuses only what comes after it."""

    @pytest.mark.parametrize(("seconds", "left"), [(0.01, 8), (0.25, 6), (60.0, None)])
    def test_a_slow_search_leaves_fewer(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: float, left: int | None
    ) -> None:
        service = Service(tmp_path, rate_limit="10/minute")
        search = FakeSearcher.search

        def slow(self: FakeSearcher, request: SearchRequest) -> SearchResponse:
            return structs.replace(search(self, request), took_ms=1000 * seconds)

        monkeypatch.setattr(FakeSearcher, "search", slow)
        assert service.get(address=VISITOR).status_code == 200
        kept = service.get(address=VISITOR)  # takes the engine nothing
        assert service.get(address=OTHER).headers["RateLimit"] == '"address";r=9;t=60'
        if left is None:
            assert code(kept) == (429, "too-many-requests")
        else:
            assert kept.headers["RateLimit"] == f'"address";r={left};t=60'
