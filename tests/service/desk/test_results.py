import asyncio
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from service.desk.pinning import changed
from service.search.editorial.rules import Rule, RuleBook
from tests.service.desk.conftest import Editor
from tests.service.fakes import HOSTILE, ROWS

FIRST, SECOND, SPANISH, EVIL = (f"{number:020x}" for number in range(4))


class Rules(Editor):
    """An editor with a file of rules."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "editorial.json"
        super().__init__(folder / "index", editorial=str(self.file))
        assert self.sign_in().status_code == 303

    def rule(self) -> Rule:
        (rule,) = RuleBook(self.file).rules()
        return rule


@pytest.fixture
def rules(tmp_path: Path) -> Rules:
    return Rules(tmp_path)


def test_without_a_file_it_is_said_how_to_have_one(editor: Editor) -> None:
    page = editor.get("/admin/results")
    assert page.status_code == 200
    assert "--editorial FILE" in page.text
    for path in ("/admin/results/new", "/admin/results/rule/x"):
        assert "Name one with --editorial." in editor.get(path).text
    assert editor.send("/admin/results/new", do=f"pin {FIRST}", pattern="x").status_code == 422


def test_a_query_shows_its_results_with_buttons(rules: Rules) -> None:
    page = rules.get("/admin/results/new?pattern=magnesium").text
    assert "Magnesium: what it does" in page
    assert f'value="pin {FIRST}"' in page
    assert f'value="hide {FIRST}"' in page
    assert not rules.file.exists()


def test_pinning_makes_the_rule(rules: Rules) -> None:
    page = rules.change("/admin/results/new", pattern="bad joints", do=f"pin {SECOND}", q="joint")
    assert "Saved." in page.text
    assert "Joint pain" in page.text
    rule = rules.rule()
    assert (rule.pattern, rule.match, rule.pinned) == ("bad joints", "exact", (SECOND,))
    assert page.url.path == f"/admin/results/rule/{rule.id}"
    assert 'value="joint"' in page.text  # the other query stays where it was typed


def test_a_rule_is_changed_and_ordered_by_buttons(rules: Rules) -> None:
    path = rules.change("/admin/results/new", pattern="pain", do=f"pin {FIRST}").url.path
    rules.change(path, do=f"pin {SECOND}")
    rules.change(path, do=f"hide {SPANISH}")
    rules.change(path, do=f"up {SECOND}", match="words", note=" Spring \n")
    rule = rules.rule()
    assert rule.pinned == (SECOND, FIRST)
    assert rule.hidden == (SPANISH,)
    assert (rule.match, rule.note) == ("words", "Spring")
    page = rules.get(path).text
    assert f'value="pin {SECOND}"' not in page
    assert "Dolor articular" in page  # hidden, with its title
    rules.change(path, do=f"free {SPANISH}", until="2026-12-31", language="es")
    rule = rules.rule()
    assert (rule.hidden, rule.until, rule.language) == ((), date(2026, 12, 31), "es")
    rules.change(path, do="save", until="", language="")
    assert (rules.rule().until, rules.rule().language) == (None, "")


def test_results_are_shown_without_saving(rules: Rules) -> None:
    answer = rules.send("/admin/results/new", pattern="sciatica", q="magnesium", do="show")
    assert answer.status_code == 200
    assert 'value="sciatica"' in answer.text
    assert "Magnesium: what it does" in answer.text
    assert not rules.file.exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"pattern": "", "do": f"pin {FIRST}"}, "Expected a query"),
        ({"pattern": "?!", "do": f"pin {FIRST}"}, "Expected a query"),
        ({"pattern": "pain", "do": "save"}, "at least one article"),
        ({"pattern": "pain", "do": f"pin {FIRST}", "until": "2026-02-30"}, "is not a day"),
        ({"pattern": "pain", "do": f"pin {FIRST}", "until": HOSTILE}, "is not a day"),
    ],
)
def test_what_cannot_be_saved_is_said_and_stays_typed(
    rules: Rules, fields: dict[str, Any], said: str
) -> None:
    answer = rules.send("/admin/results/new", note="still here", **fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="still here"' in answer.text
    assert "<script>window" not in answer.text
    assert not rules.file.exists()


def test_a_rule_keeps_its_last_article(rules: Rules) -> None:
    path = rules.change("/admin/results/new", pattern="pain", do=f"pin {FIRST}").url.path
    answer = rules.send(path, do=f"free {FIRST}")
    assert answer.status_code == 422
    assert "at least one article" in answer.text
    assert rules.rule().pinned == (FIRST,)


def test_a_rule_is_removed(rules: Rules) -> None:
    path = rules.change("/admin/results/new", pattern="pain", do=f"pin {FIRST}").url.path
    answer = rules.send(f"{path}/remove")
    assert answer.status_code == 303
    assert RuleBook(rules.file).rules() == ()
    assert "somebody may have removed it" in rules.get(path).text
    assert rules.send(path, do="save").status_code == 404
    assert rules.send(f"{path}/remove").status_code == 303  # it is gone: what was wanted


def test_an_article_that_left_the_index_is_marked(rules: Rules) -> None:
    RuleBook(rules.file).put(Rule("one", "pain", pinned=("gone", ROWS[0][0])))
    page = rules.get("/admin/results/rule/one").text
    assert "<code>gone</code>" in page
    assert "is not in the index" in page


def test_ids_and_texts_that_others_wrote_are_escaped(rules: Rules) -> None:
    book = RuleBook(rules.file)
    name = 'a/"><b>'
    book.put(Rule(name, f"pain {HOSTILE}", pinned=(HOSTILE,), hidden=(EVIL,), note=HOSTILE))
    page = rules.get("/admin/results").text
    assert "<script>window" not in page
    assert page.count("&lt;script&gt;") == 2
    page = rules.get("/admin/results/rule/a/%22%3E%3Cb%3E").text
    assert "<script>window" not in page
    assert "<img src=x" not in page
    assert "<b>" not in page
    assert 'href="javascript' not in page
    answer = rules.send("/admin/results/rule/a/%22%3E%3Cb%3E", do="save", note="tidy")
    assert answer.status_code == 303
    assert rules.rule().note == "tidy"
    page = rules.get(f"/admin/results/new?pattern={HOSTILE}").text
    assert "<script>window" not in page


def test_a_malformed_file_is_a_message(rules: Rules) -> None:
    rules.file.write_text('{"rules": [{}]}')
    assert "rule 1: Expected an id" in rules.get("/admin/results").text
    answer = rules.send("/admin/results/new", pattern="pain", do=f"pin {FIRST}")
    assert answer.status_code == 422
    assert rules.file.read_text() == '{"rules": [{}]}'


def test_while_the_file_is_wrong_it_is_said_what_and_that_the_former_rules_hold(
    rules: Rules,
) -> None:
    RuleBook(rules.file).put(Rule("one", "pain", pinned=(FIRST,)))
    assert "the rules from before hold" not in rules.get("/admin/results").text
    rules.file.write_text("{")
    page = rules.get("/admin/results").text
    assert "is not JSON" in page
    assert "the rules from before hold" in page


def test_a_file_that_is_gone_is_told_as_the_searches_tell_it(rules: Rules) -> None:
    page = rules.get("/admin/results").text
    assert "There is none yet" in page
    rules.metrics.file_refused("editorial", f"{rules.file}: the file is gone.")
    page = rules.get("/admin/results").text
    assert "the file is gone" in page
    assert "the rules from before hold" in page
    assert "There is none yet" not in page


def test_the_file_is_not_looked_at_while_searches_wait(
    rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = []
    exists = Path.exists

    def look(self: Path) -> bool:
        if self == rules.file:
            with pytest.raises(RuntimeError, match="no running event loop"):
                asyncio.get_running_loop()
            looked.append(self)
        return exists(self)

    monkeypatch.setattr(Path, "exists", look)
    assert rules.get("/admin/results").status_code == 200
    assert looked


def test_without_an_index_rules_can_be_seen(rules: Rules) -> None:
    RuleBook(rules.file).put(Rule("one", "pain", pinned=(FIRST,)))
    rules.live.missing = True
    page = rules.get("/admin/results/rule/one")
    assert page.status_code == 200
    assert "There is no index" in page.text


RULE = Rule("one", "pain", pinned=("a", "b", "c"), hidden=("x", "y"))


@pytest.mark.parametrize(
    ("do", "pinned", "hidden"),
    [
        ("pin d", "abcd", "xy"),
        ("pin a", "bca", "xy"),
        ("pin x", "abcx", "y"),
        ("hide b", "ac", "xyb"),
        ("free x", "abc", "y"),
        ("free c", "ab", "xy"),
        ("up c", "acb", "xy"),
        ("up a", "abc", "xy"),
        ("down a", "bac", "xy"),
        ("down c", "abc", "xy"),
        ("up z", "abc", "xy"),
        ("save", "abc", "xy"),
        ("pin ", "abc", "xy"),
        ("drop a", "abc", "xy"),
    ],
)
def test_what_the_buttons_do(do: str, pinned: str, hidden: str) -> None:
    rule = changed(RULE, do)
    assert ("".join(rule.pinned), "".join(rule.hidden)) == (pinned, hidden)
