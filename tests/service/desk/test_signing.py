import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service.access.bootstrap import load_admin_key
from service.access.keyfile import KeyFile
from service.access.keys import Action, Key, hash_of
from service.app import create_app
from service.desk.sessions import SECONDS, SessionBook
from service.settings import Settings
from tests.processes import until
from tests.service.conftest import Lines
from tests.service.desk.conftest import SAME_ORIGIN, Editor
from tests.service.fakes import FakeLive
from tests.service.writing import KEY

TODAY = datetime.now(UTC).date()

PAGES = [
    "/admin",
    "/admin/jobs",
    "/admin/generations",
    "/admin/generations/x/roll-back",
    "/admin/results",
    "/admin/notices",
    "/admin/analytics",
]


@pytest.fixture
def visitor(tmp_path: Path) -> Editor:
    """Not signed in."""
    return Editor(tmp_path / "index")


@pytest.mark.parametrize("path", [*PAGES, "/admin/jobs?kind=reindex"])
def test_who_is_not_signed_in_is_asked_to_and_comes_back(visitor: Editor, path: str) -> None:
    page = visitor.get(path)
    assert page.url.path == "/admin/sign-in"
    assert "Sign in to the desk" in page.text
    wanted = path.lstrip("/")
    assert f'name="next" value="{wanted}"' in page.text
    answer = visitor.sign_in(wanted=wanted)
    assert (answer.status_code, answer.headers["location"]) == (303, "../" + wanted)


@pytest.mark.parametrize(
    "wanted",
    [
        "",
        "https://evil.example/",
        "//evil.example",
        "admin/../../x y",
        "admin/../other",
        "admin/jobs/..",
        "admin//evil.example",
        "v1/jobs",
        "admin\\x",
        "adminx",
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(visitor: Editor, wanted: str) -> None:
    assert visitor.sign_in(wanted=wanted).headers["location"] == "../admin"


def test_the_cookie_is_for_the_desk_alone(visitor: Editor) -> None:
    cookie = visitor.sign_in().headers["set-cookie"].lower()
    parts = {part.strip() for part in cookie.split(";")}
    assert {"httponly", "samesite=strict", "path=/admin", f"max-age={SECONDS}"} <= parts
    assert "secure" not in parts
    assert SECONDS <= 12 * 3600


def test_the_cookie_is_secure_behind_a_proxy_with_tls(visitor: Editor) -> None:
    answer = visitor.sign_in(**{"X-Forwarded-Proto": "https"})
    assert "; secure" in answer.headers["set-cookie"].lower()


@pytest.mark.parametrize(
    "key", ["", "x", KEY[:-1], f"{KEY}x", "ü" * 20, f"Bearer {KEY}", "x" * 9000]
)
def test_a_wrong_key_is_refused_and_nothing_is_said_of_why(visitor: Editor, key: str) -> None:
    answer = visitor.sign_in(key)
    assert answer.status_code == 403
    assert "This key does not open the desk." in answer.text
    assert "set-cookie" not in answer.headers
    assert visitor.get("/admin").url.path == "/admin/sign-in"


def test_the_hash_of_the_key_is_no_key(visitor: Editor) -> None:
    known = load_admin_key({"HEALTH_SEARCH_ADMIN_KEY": KEY}, None)
    assert known
    assert visitor.sign_in(known.hash).status_code == 403


def test_after_many_wrong_keys_the_right_one_has_to_wait(visitor: Editor) -> None:
    here = {"X-Forwarded-For": "203.0.113.7"}
    states = [visitor.sign_in("wrong", **here).status_code for _ in range(22)]
    assert states == [403] * 20 + [429] * 2
    answer = visitor.sign_in(**here)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert visitor.sign_in(**{"X-Forwarded-For": "203.0.113.8"}).status_code == 303


def test_right_keys_are_not_counted(visitor: Editor) -> None:
    assert {visitor.sign_in().status_code for _ in range(15)} == {303}


def test_neither_key_nor_session_is_logged_or_kept(visitor: Editor, log: Lines) -> None:
    cookie = visitor.sign_in().cookies["desk"]
    visitor.get("/admin")
    visitor.sign_in("a-wrong-key-0123456789")
    kept = b"".join(path.read_bytes() for path in visitor.index.iterdir())
    for secret in (KEY, cookie, "a-wrong-key"):
        assert secret not in "".join(log.lines)
        assert secret.encode() not in kept


def test_a_session_is_known_to_other_processes_and_after_a_restart(visitor: Editor) -> None:
    visitor.sign_in()
    other = Editor(visitor.index)
    other.client.cookies = visitor.client.cookies
    assert other.get("/admin").url.path == "/admin"


def test_signing_out_ends_the_session_wherever_its_cookie_is(visitor: Editor) -> None:
    stolen = visitor.sign_in().cookies["desk"]
    answer = visitor.send("/admin/sign-out")
    assert answer.headers["location"] == "../admin/sign-in"
    assert 'desk=""' in answer.headers["set-cookie"]
    assert visitor.get("/admin").url.path == "/admin/sign-in"
    thief = Editor(visitor.index)
    thief.client.cookies.set("desk", stolen)
    assert thief.get("/admin").url.path == "/admin/sign-in"


def test_a_session_ends_with_its_key(visitor: Editor) -> None:
    visitor.sign_in()
    other_key = load_admin_key({"HEALTH_SEARCH_ADMIN_KEY": "another-key-0123456789"}, None)
    app = create_app(Settings(index=visitor.index), FakeLive(), other_key)
    client = TestClient(app)
    client.cookies = visitor.client.cookies
    assert client.get("/admin").url.path == "/admin/sign-in"


def test_a_session_ends_after_twelve_hours(tmp_path: Path) -> None:
    now = 1_000_000.0
    book = SessionBook(tmp_path, lambda: now)
    session = book.open("sha256:00")
    now += SECONDS - 1
    assert book.find(session.token) == session
    now += 1
    assert book.find(session.token) is None


def test_sessions_that_are_over_are_forgotten(tmp_path: Path) -> None:
    now = 1_000_000.0
    book = SessionBook(tmp_path, lambda: now)
    book.open("sha256:00")
    now += SECONDS
    book.open("sha256:00")
    with sqlite3.connect(tmp_path / "desk.db") as db:
        assert db.execute("SELECT count(*) FROM sessions").fetchone() == (1,)
    db.close()


def test_nobody_else_reads_the_book(tmp_path: Path) -> None:
    book = SessionBook(tmp_path / "index")
    assert book.find("x") is None
    book.open("sha256:00")
    files = list((tmp_path / "index").glob("desk.db*"))
    assert files
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


@pytest.mark.parametrize("token", ["", "x", "x" * 5000, "ü", "' OR 1=1 --"])
def test_a_made_up_session_is_none(visitor: Editor, token: str) -> None:
    visitor.sign_in()
    visitor.client.cookies.clear()
    raw = f"desk={token}".encode()
    page = visitor.client.get("/admin", headers={"Cookie": raw})  # type: ignore[arg-type]
    assert page.url.path == "/admin/sign-in"


def test_without_a_key_there_is_no_desk(tmp_path: Path) -> None:
    client = TestClient(create_app(Settings(index=tmp_path), FakeLive()))
    for path in (*PAGES, "/admin/sign-in", "/admin/static/desk.css"):
        assert client.get(path).status_code == 404


def test_a_book_that_cannot_be_read_is_said(visitor: Editor) -> None:
    visitor.sign_in()
    (visitor.index / "desk.db").write_bytes(b"no database" * 1000)
    page = visitor.get("/admin")
    assert page.status_code == 503
    assert "The desk cannot be opened" in page.text
    assert visitor.sign_in().status_code == 503


@pytest.mark.parametrize("path", [*PAGES, "/admin/sign-in"])
def test_every_page_is_for_one_pair_of_eyes(editor: Editor, path: str) -> None:
    headers = editor.client.get(
        path, headers={"Accept-Encoding": "gzip, br", "Origin": "https://elsewhere.example"}
    ).headers
    assert headers["cache-control"] == "no-store, no-transform"
    assert headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert "content-encoding" not in headers
    assert not [name for name in headers if name.startswith("access-control-")]


def test_no_page_of_another_site_reads_the_desk_whatever_the_api_allows(tmp_path: Path) -> None:
    editor = Editor(tmp_path / "index", cors_origins="*")
    editor.sign_in()
    origin = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    for answer in (
        editor.client.get("/admin", headers=origin),
        editor.client.options("/admin/jobs", headers=origin),
    ):
        assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_the_desk_is_told_apart_from_other_sites_by_its_referrer(editor: Editor) -> None:
    assert editor.get("/admin").headers["referrer-policy"] == "same-origin"


def test_signing_in_from_another_site_is_refused(visitor: Editor) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}):
        assert visitor.sign_in(**headers).status_code == 403
    assert SAME_ORIGIN["Sec-Fetch-Site"] == "same-origin"


