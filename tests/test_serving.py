"""The whole path with real processes: index, serve, ask, reindex under load, damage."""

import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx2 as httpx
import pytest

from indexer.index.manifest import MANIFEST
from tests.indexer.builders import run

START_SECONDS = 30
SWITCH_SECONDS = 2.0


class Answered(NamedTuple):
    """When a request was sent, its status, and the generation that answered."""

    began: float
    status: int
    generation: str


def build(folder: Path, index: Path, titles: list[str]) -> str:
    """Index one article a title and return the new generation's name."""
    source = folder / "articles.jsonl"
    lines = [
        json.dumps({"id": str(n), "title": title, "text": f"About {title}."})
        for n, title in enumerate(titles)
    ]
    source.write_text("\n".join(lines), encoding="utf-8")
    return run(index, source).generation


@contextmanager
def service(index: Path, *flags: str) -> Iterator[httpx.Client]:
    """Run a real service on a free port and lend a client to it."""
    command = [sys.executable, "-m", "service", "serve", "--port", "0", "--index", str(index)]
    process = subprocess.Popen(
        [*command, *flags], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line.startswith("Listening on "), line
        with httpx.Client(base_url=line.split()[-1], timeout=20, trust_env=False) as client:
            _until(lambda: client.get("/healthz").status_code == 200, START_SECONDS)
            yield client
    finally:
        process.terminate()
        assert process.wait(timeout=30) == 0
        process.stdout.close()


def _until(holds: Any, seconds: float) -> float:
    """Wait until ``holds()`` and return how long it took."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        try:
            if holds():
                return time.monotonic() - began
        except httpx.TransportError:
            pass
        time.sleep(0.02)
    pytest.fail(f"did not happen within {seconds} s")


def test_a_new_generation_is_picked_up_without_losing_a_request(tmp_path: Path) -> None:
    index = tmp_path / "index"
    build(tmp_path, index, ["gout", "asthma"])
    with service(index) as client:
        _until(lambda: client.get("/readyz").status_code == 200, START_SECONDS)
        stop = threading.Event()
        answers: list[Answered] = []

        def ask(number: int) -> None:
            """Ask by GET and POST in turn, by the tag that was given last, and for other words."""
            etag, count = "", number
            while not stop.is_set():
                count += 1
                began = time.monotonic()
                if count % 2:
                    headers = {"If-None-Match": etag} if count % 4 == 1 else {}
                    response = client.get("/v1/search?q=gout", headers=headers)
                else:
                    response = client.post("/v1/search", json={"q": f"gout {count % 7}"})
                if response.status_code == 304:
                    assert response.headers["etag"] == etag
                    continue
                etag = response.headers.get("etag", etag)
                name = response.json().get("index", {}).get("generation", "")
                answers.append(Answered(began, response.status_code, name))

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        switches: list[tuple[float, str]] = []
        try:
            for round_ in range(3):
                name = build(tmp_path, index, ["gout", "asthma", f"round {round_}"])
                took = _until(lambda name=name: answers[-1:] and answers[-1].generation == name, 10)
                assert took < SWITCH_SECONDS
                ready = client.get("/readyz").json()
                assert ready["index"]["generation"] == name
                switches.append((time.monotonic(), name))
        finally:
            stop.set()
            for thread in threads:
                thread.join(timeout=30)
        assert {answer.status for answer in answers} == {200}
        assert len({answer.generation for answer in answers}) >= 4
        for at, name in switches:
            later = {answer.generation for answer in answers if answer.began > at}
            assert min(later, default=name) >= name, "the old index answered after the switch"


def test_an_index_that_appears_later_is_served(tmp_path: Path) -> None:
    index = tmp_path / "index"
    with service(index) as client:
        response = client.get("/readyz")
        assert response.status_code == 503
        assert "health-index reindex" in response.json()["detail"]
        assert client.post("/v1/search", json={"q": "gout"}).status_code == 503
        build(tmp_path, index, ["gout"])
        _until(lambda: client.get("/readyz").status_code == 200, 10)
        assert client.post("/v1/search", json={"q": "gout"}).json()["total"] == 1


@pytest.mark.parametrize("damage", ["truncated", "missing", "foreign", "empty"])
def test_a_bad_index_is_named_and_refused(tmp_path: Path, damage: str) -> None:
    index = tmp_path / "index"
    name = build(tmp_path, index, ["gout"])
    folder = index / "generations" / name
    segment = next(path for path in (folder / "whoosh").iterdir() if path.suffix != ".toc")
    expected = "bytes instead of"
    if damage == "truncated":
        segment.write_bytes(segment.read_bytes()[:-10])
    elif damage == "missing":
        segment.unlink()
        expected = "cannot be read"
    elif damage == "foreign":
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        manifest["schema_version"] = 999
        (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
        expected = "schema version 999"
    else:
        shutil.rmtree(index)
        index.mkdir()
        expected = "no index"
    with service(index) as client:
        response = client.get("/readyz")
        assert response.status_code == 503
        assert expected in response.json()["detail"]
    query = [sys.executable, "-m", "service", "query", "gout", "--index", str(index)]
    done = subprocess.run(query, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert expected in done.stderr


def test_two_workers_answer_and_count_together(tmp_path: Path) -> None:
    index = tmp_path / "index"
    build(tmp_path, index, ["gout"])
    with service(index, "--workers", "2") as client:
        _until(lambda: client.get("/readyz").status_code == 200, START_SECONDS)
        before = _searches(client.get("/metrics").text)
        for _ in range(20):
            with httpx.Client(base_url=client.base_url, timeout=20, trust_env=False) as fresh:
                assert fresh.post("/v1/search", json={"q": "gout"}).json()["total"] == 1
        for _ in range(4):
            with httpx.Client(base_url=client.base_url, timeout=20, trust_env=False) as fresh:
                assert _searches(fresh.get("/metrics").text) == before + 20


def _searches(metrics: str) -> float:
    lines = [line for line in metrics.splitlines() if line.startswith("health_search_searches_to")]
    return sum(float(line.split()[-1]) for line in lines)
