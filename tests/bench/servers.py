"""Services in processes of their own on free ports of this machine, stopped at the end."""

import http.client
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from service.settings import TABLE
from tests.bench.engines import Peer
from tests.bench.load import HOST
from tests.bench.places import ROOT

START_SECONDS = 120.0
STOP_SECONDS = 20.0
LOG_CHARS = 2000
QUIET = ("--log-level", "warning")
"""One line a request is the default; it costs every service the same."""

UNLIMITED = ("--rate-limit", "off")
"""All load comes from one address."""


class Server(NamedTuple):
    """A service that answers."""

    port: int
    pid: int


def cache(megabytes: int) -> tuple[str, ...]:
    """Return the flags that set the size of the cache of responses, where there is one."""
    flag = "--cache-megabytes"
    return (flag, str(megabytes)) if any(row.flag == flag for row in TABLE) else ()


@contextmanager
def ours(index: Path, *flags: str) -> Iterator[Server]:
    """Serve our index."""
    command = ["-m", "service", "serve", "--index", str(index), "--port", "0"]
    command += [*UNLIMITED, *flags]
    with _running(command, "/readyz") as server:
        yield server


@contextmanager
def over_peer(peer: Peer, folder: Path, index: Path, *flags: str) -> Iterator[Server]:
    """Serve a peer's index in ``folder`` by the same service; ``index`` is ours."""
    module = ["-m", "tests.bench.peer_service", peer.name, str(folder)]
    command = [*module, "--index", str(index), "--port", "0", *UNLIMITED, *flags]
    with _running(command, "/readyz") as server:
        yield server


@contextmanager
def bare(bodies: Path) -> Iterator[Server]:
    """Serve ready bodies from a route of Starlette."""
    with _running(["-m", "tests.bench.bare_service", str(bodies)], "/readyz") as server:
        yield server


@contextmanager
def _running(arguments: Sequence[str], ready: str) -> Iterator[Server]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [*_tied(), sys.executable, *arguments]
    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log
        ) as process,
    ):
        try:
            yield Server(_port(process, ready), process.pid)
        except BaseException:
            log.seek(0)
            print(log.read().decode()[-LOG_CHARS:], file=sys.stderr)
            raise
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(STOP_SECONDS)
            process.kill()


def _tied() -> list[str]:
    """Return what has the system stop the service if the benchmark is killed, where it can."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []


def _port(process: "subprocess.Popen[bytes]", ready: str) -> int:
    """Return the port of a service as soon as it answers."""
    assert process.stdout
    address = process.stdout.readline().decode()
    port = int(address.rpartition(":")[2] or 0)
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError):
            if get(port, ready)[0] == http.client.OK:
                return port
        time.sleep(0.05)
    raise SystemExit("the service does not become ready")


def get(port: int, path: str) -> tuple[int, bytes]:
    """Return status and body of one GET request."""
    connection = http.client.HTTPConnection(HOST, port, timeout=START_SECONDS)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()
