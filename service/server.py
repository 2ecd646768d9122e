"""Runs the application in uvicorn, in one process or several."""

import os
import resource
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from types import FrameType

import uvicorn
from uvicorn.supervisors import Multiprocess

from indexer.errors import SettingError
from service.access.bootstrap import VARIABLE
from service.access.keys import Key
from service.heads import LimitedLines
from service.logs import configuration
from service.metrics import FOLDER
from service.settings import Settings

BACKLOG = 2048


def serve(settings: Settings, admin_key: Key | None, announce: Callable[[str], None]) -> int:
    """Serve until SIGTERM or SIGINT; return the exit code.

    ``announce`` is called with the address once connections are accepted there.

    Raises:
        SettingError: the address cannot be listened on.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump of memory would hold queries
    with _listen(settings) as listener, _counting(settings):
        announce(_address(listener))
        _hand_over(settings, admin_key)
        config = _configuration(settings)
        signal.signal(signal.SIGTERM, _exit)
        try:
            if settings.workers > 1:
                Multiprocess(config, sockets=[listener]).run()
                return 0
            server = uvicorn.Server(config)
            server.run(sockets=[listener])
        except KeyboardInterrupt:
            return 0
        return 0 if server.started else 1


def _hand_over(settings: Settings, admin_key: Key | None) -> None:
    """Leave the settings where ``factory.build`` finds them in each process, and no key."""
    os.environ.update(settings.environment())
    if admin_key:
        os.environ[VARIABLE] = admin_key.hash


@contextmanager
def _counting(settings: Settings) -> Iterator[None]:
    """Let several processes count together, in files that go with them."""
    if settings.workers == 1 or FOLDER in os.environ:
        yield
        return
    with TemporaryDirectory(prefix="health-search-") as folder:
        os.environ[FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[FOLDER]


def _exit(_signal: int, _frame: FrameType | None) -> None:
    """Take SIGTERM before uvicorn takes it over, and again when it hands it back at its end."""
    raise SystemExit(0)


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    address = (settings.host, settings.port)
    try:
        return socket.create_server(address, family=family, backlog=BACKLOG)
    except OSError as error:
        reason = error.strerror or str(error)
        raise SettingError(
            f"Cannot listen on {settings.host}, port {settings.port}: {reason}. "
            "Choose others with --host and --port."
        ) from None


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _configuration(settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        "service.factory:build",
        factory=True,
        workers=settings.workers,
        loop="uvloop",
        http=LimitedLines,
        ws="none",
        backlog=BACKLOG,
        log_config=configuration(settings.log_level),
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=settings.shutdown_seconds,
    )
