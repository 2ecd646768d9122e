"""From a parsed query to what is looked up in which field, and what that finds."""

from collections.abc import Iterable
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh.query.qcore import NullQuery, Query

from indexer.article import Article, Section
from indexer.index.schema import EXACT_FIELDS, TEXT_FIELDS
from service.search.engine import IndexSearcher
from service.search.plan import Either, Leaf, Plan
from service.search.ranking.whoosh_query import whoosh_query
from service.search.reading import leaves
from service.search.reading.compiler import compile_query
from service.search.reading.leaves import EXACT_BONUS, is_acronym, tokens_of
from service.search.reading.query import normalize, parse
from service.search.reading.spoken import typed_language
from service.search.reading.terms import QueryTerms
from service.search.request import SearchRequest
from tests.service.search.conftest import OpenIndex

ALL = ("en", "es", "und")


class Compiled(NamedTuple):
    """A compiled query as Whoosh would be asked it."""

    query: Query
    terms: QueryTerms


def compiled(text: str, languages: tuple[str, ...] = ALL) -> Compiled:
    found = compile_query(parse(normalize(text)), languages)
    return Compiled(whoosh_query(found.plan), found.terms)


def looked_up(query: Query) -> set[tuple[str, str]]:
    """Every field and term of a query, whether it is wanted or not."""
    found = set()
    for leaf in query.leaves():
        for text in getattr(leaf, "words", None) or [getattr(leaf, "text", None)]:
            if text:
                found.add((str(leaf.field()), str(text)))
    return found


def boost(leaf: Query) -> float:
    value: float = vars(leaf)["boost"]
    return value


def terms_in(text: str, field: str, languages: tuple[str, ...] = ALL) -> set[str]:
    return {term for name, term in looked_up(compiled(text, languages).query) if name == field}


class TestWhereAWordIsLookedUp:
    def test_stemmed_in_each_language_and_as_typed_in_the_exact_fields(self) -> None:
        query = compiled("burns", ("en", "und")).query
        stemmed = {(f"{field.name}_en", "burn") for field in TEXT_FIELDS}
        plain = {(f"{field.name}_und", "burns") for field in TEXT_FIELDS}
        exact = {(field.name, "burns") for field in EXACT_FIELDS}
        assert looked_up(query) == stemmed | plain | exact

    def test_only_in_the_languages_of_the_index(self) -> None:
        fields = {field for field, _ in looked_up(compiled("burns", ("es",)).query)}
        assert {field.rpartition("_")[2] for field in fields} == {"es", "exact"}

    def test_with_the_weights_of_the_field_table(self) -> None:
        weights = {f"{field.name}_en": field.weight for field in TEXT_FIELDS}
        weights |= {field.name: EXACT_BONUS * field.weight for field in EXACT_FIELDS}
        query = compiled("burns", ("en",)).query
        assert {str(leaf.field()): boost(leaf) for leaf in query.leaves()} == pytest.approx(weights)

    def test_a_field_narrows_it_down(self) -> None:
        assert {field for field, _ in looked_up(compiled("title:burns", ("en",)).query)} == {
            "title_en",
            "title_exact",
        }
        assert {field for field, _ in looked_up(compiled("heading:burns", ("en",)).query)} == {
            "headings_en"
        }
        assert {field for field, _ in looked_up(compiled("topic:burns", ("en",)).query)} == {
            "keywords_en"
        }
        assert {field for field, _ in looked_up(compiled("body:burns", ("en",)).query)} == {
            "body_en",
            "body_exact",
        }

    def test_case_and_accents_make_no_difference(self) -> None:
        assert compiled("Sarampión").query == compiled("sarampion").query

    def test_a_compound_is_its_parts_and_their_joined_form(self) -> None:
        assert terms_in("covid-19", "body_und") == {"covid", "19", "covid19"}

    def test_a_repeated_word_counts_once(self) -> None:
        assert compiled("pain pain pain").query == compiled("pain").query


class TestAcronyms:
    @pytest.mark.parametrize("word", ["AIDS", "IT", "ALS", "MS", "ÉPOC"])
    def test_are_two_to_five_capitals(self, word: str) -> None:
        assert is_acronym(word)

    @pytest.mark.parametrize("word", ["aids", "Aids", "A", "B12", "HEADACHE", "D-3", ""])
    def test_are_nothing_else(self, word: str) -> None:
        assert not is_acronym(word)

    def test_are_searched_unstemmed_only(self) -> None:
        assert looked_up(compiled("AIDS").query) == {
            ("title_exact", "aids"),
            ("body_exact", "aids"),
        }

    def test_weigh_as_much_as_other_words(self) -> None:
        query = compiled("AIDS").query
        assert {boost(leaf) for leaf in query.leaves()} == {f.weight for f in EXACT_FIELDS}

    def test_that_look_like_stop_words_are_words(self) -> None:
        assert ("body_exact", "it") in looked_up(compiled("IT band").query)

    def test_are_stemmed_in_fields_that_have_no_exact_form(self) -> None:
        assert terms_in("topic:AIDS", "keywords_en") == {"aid"}

    def test_a_query_all_in_capitals_means_nothing_by_them(self) -> None:
        assert terms_in("KNEE PAINS", "body_en") == {"knee", "pain"}
        assert terms_in("KNEE pains", "body_en") == {"pain"}


