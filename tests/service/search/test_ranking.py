"""BM25F as documented, computed a second time from the articles by plain arithmetic.

    score = Σ over field and term:  weight · idf · tf · (k1 + 1) / (tf + k1 · (1 - b + b · l / L))
    idf   = ln(N / (n + 1)) + 1

N articles in the field's language, n of them with the term in that field of the language in which
most hold it; tf of the term in the
field, l terms in it, L on average over the N. Whoosh stores a length in one byte, which is exact
up to 10 and within 4 % above.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh.util.numeric import byte_to_length, length_to_byte

from indexer.article import Article
from indexer.index.analysis import LANGUAGES, analyzer, language_of
from indexer.index.schema import EXACT_FIELDS, K1, TEXT_FIELDS
from service.search.reading.leaves import EXACT_BONUS
from service.search.request import SearchRequest
from service.search.tuning import PLAIN
from tests.indexer.index.by_whoosh import document
from tests.service.search.conftest import OpenIndex


@dataclass(frozen=True)
class Field:
    """A field of every article as its terms; None where the field is not the article's."""

    name: str
    weight: float
    norm: float
    texts: Sequence[list[str] | None]

    @cached_property
    def held(self) -> list[list[str]]:
        return [text for text in self.texts if text is not None]

    def frequency(self, term: str) -> int:
        return sum(term in held for held in self.held)

    def score(self, number: int, term: str, n: int) -> float:
        text = self.texts[number]
        if not text or term not in text:
            return 0.0
        tf = text.count(term)
        length = byte_to_length(length_to_byte(len(text)))
        average = sum(len(held) for held in self.held) / len(self.held)
        idf = math.log(len(self.held) / (n + 1)) + 1
        return (
            self.weight
            * idf
            * tf
            * (K1 + 1)
            / (tf + K1 * (1 - self.norm + self.norm * length / average))
        )


def fields_of(articles: Sequence[Article]) -> Iterator[tuple[str, Field]]:
    """Yield the analyzer's name and the contents of each field."""
    documents = [document(article) for article in articles]
    for language in LANGUAGES:
        mine = [language_of(article.language) == language for article in articles]
        for field in TEXT_FIELDS:
            name = f"{field.name}_{language}"
            yield (
                language,
                Field(
                    name, field.weight, field.length_norm, _terms(documents, name, language, mine)
                ),
            )
    for field in EXACT_FIELDS:
        everyone = [True] * len(articles)
        weight = EXACT_BONUS * field.weight
        yield (
            "exact",
            Field(
                field.name,
                weight,
                field.length_norm,
                _terms(documents, field.name, "exact", everyone),
            ),
        )


def _terms(
    documents: Sequence[Mapping[str, object]], name: str, language: str, mine: Sequence[bool]
) -> list[list[str] | None]:
    return [
        [term.text for term in analyzer(language).terms(str(fields.get(name, "")))] if own else None
        for fields, own in zip(documents, mine, strict=True)
    ]


def expected(articles: Sequence[Article], words: Sequence[str]) -> dict[str, float]:
    """Score all articles for plain words that are no stop word of any language."""
    scores: dict[str, float] = dict.fromkeys((a.id for a in articles), 0.0)
    fields = list(fields_of(articles))
    for language, field in fields:
        for term in {analyzer(language).term(word) for word in words}:
            n = max(other.frequency(term) for of, other in fields if of == language)
            for number, article in enumerate(articles):
                scores[article.id] += field.score(number, term, n)
    return {name: score for name, score in scores.items() if score > 0}


def article(name: str, body: str, **values: object) -> Article:
    fields = {"id": name, "url": f"https://a.example/{name}", "title": "", "language": "en"}
    return Article(**{**fields, "body": body, **values})  # type: ignore[arg-type]


def scores(open_index: OpenIndex, articles: Sequence[Article], text: str) -> dict[str, float]:
    """Score all articles; under the law of hypothesis an article may be a hit of score 0."""
    answer = open_index(articles, PLAIN).search(SearchRequest(q=text, per_page=100))
    return {hit.id: hit.score for hit in answer.hits}


