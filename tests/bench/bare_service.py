"""A route of Starlette that returns ready bytes: what uvicorn and Starlette cost by themselves.

Run as ``python -m tests.bench.bare_service BODIES``; the file maps query strings to bodies
(msgpack). uvicorn runs as our service runs it, without a log.
"""

import socket
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.server import BACKLOG
from tests.bench.load import HOST


def create_app(bodies: dict[bytes, bytes]) -> Starlette:
    """Return the application."""

    async def search(request: Request) -> Response:
        body = bodies[request.scope["query_string"]]
        return Response(body, media_type="application/json")

    async def ready(_: Request) -> Response:
        return Response(b"ready")

    return Starlette(routes=[Route("/v1/search", search), Route("/readyz", ready)])


def main(arguments: Sequence[str]) -> int:
    """Serve until SIGTERM."""
    bodies = msgspec.msgpack.decode(Path(arguments[0]).read_bytes(), type=dict[bytes, bytes])
    config = uvicorn.Config(
        create_app(bodies),
        loop="uvloop",
        http="httptools",
        ws="none",
        backlog=BACKLOG,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
    )
    with socket.create_server((HOST, 0), backlog=BACKLOG) as listener:
        print(f"Listening on http://{HOST}:{listener.getsockname()[1]}", flush=True)
        uvicorn.Server(config).run(sockets=[listener])
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