class TestFunctionWords:
    def test_of_the_language_typed_are_ignored_in_all_fields(self) -> None:
        assert {term for _, term in looked_up(compiled("the burn of the sun").query)} == {
            "burn",
            "sun",
        }

    def test_of_a_language_are_ignored_in_its_own_fields(self) -> None:
        """'no' is a stop word of both; neither language is betrayed by it."""
        assert {term for _, term in looked_up(compiled("no asthma").query)} >= {"asthma"}
        assert "no" not in {term for _, term in looked_up(compiled("no asthma").query)}

    @pytest.mark.parametrize(
        ("text", "language"),
        [
            ("what is the dose for a child", "en"),
            ("qué es la diabetes", "es"),
            ("dolor de espalda", "es"),
            ("también además", "es"),
            ("What's it", "en"),
            ("magnesium", ""),
            ("", ""),
        ],
    )
    def test_betray_the_language_typed(self, text: str, language: str) -> None:
        assert typed_language(parse(text)) == language

    def test_that_are_all_of_the_query_are_searched_as_they_are(self) -> None:
        query = compiled("who is it")
        assert looked_up(query.query) == {
            (field.name, word) for field in EXACT_FIELDS for word in ("who", "is", "it")
        }
        assert set(query.terms.exact) == {"who", "is", "it"}

    def test_in_quotes_count(self) -> None:
        assert terms_in('"to be or not to be"', "body_exact") >= {"to", "be", "or", "not"}

    def test_beside_and_are_ignored(self) -> None:
        assert compiled("the AND burn").query == compiled("burn the").query

    def test_of_a_field_are_ignored_like_others(self) -> None:
        assert compiled("title:the burn").query == compiled("burn the").query

    def test_excluded_exclude_nothing(self) -> None:
        assert compiled("the burn -of").query == compiled("the burn").query


class TestNothingToLookUp:
    @pytest.mark.parametrize("text", ["", "?!", "-asthma", "NOT asthma", "🤒", "-(a b)", "ʼ", "ﾞ"])
    def test_is_the_null_query(self, text: str) -> None:
        assert compiled(text).query is NullQuery

    def test_an_index_without_articles_is_searched_in_the_exact_fields(self) -> None:
        assert {field for field, _ in looked_up(compiled("burn", ()).query)} == {
            "title_exact",
            "body_exact",
        }


class TestTermsToHighlight:
    def test_are_the_stems_of_each_language(self) -> None:
        terms = compiled("burns quemaduras").terms
        assert set(terms.stems["en"]) == {"burn", "quemadura"}
        assert set(terms.stems["es"]) == {"burns", "quemadur"}
        assert set(terms.stems["und"]) == {"burns", "quemaduras"}

    def test_are_phrases_prefixes_and_exact_forms(self) -> None:
        terms = compiled('"joint pain" arthr* AIDS "aspirin"').terms
        assert terms.phrases == {("joint", "pain")}
        assert terms.prefixes == {"arthr"}
        assert set(terms.exact) == {"aids", "aspirin"}

    def test_are_not_what_is_excluded(self) -> None:
        terms = compiled('burn -sun -"hot water" -chem* -AIDS').terms
        assert set(terms.stems["en"]) == {"burn"}
        assert not terms.phrases | terms.prefixes | terms.exact.keys()


def article(name: str, body: str = "", title: str = "", **values: object) -> Article:
    fields = {"id": name, "url": f"https://a.example/{name}", "title": title, "body": body}
    return Article(**{"language": "en", **fields, **values})  # type: ignore[arg-type]


def with_heading(name: str, heading: str, text: str) -> Article:
    body = f"{heading}\n{text}"
    section = Section(heading=heading, start=len(heading) + 1, end=len(body), level=2)
    return article(name, body, sections=(section,))


LIBRARY = (
    article("joint-pain", "Joint pain is common after a fall."),
    article("pain-joint", "Pain in a joint, and magnesium."),
    article("magnesium", "Magnesium is a mineral."),
    article("gout-title", "A kind of arthritis.", title="Gout"),
    article("gout-body", "Arthritis and gout."),
    article("heart", "Heart failure in children."),
    article("covid", "COVID-19 and the flu."),
    article("covid-joined", "Covid19 in brief."),
    article("nineteen", "The flu takes 19 days."),
    article("back", "Low-back trouble and arthrosis."),
    article("low", "Low mood, back again.", topics=("Mental health",), tags=("AIDS",)),
    with_heading("heading", "Who should not take it", "People with ulcers."),
)


