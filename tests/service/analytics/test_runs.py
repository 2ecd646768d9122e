"""Of what is typed on from one text to the next, only the last is a search."""

from service.analytics.counts import SearchFacts
from service.analytics.runs import SILENCE_SECONDS, Runs, Search

ANN, BEN = b"ann", b"ben"


def search(text: str, at: float, client: bytes = ANN) -> Search:
    return Search(client, SearchFacts(text, 1, 0.1), at)


def texts(searches: list[Search]) -> list[str]:
    return [each.facts.text for each in searches]


def test_what_is_typed_on_is_one_search() -> None:
    runs = Runs()
    for at, text in enumerate(["ma", "mag", "magnes", "magnesium", "magnesium"]):
        assert runs.add(search(text, float(at))) == []
    assert texts(runs.over(4 + SILENCE_SECONDS)) == []
    assert texts(runs.over(5 + SILENCE_SECONDS)) == ["magnesium"]
    assert runs.over(1e9) == []


def test_what_is_deleted_again_is_no_search() -> None:
    runs = Runs()
    runs.add(search("gout diet", 0))
    assert runs.add(search("gout", 1)) == []
    assert texts(runs.all()) == ["gout"]


def test_another_text_ends_the_one_before() -> None:
    runs = Runs()
    runs.add(search("gout", 0))
    assert texts(runs.add(search("asthma", 1))) == ["gout"]
    assert texts(runs.all()) == ["asthma"]


def test_after_silence_the_same_text_is_another_search() -> None:
    runs = Runs()
    runs.add(search("gout", 0))
    assert texts(runs.add(search("gout", SILENCE_SECONDS + 1))) == ["gout"]


def test_clients_do_not_end_each_others_searches() -> None:
    runs = Runs()
    runs.add(search("gout", 0, ANN))
    assert runs.add(search("asthma", 1, BEN)) == []
    assert texts(runs.over(SILENCE_SECONDS + 0.5)) == ["gout"]


def test_a_click_ends_the_search_it_belongs_to_and_no_other() -> None:
    runs = Runs()
    runs.add(search("gout", 0))
    assert runs.end(ANN, "asthma") == []
    assert runs.end(BEN, "gout") == []
    assert texts(runs.end(ANN, "gout")) == ["gout"]
    assert runs.all() == []


def test_memory_is_bounded() -> None:
    runs = Runs(most=2)
    assert runs.add(search("a", 0, b"1")) == runs.add(search("b", 0, b"2")) == []
    assert texts(runs.add(search("c", 0, b"3"))) == ["a"]
