"""The file of a segment's vectors, and what is embedded of an article."""

from pathlib import Path

import numpy as np
import pytest

from indexer.errors import IndexDamaged
from indexer.index.columns.container import write_arrays
from indexer.index.vectors.embedder import DIMENSIONS
from indexer.index.vectors.store import (
    TEXT_BYTES,
    Packed,
    key_of,
    open_vectors,
    opening_of,
    pack,
    write_vectors,
)
from tests.indexer.builders import article
from tests.service.search.opened import opened

NONE = np.zeros((0, DIMENSIONS), np.int8)


def rows(count: int, seed: int = 1) -> Packed:
    made = np.random.default_rng(seed).standard_normal((count, DIMENSIONS)).astype(np.float32)
    return pack(list(made))


def test_packing_keeps_cosines() -> None:
    made = np.random.default_rng(1).standard_normal((50, DIMENSIONS)).astype(np.float32)
    packed = pack(list(made)).astype(np.float64)
    true = made @ made.T / np.outer(*[np.linalg.norm(made, axis=1)] * 2)
    kept = packed @ packed.T / np.outer(*[np.linalg.norm(packed, axis=1)] * 2)
    assert abs(true - kept).max() < 0.005
    assert abs(pack(list(made))).max(axis=1).tolist() == [127] * 50


def test_a_file_gives_back_what_was_written(tmp_path: Path) -> None:
    written = [rows(2), NONE, rows(1, 2)]
    write_vectors(tmp_path / "a.vectors", "model 1", np.array([7, 0, 9], np.uint64), written)
    read = open_vectors(tmp_path / "a.vectors")
    assert read
    assert (read.recipe, read.keys.tolist()) == ("model 1", [7, 0, 9])
    for number, each in enumerate(written):
        assert np.array_equal(read.of(number), each)


def test_a_segment_without_documents_with_vectors_can_be_written(tmp_path: Path) -> None:
    write_vectors(tmp_path / "a.vectors", "model 1", np.zeros(1, np.uint64), [NONE])
    read = open_vectors(tmp_path / "a.vectors")
    assert read
    assert not len(read.of(0))


def test_a_file_that_is_not_there_is_none(tmp_path: Path) -> None:
    assert open_vectors(tmp_path / "a.vectors") is None


def test_a_file_of_something_else_is_damaged(tmp_path: Path) -> None:
    write_arrays(tmp_path / "a.vectors", {"recipe": np.zeros(1, np.uint8)})
    with pytest.raises(IndexDamaged, match="does not hold vectors"):
        open_vectors(tmp_path / "a.vectors")


def test_title_description_and_the_beginning_of_the_body_are_embedded() -> None:
    body = "Ärzte " * TEXT_BYTES
    columns = opened([article(1, title="Título", description="In short.", body=body, sections=())])
    opening = opening_of(columns, 0)
    assert opening
    assert opening.title == "Título"
    assert opening.text.startswith("In short.\nÄrzte Ärzte")
    assert TEXT_BYTES - 10 < len(opening.text.encode()) <= TEXT_BYTES


def test_a_character_that_is_cut_in_two_is_left_out() -> None:
    columns = opened([article(1, title="T", body="x" + "ä" * TEXT_BYTES, sections=())])
    opening = opening_of(columns, 0)
    assert opening
    assert set(opening.text) == {"x", "ä"}


@pytest.mark.parametrize("language", ["es", "und", "fr"])
def test_what_the_model_does_not_read_is_not_embedded(language: str) -> None:
    assert opening_of(opened([article(1, language=language)]), 0) is None
    assert key_of(None) == 0


def test_the_key_changes_with_what_is_embedded_only() -> None:
    plain = article(1)
    others = [
        article(1, topics=("Lungs",), url="https://clinic.example/other", id="other"),
        article(1, title="Other"),
        article(1, body="Other", sections=()),
        article(1, title="A", body="B C", sections=()),
        article(1, title="A B", body="C", sections=()),
    ]
    columns = opened([plain, *others])
    keys = [key_of(opening_of(columns, number)) for number in range(len(others) + 1)]
    assert keys[0] == keys[1]
    assert len(set(keys)) == len(others)
    assert 0 not in keys
