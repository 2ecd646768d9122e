"""The health lexicon: what a file may hold, what finds what, and how it is renewed."""

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.errors import LexiconError
from service.search.lexicon import (
    Lexicon,
    LiveLexicon,
    Name,
    check_lexicon,
    load_lettered,
    load_lexicon,
    loader,
)
from service.search.lexicon.groups import MAX_WORDS, read_groups
from service.search.lexicon.keys import Keys, is_inflection
from service.search.lexicon.lookup import MAX_ALTERNATIVES
from service.search.lexicon.table import KINDS

SHIPPED = Path(loader.__file__).parent / "data"
TABLES = sorted(SHIPPED.glob("*.tsv"))


def names(lexicon: Lexicon, query: str, language: str = "en") -> tuple[Name, ...]:
    words = query.split()
    return lexicon.names(words, words, language)


def others(lexicon: Lexicon, query: str, language: str = "en") -> list[str]:
    return [other.text for name in names(lexicon, query, language) for other in name.alternatives]


@pytest.fixture(scope="module")
def shipped() -> Lexicon:
    return load_lexicon()


@pytest.fixture
def own(tmp_path: Path) -> Callable[..., Lexicon]:
    """Returns the lexicon with some own lines beside the shipped ones."""

    def load(*lines: str) -> Lexicon:
        path = tmp_path / "own.tsv"
        path.write_text("\n".join(lines) + "\n")
        return load_lexicon(path)

    return load


# What a file may hold.


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("alone", "expected two terms or more with tabs between them, found 'alone'."),
        ("two words", "expected two terms or more"),
        ("a b\t", "expected a term in every cell, found an empty one."),
        ("\tab", "expected a term in every cell, found an empty one."),
        ("ab\t \tcd", "expected a term in every cell, found an empty one."),
        ("ab\tcd\tab", "'ab' stands in the line twice."),
        ("ab\tone two three four five six seven", "expected 6 words at most"),
        ("ab\tc/d", "expected words of letters, digits, hyphens, apostrophes and periods"),
        ("ab\tc (d)", "expected words of letters"),
        ("ab\tc  d", "expected words of letters"),
        ("ab\tcd ", "expected words of letters"),
        ("ab\t-cd", "expected words of letters"),
        ("ab\tcd, ef", "expected words of letters"),
        ("ab\tAspirin", "expected lower case, or one word all in capitals, found 'Aspirin'."),
        ("ab\tCT SCAN", "expected lower case, or one word all in capitals"),
        (">\tab", "expected terms on both sides of '>'."),
        ("ab\t>", "expected terms on both sides of '>'."),
        ("ab\t>\tcd\t>\tef", "expected one '>' at most."),
    ],
)
def test_a_bad_line_is_named_with_file_and_number(
    tmp_path: Path, line: str, complaint: str
) -> None:
    path = tmp_path / "own.tsv"
    path.write_text(f"# A comment.\n\nfever\tpyrexia\n{line}\n")
    for read in (check_lexicon, load_lexicon):
        with pytest.raises(LexiconError) as caught:
            read(path)
        assert str(caught.value).startswith(f"{path}:4: {complaint}")


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.tsv"
    with pytest.raises(LexiconError, match=r"own\.tsv: there is no such file\.$"):
        check_lexicon(path)
    path.write_bytes(b"# Ours.\nfi\xe8vre\tfever\n")
    with pytest.raises(LexiconError, match="cannot be read as UTF-8, from line 2 on"):
        check_lexicon(path)


def test_a_file_that_is_too_long_is_not_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "own.tsv"
    path.write_bytes(b"afib\tx-ray\n")
    monkeypatch.setattr("service.search.lexicon.loader.MAX_BYTES", 11)
    assert check_lexicon(path) == 1
    monkeypatch.setattr("service.search.lexicon.loader.MAX_BYTES", 10)
    with pytest.raises(LexiconError, match=r"own\.tsv: has more than 10 bytes\.$"):
        check_lexicon(path)


def test_groups_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "own.tsv"
    path.write_bytes(
        "\ufeff# Ours.\r\nst. mary's\tthe clinic\r\n\r\nafib\tx-ray\tAIDS\r\n".encode()
    )
    assert check_lexicon(path) == 2
    assert load_lexicon(path).size == load_lexicon().size + 2


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_a_shipped_file_holds_no_idle_terms(path: Path) -> None:
    """Terms with the same stems find each other anyway."""
    kind, language, _ = path.name.split(".")
    assert kind in KINDS
    keys = Keys(language)
    for group in read_groups(path.read_text(), path.name, kind):
        plain = [text if text.isupper() else keys.of(text) for text in group.terms]
        assert len(set(plain)) == len(plain), group


