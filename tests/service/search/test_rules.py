"""Pinned and hidden results: which queries a rule is for, and the file of rules."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from msgspec import structs

from indexer.errors import EditorialError
from service.search.editorial.advice import Advice, Editorial
from service.search.editorial.rules import MAX_PINNED, Match, Rule, RuleBook

FLU = Rule(id="flu", pattern="flu jab", match="words", pinned=("a", "b"), hidden=("c",))


def advice(text: str, *rules: Rule, language: str = "", today: date | None = None) -> Advice:
    return Editorial(rules=rules, today=today).advice(text, language)


@pytest.mark.parametrize(
    ("match", "pattern", "is_for", "is_not_for"),
    [
        ("exact", "Flu  Jab", "flu jab", "flu jab side effects"),
        ("exact", "children's flu", "Childrens FLU!", "child flu"),
        ("exact", "gripe común", "GRIPE comun", "gripe"),
        ("words", "flu jab", "jab against flu", "flu"),
        ("contains", "flu jab", "is the flu-jab safe", "jab flu"),
        ("contains", "flu", "the flu", "influenza"),
    ],
)
def test_how_patterns_match(match: Match, pattern: str, is_for: str, is_not_for: str) -> None:
    rule = Rule(id="x", pattern=pattern, match=match, pinned=("a",))
    assert advice(is_for, rule).pinned == ("a",)
    assert advice(is_not_for, rule) == Advice()


def test_the_text_that_was_meant_counts_too() -> None:
    editorial = Editorial(rules=[FLU])
    assert editorial.advice("flue jba", "", "flu jab").pinned == ("a", "b")
    assert editorial.advice("flu jab", "", "flow job").pinned == ("a", "b")
    assert editorial.advice("flue jba", "").pinned == ()


def test_a_rule_may_be_for_one_language() -> None:
    rule = structs.replace(FLU, language="es")
    assert advice("flu jab", rule, language="es").pinned == ("a", "b")
    assert advice("flu jab", rule, language="en").pinned == ()
    assert advice("flu jab", rule).pinned == ()
    french = structs.replace(FLU, language="fr")  # for those who want articles in it alone
    assert advice("flu jab", french, language="fr").pinned == ("a", "b")


def test_a_rule_is_in_force_up_to_its_last_day() -> None:
    rule = structs.replace(FLU, until=date(2026, 3, 31))
    assert advice("flu jab", rule, today=date(2026, 3, 31)).hidden == {"c"}
    assert advice("flu jab", rule, today=date(2026, 4, 1)).hidden == frozenset()


def test_of_several_rules_those_that_say_most_pin_first_then_as_in_the_file() -> None:
    kinds: tuple[Match, ...] = ("words", "words", "contains", "exact")
    rules = [
        Rule(id=str(n), pattern="flu jab", match=match, pinned=(f"p{n}", "same"))
        for n, match in enumerate(kinds)
    ]
    assert advice("flu jab", *rules).pinned == ("p3", "same", "p2", "p0", "p1")


def test_what_one_rule_hides_no_other_pins() -> None:
    other = Rule(id="x", pattern="flu", match="contains", pinned=("c", "d"), hidden=("a",))
    found = advice("flu jab", FLU, other)
    assert found.pinned == ("d", "b")
    assert found.hidden == {"a", "c"}


def test_no_more_are_pinned_than_a_page_has() -> None:
    rules = [
        Rule(id=str(n), pattern="flu", pinned=tuple(f"{n}-{m}" for m in range(6))) for n in range(3)
    ]
    assert len(advice("flu", *rules).pinned) == MAX_PINNED


class TestEdition:
    def test_there_is_none_without_rules(self) -> None:
        assert Editorial().edition != ""  # without the shipped notices
        assert Editorial(rules=[FLU]).edition != Editorial().edition

    def test_it_is_another_when_anything_is(self) -> None:
        editions = {
            Editorial(rules=[FLU]).edition,
            Editorial(rules=[FLU], country="US").edition,
            Editorial(rules=[structs.replace(FLU, pinned=("a",))]).edition,
            Editorial(rules=[structs.replace(FLU, pattern="flu")]).edition,
        }
        assert len(editions) == 4

    def test_a_rule_that_is_over_leaves_none(self) -> None:
        rule = structs.replace(FLU, until=date(2026, 3, 31))
        after = Editorial(rules=[rule], today=date(2026, 4, 1))
        assert after.edition == Editorial().edition


class TestBook:
    @pytest.fixture
    def book(self, tmp_path: Path) -> RuleBook:
        return RuleBook(tmp_path / "site" / "rules.json")

    def test_it_begins_without_a_file(self, book: RuleBook) -> None:
        assert book.rules() == ()
        assert book.remove("x") is False
        assert book.put(FLU) == FLU
        assert book.rules() == (FLU,)

    def test_a_rule_is_replaced_in_its_place(self, book: RuleBook) -> None:
        first = book.put(structs.replace(FLU, id="1"))
        second = book.put(structs.replace(FLU, id="2", until=date(2026, 3, 31), note="why"))
        changed = book.put(structs.replace(first, pattern="other"))
        assert book.rules() == (changed, second)
        assert book.remove("1") is True
        assert book.rules() == (second,)

    def test_a_new_rule_gets_an_id(self, book: RuleBook) -> None:
        ids = {book.put(structs.replace(FLU, id="")).id for _ in range(3)}
        assert len(ids) == 3
        assert {rule.id for rule in book.rules()} == ids

    def test_writers_at_once_lose_nothing(self, book: RuleBook) -> None:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda n: book.put(structs.replace(FLU, id=str(n))), range(20)))
        assert sorted(int(rule.id) for rule in book.rules()) == list(range(20))

    def test_people_can_read_the_file(self, book: RuleBook, tmp_path: Path) -> None:
        book.put(FLU)
        text = (tmp_path / "site" / "rules.json").read_text()
        assert json.loads(text)["rules"][0]["pattern"] == "flu jab"
        assert text.count("\n") > 5
        assert "until" not in text

    @pytest.mark.parametrize(
        ("changes", "complaint"),
        [
            ({"pattern": " ?! "}, "Expected a query of 1 to 500 letters with a word in it."),
            ({"pattern": "x" * 501}, "Expected a query of 1 to 500 letters with a word in it."),
            ({"pinned": (), "hidden": ()}, "Expected an article that is pinned or hidden."),
            ({"pinned": tuple(map(str, range(11)))}, "Expected 10 pinned articles at most."),
            ({"hidden": tuple(map(str, range(101)))}, "Expected 100 hidden articles at most."),
            ({"hidden": ("a",)}, "a stands in it twice."),
            ({"hidden": (" x",)}, "Expected ids or addresses of articles, without spaces around."),
            ({"id": "x" * 101}, "Expected an id of 1 to 100 letters."),
            (
                {"language": "spanish"},
                "Expected the language en or es, or another code of articles, found 'spanish'.",
            ),
            (
                {"language": "ES"},
                "Expected the language en or es, or another code of articles, found 'ES'.",
            ),
        ],
    )
    def test_a_rule_that_cannot_be_followed_is_refused(
        self, book: RuleBook, changes: dict[str, object], complaint: str
    ) -> None:
        with pytest.raises(EditorialError) as error:
            book.put(structs.replace(FLU, **changes))
        assert str(error.value) == complaint
        assert book.rules() == ()

    @pytest.mark.parametrize(
        "changes", [{"pinned": ("x" * 2_001,)}, {"note": "x" * 2_001}, {"id": "b", "match": "some"}]
    )
    def test_what_could_not_be_read_again_is_not_written(
        self, book: RuleBook, changes: dict[str, object]
    ) -> None:
        book.put(FLU)
        with pytest.raises(EditorialError):
            book.put(structs.replace(FLU, **changes))
        assert book.rules() == (FLU,)

    @pytest.mark.parametrize(
        ("content", "complaint"),
        [
            ("", "is not JSON: it ends too early."),
            ("{", "is not JSON: it ends too early."),
            ('{\n"rules": [\n{"id": "a",}]}', "is not JSON: line 3: trailing comma in object."),
            ("[]", "expected names with values, found a list in square brackets."),
            (
                '{"rules": {}}',
                "rules: expected a list in square brackets, found names with values.",
            ),
            ('{"rulez": []}', "there is no 'rulez' here: expected rules."),
            (
                '{"rules": [{"id": "flu", "match": "some"}]}',
                "rule 1 (flu): match: expected contains, exact or words, found 'some'.",
            ),
            (
                '{"rules": [{"id": "a", "patern": ""}]}',
                "rule 1 (a): there is no 'patern' here: expected id, pattern, match, ",
            ),
            ('{"rules": [{"id": "a", "match": 5}', "is not JSON: it ends too early."),
            ('{"rules": [{"match": 5}], "rules": [5]}', "rule 1: expected names with values, f"),
            ("[" * 100_000, "is not JSON: "),
            ('{"rules": [{"id": "a"}]}', "rule 1 (a): Expected a query"),
            ('{"rules": [{}]}', "rule 1: Expected an id"),
            ('{"rules": [5]}', "rule 1: expected names with values, found a number."),
            ('{"rules": [{"id": 7}]}', "rule 1: id: expected text in quotes, found a number."),
            (
                '{"rules": [{"id": "flu", "hidden": ["a", ""]}]}',
                "rule 1 (flu): hidden: entry 2: expected some text.",
            ),
            (
                '{"rules": [{"id": "a", "pattern": "x", "hidden": ["b"], "language": "spanish"}]}',
                "rule 1 (a): Expected the language en or es, or",
            ),
            (
                json.dumps({"rules": [{"id": "a", "pattern": "x", "hidden": ["b"]}] * 2}),
                "rule 2 (a): another rule has the id 'a'",
            ),
            ('{"rules": [{"until": "soon"}]}', "rule 1: until: expected a day such as 2026-03-12."),
            ('{"rules": [{"until": 2026}]}', "rule 1: until: expected a day such as 2026-03-12."),
        ],
    )
    def test_a_file_that_is_malformed_is_refused_and_left(
        self, tmp_path: Path, content: str, complaint: str
    ) -> None:
        path = tmp_path / "rules.json"
        path.write_text(content)
        for act in (RuleBook(path).rules, lambda: RuleBook(path).put(FLU)):
            with pytest.raises(EditorialError, match=re.escape(f"{path}: ")) as error:
                act()
            assert str(error.value).startswith(f"{path}: {complaint}")
        assert path.read_text() == content
