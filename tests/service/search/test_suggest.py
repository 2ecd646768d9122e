"""Completions: what is typed on the sample pages and on small indexes, and what holds for any."""

import random
import re
from collections.abc import Sequence
from datetime import date
from html import escape, unescape
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.article import Article
from indexer.edits import edit_live
from indexer.index.generations import GenerationStore
from indexer.index.job import Edit
from service.search.engine import IndexSearcher, open_searcher
from service.search.suggest.suggestion import (
    MAX_SUGGESTIONS,
    MAX_TYPED_CHARS,
    Suggestion,
    SuggestRequest,
)
from tests.service.search.conftest import OpenIndex
from tests.service.search.histories import TEXT, WORDS, fields_of, history

TYPED = [
    # typed, what is to be among the first so many
    ("asth", "Asthma", 1),
    ("hear", "Heart attack", 1),
    ("heart att", "Heart attack", 1),
    ("Heart attacks", "Heart attack", 1),
    ("HEART ATTACK", "Heart attack", 1),
    ("attack", "Heart attack", 1),
    ("press", "High blood pressure (hypertension)", 1),
    ("blood pre", "High blood pressure (hypertension)", 1),
    ("pressure blood", "High blood pressure (hypertension)", 1),
    ("type 2", "Type 2 diabetes", 1),
    ("diabetes ty", "Type 2 diabetes", 1),
    ("how to stop smo", "Stop smoking", 1),
    ("hepatitis b", "Hepatitis B", 1),
    ("hepatitis c", "Hepatitis C can be cured", 1),
    ("vitamin d", "Vitamin D: how much do you need?", 1),
    ("vitamin b", "Vitamin B12 deficiency: symptoms, causes and treatment", 1),
    ("what is gou", "Gout: sudden, severe joint pain", 1),
    ("hay fe", "Hay fever: getting through the pollen season", 1),
    ("copd", "Chronic obstructive pulmonary disease (COPD)", 1),
    ("ibs", "Irritable bowel syndrome (IBS)", 1),
    ("athletes", "Athlete’s foot", 1),
    ("menier", "Ménière’s disease", 1),
    ("covid1", "COVID-19", 1),
    ("covid-1", "COVID-19", 1),
    ("st joh", "St John’s wort: dangerous interactions with medicines", 1),
    ("can't sle", "Insomnia: why you can’t sleep and what helps", 1),
    ("heart fail", "Heart failure", 1),
    ("cold or", "Is it a cold or flu?", 1),
    ("migraine", "Migraine or tension headache? How to tell the difference", 3),
    ("skin", "Skin", 1),
    ("dizz", "dizziness", 1),
    # Spanish, with accents and without
    ("hiper", "Hipertensión arterial (tensión alta)", 1),
    ("tensión al", "Hipertensión arterial (tensión alta)", 1),
    ("infart", "Infarto de miocardio", 1),
    ("sarampion", "Sarampión", 1),
    ("déficit de mag", "Déficit de magnesio: síntomas, causas y alimentos", 1),
    ("deficit de mag", "Déficit de magnesio: síntomas, causas y alimentos", 1),
    ("dolor de esp", "Dolor de espalda: lo que ayuda y lo que no", 1),
    ("diabetes tipo", "Diabetes tipo 2", 1),
    ("gripe", "La gripe", 1),
    ("dejar de", "Dejar de fumar", 1),
    ("insomn", "Insomnio: qué hacer cuando no puede dormir", 3),
    # other languages
    ("rhume", "Le rhume des foins", 1),
    ("غسل", "غسل اليدين", 1),
    # slips
    ("astma", "Asthma", 1),
    ("hart att", "Heart attack", 1),
    ("heart atack", "Heart attack", 1),
    ("diabtes ty", "Type 2 diabetes", 1),
    ("hipertencion", "Hipertensión arterial (tensión alta)", 1),
    ("parecetamol", "Paracetamol and ibuprofen", 3),
    ("pnuemon", "Pneumonia", 1),
]

MARK = re.compile(r"</?mark>")


def suggest(searcher: IndexSearcher, q: str, **fields: object) -> Sequence[Suggestion]:
    return searcher.suggest(SuggestRequest(q, **fields)).suggestions  # type: ignore[arg-type]


def shown(searcher: IndexSearcher, q: str, **fields: object) -> list[str]:
    return [each.text for each in suggest(searcher, q, **fields)]