def test_below_a_path_the_cookie_is_for_the_desk_there(tmp_path: Path) -> None:
    visitor = Editor(tmp_path / "index", public_url="https://clinic.example/find/")
    cookie = visitor.sign_in().headers["set-cookie"].lower()
    assert "path=/find/admin;" in cookie
    assert "; secure" in cookie


@pytest.mark.parametrize("path", ["/admin/jobs", "/admin/jobs/"])
def test_links_are_relative_so_that_the_site_may_stand_below_a_path(
    editor: Editor, path: str
) -> None:
    page = editor.get(path)
    up = "../" * (page.url.path.count("/") - 1)
    assert f'href="{up}admin/static/desk.css"' in page.text
    assert 'href="/' not in page.text
    assert 'action="/' not in page.text


def made_key(name: str, *actions: Action, expires: date | None = None) -> Key:
    """Return a key whose text is ``a-key-named-`` and its name."""
    text = f"a-key-named-{name}"
    return Key(
        id=name, name=name, hash=hash_of(text), actions=actions, created=TODAY, expires=expires
    )


def test_keys_of_the_file_open_the_desk_until_they_are_revoked(tmp_path: Path) -> None:
    keys = KeyFile(tmp_path / "keys.json")
    keys.add(made_key("ana", "admin"))
    keys.add(made_key("site", "search", "suggest", "index"))
    keys.add(made_key("old", "admin", expires=TODAY - timedelta(days=2)))
    visitor = Editor(tmp_path / "index", keys=str(keys.path))
    for name in ("site", "old"):
        answer = visitor.sign_in(f"a-key-named-{name}")
        assert answer.status_code == 403
        assert "This key does not open the desk." in answer.text
    assert visitor.sign_in("a-key-named-ana").status_code == 303
    assert visitor.get("/admin").url.path == "/admin"
    keys.revoke("ana")
    until(lambda: visitor.get("/admin").url.path == "/admin/sign-in", 10)
