"""What the forms of the documentation page hold at first; it works on the sample articles."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from indexer.errors import HealthSearchError

FILE = Path(__file__).with_name("examples.json")


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an operation may be tried with: values of its parameters, and a body."""

    parameters: dict[str, str] = {}
    body: dict[str, Any] | None = None

    @property
    def body_text(self) -> str:
        """The body as people write it."""
        return "" if self.body is None else indented(self.body)


def load_examples(path: Path = FILE) -> Mapping[str, Example]:
    """Return the examples by method and path, as in ``GET /v1/search``.

    Raises:
        HealthSearchError: the file is malformed.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Example])
    except msgspec.DecodeError as error:
        raise HealthSearchError(f"{path.name}: {error}.") from None


def indented(value: object) -> str:
    """Return a value as JSON on several lines."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