def article(number: int, title: str, **fields: object) -> Article:
    url = f"https://clinic.example/{number}"
    plain = Article(id=f"a{number}", url=url, title=title, body="Text.", language="en")
    return Article(**{**{name: getattr(plain, name) for name in plain.__struct_fields__}, **fields})


@pytest.mark.parametrize(("typed", "wanted", "among"), TYPED, ids=[row[0] for row in TYPED])
def test_beginnings_of_the_sample_pages(
    corpus_searcher: IndexSearcher, typed: str, wanted: str, among: int
) -> None:
    assert wanted in shown(corpus_searcher, typed)[:among]


@pytest.mark.parametrize("typed", ["?!", "…", "-", "ß†¥", "qzx", "xxxxxxxxxxxx xx"])
def test_nothing_is_made_up(corpus_searcher: IndexSearcher, typed: str) -> None:
    assert shown(corpus_searcher, typed) == []


@pytest.mark.parametrize("typed", ["the", "de", "what is", "is", "la", "and the"])
def test_function_words_alone_suggest_nothing_that_is_nothing_but_them(
    corpus_searcher: IndexSearcher, typed: str
) -> None:
    words = {"the", "de", "what", "is", "la", "and", "these", "there", "they", "desde"}
    assert not [text for text in shown(corpus_searcher, typed) if set(text.split()) <= words]


def test_what_begins_so_is_before_what_holds_it_and_short_before_long(
    open_index: OpenIndex,
) -> None:
    titles = [
        "Living with asthma",
        "Asthma in children and what their parents can do about it",
        "Asthma",
        "Asthma attack",
    ]
    searcher = open_index([article(n, title) for n, title in enumerate(titles)])
    found = [each.text for each in suggest(searcher, "as") if each.kind == "title"]
    assert found == [titles[2], titles[3], titles[1], titles[0]]


def test_what_more_titles_are_about_is_first(open_index: OpenIndex) -> None:
    titles = ["Abscess", "Asthma", "Living with asthma", "Asthma and sports"]
    searcher = open_index([article(n, title) for n, title in enumerate(titles)])
    assert shown(searcher, "a")[:2] == ["Asthma", "Abscess"]


def test_what_is_equally_useful_stands_in_the_order_of_the_alphabet(open_index: OpenIndex) -> None:
    names = sorted(f"{first}{second}" for first in "abcdefgh" for second in "abcdefgh")
    searcher = open_index([article(n, f"Xx{name}") for n, name in enumerate(reversed(names))])
    assert shown(searcher, "xx", limit=3) == ["Xxaa", "Xxab", "Xxac"]


def test_equal_titles_take_one_place(open_index: OpenIndex) -> None:
    titles = ["Gout"] * 30 + ["Gout diet", "Gout pain"]
    searcher = open_index([article(n, title) for n, title in enumerate(titles)])
    assert shown(searcher, "gou", limit=3) == ["Gout", "Gout diet", "Gout pain"]


def test_how_many_are_wanted_does_not_change_the_order(open_index: OpenIndex) -> None:
    chance = random.Random(5)
    titles = {" ".join(chance.sample(WORDS, chance.randint(1, 4))) for _ in range(120)}
    searcher = open_index([article(n, title) for n, title in enumerate(sorted(titles))])
    for typed in ("a", "c", "co", "n", "pain", "the", "night co", "painful"):
        most = [each for each in suggest(searcher, typed, limit=20) if each.kind == "title"]
        assert most
        for limit in (1, 2, 3):  # of 40 titles or more that begin so no others are looked for
            few = suggest(searcher, typed, limit=limit)
            titles_only = [each for each in few if each.kind == "title"]
            assert titles_only == most[: len(titles_only)]
            assert titles_only


def test_topics_of_more_articles_are_first(open_index: OpenIndex) -> None:
    topics = [("Heart",), ("Heat",), ("Heat",), ("Heat", "Heart", "Health care")]
    articles = [article(n, f"Text {n}", topics=each) for n, each in enumerate(topics)]
    searcher = open_index(articles)
    found = suggest(searcher, "hea")
    assert [each.text for each in found] == ["Heat", "Heart", "Health care"]
    assert [(each.kind, each.url) for each in found] == [("topic", "")] * 3
    assert shown(searcher, "car") == ["Health care"]


