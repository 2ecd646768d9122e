"""Segments searched as one: whose document is which."""

import numpy as np
import pytest

from indexer.article import Article
from indexer.index.columns.segment import SegmentColumns
from service.search.ranking import shards
from service.search.ranking.selection import Place, Selection
from service.search.ranking.shards import are_among, looked_up, shards_of
from tests.service.search.opened import opened


def segment(*ids: str) -> SegmentColumns:
    return opened([Article(id=name, url="", title="Gout", body="Gout.") for name in ids])


SEGMENTS = [(segment("d", "b"), (1,)), (segment("a"), ()), (segment("c", "f", "e"), (0, 2))]


def test_documents_are_numbered_through() -> None:
    (shard,) = shards_of(SEGMENTS)
    assert [(part.place, part.base, part.end) for part in shard.parts] == [
        (0, 0, 2),
        (1, 2, 3),
        (2, 3, 6),
    ]
    assert shard.documents == 6
    assert shard.deleted.tolist() == [1, 3, 5]
    assert shard.column("id.rank").tolist() == [1, 0, 0, 0, 2, 1]


def test_documents_are_looked_up_among_others() -> None:
    few, many = np.array([9, 3, 0, 4, -1]), np.array([0, 3, 5, 8])
    held, at = looked_up(few, many)
    assert held.tolist() == [False, True, True, False, False]
    assert at.tolist() == [1, 0]
    assert are_among(few, many).tolist() == held.tolist()
    assert not are_among(few, np.zeros(0, np.intp)).any()


def test_a_shard_has_a_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "MAX_DOCUMENTS", 3)
    first, second = shards_of(SEGMENTS)
    assert [part.place for part in first.parts] == [0, 1]
    assert [(part.place, part.base) for part in second.parts] == [(2, 0)]
    assert (first.deleted.tolist(), second.deleted.tolist()) == ([1], [0, 2])
    monkeypatch.setattr(shards, "MAX_DOCUMENTS", 1)
    assert len(shards_of(SEGMENTS)) == 3, "a segment is never divided"
    assert not shards_of([])


@pytest.mark.parametrize(
    ("documents", "stretches"),
    [
        ([0, 1, 2, 3, 4, 5], {0: [0, 1], 1: [2], 2: [3, 4, 5]}),
        ([1, 5], {0: [1], 2: [5]}),
        ([2], {1: [2]}),
        ([], {}),
    ],
)
def test_documents_are_told_apart_by_segment(
    documents: list[int], stretches: dict[int, list[int]]
) -> None:
    (shard,) = shards_of(SEGMENTS)
    numbers = np.array(documents, np.intp)
    assert {p.place: numbers[inside].tolist() for p, inside in shard.split(numbers)} == stretches


@pytest.mark.parametrize("size", [1, 2, 3, 5, 6])
def test_equals_stand_in_the_order_of_ids_whatever_their_segment(size: int) -> None:
    (shard,) = shards_of(SEGMENTS)
    columns = [columns for columns, _ in SEGMENTS]
    selection = Selection(size)
    selection.add(shard, np.arange(6), np.full(6, 2.5) + np.arange(6) * 1e-12)
    names = [columns[p.segment].card(p.document).id for p in selection.page(0, size, columns)]
    assert names == list("abcdef")[:size]


def test_a_page_begins_among_equals() -> None:
    (shard,) = shards_of(SEGMENTS)
    columns = [columns for columns, _ in SEGMENTS]
    selection = Selection(4)
    selection.add(shard, np.arange(6), np.array([1.0, 3.0, 1.0, 1.0, 1.0, 2.0]))
    assert selection.threshold == 1.0
    places = selection.page(2, 2, columns)
    assert [columns[p.segment].card(p.document).id for p in places] == ["a", "c"]
    assert selection.page(9, 2, columns) == []
    assert places[0] == Place(1, 0, 1.0)
