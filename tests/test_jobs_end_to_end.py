"""Jobs and single articles over the API, with real processes: start, watch, cancel, kill."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.indexer.builders import long_records, record, write_jsonl
from tests.processes import KEY, Service, children, until

LIVE_SECONDS = 2.0

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="no /proc: the service's processes are not found"
)

Start = Callable[..., Service]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start services on one index; all are gone at the end."""
    started: list[Service] = []

    def start(*flags: str) -> Service:
        started.append(Service(tmp_path / "index", *flags))
        return started[-1]

    yield start
    for service in started:
        service.close()


@pytest.fixture(scope="session")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A source that takes many seconds to read."""
    path = tmp_path_factory.mktemp("slow") / "slow.jsonl"
    return write_jsonl(path, long_records(8_000, 500))


@pytest.fixture
def quick(tmp_path: Path) -> Path:
    return write_jsonl(
        tmp_path / "quick.jsonl", [record(n, id=f"q{n}", text="Pollen.") for n in range(20)]
    )


@pytest.fixture
def steady(tmp_path: Path) -> Path:
    """A source that takes a few seconds to read."""
    return write_jsonl(tmp_path / "steady.jsonl", long_records(6_000, 250))


def current(tmp_path: Path) -> str:
    return (tmp_path / "index" / "CURRENT").read_text().strip()


def test_an_article_is_live_within_two_seconds(start: Start) -> None:
    service = start("--workers", "2")
    number = service.put("a%2Fb", title="Zyxomma", text="Of dragonflies.")
    until(lambda: service.found("zyxomma") == ["a/b"], 10)  # the first needs the process to start
    address = {"url": "https://clinic.example/zyxomma/"}
    took = []
    for title in ("Zyxomma obtusum", "Zyxomma petiolatum", "Zyxomma multinervorum"):
        asked = time.monotonic()
        response = service.client.put("/v1/articles", params=address, json={"title": title})
        assert response.status_code == 202
        until(partial(service.found, f'"{title}"'), 10)
        took.append(time.monotonic() - asked)
    assert sorted(took)[1] < LIVE_SECONDS, took  # the middle one: other programs may run here
    service.client.delete("/v1/articles", params=address)
    service.client.delete("/v1/articles/a/b")
    until(lambda: not service.found("zyxomma"), 10)
    time.sleep(1.2)  # by now each of the two processes has looked
    assert not [1 for _ in range(10) if service.found("zyxomma")]
    assert service.job(number)["generation"]
    assert service.stop() < 10


def test_a_job_runs_while_articles_come_in(
    start: Start, tmp_path: Path, steady: Path, quick: Path
) -> None:
    service = start("--sources", f"{steady} {quick}")
    for name in ("first", "second"):  # the job then begins from what a change made
        service.wait_for(service.put(name, title="Zyxomma in no source"), "succeeded")
    number = service.post()
    assert service.client.post("/v1/jobs").json()["code"] == "job-running"
    assert service.wait_for(number, "processing")["started_at"]
    command = [sys.executable, "-m", "indexer", "reindex", str(quick)]
    command += ["--index", str(tmp_path / "index")]
    second = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (second.returncode, second.stdout) == (2, "")
    assert len(second.stderr.splitlines()) == 1
    put = 0
    while service.job(number)["state"] == "processing":
        put += 1
        service.put(f"new{put}", title=f"Zyxomma part {put}", text="Of dragonflies.")
        time.sleep(0.1)
    job = service.job(number)
    assert job["state"] == "succeeded", job["error"]
    assert job["progress"] == {"done": 6020, "total": 6020, "skipped": 0, "failed": 0}
    assert put >= 5
    until(lambda: service.found("title:asthma pollen"), 10)
    assert len(service.found("zyxomma")) == min(put, 100)
    assert "second" not in service.found("zyxomma"), "the sources have the last word"

    third = subprocess.run(
        [*command, "--update"], capture_output=True, text=True, timeout=60, check=False
    )
    assert third.returncode == 0, third.stderr
    newest = service.client.get("/v1/jobs?kind=reindex").json()["jobs"]
    assert [(each["kind"], each["state"]) for each in newest] == [("reindex", "succeeded")] * 2
    assert newest[0]["generation"] == current(tmp_path)


def test_a_canceled_job_leaves_the_index_as_it_is(
    start: Start, tmp_path: Path, slow: Path, quick: Path
) -> None:
    service = start("--sources", f"{slow} {quick}")
    service.wait_for(service.post(sources=[str(quick)]), "succeeded")
    before = current(tmp_path)
    number = service.post()
    until(lambda: service.job(number)["progress"]["done"], 20)
    assert service.client.delete(f"/v1/jobs/{number}").status_code == 202
    job = service.wait_for(number, "canceled", seconds=12)
    assert "untouched" in job["error"]
    assert current(tmp_path) == before
    until(lambda: len(service.found("asthma")) == 20, 10)
    names = [path.name for path in (tmp_path / "index" / "generations").iterdir()]
    assert names == [before]

    number = service.post()
    service.wait_for(number, "processing")
    assert service.stop() < 12
    service = start("--sources", str(quick))
    assert service.job(number)["state"] in ("canceled", "failed")
    assert service.job(number)["error"]
    service.wait_for(service.post(), "succeeded")


def test_what_was_accepted_outlives_a_crash(start: Start, slow: Path) -> None:
    service = start("--sources", str(slow))
    number = service.post()
    until(lambda: service.job(number)["progress"]["done"], 20)
    service.put("new", title="Zyxomma", text="Of dragonflies.")
    service.kill()
    service = start()
    until(lambda: service.found("zyxomma") == ["new"], 10)
    job = service.wait_for(number, "failed", seconds=10)
    assert "killed" in job["error"]
    assert job["finished_at"]


def test_a_service_that_is_killed_takes_its_job_with_it(start: Start, slow: Path) -> None:
    service = start("--sources", str(slow))
    number = service.post()
    until(lambda: service.job(number)["progress"]["done"], 20)
    below = children(service.process.pid)
    os.kill(service.process.pid, signal.SIGKILL)
    service.process.wait()
    service = start()
    job = service.wait_for(number, "canceled", "failed", seconds=20)
    assert job["error"]
    until(lambda: not [pid for pid in below if Path(f"/proc/{pid}").exists()], 15)


def test_the_process_beside_the_service_is_started_again(start: Start, tmp_path: Path) -> None:
    service = start()
    until(lambda: children(service.process.pid), 5)
    (worker,) = children(service.process.pid)
    # Between its fork and its program a process looks like its parent.
    until(lambda: b"\0work\0" in Path(f"/proc/{worker}/cmdline").read_bytes(), 5)
    environment = Path(f"/proc/{worker}/environ").read_bytes()
    arguments = Path(f"/proc/{worker}/cmdline").read_bytes()
    assert b"HEALTH_SEARCH_INDEX=" in environment
    for secret in (KEY.encode(), b"ADMIN_KEY=", b"sha256:"):
        assert secret not in environment + arguments
    os.kill(worker, signal.SIGKILL)
    service.put("new", title="Zyxomma", text="Of dragonflies.")
    until(lambda: service.found("zyxomma") == ["new"], 10)
    log = (tmp_path / "service.log").read_text()
    assert '"event":"job-process-ended","code":-9,"starting_again_in":1.0' in log
    assert KEY not in log
    assert "zyxomma" not in log.lower()


def test_an_index_that_cannot_be_written_ends_nothing(start: Start, tmp_path: Path) -> None:
    (tmp_path / "index").write_text("a file in the way")
    service = start()
    response = service.client.put("/v1/articles/new", json={"title": "Zyxomma"})
    assert response.json()["code"] == "index-unwritable"
    log = tmp_path / "service.log"
    until(lambda: "job-process-ended" in log.read_text(), 10)
    (tmp_path / "index").unlink()
    service.put("new", title="Zyxomma")
    until(lambda: service.found("zyxomma") == ["new"], 10)
    shutil.rmtree(tmp_path / "index", ignore_errors=True)