@pytest.fixture(scope="module")
def library(open_index: OpenIndex) -> IndexSearcher:
    return open_index(LIBRARY)


def found(searcher: IndexSearcher, text: str) -> set[str]:
    request = SearchRequest(q=text, per_page=100, expand=False)
    return {hit.id for hit in searcher.search(request).hits}


MATCHES: Iterable[tuple[str, set[str]]] = [
    ("magnesium mineral", {"magnesium", "pain-joint"}),
    ('"joint pain"', {"joint-pain"}),
    ('"pain joint"', set()),
    ('"pain in a joint"', {"pain-joint"}),
    ('magnesium "joint pain"', {"joint-pain"}),
    ('"joint pain" "magnesium is"', set()),
    ('"joint pain" OR magnesium', {"joint-pain", "pain-joint", "magnesium"}),
    ('"joint pain" OR "magnesium is" flu', {"joint-pain", "magnesium"}),
    ('("joint pain") magnesium', {"joint-pain"}),
    ("joint AND magnesium", {"pain-joint"}),
    ("joint AND magnesium OR gout", {"pain-joint", "gout-title", "gout-body"}),
    ("gout OR joint AND magnesium", {"pain-joint", "gout-title", "gout-body"}),
    ("(gout OR joint) AND magnesium", {"pain-joint"}),
    ("joint -magnesium", {"joint-pain"}),
    ("joint NOT magnesium", {"joint-pain"}),
    ('pain -"joint pain"', {"pain-joint"}),
    ("joint -(fall OR nothing)", {"pain-joint"}),
    ("title:gout", {"gout-title"}),
    ("body:gout", {"gout-body"}),
    ("title:gout arthritis", {"gout-title"}),
    ('title:"gout"', {"gout-title"}),
    ("arthr*", {"gout-title", "gout-body", "back"}),
    ("arthros*", {"back"}),
    ("gout -arthr*", set()),
    ("low-arthr*", {"back"}),
    ("mood-arthr*", set()),
    ("mood-b*", set()),
    ("low-ba*", {"back", "low"}),
    ("heading:ulcers", set()),
    ("heading:who", set()),
    ("heading:take", {"heading"}),
    ('heading:"should not take"', {"heading"}),
    ("heading:tak*", {"heading"}),
    ("topic:mental", {"low"}),
    ('topic:"mental health"', {"low"}),
    ("topic:AIDS", {"low"}),
    ("topic:ment*", {"low"}),
    ("topic:health*", {"low"}),
    ("topic:flu", set()),
    ("covid-19", {"covid", "covid-joined", "nineteen"}),
    ("covid 19", {"covid", "nineteen"}),
    ('"covid 19"', {"covid"}),
    ('"covid-19"', {"covid"}),
    ("covid19", {"covid", "covid-joined"}),
    ("flu -covid-19", {"nineteen"}),
    ("body:covid-19", {"covid", "covid-joined"}),
    ("covid-19 AND flu", {"covid"}),
    ("asthma", set()),
]


@pytest.mark.parametrize(("text", "ids"), MATCHES)
def test_finds(library: IndexSearcher, text: str, ids: set[str]) -> None:
    assert found(library, text) == ids


@given(st.text(st.characters(), max_size=100), st.sets(st.sampled_from(ALL)))
def test_any_text_compiles(text: str, languages: set[str]) -> None:
    query = compiled(text, tuple(sorted(languages)))
    assert isinstance(query.query, Query)
    assert all(term for _, term in looked_up(query.query))


@given(
    st.lists(
        st.sampled_from(["burn", "the", "de", "AIDS", "covid-19", "ʼ"])
        | st.sampled_from(["AND", "OR", "NOT", "-", "(", ")", '"'])
        | st.sampled_from(["title:", "topic:", "heading:", "art*", "x*", "'a*"]),
        max_size=14,
    ).map(" ".join)
)
def test_any_mix_of_the_language_finds_without_an_error(library: IndexSearcher, text: str) -> None:
    found(library, text)


def test_long_texts_are_not_remembered() -> None:
    """Ten thousand of them would fill the memory."""
    for text, is_kept in (("a-b", True), ("a-" * leaves.MAX_REMEMBERED, False)):
        leaves._remembered.cache_clear()
        assert tokens_of(text)
        assert leaves._remembered.cache_info().currsize == is_kept


def test_a_word_of_the_querys_language_is_not_looked_for_in_others() -> None:
    """Spanish "rápido" has the stem of "raped"."""
    tree = parse("i was raped")
    spaces = {leaf.space for leaf in parts_of_plan(compile_query(tree, ALL, language="en").plan)}
    assert "es" not in spaces
    assert "en" in spaces


def parts_of_plan(plan: Plan) -> list[Leaf]:
    parts = plan.parts if isinstance(plan, Either) else (plan,)
    return [part for part in parts if isinstance(part, Leaf)]
