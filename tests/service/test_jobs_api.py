import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from indexer.index.job import Progress, Request
from tests.service.conftest import Lines
from tests.service.writing import Writer

SECRET = "https://reader:s3cr3t@clinic.example/sitemap.xml"
SOURCES = f"corpus more.jsonl {SECRET}"


@pytest.fixture
def writer(tmp_path: Path) -> Writer:
    return Writer(tmp_path / "index", sources=SOURCES)


def test_a_job_without_a_body_reads_all_sources(writer: Writer) -> None:
    response = writer.client.post("/v1/jobs")
    assert response.status_code == 202
    job = response.json()
    assert response.headers["location"] == f"/v1/jobs/{job['id']}"
    assert job == {
        "id": 1,
        "kind": "reindex",
        "state": "enqueued",
        "article": "",
        "created_at": job["created_at"],
        "started_at": None,
        "finished_at": None,
        "progress": {"done": 0, "total": None, "skipped": 0, "failed": 0},
        "is_canceled": False,
        "error": "",
        "generation": "",
    }
    assert job["created_at"].endswith("Z") or "+" in job["created_at"]
    assert writer.book.request(1) == Request(sources=tuple(SOURCES.split()))
    assert writer.client.get(response.headers["location"]).json() == job


def test_a_job_may_read_some_sources_in_its_own_way(writer: Writer) -> None:
    fields = {"sources": ["more.jsonl", "corpus", "more.jsonl"], "update": True, "full": True}
    assert writer.client.post("/v1/jobs", json={**fields, "force": True}).status_code == 202
    wanted = Request(sources=("more.jsonl", "corpus"), update=True, full=True, force=True)
    assert writer.book.request(1) == wanted


def test_a_second_job_waits_for_the_first_to_end(writer: Writer) -> None:
    assert writer.client.post("/v1/jobs").status_code == 202
    for _ in ("enqueued", "processing"):
        body = writer.problem(writer.client.post("/v1/jobs"), 409, "job-running")
        assert "Job 1" in body["detail"]
        if writer.book.get(1).state == "enqueued":
            writer.book.begin(1)
    writer.book.end([1], "succeeded")
    assert writer.client.post("/v1/jobs").json()["id"] == 2


@pytest.mark.parametrize("source", ["/etc/passwd", "Corpus", "corpus/", SECRET + "?", ""])
def test_only_configured_sources_are_read_and_none_is_told(
    writer: Writer, source: str, log: Lines
) -> None:
    response = writer.client.post("/v1/jobs", json={"sources": ["corpus", source]})
    body = writer.problem(response, 422, "source-unknown")
    assert body["errors"][0]["pointer"] == "/sources/1"
    for text in (response.text, *log.lines):
        assert "s3cr3t" not in text
        assert "passwd" not in text
    assert writer.client.get("/v1/jobs").json() == {"jobs": []}


def test_no_sources_configured(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    body = writer.problem(writer.client.post("/v1/jobs", json={}), 409, "no-sources")
    assert "HEALTH_SEARCH_SOURCES" in body["detail"]


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        ("{", 400, "invalid-json"),
        ("[]", 422, "invalid-field"),
        ('{"sources": []}', 422, "invalid-field"),
        ('{"sources": null}', 422, "invalid-field"),
        ('{"sources": "corpus"}', 422, "invalid-field"),
        ('{"update": "yes"}', 422, "invalid-field"),
        ('{"full": 1}', 422, "invalid-field"),
        ('{"source": ["corpus"]}', 422, "unknown-field"),
    ],
)
def test_bad_bodies(writer: Writer, content: str, status: int, code: str) -> None:
    headers = {"Content-Type": "application/json"}
    response = writer.client.post("/v1/jobs", content=content, headers=headers)
    writer.problem(response, status, code)
    assert writer.book.recent() == []


def test_a_body_says_what_it_is(writer: Writer) -> None:
    response = writer.client.post("/v1/jobs", content="update=1")
    writer.problem(response, 415, "unsupported-media-type")
    empty = writer.client.post("/v1/jobs", headers={"Content-Type": "text/plain"})
    assert empty.status_code == 202


def numbers(response: Any) -> list[int]:
    assert response.status_code == 200, response.text
    return [job["id"] for job in response.json()["jobs"]]


