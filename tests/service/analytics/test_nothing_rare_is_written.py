"""The promise, held against a real service: no byte that it writes tells what few asked, or who.

Visitors ask in every way there is, rightly and wrongly; the service is stopped, and killed, and
started again; then every file that it could have written is read.
"""

import resource
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import pytest

from service.analytics.counts import CLICKS
from tests.processes import START_SECONDS, Service, until

K = 4
FREQUENT = "gout diet"
RARE = "quorvexia"
"""No article has it. Fewer than K ask for it, one of them again and again."""

PERSONAL = "zebulonia@example.org"
"""K ask for it, and it is not kept all the same."""

AGENT = "Wumpelbrowser"
NETWORK = "198.51.100."
WRITTEN_SECONDS = 25.0
"""For what takes ten on a machine that has time: counts are written that often."""

MARKS = (RARE, "zebulonia", AGENT, NETWORK)


class Place:
    """A folder in which the service has everything that it may write to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.index = folder / "index"
        self.counts = folder / "counts" / "counts.db"
        self.metrics = ""

    def serve(self, workers: int) -> Service:
        flags = ["--analytics", str(self.counts), "--analytics-k", str(K)]
        flags += ["--log-level", "debug", "--workers", str(workers), "--sources", "corpus"]
        service = Service(self.index, *flags)
        until(lambda: service.client.get("/readyz").status_code == 200, START_SECONDS)
        return service

    def rows(self) -> list[tuple[str, str]]:
        """Return what stands in the file of counts: queries, and what was counted of each."""
        if not self.counts.exists():
            return []
        db = sqlite3.connect(self.counts)
        try:
            return db.execute("SELECT query, what FROM queries").fetchall()
        except sqlite3.OperationalError:
            return []  # its tables are being made
        finally:
            db.close()

    def written(self) -> dict[str, bytes]:
        """Return every byte that was written, by file."""
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        read = {str(path.relative_to(self.folder)): path.read_bytes() for path in files}
        return {**read, "/metrics": self.metrics.encode()}


@pytest.fixture
def place(tmp_path: Path, corpus_index: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    place = Place(tmp_path)
    shutil.copytree(corpus_index, place.index)
    for name in ("TMPDIR", "HOME", "XDG_CACHE_HOME"):
        (tmp_path / name).mkdir()
        monkeypatch.setenv(name, str(tmp_path / name))
    (tmp_path / "cwd").mkdir()
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[3]))
    monkeypatch.chdir(tmp_path / "cwd")
    return place


def visitor(client: httpx.Client, number: int) -> httpx.Client:
    headers = {"X-Forwarded-For": f"{NETWORK}{number}", "User-Agent": f"{AGENT} {number}"}
    return httpx.Client(base_url=client.base_url, timeout=20, trust_env=False, headers=headers)


def asks(client: httpx.Client, query: str) -> None:
    """Let a visitor search, and choose the first hit: so it is clear at once what was meant."""
    assert client.post("/v1/search", json={"q": query}).status_code == 200
    clicked = client.post("/v1/clicks", json={"query": query, "position": 1})
    assert clicked.status_code == 204


def asks_in_every_way(client: httpx.Client, word: str) -> None:
    """Ask for a word rightly and wrongly, wherever a request can hold one."""
    headers = {"Referer": f"https://example.org/{word}", "Cookie": word, "Origin": f"null{word}"}
    for path in ("/v1/search", "/v1/suggest", "/"):
        for _ in range(2):
            client.get(path, params={"q": f"{word} pain"}, headers=headers)
        client.get(path, params={"q": word, word: word, "page": word})
        client.request("QUERY", path, params={"q": word})
    client.post("/v1/search", json={"q": word, word: word})
    client.post("/v1/search", json={"q": f"{word} " * 200})
    client.post("/v1/search", json={"q": f'title:{word} AND "{word}" {word}* {word}~'})
    json = {"Content-Type": "application/json"}
    client.post("/v1/search", content=f'{{"q": "{word}', headers=json)
    client.post("/v1/search:batch", json={"searches": [{"q": word}, {"q": f"{word} gout"}]})
    client.post("/v1/suggest", json={"q": word})
    client.post("/v1/clicks", json={"query": word, "position": 0})
    client.post("/v1/clicks", json={"query": f"{word} never asked", "position": 1})
    client.post("/v1/articles", params={"url": f"https://example.org/{word}"})
    client.get(f"/v1/articles/{word}")
    client.get(f"/{word}")
    client.get(f"/static/{word}.css")
    client.get(f"/v1/jobs/{word}", headers={"Authorization": f"Bearer {word}"})
    client.get("/v1/search", params={"q": word, "explain": "true"})


def visit(service: Service) -> None:
    """Let many ask the frequent query, few the rare one, and many the personal one."""
    clients = [visitor(service.client, number) for number in range(1, 3 * K)]
    try:
        for client in clients:
            asks(client, FREQUENT)
            asks(client, PERSONAL)
        for client in clients[: K - 1]:
            asks(client, RARE)
            asks(client, f"{RARE} {client.headers['User-Agent']}")
        for _ in range(3 * K):
            asks(clients[0], RARE)
        asks_in_every_way(clients[1], RARE)
    finally:
        for client in clients:
            client.close()


def check(place: Place) -> None:
    """Hold the promise against all that was written."""
    written = place.written()
    assert b'"route":"/v1/search"' in written["service.log"], "the log is read too"
    assert FREQUENT.encode() in written["counts/counts.db"], "and the counts"
    for name, content in written.items():
        for mark in MARKS:
            for encoding in ("utf-8", "utf-16-le"):
                assert mark.lower().encode(encoding) not in content.lower(), f"{mark} in {name}"
    queries, numbers = zip(*place.rows(), strict=True)
    assert set(queries) == {FREQUENT}
    assert set(numbers) <= {"searches", "kept", "clients", "slow", "slowest_ms", *CLICKS}


@pytest.mark.parametrize("workers", [1, 2])
def test_no_rare_query_and_nobody_is_in_anything_that_was_written(
    place: Place, workers: int
) -> None:
    service = place.serve(workers)
    try:
        visit(service)
        place.metrics = service.client.get("/metrics").text
        service.stop()
    finally:
        service.close()
    assert place.metrics
    check(place)


@pytest.fixture
def dumps_memory() -> Iterator[None]:
    """Let the processes that are started dump their memory when they crash."""
    before = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (before[1], before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_CORE, before)


@pytest.mark.usefixtures("dumps_memory")
def test_nor_after_a_crash_in_the_middle_and_a_new_start(place: Place) -> None:
    service = place.serve(1)
    try:
        assert "Max core file size        0 " in Path(
            f"/proc/{service.process.pid}/limits"
        ).read_text(encoding="utf-8"), "a dump of memory would hold every query"
        visit(service)
        until(place.rows, WRITTEN_SECONDS)
        visit(service)
        service.kill()
    finally:
        service.close()
    check(place)
    service = place.serve(1)
    try:
        visit(service)
        place.metrics = service.client.get("/metrics").text
        service.stop()
    finally:
        service.close()
    check(place)
