"""Judged queries guard the switch: what is answered worse does not go live."""

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from indexer.cli import main
from indexer.errors import EvaluationError, GateError
from indexer.gate import Judged
from indexer.index.generation import Generation
from indexer.index.generations import GenerationStore
from indexer.index.job import Edit
from indexer.index.jobs import JobBook
from indexer.index.verification import verify
from indexer.judging import NAMED, TOLERANCE, read_floors, read_judge
from indexer.reindex import reindex
from indexer.tally import Report
from tests.indexer.builders import Items, index, item, left_behind, plan, record, write_jsonl
from tests.journals import NoJournal

TOPICS = ("gout", "asthma", "measles", "eczema")


def judgements(folder: Path, *topics: str, **floors: float) -> Path:
    """Write a folder of judged queries: each topic finds the article of its number."""
    folder.mkdir(exist_ok=True)
    lines = [{"_id": topic, "text": topic, "safety": topic == "gout"} for topic in topics]
    (folder / "queries.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    grades = (f"{topic}\thttps://clinic.example/{TOPICS.index(topic)}\t1\n" for topic in topics)
    (folder / "qrels.tsv").write_text("".join(grades))
    if floors:
        (folder / "floors.json").write_text(json.dumps(floors))
    return folder


def articles(*texts: str) -> list[Any]:
    return [item(number, title="", text=text) for number, text in enumerate(texts)]


def judged(store: GenerationStore, folder: Path, *texts: str, force: bool = False) -> Report:
    return index(store, *articles(*texts), judge=read_judge(folder), force=force, max_drop=1)


def refused(store: GenerationStore, folder: Path, *texts: str) -> str:
    """Return why it is refused, after a look at what is live."""
    before = store.current() if store.names() else None
    with pytest.raises(GateError) as caught:
        judged(store, folder, *texts)
    assert left_behind(store.folder) == []
    if before:
        assert store.current() == before
        assert verify(before)
    else:
        assert store.names() == []
    return str(caught.value)


@pytest.fixture
def folder_of_two(tmp_path: Path) -> Path:
    return judgements(tmp_path / "judged", "gout", "asthma")


class TestTheFirstIndex:
    def test_is_only_reported(self, store: GenerationStore, folder_of_two: Path) -> None:
        report = judged(store, folder_of_two, "nothing", "asthma").judged
        assert report
        assert report.queries == 2
        assert report.figures == {
            "nDCG@10": 0.5,
            "RR@10": 0.5,
            "R@100": 0.5,
            "zero_hits": 0.5,
            "safety": 0,
        }
        assert report.live == report.floors == {}
        assert report.broken == report.fell == ()

    def test_its_figures_stand_in_the_manifest(
        self, store: GenerationStore, folder_of_two: Path
    ) -> None:
        report = judged(store, folder_of_two, "gout", "asthma")
        assert report.judged
        assert store.current().manifest.figures == report.judged.figures
        index(store, *articles("gout", "asthma", "more"))
        assert store.current().manifest.figures == {}, "nobody measured it"

    def test_must_reach_floors_that_are_given(self, store: GenerationStore, tmp_path: Path) -> None:
        folder = judgements(tmp_path / "judged", "gout", "asthma", **{"nDCG@10": 0.85})
        assert refused(store, folder, "gout", "nothing") == (
            "nDCG@10 would be 0.5000, 0.3500 below its floor of 0.8500. Look at “asthma” (0.00). "
            "The live generation is untouched. Mend what changed, or run again with --force."
        )
        judged(store, folder, "gout", "asthma")
        assert store.current().manifest.articles == 2


class TestTheNextIndex:
    def test_that_is_worse_is_refused(self, store: GenerationStore, tmp_path: Path) -> None:
        folder = judgements(tmp_path / "judged", *TOPICS)
        judged(store, folder, *TOPICS)
        message = refused(store, folder, "gout", "asthma", "measles", "nothing")
        assert "nDCG@10 would be 0.7500, 0.2300 below its floor of 0.9800; " in message
        assert "zero_hits would be 0.2500, 0.2300 above its ceiling of 0.0200" in message
        assert "Look at “eczema” (1.00 to 0.00). The live generation is untouched." in message
        assert "safety" not in message

    def test_names_the_queries_that_are_no_longer_safe_first(
        self, store: GenerationStore, tmp_path: Path
    ) -> None:
        folder = judgements(tmp_path / "judged", *TOPICS)
        judged(store, folder, *TOPICS)
        message = refused(store, folder, "nothing", "nothing", "measles", "eczema")
        assert "“gout” (not safe), “asthma” (1.00 to 0.00). The live" in message

    def test_that_was_not_safe_before_is_named_by_its_fall(
        self, store: GenerationStore, tmp_path: Path
    ) -> None:
        folder = judgements(tmp_path / "judged", *TOPICS)
        judged(store, folder, "nothing", "asthma", "measles", "eczema")
        message = refused(store, folder, "nothing", "nothing", "measles", "eczema")
        assert "Look at “asthma” (1.00 to 0.00). The live" in message

    def test_that_is_as_good_goes_live(self, store: GenerationStore, folder_of_two: Path) -> None:
        judged(store, folder_of_two, "gout", "asthma")
        report = judged(store, folder_of_two, "gout", "asthma", "measles").judged
        assert report
        assert report.live == report.figures
        assert report.floors["nDCG@10"] == pytest.approx(1 - TOLERANCE)
        assert report.floors["zero_hits"] == TOLERANCE
        assert store.current().manifest.articles == 3

    @pytest.mark.parametrize(("queries", "goes_live"), [(50, True), (49, False)])
    def test_a_little_worse_goes_live(
        self, store: GenerationStore, tmp_path: Path, queries: int, *, goes_live: bool
    ) -> None:
        folder = tmp_path / "judged"
        folder.mkdir()
        words = [f"word{number}" for number in range(queries)]
        lines = (json.dumps({"_id": word, "text": word}) for word in words)
        (folder / "queries.jsonl").write_text("\n".join(lines))
        (folder / "qrels.tsv").write_text("".join(f"{w}\tr{n}\t1\n" for n, w in enumerate(words)))
        judged(store, folder, *words)
        if goes_live:
            judged(store, folder, *words[:-1])
        else:
            assert "“word48” (1.00 to 0.00)" in refused(store, folder, *words[:-1])

    def test_floors_that_are_given_stand_whatever_is_live(
        self, store: GenerationStore, tmp_path: Path
    ) -> None:
        judged(store, judgements(tmp_path / "judged", *TOPICS), *TOPICS)
        folder = judgements(tmp_path / "judged", *TOPICS, **{"RR@10": 0.2})
        judged(store, folder, "gout")
        message = refused(store, folder, "nothing")
        assert message.startswith("RR@10 would be 0.0000, 0.2000 below its floor of 0.2000. Look")
        assert "nDCG@10" not in message

    def test_where_none_fell_the_lowest_are_named(
        self, store: GenerationStore, tmp_path: Path
    ) -> None:
        folder = judgements(tmp_path / "judged", *TOPICS)
        judged(store, folder, "gout", force=True)
        message = refused(store, judgements(folder, *TOPICS, zero_hits=0.1), "gout")
        assert "Look at “asthma” (0.00), “measles” (0.00), “eczema” (0.00). The" in message

    def test_at_most_ten_are_named(self, store: GenerationStore, tmp_path: Path) -> None:
        folder = tmp_path / "judged"
        folder.mkdir()
        words = [f"word{number}" for number in range(15)]
        lines = (json.dumps({"_id": word, "text": word, "safety": True}) for word in words)
        (folder / "queries.jsonl").write_text("\n".join(lines))
        (folder / "qrels.tsv").write_text("".join(f"{word}\tx\t1\n" for word in words))
        (folder / "floors.json").write_text('{"safety": 1}')
        assert refused(store, folder, "gout").count("(not safe)") == NAMED

    def test_force_lets_it_go_live_and_says_so(
        self, store: GenerationStore, folder_of_two: Path
    ) -> None:
        judged(store, folder_of_two, "gout", "asthma")
        report = judged(store, folder_of_two, "gout", force=True).judged
        assert report
        assert report.broken
        assert report.fell == ("“asthma” (1.00 to 0.00)",)
        assert store.current().manifest.figures["nDCG@10"] == 0.5

    def test_beside_a_damaged_one_is_only_reported(
        self, store: GenerationStore, folder_of_two: Path
    ) -> None:
        judged(store, folder_of_two, "gout", "asthma")
        live = store.current()
        [columns] = live.columns.iterdir()
        columns.write_bytes(columns.read_bytes()[:200])
        report = judged(store, folder_of_two, "gout").judged
        assert report
        assert report.live == {}
        assert verify(store.current()) == 1

    def test_what_was_changed_meanwhile_is_measured_too(
        self, store: GenerationStore, folder_of_two: Path
    ) -> None:
        class Edited(NoJournal):
            def later_edits(self) -> list[Edit]:
                return [Edit(1, "r1", None)]

        judged(store, folder_of_two, "gout", "asthma")
        source = Items(*articles("gout", "asthma"))
        made = plan(source, judge=read_judge(folder_of_two), force=False)
        with pytest.raises(GateError, match="“asthma”"):
            reindex(store, made, Edited())


def test_judged_articles_that_are_not_there_are_named(
    store: GenerationStore, folder_of_two: Path
) -> None:
    report = judged(store, folder_of_two, "gout").judged
    assert report
    assert report.absent == ("https://clinic.example/1",)


def test_killed_while_it_is_judged(store: GenerationStore, folder_of_two: Path) -> None:
    judged(store, folder_of_two, "gout", "asthma")
    live = store.current()

    def die(_build: Generation, _live: Generation | None, /) -> Judged:
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError

    child = os.fork()
    if not child:
        index(store, *articles("measles"), judge=die)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert store.current() == live
    assert [generation.name for generation in store.complete()] == [live.name]
    assert len(left_behind(store.folder)) == 1
    judged(store, folder_of_two, "gout", "asthma")
    assert left_behind(store.folder) == []


class TestFloors:
    def test_are_figures_by_name(self, tmp_path: Path) -> None:
        path = tmp_path / "floors.json"
        path.write_text(
            '{"nDCG@10": 0.85, "RR@10": 0.8, "R@100": 1, "zero_hits": 0, "safety": 1.0}'
        )
        assert read_floors(path) == {
            "nDCG@10": 0.85,
            "RR@10": 0.8,
            "R@100": 1,
            "zero_hits": 0,
            "safety": 1,
        }
        path.write_text("{}")
        assert read_floors(path) == {}

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"[]",
            b"{",
            b'{"ndcg": 0.8}',
            b'{"nDCG@10": "0.8"}',
            b'{"nDCG@10": true}',
            b'{"nDCG@10": 1.1}',
            b'{"nDCG@10": -0.1}',
            b'{"nDCG@10": NaN}',
            b'{"nDCG@10": 80}',
            b'{"nDCG@10": \xff}',
        ],
    )
    def test_anything_else_is_refused(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "floors.json"
        path.write_bytes(content)
        with pytest.raises(EvaluationError, match=r"floors\.json: .*Expected nDCG@10, RR@10, "):
            read_floors(path)

    def test_of_safety_need_a_query_of_safety(self, tmp_path: Path) -> None:
        folder = judgements(tmp_path / "judged", "asthma", safety=1.0)
        with pytest.raises(EvaluationError, match="no judged query is marked"):
            read_judge(folder)


class TestOnTheCommandLine:
    @pytest.fixture
    def reindexed(self, folder: Path, tmp_path: Path) -> Callable[..., int]:
        """Runs a reindex of articles of these texts."""

        def run(*arguments: object, texts: tuple[str, ...] = TOPICS) -> int:
            records = [record(n, title="", text=text) for n, text in enumerate(texts)]
            source = write_jsonl(tmp_path / "a.jsonl", records)
            return main([str(a) for a in ("reindex", source, "--index", folder, *arguments)])

        return run

    def test_the_report_for_people(
        self, reindexed: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        flags = ("--judgements", judgements(tmp_path / "judged", *TOPICS))
        assert reindexed(*flags) == 0
        out = capsys.readouterr().out
        assert "\n4 judged queries:\n  nDCG@10 1.0000\n" in out
        assert reindexed(*flags, "--force", texts=("gout", "asthma", "measles")) == 0
        out = capsys.readouterr().out
        assert "  nDCG@10 0.7500, before 1.0000\n" in out
        assert "It went live all the same, by --force:\n  nDCG@10 would be 0.7500, 0.23" in out
        assert "  “eczema” (1.00 to 0.00)\n" in out
        assert "1 judged articles are not in the index:\n  https://clinic.example/3\n" in out

    def test_the_report_as_json(
        self, reindexed: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        reindexed("--judgements", judgements(tmp_path / "judged", *TOPICS), "--json")
        report = json.loads(capsys.readouterr().out)
        assert report["judged"]["queries"] == 4
        assert report["judged"]["figures"]["nDCG@10"] == 1
        reindexed("--json")
        assert json.loads(capsys.readouterr().out)["judged"] is None

    def test_a_refusal_is_one_line_and_stands_in_the_book(
        self,
        reindexed: Callable[..., int],
        folder: Path,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        flags = ("--judgements", judgements(tmp_path / "judged", *TOPICS), "--max-drop", "100%")
        assert reindexed(*flags) == 0
        live = GenerationStore(folder).current_name()
        capsys.readouterr()
        assert reindexed(*flags, texts=("gout",)) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith("health-index: nDCG@10 would be 0.2500, ")
        assert err.count("\n") == 1
        assert GenerationStore(folder).current_name() == live
        newest = JobBook(folder).recent()[0]
        assert (newest.state, newest.error) == (
            "failed",
            err.removeprefix("health-index: ").strip(),
        )

    @pytest.mark.parametrize("name", ["queries.jsonl", "qrels.tsv", "floors.json"])
    def test_bad_files_are_refused_before_work_begins(
        self,
        reindexed: Callable[..., int],
        folder: Path,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
        name: str,
    ) -> None:
        judged = judgements(tmp_path / "judged", *TOPICS)
        (judged / name).write_text("nonsense\n")
        assert reindexed("--judgements", judged) == 2
        assert name in capsys.readouterr().err
        assert not GenerationStore(folder).names()

    def test_no_such_folder(self, reindexed: Callable[..., int], tmp_path: Path) -> None:
        assert reindexed("--judgements", tmp_path / "missing") == 2

    def test_a_trial_run_has_nothing_to_judge(
        self, reindexed: Callable[..., int], tmp_path: Path
    ) -> None:
        with pytest.raises(SystemExit) as stop:
            reindexed("--dry-run", "--judgements", tmp_path)
        assert stop.value.code == 2
