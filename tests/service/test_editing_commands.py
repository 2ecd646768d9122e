"""``health-search notices`` and ``health-search editorial``: what they check and say."""

from pathlib import Path

import pytest

from service.cli import main
from service.search.editorial.rules import Rule, RuleBook

DEPRESSION = "https://plainhealth.example/depression/"


class TestNotices:
    def test_the_shipped_file(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["notices"]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert lines[0].startswith("breathing: emergency, in en, es, ")
        assert " US" in lines[-1]

    def test_what_a_query_brings_and_by_which_pattern(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        tries = ["--try", "took too many pills", "--try", "suicide bomb", "--try", "[b]gout[/b]"]
        assert main(["notices", "--country", "us", *tries]) == 0
        out = capsys.readouterr().out
        assert "overdose (en), by the pattern: " in out
        assert "call 911 now" in out
        assert "(tel:18002221222)" in out
        assert "[b]gout[/b]\n  no notice\n" in out

    def test_what_kept_a_notice_away(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["notices", "--try", "suicidal ideation prevalence"]) == 0
        assert "not suicide, because of: {study}" in capsys.readouterr().out

    def test_a_malformed_file_is_one_line(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / "own.toml"
        path.write_text("[[notice]]\nkind = 5\n")
        assert main(["notices", str(path)]) == 2
        assert capsys.readouterr().err.startswith(f"health-search: {path}:")

    def test_a_bad_country_is_one_line(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["notices", "--country", "Spain"]) == 2
        assert "--country: expected two letters" in capsys.readouterr().err

    def test_britain_has_two_codes(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["notices", "--country", "uk", "--try", "I took an overdose"]) == 0
        shown = capsys.readouterr()
        assert "999" in shown.out
        assert "no number" not in shown.out + shown.err

    def test_a_country_without_numbers_is_told(self, capsys: pytest.CaptureFixture[str]) -> None:
        tries = ["--try", "my mom took too many pills"]
        assert main(["notices", "--country", "QQ", *tries]) == 0
        out, err = capsys.readouterr()
        assert "call your local emergency number" in out
        assert err.startswith("health-search: The notices have no number of QQ for emergency, ")
        assert "Notices say 'your local emergency number' instead." in err
        assert main(["notices", "--country", "US", *tries]) == 0
        assert main(["notices", *tries]) == 0
        assert capsys.readouterr().err == ""


class TestRules:
    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        path = tmp_path / "rules.json"
        RuleBook(path).put(Rule(id="a", pattern="low mood", pinned=(DEPRESSION,)))
        return path

    def test_what_a_query_brings(self, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["editorial", str(file), "--try", "Low mood", "--try", "gout"]) == 0
        assert capsys.readouterr().out.splitlines() == [
            "1 rule, 0 no longer in force",
            f"Low mood: pinned {DEPRESSION}, hidden nothing",
            "gout: pinned nothing, hidden nothing",
        ]

    def test_articles_that_are_not_in_the_index(
        self, file: Path, corpus_index: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        index = ["--index", str(corpus_index)]
        assert main(["editorial", str(file), *index]) == 0
        RuleBook(file).put(Rule(id="b", pattern="x", hidden=("https://gone.example/",)))
        assert main(["editorial", str(file), *index]) == 1
        assert "b: there is no article https://gone.example/" in capsys.readouterr().out

    def test_a_rule_for_a_language_in_which_no_query_is_read_is_told(
        self, file: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for language in ("es", "fr"):
            RuleBook(file).put(Rule(id=language, pattern="x", language=language, hidden=("a",)))
        assert main(["editorial", str(file)]) == 0
        (line,) = capsys.readouterr().out.splitlines()[1:]
        assert line.startswith("fr: queries are read in en and es; this rule holds only where ")

    def test_a_file_that_is_missing_or_malformed(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / "rules.json"
        assert main(["editorial", str(path)]) == 2
        path.write_text("[]")
        assert main(["editorial", str(path)]) == 2
        assert len(capsys.readouterr().err.splitlines()) == 2

    def test_the_terminal_shows_notices_and_what_is_pinned(
        self, file: Path, corpus_index: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        flags = ["--index", str(corpus_index), "--editorial", str(file), "--country", "GB"]
        assert main(["query", "low mood", *flags]) == 0
        assert f"Pinned  ·  {DEPRESSION}" in capsys.readouterr().out.replace("\n", " ")
        assert main(["query", "i want to die", *flags]) == 0
        assert "(tel:116123)" in capsys.readouterr().out

    def test_a_bad_file_stops_a_query(
        self, file: Path, corpus_index: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file.write_text("[]")
        flags = ["--index", str(corpus_index), "--editorial", str(file)]
        assert main(["query", "gout", *flags]) == 2
        assert capsys.readouterr().err.startswith(f"health-search: {file}: ")
