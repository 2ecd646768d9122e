"""The grid of shares is printed for a small set, and articles are embedded once."""

from pathlib import Path

import pytest

from service.search.measuring.judgements import JudgedQuery, Query
from service.search.ranking.semantic import DEPTH, SHARE
from tests.embedders import WordEmbedder
from tests.indexer.builders import record, write_jsonl
from tests.quality import fusion
from tests.quality.sets import JudgedSet

TEXTS = ("The airways of asthma.", "Asthma, asthma and asthma in winter.", "A winter cold.")


def test_a_small_set(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    records = [record(n, title=f"Article {n}", text=text) for n, text in enumerate(TEXTS)]
    source = write_jsonl(tmp_path / "a.jsonl", records)
    query = JudgedQuery(Query("1", "airways asthma"), {"r0": 1})
    embedder = WordEmbedder()
    monkeypatch.setattr(fusion, "open_embedder", lambda: embedder)
    monkeypatch.setattr(fusion, "find_sets", lambda _: ([JudgedSet("small", source, (query,))], []))
    for _ in range(2):
        assert fusion.main(["--tuning", "plain", "--work", str(tmp_path / "work")]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert "small: 1 queries, words: plain" in lines
        (chosen,) = [line.split() for line in lines if "in force" in line]
        assert chosen[:3] == [str(DEPTH), str(SHARE), "1.0000"]
        assert len(lines) > len(fusion.SHARES) * len(fusion.DEPTHS)
    assert len(embedder.titles) == len(TEXTS)
