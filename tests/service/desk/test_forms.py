"""Which forms are taken: each guard is tried while the others would let the form through."""

import re
from pathlib import Path
from typing import Any

import pytest

from service.desk.forms import FOREIGN, MAX_FIELDS
from tests.service.desk.conftest import SAME_ORIGIN, SITE, Editor

FORMS = ["/admin/jobs", "/admin/jobs/1/cancel", "/admin/generations/x/roll-back", "/admin/sign-out"]


def refused(answer: Any) -> None:
    assert answer.status_code == 403
    assert FOREIGN in answer.text


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": SITE},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "http://testserver:8080"},
        {"Origin": "http://testserver.evil.example"},
        {"Origin": "null"},
    ],
    ids=str,
)
def test_a_form_of_another_site_is_refused(
    editor: Editor, path: str, headers: dict[str, str]
) -> None:
    refused(editor.send(path, headers))
    assert editor.book.recent() == []


@pytest.mark.parametrize("headers", [SAME_ORIGIN, {"Origin": SITE}], ids=str)
def test_a_form_of_the_desk_is_taken(editor: Editor, headers: dict[str, str]) -> None:
    assert editor.send("/admin/jobs", headers).status_code == 303
    assert len(editor.book.recent()) == 1


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("token", ["", "0" * 64, "ü"])
def test_a_form_without_the_token_is_refused(editor: Editor, path: str, token: str) -> None:
    refused(editor.send(path, token=token))
    assert editor.book.recent() == []


def test_the_token_of_another_session_is_refused(editor: Editor) -> None:
    other = Editor(editor.index)
    other.sign_in()
    assert other.token() != editor.token()
    refused(editor.send("/admin/jobs", token=other.token()))


def test_a_form_without_a_session_changes_nothing(editor: Editor) -> None:
    token = editor.token()
    editor.client.cookies.clear()
    answer = editor.client.post(
        "/admin/jobs", data={"token": token}, headers=SAME_ORIGIN, follow_redirects=False
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "../admin/sign-in")
    assert editor.book.recent() == []


@pytest.mark.parametrize("path", FORMS)
def test_nothing_changes_by_following_a_link(editor: Editor, path: str) -> None:
    token = editor.token()
    editor.client.get(path, params={"token": token})
    assert editor.book.recent() == []
    assert editor.get("/admin").url.path == "/admin"


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("application/json", b'{"token": "x"}'),
        ("text/plain", b"token=x"),
        ("multipart/form-data; boundary=x", b"--x--"),
        ("application/x-www-form-urlencoded", b"\xff\xfe"),
        ("application/x-www-form-urlencoded", b"&".join(b"a=1" for _ in range(300))),
        ("application/x-www-form-urlencoded", b"%ff%fe=%zz"),
    ],
)
def test_what_is_no_form_is_refused_and_breaks_nothing(
    editor: Editor, media_type: str, body: bytes
) -> None:
    headers = {**SAME_ORIGIN, "Content-Type": media_type}
    for path in ("/admin/jobs", "/admin/sign-in"):
        answer = editor.client.post(path, content=body, headers=headers)
        assert answer.status_code in (400, 403, 415), path
        assert answer.headers["content-type"].startswith("text/html")


def test_a_form_of_very_many_fields_is_refused(editor: Editor) -> None:
    fields: dict[str, Any] = {f"f{number}": "x" for number in range(MAX_FIELDS - 1)}  # and a token
    assert editor.send("/admin/jobs", **fields).status_code == 303
    assert editor.send("/admin/jobs", **fields, more="x").status_code == 400
    assert len(editor.book.recent()) == 1


def test_the_public_address_is_ours_where_a_proxy_changes_the_host(tmp_path: Path) -> None:
    editor = Editor(tmp_path / "index", sources="corpus", public_url="https://clinic.example/find/")
    cookie = editor.sign_in().cookies.get("desk", path="/find/admin")
    page = editor.client.get("/admin", headers={"Cookie": f"desk={cookie}"}).text
    token = re.findall(r'name="token" value="(\w+)"', page)[0]

    def status(origin: str) -> int:
        headers = {"Origin": origin, "Cookie": f"desk={cookie}"}
        return int(
            editor.client.post(
                "/admin/jobs", data={"token": token}, headers=headers, follow_redirects=False
            ).status_code
        )

    assert status("https://testserver") == 403
    assert status("https://clinic.example") == 303