def test_jobs_are_listed_newest_first(writer: Writer) -> None:
    writer.book.ask_for_edit("a", {"title": "Gout"})
    writer.book.ask_for_edit("a", None)
    writer.client.post("/v1/jobs")
    assert numbers(writer.client.get("/v1/jobs")) == [3, 2, 1]
    assert numbers(writer.client.get("/v1/jobs?limit=2")) == [3, 2]
    assert numbers(writer.client.get("/v1/jobs?kind=put")) == [1]
    assert numbers(writer.client.get("/v1/jobs?kind=put&kind=reindex&limit=1")) == [3]
    kinds = [job["kind"] for job in writer.client.get("/v1/jobs").json()["jobs"]]
    assert kinds == ["reindex", "delete", "put"]


@pytest.mark.parametrize(
    ("query", "code", "detail"),
    [
        ("limit=0", "invalid-field", ">= 1"),
        ("limit=101", "invalid-field", "<= 100"),
        ("limit=many", "invalid-field", "a whole number"),
        ("limit=1&limit=2", "invalid-field", "once"),
        ("kind=other", "invalid-field", "Expected one of delete, put, reindex"),
        ("state=failed", "unknown-field", "limit, kind"),
    ],
)
def test_bad_lists(writer: Writer, query: str, code: str, detail: str) -> None:
    body = writer.problem(writer.client.get(f"/v1/jobs?{query}"), 422, code)
    assert detail in body["detail"]
    assert "other" not in body["detail"]


def test_a_job_tells_its_course(writer: Writer) -> None:
    writer.client.post("/v1/jobs")
    writer.book.begin(1)
    writer.book.note(1, Progress(3, 10, 1, 1))
    job = writer.client.get("/v1/jobs/1").json()
    assert (job["state"], job["progress"]["done"], job["progress"]["total"]) == (
        "processing",
        3,
        10,
    )
    assert job["started_at"]
    writer.book.end([1], "failed", "The source burnt down.")
    job = writer.client.get("/v1/jobs/1").json()
    assert (job["state"], job["error"]) == ("failed", "The source burnt down.")
    assert job["finished_at"]


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize("number", ["1", "0", str(2**63), "9" * 40])
def test_an_unknown_job(writer: Writer, method: str, number: str) -> None:
    writer.problem(writer.client.request(method, f"/v1/jobs/{number}"), 404, "job-unknown")


@pytest.mark.parametrize("number", ["x", "-1", "1.0", "/", "1/2"])
def test_what_is_no_number_is_no_job(writer: Writer, number: str) -> None:
    writer.problem(writer.client.get(f"/v1/jobs/{number}"), 404, "not-found")


def test_canceling(writer: Writer) -> None:
    writer.client.post("/v1/jobs")
    first = writer.client.delete("/v1/jobs/1")
    assert (first.status_code, first.json()["state"]) == (200, "canceled")
    again = writer.client.delete("/v1/jobs/1")
    assert (again.status_code, again.json()) == (200, first.json())

    writer.client.post("/v1/jobs")
    writer.book.begin(2)
    running = writer.client.delete("/v1/jobs/2")
    assert (running.status_code, running.json()["state"]) == (202, "processing")
    assert running.json()["is_canceled"]
    assert not writer.book.note(2, Progress())


def test_a_job_that_has_ended_stays_as_it_is(writer: Writer) -> None:
    writer.client.post("/v1/jobs")
    writer.book.begin(1)
    writer.book.end([1], "succeeded", made="20260301")
    before = writer.client.get("/v1/jobs/1").json()
    response = writer.client.delete("/v1/jobs/1")
    assert (response.status_code, response.json()) == (200, before)


def test_methods(writer: Writer) -> None:
    allow = {
        "/v1/jobs": "GET, HEAD, POST",
        "/v1/jobs/1": "DELETE, GET, HEAD",
        "/v1/articles": "DELETE, PUT",
        "/v1/articles/1": "DELETE, GET, HEAD, PUT",
    }
    for path, methods in allow.items():
        response = writer.client.patch(path)
        writer.problem(response, 405, "method-not-allowed")
        assert response.headers["allow"] == methods
    assert writer.client.head("/v1/jobs").status_code == 200


def test_a_folder_that_cannot_be_written_is_503(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    writer = Writer(tmp_path / "file" / "index", sources="corpus")
    for response in (
        writer.client.post("/v1/jobs"),
        writer.client.put("/v1/articles/a", json={"title": "Gout"}),
    ):
        body = writer.problem(response, 503, "index-unwritable")
        assert "jobs.db cannot be written" in body["detail"]
        assert response.headers["retry-after"]


def test_a_damaged_book_is_503(writer: Writer, tmp_path: Path) -> None:
    writer.client.post("/v1/jobs")
    with closing(sqlite3.connect(tmp_path / "index" / "jobs.db")) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (tmp_path / "index" / "jobs.db").write_bytes(b"no database" * 1000)
    writer.problem(writer.client.get("/v1/jobs"), 503, "index-unwritable")
