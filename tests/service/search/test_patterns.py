"""The language in which editors say which queries they mean."""

from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.search.editorial.matching import PatternIndex, Text, Vocabulary
from service.search.editorial.patterns import GAP, PatternError, compile_pattern, phrases_of
from service.search.editorial.words import words_of

LISTS = {"pills": ["pill", "pills", "sleeping tablets"]}


def fires(pattern: str, query: str) -> bool:
    return compile_pattern(pattern, LISTS).is_in(Text(words_of(query)).line)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("I can’t BREATHE!", "i cant breathe"),
        ("self-harm, again", "self harm again"),
        ("Cómo   suicidarse", "como suicidarse"),
        ("took 500mg", "took 500 mg"),
        ("", ""),
        ("?!…", ""),
    ],
)
def test_words_have_neither_case_nor_accents_nor_marks(text: str, words: str) -> None:
    assert " ".join(words_of(text)) == words


@pytest.mark.parametrize(
    ("pattern", "found", "not_found"),
    [
        ("want to die", "I really want to die now", "want die to"),
        ("(chest|breast) pain", "bad breast pain", "pain in chest"),
        ("(too many|a lot of) pills", "took a lot of pills", "took many pills"),
        ("pills|tablets", "my tablets", "my tablet"),
        ("suicid* thoughts", "suicidal thoughts", "thoughts suicidal"),
        ("suicid*", "parasuicide suicidio", "parasuicide"),
        ("my chest really? hurts", "my chest hurts", "my chest always hurts"),
        ("my (left|right)? arm", "my arm", "my other arm"),
        ("took ... pills", "took my mother's white pills", "took all the rest of mother's pills"),
        ("chest pain & arm", "arm and chest pain", "arm and chest"),
        ("took {pills}", "took sleeping tablets", "took tablets"),
        ("can't breathe", "i cant breathe", "i can breathe"),
        ("ápice", "apice", "apices"),
        ("self-harm", "self harm", "selfharm"),
    ],
)
def test_what_a_pattern_finds(pattern: str, found: str, not_found: str) -> None:
    assert fires(pattern, found)
    assert not fires(pattern, not_found)


def test_words_are_whole() -> None:
    assert not fires("cell", "cells")
    assert not fires("ill", "kill will")


def test_a_gap_is_only_some_words() -> None:
    assert fires("took ... pills", f"took {'x ' * GAP}pills")
    assert not fires("took ... pills", f"took {'x ' * (GAP + 1)}pills")


def test_up_to_two_small_words_may_stand_between_words() -> None:
    pattern = compile_pattern("bleeding (stopped|better)", LISTS, ["that", "is", "the"])
    assert pattern.is_in("bleeding that is stopped ")
    assert pattern.is_all_of("bleeding is better ")
    assert not pattern.is_in("bleeding that is the stopped ")
    assert not pattern.is_in("bleeding not stopped ")
    assert not compile_pattern("bleeding stopped", LISTS).is_in("bleeding is stopped ")


def test_a_pattern_can_be_all_of_a_query() -> None:
    pattern = compile_pattern("chest (pain|pains) now?", LISTS)
    assert pattern.is_all_of("chest pains ")
    assert not pattern.is_all_of("chest pain causes ")
    assert not pattern.is_all_of("my chest pain ")


@pytest.mark.parametrize(
    ("pattern", "complaint"),
    [
        ("", "expected a word that must be there"),
        ("... & pain", "expected a word that must be there"),
        ("really?", "expected a word that must be there"),
        ("(a|b", "expected every bracket to be closed, and none inside another"),
        ("(a (b|c))", "expected every bracket to be closed, and none inside another"),
        ("cant|cannot breathe", "expected brackets around what | joins, as in (a|b) c"),
        ("ki*", "expected 4 letters or more before *"),
        ("(a||b)", "expected words on both sides of |"),
        ("took {meds}", "there is no list 'meds' above"),
        ("why? [now]", "expected words of letters and digits, found '[now]'"),
        ("a ... b ... c ... d ... e", "expected 3 gaps (...) at most"),
        ("a? b? c? (d|e)? f? g", "expected 4 words at most that may be missing (word?)"),
    ],
)
def test_a_malformed_pattern_is_refused(pattern: str, complaint: str) -> None:
    with pytest.raises(PatternError) as error:
        compile_pattern(pattern, LISTS)
    assert str(error.value) == complaint