# What finds what.


@pytest.mark.parametrize(
    ("query", "language", "found"),
    [
        ("heart attack", "en", "myocardial infarction"),
        ("Heart Attacks", "en", "myocardial infarction"),
        ("heart-attack", "en", "myocardial infarction"),
        ("myocardial infarction", "en", "heart attack"),
        ("high blood pressure", "en", "hypertension"),
        ("sugar in blood", "en", "blood glucose"),
        ("low blood sugar", "en", "hypoglycemia"),
        ("hypoglycaemia", "en", "low blood sugar"),
        ("low magnesium", "en", "hypomagnesemia"),
        ("bellyache", "en", "abdominal pain"),
        ("shortness of breath", "en", "dyspnea"),
        ("can't sleep", "en", "insomnia"),
        ("cant sleep", "en", "insomnia"),
        ("nosebleeds", "en", "epistaxis"),
        ("shingles", "en", "herpes zoster"),
        ("iron deficiency anaemia", "en", "low iron anemia"),
        ("paediatricians", "en", "child doctor"),
        ("immunisations", "en", "vaccination"),
        ("immunisation", "en", "vaccination"),
        ("post natal care", "en", "postnatal"),
        ("bloodpressure", "en", "blood pressure"),
        ("chest x-rays", "en", "chest radiograph"),
        ("AIDS", "en", "acquired immunodeficiency syndrome"),
        ("copd", "en", "chronic obstructive pulmonary disease"),
        ("chronic obstructive pulmonary disease", "en", "COPD"),
        ("UTIs", "en", "urinary tract infection"),
        ("stds", "en", "sexually transmitted disease"),
        ("tylenol", "en", "paracetamol"),
        ("paracetamol", "en", "acetaminophen"),
        ("salbutamol", "en", "albuterol"),
        ("percocet", "en", "oxycodone"),
        ("trazadone", "en", "trazodone"),
        ("celebrex", "en", "anti-inflammatory"),
        ("chest pain", "en", "heart attack"),
        ("i want to die", "en", "suicide"),
        ("infarto", "es", "ataque al corazón"),
        ("presion alta", "es", "hipertensión"),
        ("dolores de cabeza", "es", "cefalea"),
        ("epoc", "es", "enfermedad pulmonar obstructiva crónica"),
        ("paracetamol", "es", "acetaminofén"),
        ("quiero morir", "es", "suicidio"),
        ("dolor de pecho", "es", "infarto"),
    ],
)
def test_other_names_are_found(shipped: Lexicon, query: str, language: str, found: str) -> None:
    assert found in others(shipped, query, language)


@pytest.mark.parametrize(
    "query",
    [
        *("anemia", "anaemia", "haematocrit", "flavours"),
        *("MS", "ms", "MI", "PT", "RA", "ED", "CP", "PE"),
        *("aids", "hearing aids", "als", "hav", "pots and pans", "hus"),
        *("cold", "cold hands", "period of time", "incubation period"),
        *("immune system", "medical school", "hospital", "sinus", "a conjunction", "tested"),
        *("what to expect", "boil water", "crab", "drive", "protein shake", "growth"),
        *("short breath", "attack heart", "heart", "blood", "codeine", "fit", "shock"),
    ],
)
def test_nothing_is_found(shipped: Lexicon, query: str) -> None:
    assert names(shipped, query) == ()


@pytest.mark.parametrize(
    ("query", "never"),
    [
        ("hypoglycemia", "hyper"),
        ("low blood sugar", "hyper"),
        ("hyperglycemia", "hypo"),
        ("high blood pressure", "hypotension"),
        ("hypothyroidism", "hyper"),
        ("type 1 diabetes", "2"),
        ("type 1 diabetes", "adult"),
        ("type 2 diabetes", "juvenile"),
        ("hepatitis b", "c"),
        ("hbv", "hepatitis c"),
        ("diuretic", "water pill"),
        ("pain", "hurt"),
        ("colon cancer", "rectal cancer"),
        ("acetaminophen", "percocet"),
        ("oxycodone", "acetaminophen"),
        ("flu", "vaccine"),
        ("measles", "vaccine"),
        ("german measles", "rubeola"),
        ("pain relievers", "opioids"),
        ("menopause", "perimenopause"),
    ],
)
def test_what_would_mislead_is_not_found(shipped: Lexicon, query: str, never: str) -> None:
    assert not [
        text for text in others(shipped, query) if never in text.split() or never in text[:6]
    ]


