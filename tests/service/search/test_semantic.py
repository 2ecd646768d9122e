"""Ranking again by meaning: an order of words and meaning, and no harm where there is none."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.index.generations import GenerationStore
from indexer.index.vectors.embedder import DIMENSIONS, open_embedder
from indexer.index.vectors.store import Packed, SegmentVectors, pack
from service.search import engine
from service.search.engine import open_searcher
from service.search.options import Options
from service.search.ranking.selection import Place
from service.search.ranking.semantic import (
    DEPTH,
    QueryVectors,
    SemanticReranker,
    fused,
    likeness,
    open_vectors_of,
    question_of,
)
from service.search.tuning import PLAIN
from tests.embedders import WordEmbedder
from tests.indexer.builders import index, item
from tests.service.search.asked import article, ask
from tests.service.search.conftest import Publish

QUERY = "heart attack signs"


def segment(*texts: str) -> SegmentVectors:
    """Return a segment of articles with these texts, a passage each line; an empty one has none."""
    embedder = WordEmbedder()
    rows = [pack(embedder.article("", text)) if text else _none() for text in texts]
    ptr = np.cumsum([0, *map(len, rows)]).astype(np.uint32)
    keys = np.zeros(len(rows), np.uint64)
    return SegmentVectors("words", keys, ptr, np.concatenate([_none(), *rows]))


def _none() -> Packed:
    return np.zeros((0, DIMENSIONS), np.int8)


def reranker(*segments: SegmentVectors | None, share: float = 0.6) -> SemanticReranker:
    return SemanticReranker(segments, QueryVectors(WordEmbedder()), share)


def places(*scores: float) -> list[Place]:
    return [Place(0, number, score) for number, score in enumerate(scores)]


def order(ranked: Sequence[Place]) -> list[int]:
    return [place.document for place in ranked]


def test_what_means_the_same_moves_up() -> None:
    texts = ("foot fungus", "signs of a heart attack", "knees")
    ranked = reranker(segment(*texts)).rerank(QUERY, places(3.0, 2.9, 1.0))
    assert order(ranked) == [1, 0, 2]


def test_words_still_count() -> None:
    texts = ("an attack on the heart", "signs of a heart attack", "knees")
    assert order(reranker(segment(*texts)).rerank(QUERY, places(9.0, 2.0, 1.0))) == [0, 1, 2]
    assert order(reranker(segment(*texts), share=1.0).rerank(QUERY, places(9, 2, 1)))[0] == 1
    assert order(reranker(segment(*texts), share=0.0).rerank(QUERY, places(9, 2, 1))) == [0, 1, 2]


def test_the_likest_passage_counts() -> None:
    texts = ("knees", "toes\nsigns of a heart attack\ntoes", "heart\nthe attack of the knees")
    cosines = likeness([segment(*texts).of(n) for n in range(3)], WordEmbedder().query(QUERY))
    alone = likeness([segment("signs of a heart attack").of(0)], WordEmbedder().query(QUERY))
    assert cosines.argmax() == 1
    assert cosines[1] == pytest.approx(alone[0])


def test_an_article_without_vectors_keeps_its_place() -> None:
    texts = ("knees", "", "toes", "signs of a heart attack", "", "heart attack")
    ranked = reranker(segment(*texts)).rerank(QUERY, places(6.0, 5.0, 4.0, 3.5, 3.0, 2.9))
    assert [order(ranked)[1], order(ranked)[4]] == [1, 4]
    assert sorted(order(ranked)) == list(range(6))
    assert order(ranked)[0] == 3
    spanish_first = reranker(segment("", "knees", "heart attack")).rerank(QUERY, places(3, 2, 1.9))
    assert order(spanish_first) == [0, 2, 1]


def test_nothing_changes_where_there_is_nothing_to_compare() -> None:
    given_places = places(3.0, 2.0, 1.0)
    for segments in (segment("", "", ""), segment("", QUERY, ""), None):
        asked = WordEmbedder()
        made = SemanticReranker([segments], QueryVectors(asked))
        assert made.rerank(QUERY, given_places) == given_places
        assert asked.queries == []
    assert reranker(None).rerank(QUERY, []) == []


def test_without_a_question_nothing_changes() -> None:
    texts = segment("foot fungus", "signs of a heart attack", "knees")
    assert reranker(texts).rerank("", places(3.0, 2.9, 1.0)) == places(3.0, 2.9, 1.0)


def test_other_names_go_with_what_was_typed() -> None:
    assert question_of("TIA signs") == "TIA signs"
    assert question_of("TIA signs", ["mini-stroke", "ministroke"]) == (
        "TIA signs (mini-stroke, ministroke)"
    )


def test_what_the_model_does_not_read_is_no_question() -> None:
    assert question_of("dolor de cabeza", language="es") == ""
    assert question_of("headache", language="en") == "headache"


@pytest.mark.parametrize("text", ["Tylenol's dose", "can i take tylenol?", "TYLENOL"])
def test_drugs_are_left_to_the_words(text: str) -> None:
    assert question_of(text, ["acetaminophen"], drugs={"tylenol"}) == ""
    assert question_of(text, drugs={"advil"}) == text


def test_only_the_first_are_ranked_again() -> None:
    count = DEPTH + 5
    texts = ["knees"] * (DEPTH - 1) + ["heart attack"] * 6
    given_places = places(*range(count, 0, -1))
    ranked = reranker(segment(*texts)).rerank(QUERY, given_places)
    assert ranked[DEPTH:] == given_places[DEPTH:]
    assert order(ranked)[0] != order(ranked[:DEPTH])[-1]
    assert DEPTH - 1 in order(ranked)[: DEPTH // 2]


def test_pages_hold_each_article_once(
    tmp_path: Path, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many are ranked again for the first page as for the last."""
    texts = [f"gout {'toe ' * (n % 9)} number{n}" for n in range(DEPTH - 10)]
    generation = publish(tmp_path, [article(f"a{n}", text) for n, text in enumerate(texts)])
    monkeypatch.setattr(engine, "open_vectors_of", lambda *_: [segment(*texts)])
    options = Options(tuning=replace(PLAIN, semantic=True), queries=QueryVectors(WordEmbedder()))
    with closing(open_searcher(generation, options)) as searcher:
        whole = [hit.id for hit in ask(searcher, "gout toe", per_page=100).hits]
        pages = [ask(searcher, "gout toe", page=page).hits for page in range(1, DEPTH // 10)]
    assert [hit.id for page in pages for hit in page] == whole
    assert len(set(whole)) == len(texts)


def test_segments_are_told_apart() -> None:
    made = reranker(segment("knees", "toes"), segment("heart attack"))
    ranked = made.rerank(QUERY, [Place(0, 1, 2.0), Place(1, 0, 1.9), Place(0, 0, 1.0)])
    assert [(place.segment, place.document) for place in ranked] == [(1, 0), (0, 1), (0, 0)]


WORDS = st.lists(st.sampled_from(["heart", "attack", "signs", "knees", "toes", "foot"]), max_size=4)
ARTICLES = st.lists(
    st.tuples(WORDS.map(" ".join), st.floats(0.1, 50)), min_size=1, max_size=DEPTH + 20
)


@given(ARTICLES, st.floats(0, 1))
def test_every_article_stays_and_scores_descend(
    articles: list[tuple[str, float]], share: float
) -> None:
    scores = sorted((round(score, 6) for _, score in articles), reverse=True)
    given_places = places(*scores)
    made = reranker(segment(*[text for text, _ in articles]), share=share)
    ranked = made.rerank(QUERY, given_places)
    assert sorted(order(ranked)) == order(given_places)
    found = [place.score for place in ranked]
    assert found == sorted(found, reverse=True)
    assert scores[0] >= found[0]
    assert found[-1] >= scores[-1]


def test_scores_move_towards_the_cosines_in_their_own_range() -> None:
    moved = fused(np.array([10.0, 6.0, 2.0]), np.array([0.1, 0.9, 0.5]), 0.5)
    assert moved.tolist() == [6.0, 8.0, 4.0]


def test_a_small_difference_in_meaning_does_not_outweigh_words() -> None:
    cosines = np.array([0.50, 0.52])
    assert fused(np.array([10.0, 2.0]), cosines, 0.7).argmax() == 0
    assert fused(np.array([10.0, 2.0]), cosines * 2 - 0.5, 0.7).argmax() == 0
    assert fused(np.array([10.0, 2.0]), np.array([0.1, 0.9]), 0.7).argmax() == 1


def test_equal_scores_and_equal_cosines() -> None:
    assert fused(np.array([2.0, 2.0]), np.array([0.1, 0.5]), 0.5).tolist() == [2.0, 2.0]
    assert fused(np.array([3.0, 2.0]), np.array([0.5, 0.5]), 0.5).tolist() == [2.5, 2.0]


def test_equal_scores_are_ordered_by_meaning() -> None:
    ranked = reranker(segment("knees", "heart attack")).rerank(QUERY, places(2.0, 2.0))
    assert order(ranked) == [1, 0]


def test_queries_are_remembered_up_to_a_number() -> None:
    embedder = WordEmbedder()
    queries = QueryVectors(embedder, size=2)
    for text in ("a", "b", "a", "c", "a", "b"):
        assert np.array_equal(queries.of(text), WordEmbedder().query(text))
    assert embedder.queries == ["a", "b", "c", "b"]
    assert len(queries._kept) == 2


def test_vectors_of_a_generation_are_opened_segment_by_segment(
    store: GenerationStore,
) -> None:
    index(store, item(1))
    without = store.current()
    index(store, item(1), item(2), embedder=WordEmbedder())
    made = store.current()
    names = [path.stem for path in made.columns.iterdir()]
    assert all(open_vectors_of(made, names, "words"))
    assert len(names) == 2
    assert open_vectors_of(made, names, "another") == [None, None]
    assert open_vectors_of(made, [*names, "gone"], "words")[-1] is None
    assert open_vectors_of(without, names[:1], "words") == [None]


@pytest.fixture
def store(tmp_path: Path) -> GenerationStore:
    return GenerationStore(tmp_path / "index")


def test_the_real_model_finds_what_is_meant(store: GenerationStore) -> None:
    missing = [name for name in ("onnxruntime", "tokenizers") if find_spec(name) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed: no real ranking by meaning was tried")
    embedder = open_embedder()
    texts = {
        "Athlete's foot": "A fungus attacks the skin between the toes. Look for signs of it.",
        "Myocardial infarction": "Symptoms are chest pain, sweating, short breath. Call for help.",
        "Gout": "Crystals in a joint, often of the big toe, make it red, hot and painful.",
    }
    items = [item(n, title=title, text=texts[title]) for n, title in enumerate(texts)]
    index(store, *items, embedder=embedder)
    made = store.current()
    names = [path.stem for path in made.columns.iterdir()]
    ranker = SemanticReranker(open_vectors_of(made, names, embedder.recipe), QueryVectors(embedder))
    assert order(ranker.rerank(QUERY, places(3.0, 2.0, 1.0)))[0] == 1