def test_a_list_may_name_lists_above_it() -> None:
    assert phrases_of("{pills}|potion", LISTS) == ["pill", "pills", "sleeping tablets", "potion"]


def test_only_patterns_of_which_a_query_has_a_word_are_tried() -> None:
    patterns = [compile_pattern(p, LISTS) for p in ("chest pain", "suicid*", "(dog|cat) bite")]
    index = PatternIndex((pattern, number) for number, pattern in enumerate(patterns))
    assert [n for _, n in index.candidates(Text(("suicidal", "pain", "chest")))] == [0, 1]
    assert [n for _, n in index.candidates(Text(("cat",)))] == []
    assert [n for _, n in index.candidates(Text(("suicide", "chest")))] == [1]
    assert [n for _, n in index.candidates(Text(("cat", "bite")))] == [2]
    assert list(index.candidates(Text(()))) == []


@given(st.lists(st.sampled_from(["chest", "pain", "arm", "hurts", "the"]), max_size=6))
def test_every_pattern_that_matches_is_tried(words: list[str]) -> None:
    texts = ["chest pain", "(arm|chest) & hurts", "pain ... arm", "hur* the?", "hurt* the?"]
    patterns = [compile_pattern(text, LISTS) for text in texts if text != "hur* the?"]
    index = PatternIndex((pattern, 0) for pattern in patterns)
    text = Text(words)
    tried = {pattern.text for pattern, _ in index.candidates(text)}
    assert {p.text for p in patterns if p.is_in(text.line)} <= tried


class TestSlips:
    WORDS = ("suicidal thoughts", "chest", "stroke", "choking", "heart attack", "vomitando")

    def read(self, text: str, *known: str) -> str:
        patterns = [compile_pattern(words, LISTS) for words in self.WORDS]
        vocabulary = Vocabulary(patterns, known.__contains__)
        return " ".join(vocabulary.read(words_of(text)).words)

    @pytest.mark.parametrize("slip", ["suicdal", "suicidall", "suiciadl", "suividal", "suicida"])
    def test_one_slip_in_a_long_word_is_mended(self, slip: str) -> None:
        assert self.read(slip) == "suicidal"

    @pytest.mark.parametrize("word", ["chst", "sicdal", "tsuicidal", "suicide", "xyz"])
    def test_short_words_two_slips_and_first_letters_are_not(self, word: str) -> None:
        assert self.read(word) == word

    def test_a_letter_may_be_missing_in_a_word_of_six(self) -> None:
        assert self.read("strok atack") == "stroke attack"

    def test_first_letters_that_sound_alike_may_stand_for_each_other(self) -> None:
        assert self.read("bomitando") == "vomitando"
        assert self.read("comitando") == "comitando"

    def test_a_word_of_the_language_is_no_slip(self) -> None:
        assert self.read("strike") == "stroke"
        assert self.read("strike", "strike") == "strike"

    def test_of_two_words_that_may_be_meant_it_is_the_one_in_more_patterns(self) -> None:
        patterns = [compile_pattern(t, LISTS) for t in ("seizure", "seizures", "my seizure")]
        vocabulary = Vocabulary(patterns, {*()}.__contains__)
        assert vocabulary.read(["seizurex"]).words == ("seizure",)


class TestSpellings:
    SPELLINGS: ClassVar = {"cant": ("can", "not"), "mum": ("mom",)}

    def fires(self, pattern: str, query: str) -> bool:
        compiled = compile_pattern(pattern, LISTS, (), self.SPELLINGS)
        vocabulary = Vocabulary([compiled], {*()}.__contains__, self.SPELLINGS)
        return compiled.is_in(vocabulary.read(words_of(query)).line)

    @pytest.mark.parametrize("pattern", ["cant breathe", "can not breathe", "(cant|isnt) breathe"])
    @pytest.mark.parametrize("query", ["i can't breathe", "i can not breathe"])
    def test_patterns_and_queries_are_read_alike(self, pattern: str, query: str) -> None:
        assert self.fires(pattern, query)

    def test_what_is_read_otherwise_is_no_slip(self) -> None:
        assert self.fires("mom (is|was) ill", "mum is ill")
        assert not self.fires("mumps", "mum")
