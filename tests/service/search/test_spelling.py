"""A misspelt query is put right, and one that is right stays as it is."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from indexer.article import Article
from indexer.index.analysis import analyzer
from indexer.index.tokenizer import tokenize
from indexer.index.withdrawals import Withdrawn
from service.search.reading.query import normalize, parse
from service.search.spelling.company import Company
from service.search.spelling.dictionary import Dictionary
from service.search.spelling.knowledge import Knowledge
from service.search.spelling.medicines import Medicines
from service.search.spelling.slips import FIRST_LETTER, effort
from service.search.spelling.sounds import sound_of
from service.search.spelling.speller import Speller
from tests.service.search.opened import opened

MISSPELLINGS = [
    tuple(line.split("\t"))
    for line in (Path(__file__).parent / "misspellings.tsv").read_text().splitlines()
]
"""Typed, and wanted; made up from how words for illnesses are misspelt."""

TEXTS = (
    "asthma attack and asthma inhaler for children; cystitis",
    "high blood pressure and heart attack",
    "chest pain, the heart, and heartburn; a burn of the skin",
    "sleep apnea and the area of sleep",
    "turner syndrome in girls", "horner syndrome of the eye",
    "prednisone", "celecoxib", "citalopram", "escitalopram hydroxyzine hydralazine",
    "hay fever is hayfever", "the ear, ear wax, the wax",
    "neumonía y asma en niños con tos", "covid19 and b12",
)  # fmt: skip
DRUGS = frozenset({"prednisone", "prednisolone", "celecoxib", "celebrex", "hydroxyzine"})


def speller(texts: tuple[str, ...], times: int = 3, **options: object) -> Speller:
    articles = [
        Article(id=f"{place}-{n}", url="", title=text, body=text, language="en")
        for place, text in enumerate(texts)
        for n in range(times)
    ]
    half = len(articles) // 2
    segments = [opened(articles[:half]), opened(articles[half:])]
    dictionary = Dictionary(segments, Withdrawn())
    return Speller(dictionary, Company(segments), Knowledge(**options))  # type: ignore[arg-type]


Correct = Callable[[str], str | None]


def correcting(made: Speller) -> Correct:
    def correct(text: str) -> str | None:
        text = normalize(text)
        tree = parse(text)
        found = made.correction(tree, text)
        assert found is None or made.suspicious(tree, text)
        return found

    return correct


@pytest.fixture(scope="module")
def correct() -> Correct:
    known = {"athma"}
    return correcting(speller(TEXTS, medicines=Medicines(DRUGS), is_right=known.__contains__))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("astma", "asthma"),
        ("asthmaa attack", "asthma attack"),
        ("Astma attak?", "Asthma attack?"),
        ("ASTMA ATTACK", "ASTHMA ATTACK"),
        ("astma's", "asthma's"),
        ("heart-atack", "heart-attack"),
        ("astma OR (atack -knee)", "asthma OR (attack -knee)"),
        ("prednisoen", "prednisone"),
        ("selecoxib", "celecoxib"),
        ("bloodpressure high", "blood pressure high"),
        ("heart burn", "heartburn"),
        ("Heart burn at night", "Heartburn at night"),
        ("ninoos neumona", "niños neumonía"),
        ("sleep apnae", "sleep apnea"),
        ("astma -astma", "asthma -astma"),
        ('astma "astma attak"', 'asthma "astma attak"'),
        ('astma "astma attak', 'asthma "asthma attack'),
    ],
)
def test_what_is_put_right(correct: Correct, typed: str, meant: str) -> None:
    assert correct(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "asthma attack",
        "",
        "of the",
        '"astma attak"',
        "“astma attak”",
        "title:astma",
        "astm*",
        "astma~",
        "-astma",
        "the ASTMA attack",
        "astma-19",
        "asthmachest",  # they do not stand side by side
        "astma1",
        "c0vid19",
        "ast",
        "asthmas",  # its stem is there
        "athma",  # known to be right
        "ear wax",  # usual side by side
        "hay fever",
        "themself myself",
        "mastitis",  # two errors, one of them in the first letter: another word
        "www.astma.org",
        "zzzzzzz",
    ],
)
def test_what_is_left_alone(correct: Correct, typed: str) -> None:
    assert correct(typed) is None


def test_the_name_of_a_medicine_is_never_changed(correct: Correct) -> None:
    """Not even one that no article has, to another that is one letter away."""
    for drug in DRUGS:
        assert correct(f"{drug} side effects") is None
    assert correct("prednisolne") != "prednisolone", "no article has it"


def test_of_two_medicines_as_near_none_is_guessed() -> None:
    """Though one is in a hundred times as many articles."""
    texts = ("hydrolyzine", *["hydroxyzine"] * 100)
    assert correcting(speller(texts))("hydrouyzine") == "hydroxyzine"
    drugs = frozenset({"hydroxyzine", "hydrolyzine"})
    assert correcting(speller(texts, medicines=Medicines(drugs)))("hydrouyzine") is None


def test_of_two_words_as_likely_none_is_guessed() -> None:
    assert correcting(speller(("gastritis", "mastitis")))("pastritis") == "gastritis"
    assert correcting(speller(("barley", "parley")))("zarley") is None
    assert correcting(speller(("symptom", "symptoms")))("symptmo") == "symptom"


def test_a_word_that_few_articles_hold_is_doubted_if_another_is_used_much_more() -> None:
    texts = ("bronkitis", *["bronchitis and cough"] * 40)
    few = speller(texts, 1)
    assert correcting(few)("bronkitis") is None, "it stands in a title"
    articles = [Article(id="wrong", url="", title="T", body="pneumonea", language="en")]
    articles += [
        Article(id=f"{n}", url="", title="Pneumonia", body="pneumonia", language="en")
        for n in range(40)
    ]
    segment = opened(articles)
    made = Speller(Dictionary([segment], Withdrawn()), Company([segment]))
    assert correcting(made)("pneumonea") == "pneumonia"


def test_other_words_of_the_query_tell_which_is_meant() -> None:
    texts = ("barley girls", "parley eye", *(f"knee pain number {n}" for n in range(10)))
    made = correcting(speller(texts))
    assert made("zarley girls") == "barley girls"
    assert made("zarley eye") == "parley eye"


def test_misspellings_of_illnesses_and_medicines() -> None:
    """Those in the list, in an index of the words that are wanted."""
    wanted = tuple(dict.fromkeys(right for _, right in MISSPELLINGS))
    made = speller(wanted)
    correct = correcting(made)
    wrong = [
        (typed, right, found)
        for typed, right in MISSPELLINGS
        if (found := correct(typed)) not in {right, _found_by_stem(typed, right)}
    ]
    assert len(MISSPELLINGS) >= 100
    assert len(wrong) <= 0.05 * len(MISSPELLINGS), wrong


def _found_by_stem(typed: str, right: str) -> str | None:
    """Return None where the search finds what is wanted by its stem, so no one need be asked."""
    stem = analyzer("en").term
    is_found = all(map(str.__eq__, map(stem, typed.split()), map(stem, right.split())))
    return None if is_found else right


@pytest.mark.parametrize("typed", ["KNEE NOOT PAIN", "KNEE ANDD PAIN", "PAIN ANDKNEE"])
def test_no_operator_is_put_in(typed: str) -> None:
    correct = correcting(speller(("pain and knee", "not the knee and pain"), 40))
    assert correct(typed.lower())
    assert correct(typed) is None


def test_function_words_are_neither_doubted_nor_made() -> None:
    correct = correcting(speller(("hersel cream", "because of cream")))
    assert correct("herself cream") is None
    assert correct("be cause cream") is None
    assert correct("herzel cream") == "hersel cream"


def test_company() -> None:
    texts = ("turner girls", "turner height", "horner eye", "heart attack and an attack of fear")
    articles = [Article(id=f"{n}", url="", title="T", body=text) for n, text in enumerate(texts)]
    company = Company([opened(articles[:1]), opened(articles[1:])])
    assert company.documents == 4
    assert company.together(["turner", "horner", "no"], ["girls", "height"]) == [2, 0, 0]
    assert company.together(["turner", "horner"], ["girls", "eye"]) == [1, 1]
    assert company.neighbours("heart", "attack") == 1
    assert company.neighbours("attack", "heart") == 0
    assert company.neighbours("attack", "no") == 0


LETTERS = st.text("astmhedikylpr ", max_size=30)
ANY = st.text(max_size=40) | LETTERS | st.lists(st.sampled_from([
    *(word for text in TEXTS for word in text.split()), "astma", '"', "(", ")", "-", "OR", "AND",
    "NOT", "title:", "*", "~", *DRUGS, "HEART",
]), max_size=12).map(" ".join)  # fmt: skip


@given(ANY)
def test_any_text_is_a_query_and_what_is_put_in_is_in_the_index(
    correct: Correct, text: str
) -> None:
    found = correct(text)
    if found is None:
        return
    before = {token.text for token in tokenize(normalize(text))}
    held = {analyzer("exact").term(token.text) for each in TEXTS for token in tokenize(each)}
    new = {token.text for token in tokenize(found)} - before
    assert found != normalize(text)
    assert {analyzer("exact").term(word) for word in new} <= held | {
        "asthmas", *(f"{word}s" for word in held)
    }  # fmt: skip
    for drug in DRUGS:
        assert text.count(drug) <= found.count(drug)


def test_sounds() -> None:
    alike = [
        ("ibuprofen", "ibuproven"), ("amoxicillin", "amoxacillin"), ("sciatica", "siatica"),
        ("pneumonia", "newmonia"), ("eczema", "excema"), ("seizure", "sizure"),
        ("diarrhoea", "diarea"), ("tonsillitis", "tonsilitis"), ("infection", "infecsion"),
        ("angina", "angeena"), ("psoriasis", "soriasis"), ("gonorrhea", "gonorea"),
    ]  # fmt: skip
    for right, wrong in alike:
        assert sound_of(right) == sound_of(wrong)
    for one, other in (("prednisone", "prednisolone"), ("hydroxyzine", "hydralazine")):
        assert sound_of(one) != sound_of(other)


def test_slips_cost_less_than_other_errors() -> None:
    assert effort("asthma", "asthma") == 0
    assert effort("asthmx", "asthma") == 1.0
    assert effort("tonsilitis", "tonsillitis") < effort("tosillitis", "tonsillitis")
    assert effort("astma", "asthma") < effort("ashma", "asthma")
    assert effort("iboprofen", "ibuprofen") < effort("ibtprofen", "ibuprofen")
    assert effort("diqbetes", "diabetes") < effort("dimbetes", "diabetes")
    assert effort("asthma", "") == effort("", "asthma") > 4
    assert effort("sathma", "asthma") < effort("asthma", "asmth")


@given(LETTERS, LETTERS)
def test_an_effort_is_at_most_the_edits(typed: str, meant: str) -> None:
    bound = OSA.distance(typed, meant) + FIRST_LETTER + 1e-9
    assert 0 <= effort(typed, meant) <= bound


def test_a_medicine_as_near_is_meant_or_nothing_is() -> None:
    """Whether the index has it, by any name, decides; not what other word it happens to hold."""
    names = frozenset({"lipitor", "lisinopril"})
    unknown, known = Medicines(names), Medicines(names, {"lipitor"}.__contains__)
    assert unknown.instead("lipator", ("levator",)) == ()
    assert known.instead("lipator", ("levator",)) == ("lipitor",)
    assert known.instead("lipator", ()) == ("lipitor",)
    assert known.instead("levater", ("levator",)) == ("levator",)
    assert known.instead("lisinoprl", ("lisinopril",)) == ("lisinopril",)


def test_of_two_medicines_as_near_none_takes_the_place_of_a_guess() -> None:
    known = Medicines(frozenset({"celexa", "celera"}), lambda _: True)
    assert known.instead("celeza", ("celery",)) == ()


def test_no_word_of_another_language_is_meant() -> None:
    texts = ("el colesterol alto",)
    assert correcting(speller(texts))("colestrol") == "colesterol"
    assert (
        correcting(speller(texts, is_allowed=lambda term: term != "colesterol"))("colestrol")
        is None
    )
