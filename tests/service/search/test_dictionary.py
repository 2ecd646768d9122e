"""The dictionary finds every term that is near, with the frequencies of live articles."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from indexer.article import Article
from indexer.edits import edit_live
from indexer.index.analysis import analyzer
from indexer.index.columns.segment import open_columns
from indexer.index.generation import Generation
from indexer.index.generations import GenerationStore
from indexer.index.job import Edit
from indexer.index.withdrawals import Withdrawn, total
from service.search.spelling.dictionary import Candidate, Dictionary
from tests.service.search.histories import WORDS, fields_of
from tests.service.search.opened import opened

VOCABULARY = (
    *("asthma", "asthmas", "plasma", "asia", "diabetes", "diabetic", "diabetics", "pneumonia"),
    *("pneumonic", "anemia", "anaemia", "covid19", "b12", "hip", "hips", "lip", "neumonía", "nino"),
)


def made(name: str, body: str, title: str = "T") -> Article:
    return Article(id=name, url="", title=title, body=body, language="en")


@pytest.fixture(scope="module")
def dictionary() -> Dictionary:
    half = len(VOCABULARY) // 2
    articles = [made(f"a{n}", " ".join(VOCABULARY[n:])) for n in range(len(VOCABULARY))]
    articles.append(made("t", "asthma", title="Asthma in children"))
    return Dictionary([opened(articles[:half]), opened(articles[half:])], Withdrawn())


def of(generation: Generation) -> Dictionary:
    columns = sorted(generation.columns.glob("*.columns"))
    return Dictionary(list(map(open_columns, columns)), total(generation.withdrawals().values()))


def test_frequencies_are_summed_over_segments(dictionary: Dictionary) -> None:
    assert dictionary.find("asthma") == Candidate("asthma", 0, 2, 1)
    assert dictionary.frequency("nino") == len(VOCABULARY)
    assert dictionary.find("neumonia") == Candidate("neumonia", 0, len(VOCABULARY) - 1, 0)
    assert dictionary.frequency("astma") == 0
    assert dictionary.find("\ud800") is None


def test_a_stem_counts_where_the_word_itself_does_not_stand(dictionary: Dictionary) -> None:
    assert dictionary.frequency("pneumonias") == 0
    assert dictionary.stemmed_frequency("pneumonias") == 8
    assert dictionary.stemmed_frequency("the") == 0
    assert dictionary.stemmed_frequency("astma") == 0


@given(st.sampled_from(VOCABULARY), st.integers(0, 3), st.randoms(use_true_random=False))
def test_every_term_that_is_near_is_found(
    dictionary: Dictionary, word: str, edits: int, chance: random.Random
) -> None:
    typed = list(word)
    for _ in range(edits):
        typed[chance.randrange(len(typed))] = chance.choice("abcdeinoprst")
    text = "".join(typed)
    terms = [term.replace("í", "i") for term in VOCABULARY if term.isalpha()]
    near = {(term, OSA.distance(text, term)) for term in terms}
    expected = {each for each in near if each[1] <= edits} if text.isalpha() else set()
    found = dictionary.near(text, edits)
    assert {(each.term, each.edits) for each in found} == expected
    assert found == sorted(found, key=lambda each: (each.edits, -each.worth, each.term))


def test_swapped_letters_are_one_edit(dictionary: Dictionary) -> None:
    assert [(c.term, c.edits) for c in dictionary.near("astmha", 1)] == [("asthma", 1)]


def test_beginnings(dictionary: Dictionary) -> None:
    def terms(text: str, edits: int, limit: int = 9) -> list[tuple[str, int]]:
        return [(c.term, c.edits) for c in dictionary.beginning_near(text, edits, limit)]

    assert terms("diab", 0) == [("diabetics", 0), ("diabetic", 0), ("diabetes", 0)]
    assert terms("diab", 0, 1) == [("diabetics", 0)]
    assert terms("daibe", 0) == []
    assert {term for term, edits in terms("daibe", 1) if edits == 1} == {
        "diabetics",
        "diabetic",
        "diabetes",
    }
    assert ("pneumonia", 1) in terms("pnuemo", 1)
    assert ("diabetes", 1) in terms("idab", 1)
    assert terms("b1", 1) == [("b12", 0)]
    assert terms("", 2, 1) == [("t", 0)]


@pytest.mark.parametrize("text", ["", "a", "*", "ab12", "x" * 60, "\ud800\ud800\ud800", "ねこねこ"])
def test_any_text_may_be_asked_for(dictionary: Dictionary, text: str) -> None:
    dictionary.near(text, 2)
    dictionary.beginning_near(text, 2, 5)


def test_what_only_deleted_articles_hold_is_not_there() -> None:
    segment = opened([made("a", "asthma knee"), made("b", "knee")])
    gone = Withdrawn({"body_exact": {"asthma": 1, "knee": 1}, "body_en": {"asthma": 1}})
    dictionary = Dictionary([segment], gone)
    assert dictionary.find("asthma") is None
    assert dictionary.stemmed_frequency("asthmas") == 0
    assert dictionary.near("astma", 1) == []
    assert dictionary.beginning_near("ast", 0, 5) == []
    assert dictionary.beginning_near("satm", 1, 5) == []
    assert dictionary.frequency("knee") == 1


def test_only_the_terms_of_most_worth_may_be_looked_at(dictionary: Dictionary) -> None:
    assert {each.term for each in dictionary.near("hipp", 1)} == {"hip", "hips"}
    assert [each.term for each in dictionary.near("hipp", 1, most=1)] == ["hips"]


@pytest.mark.parametrize(
    ("word", "text"),
    [("neumonia", "neumonía"), ("parkinsons", "parkinson's"), ("tos", "tos"), ("no", "no")],
)
def test_how_terms_are_written(word: str, text: str) -> None:
    """As in most texts; a compound, of which there is no word in the text, as it is indexed."""
    bodies = ("Neumonía, parkinson's", "neumonía; Parkinson's tos", "neumonia Parkinsons hay-fever")
    segments = [
        opened([made("a", bodies[0]), made("b", bodies[1])]),
        opened([made("c", bodies[2])]),
    ]
    dictionary = Dictionary(segments, Withdrawn())
    assert dictionary.written(word) == text
    assert dictionary.written("hayfever") == "hayfever"


def test_of_two_ways_to_write_a_term_the_order_of_articles_prefers_none() -> None:
    for bodies in (("neumonia", "neumonía"), ("neumonía", "neumonia")):
        segment = opened([made(f"a{n}", body) for n, body in enumerate(bodies)])
        assert Dictionary([segment], Withdrawn()).written("neumonia") == "neumonía"


def test_an_empty_index() -> None:
    for segments in ([], [opened([])]):
        empty = Dictionary(segments, Withdrawn())
        assert empty.near("asthma", 2) == []
        assert empty.beginning_near("ast", 1, 5) == []
        assert empty.frequency("asthma") == 0


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_the_history_of_an_index_does_not_show(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    """Words of deleted articles are gone, and segments make no difference."""
    chance = random.Random(seed)
    store = GenerationStore(tmp_path_factory.mktemp("changed"))
    live: dict[str, dict[str, object]] = {}
    for _ in range(chance.randint(1, 5)):
        names = [f"a{n}" for n in chance.sample(range(12), 4)]
        edits = [Edit(0, name, fields_of(chance, name)) for name in names]
        live |= {edit.article: edit.fields for edit in edits if edit.fields is not None}
        if len(live) > 4:
            edits.append(Edit(0, names[0], None))
            del live[names[0]]
        edit_live(store, edits)
    anew = GenerationStore(tmp_path_factory.mktemp("anew"))
    edit_live(anew, [Edit(0, name, fields) for name, fields in live.items()])
    assert answers(of(store.live())) == answers(of(anew.live()))


def answers(dictionary: Dictionary) -> list[object]:
    words = [analyzer("exact").term(word) for word in WORDS]
    typed = ("asthmas", "painfull", "rodila", "covd", "nigth")
    return [
        [dictionary.find(word) for word in words],
        [dictionary.stemmed_frequency(word) for word in words],
        [dictionary.near(word, 2) for word in typed],
        [dictionary.beginning_near(word[:4], 1, 5) for word in typed],
        dictionary.beginning_near("", 0, 100),
    ]
