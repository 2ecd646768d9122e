"""The counts of a job: which place has an article, what stays, what is gone."""

from indexer.index.generation import Mark
from indexer.maker import Made
from indexer.tally import Change, Tally, Trouble


def mark(text: str, url: str = "https://c.example/") -> Mark:
    return Mark(text, "en", url)


def made(name: str, text: str = "1", part: str = "") -> Made:
    return Made(name, mark(text), part)


def test_the_first_place_has_an_article() -> None:
    tally = Tally({})
    tally.claim("one", made("a", "1", part="0"))
    tally.claim("two", made("a", "2", part="3"))
    tally.claim("three", made("a", "3", part="0"))
    assert tally.claims["a"].location == "one"
    assert tally.marks(keeping_all=False) == {"a": mark("1")}
    assert [each.url for each in tally.skipped] == ["two", "three"]
    assert tally.duplicates == {"3": {"a"}}, "what the first place wrote is no duplicate"
    assert tally.done == 1


def test_what_another_place_wrote_is_a_duplicate_of_what_is_there() -> None:
    tally = Tally({"a": mark("1")})
    tally.claim("one", made("a", "1"))
    tally.claim("two", made("a", "2", part="0"))
    assert tally.duplicates == {"0": {"a"}}


def test_a_place_that_only_keeps_yields() -> None:
    tally = Tally({"a": mark("1")})
    tally.fail("one", "offline", made("a", "1"))
    assert tally.claimed("a") is None
    tally.claim("two", made("a", "2", part="0"))
    assert tally.claims["a"].location == "two"
    assert tally.claimed("a") == tally.claims["a"]
    assert tally.duplicates == {}
    tally.claim("three", made("a", "3", part="1"))
    assert tally.claims["a"].location == "two", "and only once"
    assert tally.report("g", tally.marks(keeping_all=False)).kept == 0


def test_a_place_whose_article_another_has_keeps_nothing() -> None:
    tally = Tally({"a": mark("1")})
    tally.claim("one", made("a"))
    tally.fail("two", "offline", made("a"))
    assert tally.failed == [Trouble("two", "offline")]
    assert tally.report("g", tally.marks(keeping_all=False)).kept == 0


def test_what_is_not_mentioned() -> None:
    before = {name: mark("1") for name in "abc"}
    tally = Tally(before)
    tally.claim("one", made("a", "2"))
    tally.skip("two", "noindex", made("b"))
    assert tally.marks(keeping_all=False) == {"a": mark("2")}
    assert tally.marks(keeping_all=True) == {"a": mark("2"), "c": mark("1")}
    tally.claim("three", made("b"))
    assert set(tally.marks(keeping_all=True)) == {"a", "b", "c"}
    assert set(before) == {"a", "b", "c"}


def test_changes_and_the_report() -> None:
    tally = Tally({"same": mark("1"), "old": mark("1"), "gone": mark("1", "gone.html")})
    after = {"same": mark("1"), "old": mark("2"), "new": mark("1", "new.html")}
    assert tally.changes(after) == [
        Change("changed", "old", "https://c.example/"),
        Change("new", "new", "new.html"),
        Change("deleted", "gone", "gone.html"),
    ]
    report = tally.report("g", after)
    assert (report.new, report.changed, report.unchanged, report.deleted) == (1, 1, 1, 1)
    assert (report.articles, report.without_address, report.indexed) == (3, 1, 2)
    assert report.changes == (Change("deleted", "gone", "gone.html"),)


def test_reasons_name_their_place_and_failures_come_first() -> None:
    tally = Tally({})
    tally.skip("a.html", "noindex")
    tally.fail("b.html", "empty file", None)
    assert tally.reasons == ["b.html: empty file", "a.html: noindex"]
