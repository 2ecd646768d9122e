"""From settings to what requests are held against."""

import logging
from hashlib import sha256
from secrets import token_bytes

from indexer.errors import SettingError
from service.access.access import Access
from service.access.counting import MEMORY, open_store
from service.access.keyfile import KeyFile
from service.access.keyring import KeyRing
from service.access.keys import Key
from service.access.limiter import Limiter
from service.logs import log_event
from service.metrics import Metrics
from service.settings import Settings

LOG = logging.getLogger(__name__)


def open_access(settings: Settings, admin_key: Key | None, metrics: Metrics) -> Access:
    """Return what requests are held against, as the settings have it.

    Raises:
        SettingError: there is no such store of limits.
    """

    def keys_problem(problem: str) -> None:
        metrics.file_refused("keys", problem)
        _tell("keys", problem)

    ring = KeyRing(admin_key, settings.keys, keys_problem)
    limiter = Limiter(
        open_store(settings.limits_url),
        _secret(settings.limits_url, admin_key),
        lambda problem: _tell("limits", problem),
    )
    return Access(settings, ring, limiter, metrics)


def check_access(settings: Settings, admin_key: Key | None) -> None:
    """Check before the start what a running service would only tell in its log.

    Raises:
        SettingError: there is no such store of limits, or nobody could ever search.
        KeyFileError: something is wrong with the file of keys.
    """
    open_store(settings.limits_url)
    if settings.keys:
        KeyFile(settings.keys).read()
    elif not (settings.public_search or admin_key):
        raise SettingError("--public-search off: nobody has a key. Name a file with --keys.")


def _secret(url: str, admin_key: Key | None) -> bytes:
    """Return the secret of the hashes under which callers are counted.

    In memory it is random. Machines that share a Redis have its URL in common, with its password,
    and the admin key: neither is in Redis. Without both, an address can be found out by who reads
    Redis, knows the URL, and tries all there are; its counters are gone after two windows.
    """
    if url.startswith(f"{MEMORY}:"):
        return token_bytes(32)
    return sha256(f"{url}\n{admin_key.hash if admin_key else ''}".encode()).digest()


def _tell(what: str, problem: str) -> None:
    """Say that something is out of order and what was in force stays so, or that it is mended."""
    if problem:
        log_event(LOG, logging.WARNING, f"{what}-unavailable", problem=problem)
    else:
        log_event(LOG, logging.INFO, f"{what}-mended")
