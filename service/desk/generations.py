"""The generations of the index, and going back to an older one."""

from collections.abc import Sequence
from contextlib import suppress

from anyio import to_thread
from starlette.responses import Response

from indexer.errors import GenerationUnknown, IndexFolderError
from indexer.index.generation import Generation
from indexer.index.generations import GenerationStore
from service.desk.visit import Visit, status_of

MOVED = "Another generation went live while you looked. See below what is live now."


async def generations_page(visit: Visit) -> Response:
    """List the generations that can be served, the newest first."""
    return await _page(visit)


async def roll_back_page(visit: Visit) -> Response:
    """Say what going back would change, and ask."""
    store = _store(visit)
    listed, live = await to_thread.run_sync(_listed, store)
    target = _chosen(listed, visit)
    return visit.page(
        "roll-back.html",
        here="generations",
        target=target,
        live=next((each for each in listed if each.name == live), None),
        live_name=live,
    )


async def roll_back(visit: Visit) -> Response:
    """Make an older generation live, if the live one is the one that was shown."""
    store = _store(visit)
    name: str = visit.request.path_params["name"]
    try:
        is_done = await to_thread.run_sync(_switch, store, name, visit.form.get("live", ""))
    except IndexFolderError as error:
        return await _page(visit, status_of(error), str(error))
    if not is_done:
        return await _page(visit, 409, MOVED)
    return visit.see("admin/generations", "rolled-back")


def _switch(store: GenerationStore, name: str, expected: str) -> bool:
    """Roll back under the locks that a job holds, unless what is live has changed."""
    if name not in store.names():  # or the locks would make a folder where there is none
        raise GenerationUnknown(f"There is no generation {name}.")
    with store.writing() as writing, store.switching():
        if _live_name(store) != expected:
            return False
        writing.roll_back(name)
    return True


async def _page(visit: Visit, status: int = 200, message: str = "") -> Response:
    listed, live = await to_thread.run_sync(_listed, _store(visit))
    return visit.page(
        "generations.html",
        status,
        here="generations",
        message=message,
        generations=listed,
        live_name=live,
        served=visit.context.live.status.info,
    )


def _store(visit: Visit) -> GenerationStore:
    return GenerationStore(visit.context.settings.index)


def _listed(store: GenerationStore) -> tuple[list[Generation], str]:
    """Return the generations that can be read, newest first, and the name of the live one."""
    return store.complete()[::-1], _live_name(store)


def _live_name(store: GenerationStore) -> str:
    with suppress(IndexFolderError):
        return store.current_name()
    return ""


def _chosen(listed: Sequence[Generation], visit: Visit) -> Generation:
    name: str = visit.request.path_params["name"]
    for generation in listed:
        if generation.name == name:
            return generation
    raise GenerationUnknown(f"There is no generation {name}.")
