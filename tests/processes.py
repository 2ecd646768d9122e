"""A real service with an admin key, in processes of its own, on a free port of this machine."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx2 as httpx

KEY = "a-key-for-tests-only-0123456789"
START_SECONDS = 30.0
GONE_SECONDS = 5.0


def until(holds: Callable[[], Any], seconds: float) -> float:
    """Wait until ``holds()`` and return how long it took."""
    began = time.monotonic()
    while True:
        try:
            if holds():
                return time.monotonic() - began
        except httpx.TransportError:
            pass
        took = time.monotonic() - began
        assert took < seconds, f"did not happen within {seconds} s"
        time.sleep(0.02)


def children(pid: int) -> list[int]:
    """Return the processes below one, the nearest first."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found = [pid]
    for each in found:
        found += parents.get(each, [])
    return found[1:]


def is_alive(pid: int) -> bool:
    """Return whether a process runs; one that has ended and was not fetched does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


class Service:
    """Started at once; ``stop`` or ``kill`` ends it, and whatever it started."""

    def __init__(self, index: Path, *flags: str) -> None:
        command = [sys.executable, "-m", "service", "serve", "--port", "0", "--index", str(index)]
        self._log = (index.parent / "service.log").open("ab")
        self.process = subprocess.Popen(
            [*command, *flags],
            stdout=subprocess.PIPE,
            stderr=self._log,
            env={**os.environ, "HEALTH_SEARCH_ADMIN_KEY": KEY},
        )
        assert self.process.stdout
        address = self.process.stdout.readline().decode().split()[-1]
        self.client = httpx.Client(
            base_url=address,
            timeout=20,
            trust_env=False,
            headers={"Authorization": f"Bearer {KEY}"},
        )
        until(lambda: self.client.get("/healthz").status_code == 200, START_SECONDS)

    def job(self, number: int) -> dict[str, Any]:
        """Return a job as the API shows it."""
        response = self.client.get(f"/v1/jobs/{number}")
        assert response.status_code == 200, response.text
        job: dict[str, Any] = response.json()
        return job

    def wait_for(self, number: int, *states: str, seconds: float = 30) -> dict[str, Any]:
        """Wait until a job is in one of these states, and return it."""
        until(lambda: self.job(number)["state"] in states, seconds)
        return self.job(number)

    def found(self, text: str) -> list[str]:
        """Return the ids of the articles that a search finds."""
        response = self.client.post("/v1/search", json={"q": text, "per_page": 100})
        return [hit["id"] for hit in response.json().get("hits", ())]

    def put(self, name: str, **fields: Any) -> int:
        """Put in an article, and return the job's number."""
        response = self.client.put(f"/v1/articles/{name}", json=fields)
        assert response.status_code == 202, response.text
        return int(response.json()["id"])

    def post(self, **fields: Any) -> int:
        """Ask for a reindex, and return the job's number."""
        response = self.client.post("/v1/jobs", json=fields)
        assert response.status_code == 202, response.text
        return int(response.json()["id"])

    def stop(self) -> float:
        """Stop as an operator does, and return how long it took."""
        below, began = children(self.process.pid), time.monotonic()
        self.process.terminate()
        assert self.process.wait(timeout=40) == 0
        took = time.monotonic() - began
        # Python's own tracker of the worker processes ends when it finds its pipe closed.
        until(lambda: not any(map(is_alive, below)), GONE_SECONDS)
        return took

    def kill(self) -> None:
        """Kill everything at once, as a crash of the machine does."""
        for pid in (self.process.pid, *children(self.process.pid)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def close(self) -> None:
        """Leave nothing behind."""
        if self.process.poll() is None:
            self.kill()
        self.client.close()
        if self.process.stdout:
            self.process.stdout.close()
        self._log.close()
