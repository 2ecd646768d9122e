"""What is recorded of a run, and what is said of the next."""

from pathlib import Path

import msgspec
import pytest

from service.search.measuring.evaluation import Result
from service.search.measuring.significance import Change
from tests.quality.recorded import Records


def results(**figures: float) -> list[Result]:
    return [
        Result(
            id=name,
            text=f"text of {name}",
            kind="",
            ndcg_at_10=value,
            rr_at_10=0,
            recall_at_100=0,
            hits=1,
            safe=None,
            milliseconds=1,
        )
        for name, value in figures.items()
    ]


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return Records(tmp_path / "recorded.json", tmp_path / "work")


@pytest.mark.parametrize("name", ["corpus", "nfcorpus"])
def test_the_queries_that_fell_the_deepest_first(records: Records, name: str) -> None:
    assert records.losses(name, results(a=0)) == ()
    records.write({name: {"nDCG@10": 0.5}}, {name: results(a=0.5, b=1, c=1 / 3, d=1)})
    assert records.figures == {name: {"nDCG@10": 0.5}}
    assert records.losses(name, results(a=0.4, b=0.2, c=1 / 3, new=0)) == (
        Change("b", "text of b", 1, 0.2),
        Change("a", "text of a", 0.5, 0.4),
    )


def test_a_set_that_was_not_measured_stays_as_it_was(records: Records) -> None:
    records.write({"corpus": {"x": 1}}, {"corpus": results(a=1)})
    records.write({"nfcorpus": {"x": 0.5}}, {"nfcorpus": results(a=1)})
    assert records.figures == {"corpus": {"x": 1}, "nfcorpus": {"x": 0.5}}
    assert [loss.id for loss in records.losses("corpus", results(a=0))] == ["a"]


def test_nothing_of_the_queries_of_other_sets_gets_into_the_project(
    records: Records, tmp_path: Path
) -> None:
    found = {"corpus": results(ours=1), "nfcorpus": results(theirs=1)}
    records.write({name: {"nDCG@10": 1.0} for name in found}, found)
    recorded = msgspec.json.decode((tmp_path / "recorded.json").read_bytes())
    assert recorded["queries"] == {"ours": 1}
    assert recorded["figures"]["nfcorpus"] == {"nDCG@10": 1}
    assert b"theirs" not in (tmp_path / "recorded.json").read_bytes()
    assert b"text of" not in (tmp_path / "work" / "nfcorpus.json").read_bytes()
