"""Keys: made, written down, read again, and never kept themselves."""

import json
import stat
import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from indexer.errors import KeyFileError
from service.access.keyfile import KeyFile
from service.access.keyring import KeyRing
from service.access.keys import PREFIX, find, hash_of, make_text, shown_key
from service.cli import main
from tests.service.access.callers import write_key
from tests.service.writing import KEY, admin_key

ENTRY = {
    "id": "a1",
    "name": "box",
    "hash": hash_of("x"),
    "actions": ["search"],
    "created": "2026-01-01",
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "new" / "keys.json"


class TestText:
    def test_a_key_is_long_random_and_recognizable(self) -> None:
        made = {make_text() for _ in range(100)}
        assert len(made) == 100
        for text in made:
            assert text.startswith(PREFIX)
            assert len(text) == len(PREFIX) + 43  # 256 bits, six a character

    @pytest.mark.parametrize(
        ("header", "shown"),
        [
            (None, None),
            ("", None),
            ("Basic dXNlcjpwYXNz", None),
            ("Digest username=x", None),
            ("Bearer abc", "abc"),
            ("bearer  abc ", "abc"),
            ("Bearer", ""),
            ("Bearer ", ""),
            ("Bearer a b", "a b"),
            ("Bearerabc", None),
        ],
    )
    def test_only_bearer_headers_show_keys(self, header: str | None, shown: str | None) -> None:
        assert shown_key(header) == shown

    def test_a_hash_is_no_key(self, file: Path) -> None:
        text = write_key(file)
        keys = KeyFile(file).read()
        assert find(keys, text) is keys[0]
        for wrong in ("", text[:-1], text + "x", keys[0].hash, "\ud800", text.upper()):
            assert find(keys, wrong) is None


class TestFile:
    def test_what_is_written_is_read_again(self, file: Path) -> None:
        assert KeyFile(file).read() == ()
        text = write_key(file, "search", "suggest", expires=date(2027, 1, 1))
        write_key(file, "admin", origins=("https://a.example",), rate_limit="5/second")
        first, second = KeyFile(file).read()
        assert first.hash == hash_of(text)
        assert (first.may("search"), first.may("index"), first.may("admin")) == (True, False, False)
        assert second.may("index")
        assert second.rate_limit == "5/second"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert text not in file.read_text()

    def test_a_revoked_key_is_gone(self, file: Path) -> None:
        write_key(file, id="one")
        write_key(file, id="two")
        assert KeyFile(file).revoke("one").id == "one"
        assert [key.id for key in KeyFile(file).read()] == ["two"]
        with pytest.raises(KeyFileError, match="no key has the id"):
            KeyFile(file).revoke("one")

    def test_several_that_write_at_once_lose_nothing(self, file: Path) -> None:
        threads = [threading.Thread(target=write_key, args=(file,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(KeyFile(file).read()) == 8

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            ({"actions": []}, "actions"),
            ({"actions": ["fly"]}, "fly"),
            ({"hash": "sha256:abc"}, "hash"),
            ({"hash": KEY}, "hash"),
            ({"expires": "soon"}, "expires"),
            ({"id": "A B"}, "id"),
            ({"name": ""}, "name"),
            ({"name": "two\nlines"}, "keys[0] (a1): the name"),
            ({"origins": ["https://A.example/path"]}, "keys[0] (a1): expected origins"),
            ({"origins": ["https://A.example"]}, "keys[0] (a1): 'https://A.example' is not"),
            ({"rate_limit": "often"}, "keys[0] (a1): expected a rate"),
            ({"colour": "red"}, "colour"),
        ],
    )
    def test_a_file_that_is_wrong_is_refused_with_the_place(
        self, tmp_path: Path, change: dict[str, Any], told: str
    ) -> None:
        path = tmp_path / "keys.json"
        path.write_text(json.dumps({"keys": [{**ENTRY, **change}]}))
        with pytest.raises(KeyFileError) as caught:
            KeyFile(path).read()
        assert told in str(caught.value)
        assert str(path) in str(caught.value)
        assert KEY not in str(caught.value)

    @pytest.mark.parametrize(
        "content", [b"", b"[]", b"{", b"\xff\xfe", b'{"keys": [{}]}', b'{"keys": 1}']
    )
    def test_so_is_what_is_no_such_file(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "keys.json").write_bytes(content)
        with pytest.raises(KeyFileError):
            KeyFile(tmp_path / "keys.json").read()

    @pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe"])
    def test_what_is_no_json_is_called_so_with_what_to_do(
        self, tmp_path: Path, content: bytes
    ) -> None:
        (tmp_path / "keys.json").write_bytes(content)
        with pytest.raises(KeyFileError, match=r"keys\.json: is not JSON: .*Put back a copy"):
            KeyFile(tmp_path / "keys.json").read()

    def test_two_keys_are_two(self, tmp_path: Path) -> None:
        path = tmp_path / "keys.json"
        for other, told in (({"hash": hash_of("y")}, "same id"), ({"id": "b2"}, "same hash")):
            path.write_text(json.dumps({"keys": [ENTRY, {**ENTRY, **other}]}))
            with pytest.raises(KeyFileError, match=told):
                KeyFile(path).read()

    def test_a_bad_file_is_not_written_over(self, file: Path) -> None:
        write_key(file)
        file.write_text("{")
        with pytest.raises(KeyFileError):
            write_key(file)
        assert file.read_text() == "{"


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 2.0
        return self.now


class TestRing:
    def test_a_change_is_noticed(self, file: Path) -> None:
        ring = KeyRing(None, file, clock=Clock())
        text = write_key(file, id="one")
        assert ring.find(text)
        KeyFile(file).revoke("one")
        assert ring.find(text) is None

    def test_the_file_is_looked_at_once_a_second(self, file: Path) -> None:
        now = 100.0
        ring = KeyRing(None, file, clock=lambda: now)
        text = write_key(file)
        assert ring.find(text) is None
        now += 0.9
        assert ring.find(text) is None
        now += 0.2
        assert ring.find(text)

    def test_a_bad_file_leaves_the_keys_in_force_and_is_told_once(self, file: Path) -> None:
        told: list[str] = []
        ring = KeyRing(admin_key(), file, told.append, Clock())
        text = write_key(file)
        assert ring.find(text)
        good = file.read_bytes()
        for bad in (b"{", b"", None):
            if bad is None:
                file.unlink()
            else:
                file.write_bytes(bad)
            assert ring.find(text)
            assert ring.find(text)
            assert ring.find(KEY)
        assert len(told) == 3  # once for each state of the file
        assert all(str(file) in problem for problem in told)
        file.write_bytes(good)
        assert ring.find(text)
        assert told[3:] == [""]

    def test_a_file_that_is_bad_at_the_start_has_no_keys(self, file: Path) -> None:
        file.parent.mkdir()
        file.write_text("{")
        told: list[str] = []
        ring = KeyRing(admin_key(), file, told.append, Clock())
        assert len(told) == 1
        assert ring.find(KEY)

    def test_all_keys_are_compared_whatever_is_found(
        self, file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        texts = [write_key(file) for _ in range(3)]
        compared = []

        def compare(one: bytes, other: bytes) -> bool:
            compared.append(other)
            return one == other

        monkeypatch.setattr("service.access.keys.hmac.compare_digest", compare)
        keys = KeyFile(file).read()
        for text in (*texts, "wrong"):
            compared.clear()
            find(keys, text)
            assert len(compared) == 3


class TestCommand:
    def test_a_key_is_shown_once(
        self, file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        arguments = ["keys", "create", "--keys", str(file), "--name", "box"]
        more = ["--action", "search", "--action", "suggest", "--expires", "2027-01-31"]
        limits = ["--origin", "HTTPS://Clinic.example:443/", "--rate-limit", "60 / minute"]
        assert main([*arguments, *more, *limits]) == 0
        text = capsys.readouterr().out.strip()
        key = KeyFile(file).read()[0]
        assert key.hash == hash_of(text)
        assert key.expires == date(2027, 1, 31)
        assert (key.origins, key.rate_limit) == (("https://clinic.example",), "60/minute")
        monkeypatch.setenv("HEALTH_SEARCH_KEYS", str(file))
        assert main(["keys", "list"]) == 0
        assert main(["keys", "list", "--json"]) == 0
        shown = capsys.readouterr().out
        assert "https://clinic.example" in shown
        assert text not in shown
        assert key.hash not in shown
        assert main(["keys", "revoke", key.id]) == 0
        assert KeyFile(file).read() == ()

    @pytest.mark.parametrize(("day", "is_over"), [("2020-01-01", True), ("9999-12-31", False)])
    def test_a_key_that_never_works_is_made_with_a_word(
        self, file: Path, capsys: pytest.CaptureFixture[str], day: str, *, is_over: bool
    ) -> None:
        arguments = ["--keys", str(file), "--name", "x", "--action", "search", "--expires", day]
        assert main(["keys", "create", *arguments]) == 0
        assert ("never works" in capsys.readouterr().err) is is_over

    def test_as_json(self, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
        options = ["--keys", str(file), "--json"]
        main(["keys", "create", "--name", "x", "--action", "admin", *options])
        made = json.loads(capsys.readouterr().out)
        assert KeyFile(file).read()[0].hash == hash_of(made["key"])
        main(["keys", "list", *options])
        assert json.loads(capsys.readouterr().out) == [
            {name: value for name, value in made.items() if name != "key"}
        ]

    @pytest.mark.parametrize(
        "wrong",
        [
            ["--action", "fly"],
            ["--action", "search", "--origin", "clinic.example"],
            ["--action", "search", "--expires", "01/02/2027"],
            ["--action", "search", "--rate-limit", "often"],
            [],
        ],
    )
    def test_what_cannot_be_is_refused(self, file: Path, wrong: list[str]) -> None:
        with pytest.raises(SystemExit):
            main(["keys", "create", "--name", "x", "--keys", str(file), *wrong])
        assert not file.exists()

    def test_without_a_file_it_says_so(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("HEALTH_SEARCH_KEYS", raising=False)
        assert main(["keys", "list"]) == 2
        assert "--keys" in capsys.readouterr().err

    def test_a_folder_that_cannot_be_written_is_one_line(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "file").write_text("no folder")
        options = ["--name", "x", "--action", "search", "--keys", str(tmp_path / "file" / "k")]
        assert main(["keys", "create", *options]) == 2
        assert capsys.readouterr().err.count("\n") == 1

    def test_a_service_does_not_start_with_a_bad_file(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "keys.json").write_text("{")
        assert main(["serve", "--keys", str(tmp_path / "keys.json")]) == 2
        assert "keys.json" in capsys.readouterr().err


def test_the_lock_and_the_aside_are_beside_the_file(file: Path) -> None:
    write_key(file)
    assert sorted(path.name for path in file.parent.iterdir()) == [".keys.json.lock", "keys.json"]


def test_a_file_that_is_too_long_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_key(file)
    monkeypatch.setattr("service.access.keyfile.MAX_BYTES", file.stat().st_size)
    assert len(KeyFile(file).read()) == 1
    file.write_bytes(file.read_bytes() + b" ")
    with pytest.raises(KeyFileError):
        KeyFile(file).read()
