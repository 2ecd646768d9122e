"""What is right elsewhere is a slip where it makes no name, and only there."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article
from indexer.index.withdrawals import Withdrawn
from service.search.lexicon import Lexicon, load_lexicon
from service.search.lexicon.everyday import is_everyday
from service.search.reading.query import normalize, parse
from service.search.spelling.company import Company
from service.search.spelling.completing import Completer
from service.search.spelling.dictionary import Dictionary
from service.search.spelling.knowledge import Knowledge
from service.search.spelling.medicines import Medicines
from service.search.spelling.naming import Naming
from service.search.spelling.speller import Speller, speller_of
from tests.service.search.asked import FILLER, article, ask, matching
from tests.service.search.conftest import OpenIndex
from tests.service.search.opened import opened

TEXTS = (
    "A heart attack needs help at once", "The heart and its beat", "An attack of white fear",
    "High cholesterol in the blood", "A sore throat", "A pain in the chest, or chest pain",
    "Shortness of breath", *(f"Prostate cancer in town {n}" for n in range(6)),
)  # fmt: skip

ARTICLES = tuple(article(f"a{n:02}", f"{text}.", text) for n, text in enumerate(TEXTS))


def correction(texts: tuple[str, ...], typed: str, lexicon: Lexicon | None = None) -> str | None:
    """Return a query as an index of these texts puts it right."""
    columns = [opened([_english(f"{n}", text) for n, text in enumerate(texts)])]
    lexicon = lexicon or load_lexicon()
    made = speller_of(Dictionary(columns, Withdrawn()), Company(columns), lexicon, ("en",), "en")
    return _checked(made, typed)


@pytest.fixture(scope="module")
def speller() -> Speller:
    columns = [opened([_english(f"{n}", text) for n, text in enumerate(TEXTS)])]
    words = Dictionary(columns, Withdrawn()), Company(columns)
    return speller_of(*words, load_lexicon(), ("en", "es"), "")


WORDS = st.sampled_from([
    "hart", "attack", "high", "colesterol", "soar", "throat", "prostrate", "cancer", "pub", "x-ray",
    "B12", "o'hart", "HART", '"', "(", "OR", "-", "title:", "hart*", "é", "St.", "John's", "wort",
])  # fmt: skip


@given(st.lists(WORDS, max_size=20).map(" ".join) | st.text(max_size=40))
def test_any_text_is_a_query(speller: Speller, text: str) -> None:
    found = _checked(speller, text)
    assert found is None or found != normalize(text)


def _english(name: str, text: str) -> Article:
    return Article(id=name, url="", title=text, body=text, language="en")


def _checked(made: Speller, typed: str) -> str | None:
    text = normalize(typed)
    tree = parse(text)
    found = made.correction(tree, text)
    assert found is None or made.suspicious(tree, text)
    return found


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hart attack", "heart attack"),
        ("hart attacks", "heart attacks"),
        ("hart atack", "heart attack"),
        ("Hart attack?", "Heart attack?"),
        ("HART ATTACK", "HEART ATTACK"),
        ("hart-attack", "heart-attack"),
        ("signs of a hart attack in women", "signs of a heart attack in women"),
        ("high colesterol", "high cholesterol"),
        ("soar throat", "sore throat"),
        ("chest pane", "chest pain"),
        ("sre throat", None),
        ("prostrate cancer", "prostate cancer"),
        ("hart", None),
        ("attack hart", None),
        ("the white hart pub", None),
        ("the HART attack", None),
        ('"hart attack"', None),
        ('hart "attack"', None),
        ("title:hart attack", None),
        ("attack -hart", None),
        ("hart OR attack", None),
        ("hart, attack", None),
        ("hart* attack", None),
        ("hart~ attack", None),
        ("colesterol", None),
        ("hat attack", None),
        ("the football attack", None),
    ],
)
def test_what_is_put_right_and_what_is_left_alone(typed: str, meant: str | None) -> None:
    assert correction(TEXTS, typed) == meant


def test_the_words_that_are_put_right_are_known() -> None:
    """Else these tests would be of something else."""
    known = load_lexicon().knows
    assert all(is_everyday(word, "en") for word in ("hart", "soar", "pane", "prostrate"))
    assert known("colesterol")
    assert not is_everyday("colesterol", "en")


@pytest.mark.parametrize("text", ["The hart is a deer", "Harts in the wood"])
def test_a_word_that_an_article_has_is_meant(text: str) -> None:
    assert correction((*TEXTS, text), "hart attack") is None


def test_the_articles_must_have_the_name() -> None:
    assert correction(("The heart", "An attack", "An attack of the heart"), "hart attack") is None
    assert correction(("A heart attack",), "hart attack") == "heart attack"
    assert correction(("Heart attacks",), "hart attacks") == "heart attacks"


def test_a_pair_that_is_no_name_must_be_usual() -> None:
    assert correction(TEXTS[:-2], "prostrate cancer") is None
    assert correction(("The heart beats",) * 9, "the hart") is None
    rarely = [f"Prostate {n}" for n in range(99)] + [f"Cancer {n}" for n in range(99)]
    assert correction((*TEXTS, *rarely), "prostrate cancer") is None


def test_a_pair_is_made_by_an_easy_slip_only() -> None:
    texts = tuple(f"Blood pushing, a vulvar cancer, number {n}" for n in range(9))
    assert correction(texts, "blood gushing") is None
    assert correction(texts, "vulval cancer") is None, "it is another form"
    assert correction(texts, "blood pushling") == "blood pushing"


def test_a_word_with_other_names_is_left_alone(tmp_path: Path) -> None:
    own = tmp_path / "own.tsv"
    own.write_text("hart\tdeer\n", encoding="utf-8")
    assert correction(TEXTS, "hart attack", load_lexicon(own)) is None


def test_of_two_names_as_near_neither_is_meant(tmp_path: Path) -> None:
    own = tmp_path / "own.tsv"
    own.write_text("cart attack\tassault by cart\n", encoding="utf-8")
    texts = (*TEXTS, "A cart attack")
    assert correction(texts, "hart attack", load_lexicon(own)) is None
    assert correction(texts, "hart attack") == "heart attack"


def _knowing(knowledge: Knowledge, typed: str) -> str | None:
    columns = [opened([_english(f"{n}", text) for n, text in enumerate(TEXTS)])]
    dictionary, company = Dictionary(columns, Withdrawn()), Company(columns)
    completer = Completer(dictionary, company, knowledge, Naming(load_lexicon(), ("en",), "en"))
    return _checked(Speller(dictionary, company, knowledge, completer), typed)


@pytest.mark.parametrize("typed", ["hart attack", "prostrate cancer"])
def test_medicines_are_neither_changed_nor_put_in(typed: str) -> None:
    def known(*drugs: str) -> Knowledge:
        return Knowledge(lambda _: True, Medicines(frozenset(drugs)))

    assert _knowing(known("attack", "cancer"), typed)
    assert not _knowing(known("hart", "prostrate"), typed)
    assert not _knowing(known("heart", "prostate"), typed)


def test_a_medicine_as_near_is_meant_by_nothing() -> None:
    known = Knowledge(lambda _: True, Medicines(frozenset({"prostrote"})))
    assert _knowing(known, "prostrate cancer") is None


def test_no_word_that_may_not_be_meant_is_put_in() -> None:
    foreign = Knowledge(lambda _: True, is_allowed=lambda term: term != "heart")
    assert _knowing(foreign, "hart attack") is None
    assert _knowing(foreign, "prostrate cancer") == "prostate cancer"


def test_what_was_joined_is_not_changed_again() -> None:
    assert correction((*TEXTS, *["dihart"] * 3), "di hart attack") == "dihart attack"


def test_no_operator_is_put_in(tmp_path: Path) -> None:
    own = tmp_path / "own.tsv"
    own.write_text("knee and hip\tthe legs\n", encoding="utf-8")
    texts = ("The knee and hip",)
    assert correction(texts, "knee andd hip", load_lexicon(own)) == "knee and hip"
    assert correction(texts, "KNEE ANDD HIP", load_lexicon(own)) is None


def test_an_emergency_is_noticed_though_it_is_misspelt(open_index: OpenIndex) -> None:
    searcher = open_index([*ARTICLES, *FILLER])
    for typed in ("am i having a hart attack", "am i having a hart atack"):
        found = ask(searcher, typed)
        assert found.did_you_mean == "am i having a heart attack"
        assert [notice.severity for notice in found.notices] == ["emergency"]
        assert matching(found)[0] == "a00"
    assert [each.term for each in ask(searcher, "hart attack").expansions] == ["heart attack"]


def test_a_word_of_another_language_is_a_slip_unless_an_article_has_it(
    open_index: OpenIndex,
) -> None:
    spanish = article("s1", "Duerma bien y mucho.", "El sueño", language="es")
    name = article("s3", "El doctor Hart.", "El doctor", language="es")
    alto = article("s2", "El colesterol alto.", "El colesterol", language="es")
    without, having = open_index([*ARTICLES, spanish]), open_index([*ARTICLES, alto])
    assert ask(without, "high colesterol").did_you_mean == "high cholesterol"
    assert ask(without, "colesterol alto").did_you_mean is None
    assert ask(having, "high colesterol").did_you_mean is None
    assert ask(open_index([*ARTICLES, name]), "hart attack").did_you_mean is None


def test_a_stem_of_a_language_in_which_a_word_is_not_looked_for_does_not_count(
    open_index: OpenIndex,
) -> None:
    """The Spanish "harto" has the stem of the English "hart"."""
    spanish = article("s1", "Estoy harto de la tos.", "La tos", language="es")
    searcher = open_index([*ARTICLES, spanish])
    assert ask(searcher, "hart attack").did_you_mean == "heart attack"


def test_names_of_several_words() -> None:
    lexicon = load_lexicon()
    assert lexicon.called(["heart", "attacks"], "en") == "heart attack"
    assert lexicon.called(["statin"], "en") is None, "it is one word"
    assert lexicon.called(["hart", "attack"], "en") is None
    assert lexicon.called(["left", "arm", "numb"], "en") == "left arm numb"
    assert lexicon.called(["heart", "attack"], "es") is None


def test_names_are_of_the_language_of_the_query() -> None:
    run = ["a", "heart", "attacks", "now"]
    for language, found in (("en", 1), ("", 1), ("es", 0)):
        naming = Naming(load_lexicon(), ("en", "es", "und"), language)
        called = list(naming.around(run, 2))
        assert len(called) == found
        assert not list(naming.around(run, 0))
        for each in called:
            assert (each.words, each.name, each.place) == (run[1:3], ("heart", "attack"), 1)
