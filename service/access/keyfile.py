"""The file of keys: read, checked, and changed so that nobody ever sees half of it."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from indexer.errors import KeyFileError
from indexer.index.durable import write_atomically
from indexer.index.lock import wait_for_folder
from service.access.keys import Key
from service.access.origins import parse_origin
from service.access.rates import parse_rate

MAX_BYTES = 16_777_216
"""Some forty thousand keys; more is not a file of keys."""

REMEDY = "Put back a copy of it, or move it away and make new keys."


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    keys: tuple[Key, ...] = ()


class KeyFile:
    """The keys in a JSON file, which is there once the first key is made."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> tuple[Key, ...]:
        """Read the keys; none while there is no file.

        Raises:
            KeyFileError: it cannot be read, or something in it is wrong; the message says what.
        """
        try:
            with self.path.open("rb") as file:
                content = file.read(MAX_BYTES + 1)
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise KeyFileError(f"{self.path}: cannot be read: {error.strerror}.") from None
        return _parse(content, self.path)

    def add(self, key: Key) -> None:
        """Write a new key down.

        Raises:
            KeyFileError: a value cannot be used, or the file cannot be read or written.
        """
        with self._changing():
            self._write((*self.read(), key))

    def revoke(self, id_: str) -> Key:
        """Take a key out of the file.

        Raises:
            KeyFileError: there is no such key, or the file cannot be read or written.
        """
        with self._changing():
            keys = self.read()
            revoked = next((key for key in keys if key.id == id_), None)
            if revoked is None:
                raise KeyFileError(f"{self.path}: no key has the id {id_!r}. See `keys list`.")
            self._write(tuple(key for key in keys if key is not revoked))
        return revoked

    @contextmanager
    def _changing(self) -> Iterator[None]:
        try:
            with wait_for_folder(self.path.parent, f".{self.path.name}.lock"):
                yield
        except OSError as error:
            reason = error.strerror or error
            raise KeyFileError(f"{self.path}: cannot be written: {reason}.") from None

    def _write(self, keys: tuple[Key, ...]) -> None:
        content = msgspec.json.format(msgspec.json.encode(_File(keys)), indent=2) + b"\n"
        _parse(content, self.path)  # what is written can be read again
        write_atomically(self.path, content, 0o600)


def _parse(content: bytes, path: Path) -> tuple[Key, ...]:
    if len(content) > MAX_BYTES:
        raise KeyFileError(f"{path}: too large for a file of keys.")
    try:
        keys = msgspec.json.decode(content, type=_File).keys
    except msgspec.ValidationError as error:
        raise KeyFileError(f"{path}: {error}.") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise KeyFileError(f"{path}: is not JSON: {error}. {REMEDY}") from None
    for place, key in enumerate(keys):
        try:
            _check(key)
        except ValueError as error:
            raise KeyFileError(f"{path}: keys[{place}] ({key.id}): {error}.") from None
    for name in ("id", "hash"):
        values = [getattr(key, name) for key in keys]
        if twice := next((each for each, n in Counter(values).items() if n > 1), None):
            raise KeyFileError(f"{path}: two keys have the same {name}, {twice[:20]}.")
    return keys


def _check(key: Key) -> None:
    """Check what the types do not say.

    Raises:
        ValueError: something is wrong with it.
    """
    if not key.name.isprintable() or not key.name.strip():
        raise ValueError("the name is not some text on one line")
    for origin in key.origins:
        if parse_origin(origin) != origin:
            raise ValueError(f"{origin[:80]!r} is not an origin such as https://www.clinic.example")
    if key.rate_limit:
        parse_rate(key.rate_limit)
