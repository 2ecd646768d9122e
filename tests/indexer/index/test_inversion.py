"""What was read is what the tokenizer finds, at its place in the text."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.article import Article, Section
from indexer.index import inversion as inversions
from indexer.index.analysis import LANGUAGES, analyzer, language_of
from indexer.index.columns.layout import NONE
from indexer.index.inversion import (
    BODY,
    GAP,
    HEADINGS,
    KEYWORDS,
    Inversion,
    Words,
    byte_places,
    pieces,
    text_of,
)
from indexer.index.tokenizer import tokenize
from tests.indexer.builders import article
from tests.indexer.index.texts import collections, texts

Found = list[tuple[int, int, int, str, str]]
"""Document, part, position, unstemmed term and stem of words."""


def inverted(articles: list[Article]) -> Inversion:
    made = Inversion()
    for each in articles:
        made.add(each)
    return made


def told(made: Inversion, words: Words) -> Found:
    exact = [*made.exact.numbers]
    stems = {language: [*terms.numbers] for language, terms in made.stems.items()}
    found = []
    for form, document, part, position in zip(*(each.tolist() for each in words), strict=True):
        language = LANGUAGES[made.forms.language_of[form]]
        number, stem = made.forms.exact_of[form], made.forms.stem_of[form]
        found.append(
            (
                document,
                part,
                position,
                exact[number] if number != NONE else "",
                stems[language][stem] if stem != NONE else "",
            )
        )
    return found


def tokens_of(
    document: int, part: int, text: str, language: str, base: int = 0
) -> tuple[Found, Found, int]:
    words: Found = []
    compounds: Found = []
    last = -1
    for word, position, _, _ in tokenize(text):
        terms = (analyzer("exact").term(word), analyzer(language).term(word))
        into = words if position > last else compounds
        into.append((document, part, base + position, *terms))
        last = max(last, position)
    return words, compounds, base + last + 1


@settings(max_examples=150, deadline=None)
@given(collections(cut_anywhere=True) | collections())
def test_words_are_tokens(articles: list[Article]) -> None:
    words: Found = []
    compounds: Found = []
    beside: Found = []
    for number, each in enumerate(articles):
        language, text, base = language_of(each.language), text_of(each), 0
        for part, start, end in pieces(each):
            at = base if part in (BODY, GAP) else 0
            one, other, after = tokens_of(number, part, text[start:end], language, at)
            words, compounds = words + one, compounds + other
            base = after if part in (BODY, GAP) else 0
        headings = "\n".join(s.heading for s in each.sections if s.heading)
        for part, text in ((HEADINGS, headings), (KEYWORDS, "\n".join((*each.topics, *each.tags)))):
            beside += tokens_of(number, part, text, language)[0]
    made = inverted(articles)
    assert told(made, made.words) == words
    assert told(made, made.compounds) == compounds
    assert told(made, made.others()[0]) == beside


@settings(max_examples=150, deadline=None)
@given(collections(cut_anywhere=True) | collections())
def test_places_are_bytes(articles: list[Article]) -> None:
    made = inverted(articles)
    sizes = np.asarray(made.forms.bytes_of)[made.words.form].tolist()
    for number, each in enumerate(articles):
        text = text_of(each)
        assert made.texts[number] == text.encode()
        expected = []
        for _, start, end in pieces(each):
            last = -1
            for _, position, first, stop in tokenize(text[start:end]):
                if position > last:
                    last = position
                    before = len(text[: start + first].encode())
                    expected.append((before, len(text[start + first : start + stop].encode())))
        of = range(made.tokens[number], made.tokens[number + 1])
        assert [(int(made.starts[at]), sizes[at]) for at in of] == expected


@settings(deadline=None)
@given(texts(), texts())
def test_compounds_tell_their_words(title: str, body: str) -> None:
    made = inverted([article(1, title=title, body=body, sections=(), language="fr")])
    words = told(made, made.words)
    for (_, part, position, exact, _), first, count in zip(
        told(made, made.compounds), made.first.tolist(), made.parts.tolist(), strict=True
    ):
        joined = words[first : first + count]
        assert {(each[1], each[2] - at) for at, each in enumerate(joined)} == {(part, position)}
        assert analyzer("exact").term("".join(each[3] for each in joined)) == exact
    assert made.joined.tolist() == [0, len(made.first)]


@given(collections(cut_anywhere=True))
def test_pieces_are_all_of_the_text(articles: list[Article]) -> None:
    for each in articles:
        bounds = [(start, end) for _, start, end in pieces(each)]
        assert bounds[0][0] == 0
        assert bounds[-1][1] == len(text_of(each))
        gaps = [start - end for (_, end), (start, _) in pairwise(bounds)]
        assert gaps == [1, 1] + [0] * (len(bounds) - 3)


@pytest.mark.parametrize("sections", [((5, 2),), ((-3, 4), (2, 900)), ((900, 901),)])
def test_sections_that_lie_badly(sections: tuple[tuple[int, int], ...]) -> None:
    made = tuple(Section(heading="x", start=start, end=end) for start, end in sections)
    each = article(1, body="Fever and more", sections=made)
    text = text_of(each)
    assert "".join(text[start:end] for _, start, end in pieces(each)) == text.replace("\n", "")


def test_a_compound_of_very_many_words() -> None:
    made = inverted([article(1, title="", body="-".join(["ab"] * 1_000), sections=())])
    assert made.parts.tolist() == [255]
    assert len(made.words.form) == 1_000


def test_it_is_large_after_so_many_words(monkeypatch: pytest.MonkeyPatch) -> None:
    made = inverted([article(1)])
    assert not made.is_large
    for name, most in (("MAX_WORDS", 5), ("MAX_TEXT_BYTES", 20), ("MAX_FORMS", 3)):
        with monkeypatch.context() as patch:
            patch.setattr(inversions, name, most)
            assert made.is_large, name


def test_what_is_added_later_is_laid_out_too() -> None:
    made = inverted([article(1)])
    before = len(made.words.form)
    made.add(article(2))
    assert len(made.words.form) == 2 * before


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_places_in_utf8(text: str) -> None:
    places = byte_places(text)
    expected = [len(text[:at].encode()) for at in range(len(text) + 1)]
    assert (list(range(len(text) + 1)) if places is None else places.tolist()) == expected
