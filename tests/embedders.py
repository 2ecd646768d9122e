"""An embedder for tests: texts that share words are alike."""

from zlib import crc32

import numpy as np

from indexer.index.vectors.embedder import DIMENSIONS, Vector


class WordEmbedder:
    """Adds up a random vector for each word.

    Attributes:
        recipe: its name.
        titles: of the articles that it was given.
        queries: that it was given.
    """

    def __init__(self, recipe: str = "words") -> None:
        self.recipe = recipe
        self.titles: list[str] = []
        self.queries: list[str] = []

    def query(self, text: str) -> Vector:
        self.queries.append(text)
        return _vector(text)

    def article(self, title: str, text: str) -> list[Vector]:
        self.titles.append(title)
        return [_vector(f"{title} {line}") for line in text.split("\n")]


def _vector(text: str) -> Vector:
    words = [np.random.default_rng(crc32(word.encode())) for word in text.lower().split()]
    made = sum((each.standard_normal(DIMENSIONS) for each in words), np.full(DIMENSIONS, 1e-3))
    vector: Vector = (made / np.linalg.norm(made)).astype(np.float32)
    return vector
