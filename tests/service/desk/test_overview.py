"""The first page of the desk."""

from dataclasses import replace

from tests.service.desk.conftest import Editor


def test_the_service_runs_since_it_began_and_not_since_the_first_sign_in(editor: Editor) -> None:
    state = editor.client.app.state  # type: ignore[attr-defined]
    state.context = replace(state.context, started=state.context.started - 7_200)
    assert "<dt>Running for</dt><dd>2 hours</dd>" in editor.get("/admin").text


def test_a_file_that_is_refused_is_told_with_what_is_wrong(editor: Editor) -> None:
    assert "is refused" not in editor.get("/admin").text
    editor.metrics.file_refused("editorial", "rules.json: line 3 says <nothing>.")
    page = editor.get("/admin").text
    assert "The file with pinned and hidden results is refused" in page
    assert "rules.json: line 3 says &lt;nothing&gt;." in page
    assert "What was read before holds" in page
    editor.metrics.file_refused("editorial", "")
    assert "is refused" not in editor.get("/admin").text
