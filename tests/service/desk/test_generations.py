from pathlib import Path

import pytest
from msgspec import structs

from indexer.index.generations import GenerationStore
from service.search.live import IndexStatus
from tests.indexer.builders import article, publish
from tests.service.desk.conftest import Editor
from tests.service.fakes import FakeLive


@pytest.fixture
def names(editor: Editor) -> list[str]:
    """Three generations of one, two and three articles; the last is live."""
    return [
        publish(editor.index, *(article(n) for n in range(1, count + 1))).name
        for count in (1, 2, 3)
    ]


def live(editor: Editor) -> str:
    return GenerationStore(editor.index).current_name()


def test_generations_are_listed_newest_first(editor: Editor, names: list[str]) -> None:
    page = editor.get("/admin/generations").text
    places = [page.index(f"<code>{name}</code>") for name in reversed(names)]
    assert places == sorted(places)
    assert page.count("Go back") == 2  # each but the live one
    assert f"generations/{names[-1]}/roll-back" not in page


@pytest.mark.usefixtures("names")
def test_the_overview_tells_of_the_live_generation(editor: Editor) -> None:
    page = editor.get("/admin").text
    assert "en 3" in page
    assert "Free on its disk" in page


def test_until_a_new_generation_is_served_the_overview_says_so(
    editor: Editor, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert editor.live.status.info
    opening = "A newer index is being opened."
    page = editor.get("/admin").text
    assert opening in page
    assert "data-refresh" in page
    served = structs.replace(editor.live.status.info, generation=names[-1])
    monkeypatch.setattr(FakeLive, "status", IndexStatus(served, ""))
    page = editor.get("/admin").text
    assert opening not in page
    assert "data-refresh" not in page


def test_what_would_change_is_said_first(editor: Editor, names: list[str]) -> None:
    page = editor.get(f"/admin/generations/{names[0]}/roll-back").text
    assert names[0] in page
    assert names[2] in page
    assert "1 (−2)" in page
    assert live(editor) == names[2]


def test_going_back_and_forward_again(editor: Editor, names: list[str]) -> None:
    path = f"/admin/generations/{names[0]}/roll-back"
    answer = editor.send(path, live=names[2])
    assert answer.headers["location"] == "../../../admin/generations?done=rolled-back"
    assert live(editor) == names[0]
    assert editor.get("/admin/generations").text.count("Go forward") == 2
    page = editor.get(f"/admin/generations/{names[2]}/roll-back").text
    assert "Go forward to a newer index?" in page
    assert "3 (+2)" in page
    answer = editor.send(f"/admin/generations/{names[2]}/roll-back", live=names[0])
    assert answer.status_code == 303
    assert live(editor) == names[2]


def test_if_another_went_live_meanwhile_nothing_is_done(editor: Editor, names: list[str]) -> None:
    answer = editor.send(f"/admin/generations/{names[0]}/roll-back", live=names[1])
    assert answer.status_code == 409
    assert "Another generation went live while you looked." in answer.text
    assert live(editor) == names[2]


def test_while_a_job_runs_nothing_is_done(editor: Editor, names: list[str]) -> None:
    with GenerationStore(editor.index).writing():
        answer = editor.send(f"/admin/generations/{names[0]}/roll-back", live=names[2])
    assert answer.status_code == 409
    assert "is being written by process" in answer.text
    assert live(editor) == names[2]


def test_a_damaged_generation_does_not_go_live(editor: Editor, names: list[str]) -> None:
    damaged = editor.index / "generations" / names[0] / "articles.json"
    damaged.write_bytes(b"x")
    answer = editor.send(f"/admin/generations/{names[0]}/roll-back", live=names[2])
    assert answer.status_code == 503
    assert "articles.json" in answer.text
    assert live(editor) == names[2]


@pytest.mark.parametrize("name", ["x", "..", "%2e%2e", "<b>", "CURRENT", "x%00y"])
def test_a_generation_that_is_not_there(editor: Editor, names: list[str], name: str) -> None:
    path = f"/admin/generations/{name}/roll-back"
    assert editor.get(path).status_code == 404
    answer = editor.send(path, live=names[2])
    assert answer.status_code == 404
    assert "<b>" not in answer.text
    assert live(editor) == names[2]


def test_without_an_index_the_pages_say_so(tmp_path: Path) -> None:
    editor = Editor(tmp_path / "index")
    editor.live.missing = True
    editor.sign_in()
    assert "Searches are not answered." in editor.get("/admin").text
    assert "There is none yet" in editor.get("/admin/generations").text
    answer = editor.send("/admin/generations/x/roll-back", live="")
    assert answer.status_code == 404
    assert not (tmp_path / "index" / "generations").exists()