def test_the_same_is_said_once_and_by_the_title(open_index: OpenIndex) -> None:
    articles = [
        article(0, "What is asthma?", topics=("Asthma",)),
        article(1, "Severe asthma", topics=("Asthma", "Lungs")),
        article(2, "Asthma", topics=("asthma",)),
        *(article(n, f"Lung test {n}", topics=("Asthma", "Lungs")) for n in range(3, 20)),
    ]
    found = suggest(open_index(articles), "asthm")
    assert [each.kind for each in found] == ["title", "title"]
    assert found[0].text in ("What is asthma?", "Asthma")
    assert found[0].url in ("https://clinic.example/0", "https://clinic.example/2")
    assert found[1].text == "Severe asthma"


def test_terms_are_half_at_most_unless_there_is_nothing_else(open_index: OpenIndex) -> None:
    titles = [f"{first} {word}" for first in "bc" for word in ("heart", "heat", "health", "head")]
    articles = [article(n, title) for n, title in enumerate(titles)]
    searcher = open_index(articles)
    found = suggest(searcher, "hea", limit=4)
    assert [each.kind for each in found] == ["term", "term", "title", "title"]
    body = "Tremors and trembling. Treatment."
    texts = [article(n, f"Text {n}", body=body) for n in range(3)]
    only_terms = suggest(open_index(texts), "tre")
    assert [each.text for each in only_terms] == ["treatment", "trembling", "tremors"]


def test_spellings_of_terms(open_index: OpenIndex) -> None:
    titles = [
        "Good COPD diet",
        "A new COPD diet plan",
        "More on Presión Alta",
        "La presión alta hoy",
    ]
    searcher = open_index([article(n, title) for n, title in enumerate(titles)])
    terms = {each.text for q in ("cop", "pres") for each in suggest(searcher, q)}
    assert {"COPD", "COPD diet", "presión", "presión alta"} <= terms


def test_languages(corpus_searcher: IndexSearcher) -> None:
    assert shown(corpus_searcher, "insom", language=("es",)) == [
        "Insomnio: qué hacer cuando no puede dormir"
    ]
    assert "Sueño" in shown(corpus_searcher, "sue", language=("es",))
    assert shown(corpus_searcher, "sue", language=("en",)) == []
    assert shown(corpus_searcher, "asth", language=("es", "en")) == ["Asthma"]
    assert shown(corpus_searcher, "asth", language=("xx",)) == []


@pytest.mark.parametrize(
    ("typed", "highlight"),
    [
        ("heart att", "Heart Att<mark>ack</mark>"),
        ("att", "<mark>Heart</mark> Att<mark>ack</mark>"),
        ("attacks hea", "Hea<mark>rt</mark> Attack"),
        ("hart att", "Heart Att<mark>ack</mark>"),
        ("meni", "Méni<mark>ère’s &amp; co</mark>"),
        ("oed", "Œd<mark>ème</mark>"),
        ("غ", "غ<mark>سل اليدين</mark>"),
        ("bold", "<mark>A &lt;b&gt;</mark>bold<mark>&lt;/b&gt; &lt;script&gt;</mark>"),
    ],
)
def test_what_would_be_added_is_marked(open_index: OpenIndex, typed: str, highlight: str) -> None:
    titles = [
        "Heart Attack",
        "Ménière’s & co",
        "Œdème",
        "غسل اليدين",
        "A <b>bold</b> <script>",
    ]
    searcher = open_index([article(n, title) for n, title in enumerate(titles)])
    found = [each.highlight for each in suggest(searcher, typed) if each.kind == "title"]
    assert found == [highlight]


def test_only_the_last_word_may_be_begun(open_index: OpenIndex) -> None:
    searcher = open_index([article(0, "Bleeding gums")])
    assert shown(searcher, "bleeding g") == ["Bleeding gums"]
    assert shown(searcher, "ble gums") == []


def test_deleted_and_changed_articles(tmp_path: Path) -> None:
    store = GenerationStore(tmp_path / "index")

    def write(*edits: Edit) -> IndexSearcher:
        edit_live(store, list(edits))
        return open_searcher(store.live())

    def put(name: str, title: str, *topics: str) -> Edit:
        html = f"<article><p>{title} and swollen ankles hurt.</p></article>"
        fields = {"id": name, "title": title, "html": html, "language": "en"}
        return Edit(0, name, {**fields, "topics": list(topics)})

    others = [put(f"z{n}", f"Zoster {n}") for n in range(12)]  # else segments are written anew
    gout = [put("a", "Gout", "Joints"), put("b", "Gout diet", "Food"), put("c", "Hay fever")]
    first = write(*gout, *others)
    assert shown(first, "go") == ["Gout", "Gout diet"]
    first.close()
    second = write(put("b", "Knees", "Joints"), Edit(0, "c", None))
    assert shown(second, "go") == ["Gout"]
    assert shown(second, "kne") == ["Knees"]
    assert shown(second, "hay") == []
    assert shown(second, "foo") == []
    assert shown(second, "joi") == ["Joints"]
    second.close()
    third = write(Edit(0, "a", None), Edit(0, "b", None), put("d", "Rest"))
    assert [shown(third, q) for q in ("go", "gou", "kne", "joi", "hay")] == [[], [], [], [], []]
    third.close()


