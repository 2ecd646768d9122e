"""Fixtures of the write side."""

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.index.generation import Generation
from indexer.index.generations import GenerationStore
from tests.indexer.builders import article, publish


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where an index may be made."""
    return tmp_path / "index"


@pytest.fixture
def store(folder: Path) -> GenerationStore:
    """The store of that folder."""
    return GenerationStore(folder)


@pytest.fixture
def live(folder: Path) -> Generation:
    """A live generation of two articles in that folder."""
    return publish(folder, article(1), article(2))


@pytest.fixture
def damage(live: Generation) -> Callable[[str, str], Path]:
    """Damage a file of the live generation: ``truncate``, ``flip`` a byte, or ``remove`` it."""

    def inflict(name: str, how: str) -> Path:
        path = live.folder / name
        content = bytearray(path.read_bytes())
        if how == "remove":
            path.unlink()
        elif how == "truncate":
            path.write_bytes(content[: len(content) // 2])
        else:
            content[len(content) // 2] ^= 0xFF
            path.write_bytes(content)
        return path

    return inflict


@pytest.fixture
def unclosed_files() -> Iterator[None]:
    """Collect, before the next test, the files that Whoosh leaves open when it fails."""
    yield
    gc.collect()
