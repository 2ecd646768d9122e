"""What goes on beside the requests, and must not end when it fails once."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import anyio

LOG = logging.getLogger(__name__)

PAUSE_SECONDS = 1.0
"""Pause before what failed is begun again (judgement): soon, and no flood of lines in the log."""


@asynccontextmanager
async def meanwhile(
    work: Callable[[], Awaitable[None]], pause: float = PAUSE_SECONDS
) -> AsyncIterator[None]:
    """Have something done while this lasts.

    Where it fails it is told, and begun again after a pause of so many seconds: one thread or
    process too few for a moment must not end the service, whose task group this is.
    """
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_persist, work, pause)
        yield
        tasks.cancel_scope.cancel()


async def _persist(work: Callable[[], Awaitable[None]], pause: float) -> None:
    while True:
        try:
            await work()
        except Exception:
            LOG.exception("background-work-failed")
        else:
            return
        await anyio.sleep(pause)
