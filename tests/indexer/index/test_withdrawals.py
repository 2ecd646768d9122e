"""What deleted articles count for, booked so that it can be taken off."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh.index import open_dir

from indexer.errors import IndexDamaged
from indexer.index.withdrawals import (
    WITHDRAWALS,
    Withdrawn,
    read_withdrawals,
    total,
    write_withdrawals,
)
from indexer.index.writer import ArticleWriter
from tests.indexer.builders import article

TEXTS = ("asthma", "attacks", "COVID-19", "500mg", "the", "niño", "tos")
WORDS = st.lists(st.sampled_from(TEXTS), max_size=12)


def booked(texts: Iterable[str]) -> Withdrawn:
    withdrawn = Withdrawn()
    withdrawn.add(
        article(number, title=text, body=text, sections=()) for number, text in enumerate(texts)
    )
    return withdrawn


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_it_is_what_whoosh_counts(tmp_path: Path, language: str) -> None:
    texts = ["Asthma attacks, COVID-19 attacks", "500mg of the niño: tos y tos", "Asthma"]
    made = [
        article(n, title=text, body=f"{text}. {text}", sections=(), language=language)
        for n, text in enumerate(texts)
    ]
    withdrawn = Withdrawn()
    with ArticleWriter(tmp_path) as writer:
        for each in made:
            writer.add(each)
            withdrawn.add([each])
    index = open_dir(str(tmp_path / "whoosh"), readonly=True)
    with index.reader() as reader:
        for field, counts in withdrawn.frequencies.items():
            terms = {term.decode() for term in reader.lexicon(field)}
            assert terms == set(counts)
            assert {term: reader.doc_frequency(field, term) for term in terms} == counts
            assert reader.field_length(field) == withdrawn.lengths[field]
    index.close()
    assert any(withdrawn.frequencies.values())


@given(st.lists(WORDS, max_size=6), st.integers(0, 6))
def test_sums(words: list[list[str]], cut: int) -> None:
    texts = [" ".join(each) for each in words]
    summed = total([booked(texts[:cut]), booked(texts[cut:])])
    whole = booked(texts)
    assert (summed.frequencies, summed.lengths) == (whole.frequencies, whole.lengths)


def test_summing_alters_nothing() -> None:
    one, two = booked(["asthma"]), booked(["asthma attack"])
    total([one, two])
    assert one == booked(["asthma"])
    assert total([]) == Withdrawn()


def test_to_disk_and_back(tmp_path: Path) -> None:
    withdrawals = {"segment": booked(["niño, tos"])}
    write_withdrawals(tmp_path, withdrawals)
    assert read_withdrawals(tmp_path) == withdrawals


@pytest.mark.parametrize("content", [None, b"", b"\xc1", b"\x90"])
def test_damaged(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / WITHDRAWALS).write_bytes(content)
    with pytest.raises(IndexDamaged, match=r"withdrawals\.msgpack cannot be read"):
        read_withdrawals(tmp_path)
