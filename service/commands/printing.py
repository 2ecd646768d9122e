"""How commands print what programs read."""

import sys

import msgspec


def print_json(value: object) -> None:
    """Print a value as a line of JSON."""
    sys.stdout.buffer.write(msgspec.json.encode(value) + b"\n")
    sys.stdout.buffer.flush()
