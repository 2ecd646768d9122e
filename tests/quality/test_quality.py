"""The project's own judged queries hold their floors, and the tables are printed."""

import gzip
import json
import shutil
from pathlib import Path

import pytest

from tests.bench.places import ROOT
from tests.quality import sets
from tests.quality.__main__ import main
from tests.quality.configurations import DEFAULT_NAME, LEXICAL, PLAIN_NAME, configurations
from tests.quality.floors import FLOORS
from tests.quality.indexes import built
from tests.quality.recorded import RECORDED
from tests.quality.sets import OWN, find_sets

Capture = pytest.CaptureFixture[str]


def test_the_projects_own_set_holds_its_floors(tmp_path: Path, capsys: Capture) -> None:
    code = main(["--quick", "--set", OWN, "--work", str(tmp_path)])
    out = capsys.readouterr().out
    assert code == 0, out
    assert "no floor is broken" in out


def test_rankings_are_plain_then_each_signal_alone_then_all_but_each_then_all() -> None:
    names = list(configurations(quick=False))
    assert names[0] == PLAIN_NAME
    assert names[-1] == DEFAULT_NAME
    assert len(names) == 2 + 2 * len(LEXICAL)
    assert list(configurations(quick=True)) == [PLAIN_NAME, DEFAULT_NAME]


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of development data with one set of two articles and two queries."""
    folder = tmp_path / "data" / "nfcorpus"
    folder.mkdir(parents=True)
    articles = (
        {"_id": "a", "title": "Gout", "text": "Gout is a kind of arthritis."},
        {"_id": "b", "title": "Asthma", "text": "Asthma is a disease of the airways."},
    )
    lines = "\n".join(json.dumps(each) for each in articles)
    (folder / "corpus.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    queries = '{"_id": "q1", "text": "gout"}\n{"_id": "q2", "text": "asthma"}\n'
    (folder / "queries.jsonl").write_text(queries)
    (folder / "qrels.dev.tsv").write_text("query-id\tcorpus-id\tscore\nq1\ta\t1\nq2\tb\t2\n")
    monkeypatch.setenv("HEALTH_SEARCH_DATA", str(tmp_path / "data"))
    return tmp_path


def run(folder: Path, *arguments: str) -> int:
    places = {"floors": "floors.json", "recorded": "recorded.json", "work": "work"}
    flags = [text for name, at in places.items() for text in (f"--{name}", str(folder / at))]
    return main([*flags, *arguments])


def test_a_set_is_measured_recorded_and_held(tiny: Path, capsys: Capture) -> None:
    out = tiny / "out.json"
    assert run(tiny, "--set", "nfcorpus", "--record", "--raise", "--json", str(out)) == 0
    printed = capsys.readouterr().out
    assert "nfcorpus: 2 queries on 2 articles" in printed
    rows = {line.split()[0]: line.split() for line in printed.splitlines() if line.strip()}
    for name in configurations(quick=False):
        assert rows[name][1:4] == ["1.0000", "1.0000", "1.0000"]
    [report] = json.loads(out.read_text("utf-8"))
    assert report["typos"][0]["queries"] == 500
    assert report["rankings"]["plain"]["results"][0]["nDCG@10"] == 1
    floors = json.loads((tiny / "floors.json").read_text("utf-8"))
    assert floors["nfcorpus"]["nDCG@10"] == 0.995

    floors["nfcorpus"]["R@100"] = 1.01
    (tiny / "floors.json").write_text(json.dumps(floors))
    recorded = tiny / "work" / "recorded" / "nfcorpus.json"
    recorded.write_text('{"q1": 1.5, "q2": 1}')
    assert run(tiny, "--set", "nfcorpus", "--quick", "--raise") == 1
    printed = capsys.readouterr().out
    assert "nfcorpus: R@100 is 1.0000, below its floor of 1.0100" in printed
    assert "1 queries fell since the last recorded run\n\n  1.500 -> 1.000  q1  gout" in printed
    assert json.loads((tiny / "floors.json").read_text("utf-8")) == floors


def test_sets_that_are_not_there_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("HEALTH_SEARCH_DATA", str(tmp_path))
    assert run(tmp_path, "--judged", str(tmp_path / "judged")) == 0
    printed = capsys.readouterr().out
    for name, folder in ((OWN, "judged"), ("nfcorpus", "nfcorpus"), ("scifact", "scifact")):
        assert f"{name}: skipped, there is no {tmp_path / folder}\n" in printed


def test_queries_that_no_article_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    pages = tmp_path / "pages"
    shutil.copytree(ROOT / "corpus" / "wordpress", pages / "corpus")
    monkeypatch.setattr(sets, "ROOT", pages)
    judged = tmp_path / "judged"
    judged.mkdir()
    lines = (("1", "gout", "word"), ("2", "qwrtzpl", "zero"), ("3", "asthma", "zero"))
    rows = (json.dumps({"_id": n, "text": text, "kind": kind}) for n, text, kind in lines)
    (judged / "queries.jsonl").write_text("\n".join(rows))
    (judged / "qrels.tsv").write_text("1\thttps://plainhealth.example/gout/\t2\n")
    assert run(tmp_path, "--judged", str(judged), "--set", OWN, "--quick") == 0
    printed = capsys.readouterr().out
    assert "of 2 queries that no article answers, found something: asthma\n" in printed
    assert "\nword" in printed


def test_an_index_is_kept_until_an_article_changes(tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    source.write_text('{"id": "a", "title": "Gout"}\n')
    first = built("a", source, tmp_path / "work")
    assert built("a", source, tmp_path / "work") == first
    source.write_text('{"id": "a", "title": "Asthma"}\n')
    second = built("a", source, tmp_path / "work")
    assert second.name != first.name
    assert second.manifest.articles == 1


def test_the_files_are_where_they_are_looked_for() -> None:
    assert FLOORS.is_file()
    assert RECORDED.is_file()
    [own], missing = find_sets([OWN])
    assert missing == []
    assert len(own.judged) >= 120
