"""Changes to single articles: put in, taken out, in their order."""

from pathlib import Path

import pytest

from indexer.edits import REWRITTEN, article_of_edit, edit_live
from indexer.errors import IndexForeign, PageError
from indexer.index.generation import Generation
from indexer.index.generations import GenerationStore
from indexer.index.job import Edit
from indexer.index.lock import SWITCH_LOCK, is_locked
from indexer.index.verification import verify
from indexer.limits import MAX_BODY_CHARS
from tests.indexer.builders import bodies, index, item, left_behind, record


def put(name: str, **fields: object) -> Edit:
    return Edit(1, name, {"title": name, "text": "Mine.", **fields})


def take_out(name: str) -> Edit:
    return Edit(1, name, None)


def segments(generation: Generation) -> int:
    return len(list(generation.whoosh.glob("*.seg")))


def test_put_in_changed_and_taken_out(store: GenerationStore) -> None:
    index(store, item(1), item(2), item(3))
    made = edit_live(store, [put("new"), put("r1"), take_out("r2"), take_out("nobody")])
    assert store.current() == made
    assert bodies(made) == {"new": "Mine.", "r1": "Mine.", "r3": record(3)["text"]}
    assert verify(made) == made.manifest.articles == 3
    assert left_behind(store.folder) == []


def test_of_several_to_one_article_the_last_counts(store: GenerationStore) -> None:
    index(store, item(1), item(2))
    edits = [put("r1", text="One."), take_out("r2"), put("r1", text="Two."), put("r2")]
    assert bodies(edit_live(store, [*edits, take_out("x")])) == {"r1": "Two.", "r2": "Mine."}
    assert set(bodies(edit_live(store, [put("r1"), take_out("r1")]))) == {"r2"}


def test_in_a_folder_without_an_index(store: GenerationStore) -> None:
    made = edit_live(store, [put("new")])
    assert bodies(made) == {"new": "Mine."}
    assert (made.manifest.job, made.manifest.sources) == (made.name, ())


def test_an_index_may_become_empty(store: GenerationStore) -> None:
    index(store, item(1))
    made = edit_live(store, [take_out("r1")])
    assert verify(store.current()) == made.manifest.articles == 0
    assert bodies(edit_live(store, [put("new")])) == {"new": "Mine."}


def test_a_bad_one_changes_nothing(store: GenerationStore) -> None:
    index(store, item(1))
    before = store.current()
    with pytest.raises(PageError):
        edit_live(store, [put("good"), Edit(1, "bad", {"title": "", "text": ""})])
    assert store.complete() == [before]
    assert left_behind(store.folder) == []


def test_an_index_of_another_version_waits_for_a_reindex(
    store: GenerationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    index(store, item(1))
    before = store.current()
    monkeypatch.setattr("indexer.edits.build_digest", lambda: "other")
    with pytest.raises(IndexForeign, match="another version of this program"):
        edit_live(store, [put("new")])
    assert store.complete() == [before]


def test_it_is_noted_before_a_job_can_switch(store: GenerationStore) -> None:
    """A job that switched between the two would not know of the change, and undo it."""
    index(store, item(1))
    noted: list[tuple[str, str, bool]] = []

    def note(made: Generation) -> None:
        held = is_locked(store.folder, SWITCH_LOCK)
        noted.append((made.name, store.current_name(), held))

    made = edit_live(store, [put("new")], note)
    assert noted == [(made.name, made.name, True)]


def test_small_segments_are_put_together(store: GenerationStore) -> None:
    index(store, item(1))
    for n in range(30):
        made = edit_live(store, [put(f"new{n}")])
    assert segments(made) <= 2 * 7
    assert len(bodies(made)) == 31


def test_a_large_segment_is_not_written_again_for_one_change(store: GenerationStore) -> None:
    count = 2 * REWRITTEN
    index(store, *map(item, range(count)))
    large = {path.name for path in store.current().whoosh.glob("*.seg")}
    made = edit_live(store, [take_out(f"r{n}") for n in range(count // 2 - 2)])
    assert large <= {path.name for path in made.whoosh.glob("*.seg")}
    assert verify(made) == count - (count // 2 - 2)


def test_the_id_is_that_of_the_request_and_limits_hold() -> None:
    assert article_of_edit(put("mine", id="other")).id == "mine"
    with pytest.raises(PageError, match="too large"):
        article_of_edit(put("mine", text="x" * (MAX_BODY_CHARS + 1)))


def test_nothing_to_change(folder: Path, store: GenerationStore) -> None:
    index(store, item(1))
    before = bodies(store.current())
    assert bodies(edit_live(store, [])) == before
    assert folder.is_dir()