def test_no_shipped_line_joins_opposites_or_types() -> None:
    told_apart = ("hypo", "hyper"), ("type 1", "type 2"), ("hepatitis b", "hepatitis c")
    for path in TABLES:
        kind, _, _ = path.name.split(".")
        for group in read_groups(path.read_text(), path.name, kind):
            for one, other in told_apart:
                having = [{each for each in (one, other) if each in text} for text in group.terms]
                assert set.union(*having) != {one, other}, (path.name, group)


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_two_substances_are_joined(language: str) -> None:
    """A name of a drug stands in one line only, unless it is a part that a combination finds."""
    path = SHIPPED / f"drugs.{language}.tsv"
    groups = list(read_groups(path.read_text(), path.name, "drugs"))
    places = [text for group in groups for text in group.terms[: group.sources]]
    assert sorted(places) == sorted(set(places))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *itertools.combinations(("hydroxyzine", "hydralazine", "hydrocodone"), 2),
        *itertools.combinations(("prednisone", "prednisolone", "methylprednisolone"), 2),
        *itertools.combinations(("celebrex", "celexa", "cerebyx"), 2),
        *itertools.combinations(("clonidine", "clonazepam", "clozapine"), 2),
        ("metformin", "metronidazole"),
        ("lamictal", "lamisil"),
    ],
)
def test_drugs_that_look_alike_are_known_and_not_joined(
    shipped: Lexicon, one: str, other: str
) -> None:
    assert {one, other} <= shipped.drugs
    assert other not in others(shipped, one)
    assert one not in others(shipped, other)


def test_drugs_are_single_folded_words(shipped: Lexicon) -> None:
    exact = Keys("en").exact
    assert all((name,) == exact(name) or "-" in name for name in shipped.drugs)
    assert {"tylenol", "acetaminofen", "warfarin"} <= shipped.drugs
    assert "myocardial" not in shipped.drugs


# How names are looked up.


def test_runs_are_the_longest_from_left_to_right(own: Callable[..., Lexicon]) -> None:
    lexicon = own("qq ww\tfirst", "ww ee rr\tsecond", "ww\tthird", "ee\tfourth")
    found = names(lexicon, "zz qq ww ee rr ww ee")
    assert [(name.start, name.end, name.term) for name in found] == [
        (1, 3, "qq ww"),
        (3, 4, "ee"),
        (5, 6, "ww"),
        (6, 7, "ee"),
    ]
    assert found[0].alternatives[0] == ("first", ("first",), "own")


def test_lines_do_not_reach_through_each_other(own: Callable[..., Lexicon]) -> None:
    lexicon = own("qq\tww", "ww\tee", "ee\trr")
    assert others(lexicon, "qq") == ["ww"]
    assert others(lexicon, "ww") == ["qq", "ee"]


def test_a_one_way_line(own: Callable[..., Lexicon]) -> None:
    lexicon = own("qq\tww\t>\tee\trr")
    assert others(lexicon, "qq") == ["ee", "rr", "ww"]
    assert others(lexicon, "ww") == ["ee", "rr", "qq"]
    assert others(lexicon, "ee") == others(lexicon, "rr") == []


def test_alternatives_are_few_and_differ_from_what_was_typed(own: Callable[..., Lexicon]) -> None:
    lexicon = own("hive\thives\tbad hives\taa\tbb\tcc\tdd", "hive\taa\tee\tff\tgg\thh")
    assert others(lexicon, "hive") == ["aa", "bb", "cc", "dd", "ee", "ff"]
    assert MAX_ALTERNATIVES == 6


def test_own_names_come_after_joined_ones_and_before_the_rest(own: Callable[..., Lexicon]) -> None:
    lexicon = own("chickenpox\tqq")
    [name] = names(lexicon, "chickenpox")
    assert [other.kind for other in name.alternatives[:3]] == ["joined", "own", "names"]


@pytest.mark.parametrize(("written", "typed"), [("flavour", "flavor"), ("flavor", "flavours")])
def test_names_are_found_in_any_spelling(
    own: Callable[..., Lexicon], written: str, typed: str
) -> None:
    lexicon = own(f"{written}\tqq", f"ww {written}\tee", f"rr\t{written}")
    assert others(lexicon, typed) == ["qq", "rr"]
    assert others(lexicon, f"ww {typed}") == ["ee"]
    assert others(lexicon, "rr") == [written]


def test_a_word_in_two_spellings_is_given_once(own: Callable[..., Lexicon]) -> None:
    assert others(own("qq\tflavour\tflavor"), "qq") == ["flavour"]


