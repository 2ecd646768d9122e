"""The first page of the desk."""

from dataclasses import replace

from tests.service.desk.conftest import Editor


def test_the_service_runs_since_it_began_and_not_since_the_first_sign_in(editor: Editor) -> None:
    state = editor.client.app.state  # type: ignore[attr-defined]
    state.context = replace(state.context, started=state.context.started - 7_200)
    assert "<dt>Running for</dt><dd>2 hours</dd>" in editor.get("/admin").text
