from indexer.index.job import Progress, Request
from tests.service.desk.conftest import Editor
from tests.service.fakes import HOSTILE


def test_a_job_is_started_with_what_was_chosen(editor: Editor) -> None:
    page = editor.change("/admin/jobs", mode="update", full="on")
    assert "The job is noted." in page.text
    (job,) = editor.book.recent()
    assert job.state == "enqueued"
    asked = editor.book.request(job.id)
    assert asked == Request(
        sources=("corpus", "https://reader:s3cr3t@clinic.example/"), update=True, full=True
    )


def test_the_plain_job_reads_all_sources(editor: Editor) -> None:
    editor.change("/admin/jobs", mode="all")
    asked = editor.book.request(1)
    assert (asked.update, asked.full, asked.force) == (False, False, False)


def test_one_job_at_a_time(editor: Editor) -> None:
    editor.change("/admin/jobs")
    answer = editor.send("/admin/jobs")
    assert answer.status_code == 409
    assert "Job 1 has not ended." in answer.text
    assert len(editor.book.recent()) == 1


def test_secrets_of_sources_are_not_shown(editor: Editor) -> None:
    editor.change("/admin/jobs")
    for path in ("/admin", "/admin/jobs"):
        assert "s3cr3t" not in editor.get(path).text


def test_without_sources_there_is_advice_in_place_of_the_button(editor: Editor) -> None:
    other = Editor(editor.index.with_name("other"))
    other.sign_in()
    page = other.get("/admin/jobs").text
    assert "--sources" in page
    assert "Start a job" not in page
    assert other.send("/admin/jobs").status_code == 409


def test_a_job_is_canceled(editor: Editor) -> None:
    editor.change("/admin/jobs")
    assert "cancel-1" in editor.get("/admin/jobs").text
    answer = editor.send("/admin/jobs/1/cancel")
    assert answer.headers["location"] == "../../../admin/jobs?done=job-canceled"
    assert editor.book.get(1).state == "canceled"
    assert "cancel-1" not in editor.get("/admin/jobs").text


def test_a_job_that_is_not_there_cannot_be_canceled(editor: Editor) -> None:
    for number in (7, 2**63):
        answer = editor.send(f"/admin/jobs/{number}/cancel")
        assert answer.status_code == 404
        assert "no" in answer.text


def test_progress_is_shown_and_followed(editor: Editor) -> None:
    editor.change("/admin/jobs")
    editor.book.begin(1)
    editor.book.note(1, Progress(1_234, 5_000, 3, 2))
    page = editor.get("/admin/jobs").text
    assert '<progress max="5000" value="1234"' in page
    assert "1,234 of 5,000" in page
    assert "3 passed over, 2 failed" in page
    assert 'data-refresh="1000"' in page
    assert ">Reload</a>" in page  # without JavaScript
    editor.book.end([1], "succeeded")
    assert "data-refresh" not in editor.get("/admin/jobs").text


def test_what_a_job_says_is_escaped(editor: Editor) -> None:
    editor.book.ask_for_edit(HOSTILE, {"title": HOSTILE})
    editor.change("/admin/jobs")
    editor.book.end([2], "failed", f"{HOSTILE} is not there.")
    for path in ("/admin", "/admin/jobs"):
        page = editor.get(path).text
        assert "<script>window" not in page
        assert "<img src=x" not in page
        assert page.count("&lt;script&gt;window") == 2


def test_reindex_jobs_can_be_listed_alone(editor: Editor) -> None:
    editor.book.ask_for_edit("an-article", None)
    assert "an-article" in editor.get("/admin/jobs").text
    assert "an-article" not in editor.get("/admin/jobs?kind=reindex").text


def test_a_done_that_nobody_knows_says_nothing(editor: Editor) -> None:
    assert HOSTILE not in editor.get(f"/admin/jobs?done={HOSTILE}").text
    assert 'class="done"' not in editor.get("/admin/jobs?done=x").text