def test_words_of_names_are_known(own: Callable[..., Lexicon]) -> None:
    lexicon = own("zzniño vv\txx-yy", "QQQ\tzzáa bb's")
    for word in ("zznino", "vv", "xx", "yy", "qqq", "zzaa", "bbs"):
        assert lexicon.knows(word)
        assert not load_lexicon().knows(word)
    for word in ("infarction", "cefalea", "tylenol", "anaemia", "anemia", "psicologo"):
        assert lexicon.knows(word)
    for word in ("", "myocardial infarction", "infarcshun", "niño"):
        assert not lexicon.knows(word)


@pytest.mark.parametrize("language", ["en", "es", "und", "fr"])
def test_own_names_are_found_in_every_language(own: Callable[..., Lexicon], language: str) -> None:
    lexicon = own("qq ww\tclínica ñandú")
    assert others(lexicon, "QQ Ww", language) == ["clínica ñandú"]
    assert others(lexicon, "clinica nandu", language) == ["qq ww"]


def test_capitals(own: Callable[..., Lexicon]) -> None:
    lexicon = own("QQ\tsomething")
    assert others(lexicon, "QQ") == others(lexicon, "QQs") == ["something"]
    assert others(lexicon, "qq") == others(lexicon, "Qq") == []
    assert others(lexicon, "something") == ["QQ"]
    assert lexicon.names(["QQ"], ["qq"], "en") == ()


def test_a_term_does_not_begin_or_end_within_a_word(own: Callable[..., Lexicon]) -> None:
    lexicon = own("qq ww\tsomething")
    assert others(lexicon, "qq-ww") == ["something"]
    assert others(lexicon, "ee-qq ww") == others(lexicon, "qq ww-ee") == []


def test_whatever_is_typed_is_looked_up(shipped: Lexicon) -> None:
    assert names(shipped, "") == ()
    assert names(shipped, "... - ' ’ \x00 💊 ---") == ()
    assert len(names(shipped, "heart attack 💊 asthma- nosebleed")) == 2
    assert names(shipped, "q" * 10_000) == ()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("hive", "hives", True),
        ("biopsy", "biopsies", True),
        ("itchy", "itching", True),
        ("dolores", "dolor", True),
        ("immune", "immunization", False),
        ("alcohol", "alcoholism", False),
        ("medical", "medication", False),
    ],
)
def test_inflections(one: str, other: str, same: bool) -> None:
    assert is_inflection(one, other) is is_inflection(other, one) is same


def test_lettered_words() -> None:
    assert {"vitamin", "hepatitis", "type"} <= load_lettered("en")
    assert {"vitamina", "hepatitis", "tipo"} <= load_lettered("es")
    assert load_lettered("und") == frozenset()


def test_terms_have_few_words() -> None:
    assert all(
        text.count(" ") < MAX_WORDS
        for path in TABLES
        for group in read_groups(path.read_text(), path.name, "names")
        for text in group.terms
    )


# How an operator's file is renewed.


class Clock:
    """A clock that is put forward by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_an_own_file_is_renewed_and_a_bad_one_refused_once(tmp_path: Path) -> None:
    path = tmp_path / "own.tsv"
    path.write_text("qq\tfirst\n")
    clock, problems = Clock(), list[str]()
    live = LiveLexicon(path, problems.append, clock)
    assert others(live.current(), "qq") == ["first"]

    path.write_text("qq\tsecond name\n")
    assert others(live.current(), "qq") == ["first"], "it is looked at once a second"
    clock.now += 1
    assert others(live.current(), "qq") == ["second name"]

    path.write_text("qq\tthird\nalone\n")
    for _ in range(3):
        clock.now += 1
        assert others(live.current(), "qq") == ["second name"]
    assert len(problems) == 1
    assert problems[0].startswith(f"{path}:2: ")

    path.unlink()
    for _ in range(3):
        clock.now += 1
        assert others(live.current(), "qq") == ["second name"]
    assert len(problems) == 2

    path.write_text("qq\tfourth\n")
    clock.now += 1
    assert others(live.current(), "qq") == ["fourth"]
    assert problems[2:] == [""], "it is good again"


def test_a_bad_file_at_the_start_leaves_the_shipped_lexicon(tmp_path: Path) -> None:
    problems = list[str]()
    live = LiveLexicon(tmp_path / "none.tsv", problems.append)
    assert "myocardial infarction" in others(live.current(), "heart attack")
    assert len(problems) == 1


def test_without_an_own_file_nothing_is_looked_at() -> None:
    live = LiveLexicon(None, pytest.fail)
    assert live.current() is live.current()


def test_an_acronym_that_ends_in_s_is_no_plural(shipped: Lexicon) -> None:
    assert "c-reactive protein" in others(shipped, "CRP")
    assert "c-reactive protein" not in others(shipped, "CRPS")