def text_of(suggestion: Suggestion) -> str:
    return unescape(MARK.sub("", suggestion.highlight))


def held(articles: Sequence[Article]) -> set[str]:
    """Return every title and topic, and every word of the articles in lower case."""
    found = {each.title for each in articles} | {t for each in articles for t in each.topics}
    texts = [f"{each.title} {each.body}" for each in articles]
    return found | {word for text in texts for word in re.findall(r"\w+", text.lower())}


ARTICLES = [
    article(0, 'Asthma: <i>air</i> & "breath"', topics=("Air", "Lungs & <b>air</b>")),
    article(1, "What is the COVID-19 vaccine?", topics=("Air",)),
    article(2, "Niño con tos", language="es", topics=("Niños",), published=date(2026, 1, 2)),
    article(3, "غسل اليدين", language="ar"),
    article(4, "日本語の記事", language="ja"),
    article(5, "", topics=("",)),
    article(6, "of the", body="Airways and airways."),
    article(7, "Asthma, again", body="Airways and airways."),
]


@pytest.fixture(scope="module")
def small(open_index: OpenIndex) -> IndexSearcher:
    return open_index(ARTICLES)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text(min_size=1, max_size=MAX_TYPED_CHARS)
    | st.lists(st.sampled_from([*TEXT.split(), "as", "con", "نصغ", "日", "<"]), min_size=1).map(
        lambda words: " ".join(words)[:MAX_TYPED_CHARS]
    ),
    st.integers(1, MAX_SUGGESTIONS),
)
def test_any_text_is_valid_and_every_suggestion_is_in_the_index(
    small: IndexSearcher, typed: str, limit: int
) -> None:
    found = suggest(small, typed, limit=limit)
    assert len(found) <= limit
    assert found == suggest(small, typed, limit=limit)
    assert len({each.text.lower() for each in found}) == len(found)
    known = held(ARTICLES)
    urls = {each.title: each.url for each in ARTICLES}
    for each in found:
        assert text_of(each) == each.text
        assert MARK.sub("", each.highlight) == escape(each.text)
        assert (each.url == urls[each.text]) if each.kind == "title" else (each.url == "")
        assert each.text in known or all(word in known for word in re.findall(r"\w+", each.text))


BEGINNINGS = [word[:size] for word in WORDS for size in (1, 2, 4)]
BEGINNINGS += ["night pa", "asthma co", "pian", "dolores r", "la no", "the", "coughng"]


@pytest.mark.parametrize("seed", range(6))
def test_history_does_not_matter(tmp_path: Path, seed: int) -> None:
    """An index of several segments with deleted articles suggests what one built at once does."""
    generation = history(tmp_path / "old", seed)
    searcher = open_searcher(generation)
    store = GenerationStore(tmp_path / "new")
    edit_live(store, [Edit(0, name, fields) for name, fields in replayed(seed).items()])
    new = open_searcher(store.live())
    assert new.info.articles == searcher.info.articles
    for typed in BEGINNINGS:
        for languages in ((), ("en",), ("es", "fr")):
            request = SuggestRequest(typed, language=languages)
            assert searcher.suggest(request) == new.suggest(request), typed
    searcher.close()
    new.close()


def replayed(seed: int) -> dict[str, dict[str, object]]:
    """Return the articles that ``history`` leaves, in another order than it put them in."""
    left: dict[str, dict[str, object]] = {}
    chance = random.Random(seed)
    for step in range(chance.randint(1, 7)):
        for n in chance.sample(range(30), chance.randint(1, 8)):
            left[f"a{n}"] = fields_of(chance, f"a{n}")
        if step:
            left.pop(f"a{chance.randint(0, 29)}", None)
    return dict(sorted(left.items(), reverse=True))