def test_by_hand(open_index: OpenIndex) -> None:
    """Two articles, one with the word twice among four: one field, and its exact twin."""
    two = [article("a", "gout gout hurts badly"), article("b", "knees hurt")]
    idf = math.log(2 / 2) + 1
    tf = 2 * 1.9 / (2 + 0.9 * (0.4 + 0.6 * 4 / 3))
    assert scores(open_index, two, "gout") == {"a": pytest.approx(1.1 * idf * tf, abs=1e-4)}


def test_over_all_fields(open_index: OpenIndex) -> None:
    articles = [
        article("a", "Gout hurts.", title="Gout", description="About gout.", topics=("Joints",)),
        article("b", "The joints of the knee.", title="Knee", tags=("gout", "pain")),
        article("c", "Knees", title="Joint pain and gout", description="Joints"),
    ]
    found = scores(open_index, articles, "gout joints")
    assert found == pytest.approx(expected(articles, ["gout", "joints"]), abs=1e-4)
    assert set(found) == {"a", "b", "c"}


WORDS = ["gout", "pain", "joint", "joints", "dolor", "gota", "rodilla", "rodillas", "covid19"]
TEXT = st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join)
ARTICLES = st.lists(
    st.tuples(
        TEXT,
        TEXT,
        TEXT,
        st.lists(st.sampled_from(WORDS), max_size=3),
        st.sampled_from(["en", "en", "es", "und", "fr"]),
    ),
    min_size=1,
    max_size=8,
).map(
    lambda rows: [
        article(f"n{n}", body, title=title, description=about, topics=tuple(topics), language=code)
        for n, (body, title, about, topics, code) in enumerate(rows)
    ]
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ARTICLES, st.lists(st.sampled_from(WORDS), min_size=1, max_size=4))
def test_equals_the_formula_for_any_articles(
    open_index: OpenIndex, articles: list[Article], words: list[str]
) -> None:
    found = scores(open_index, articles, " ".join(words))
    assert found == pytest.approx(expected(articles, words), abs=1e-4)


def test_a_minority_language_is_not_penalised(open_index: OpenIndex) -> None:
    """Spanish articles score among 30 long English ones just as they do on their own."""
    spanish = [
        article(f"es{n}", "", tags=("gota", *["dolor"] * n), language="es") for n in range(5)
    ]
    english = [article(f"en{n}", "", tags=("gout hurts",) * 9) for n in range(30)]
    alone = scores(open_index, spanish, "topic:gota")
    among = scores(open_index, [*english, *spanish], "topic:gota")
    assert list(alone) == ["es0", "es1", "es2", "es3", "es4"]
    assert among == pytest.approx(alone, abs=1e-4)


def test_the_same_article_scores_the_same_in_two_languages_of_equal_size(
    open_index: OpenIndex,
) -> None:
    texts = ["gota", "rodilla rodilla", "pain"]
    articles = [
        article(f"{code}{n}", text, language=code)
        for n, text in enumerate(texts)
        for code in ("en", "es")
    ]
    found = scores(open_index, articles, "gota")
    assert found["en0"] == pytest.approx(found["es0"])


def test_the_form_typed_ranks_before_its_relatives(open_index: OpenIndex) -> None:
    articles = [article("a", "one injection"), article("b", "two injections")]
    assert next(iter(scores(open_index, articles, "injections"))) == "b"
    assert next(iter(scores(open_index, articles, "injection"))) == "a"


def test_a_rare_word_outweighs_a_common_one(open_index: OpenIndex) -> None:
    articles = [article(f"n{n}", "pain here") for n in range(9)] + [article("x", "gout here")]
    assert next(iter(scores(open_index, articles, "pain gout"))) == "x"


def test_what_is_excluded_stays_out_wherever_it_begins(open_index: OpenIndex) -> None:
    """Whoosh's own matcher offers the first match here."""
    articles = [
        article("a", "a cough at night"),
        article("b", "a cold at night"),
        article("c", "a cough and a bad knee"),
        article("d", "a bad knee"),
    ]
    assert list(scores(open_index, articles, "knee -cough")) == ["d"]


def test_equal_scores_stand_in_the_order_of_their_ids(open_index: OpenIndex) -> None:
    """Not in that of indexing: an index that was changed would answer otherwise than a new one."""
    articles = [article(name, "Gout hurts.") for name in ("m", "z", "a", "k", "b")]
    assert list(scores(open_index, articles, "gout")) == ["a", "b", "k", "m", "z"]
