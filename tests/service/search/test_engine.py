"""Answers from the sample corpus: what a visitor would expect to stand first."""

import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from html import unescape
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.article import Article
from indexer.errors import IndexDamaged
from indexer.index.generation import Generation
from service.search.engine import IndexSearcher, open_searcher
from service.search.options import Options
from service.search.ranking.prefixes import MAX_TERMS
from service.search.request import SearchRequest
from service.search.response import SearchResponse
from tests.service.search.conftest import OpenIndex, Publish


def slugs(answer: SearchResponse) -> list[str]:
    """The last part of each hit's address without its ending, as ``heart-attack``."""
    return [hit.url.rstrip("/").rsplit("/", 1)[-1].removesuffix(".html") for hit in answer.hits]


def first(searcher: IndexSearcher, q: str) -> str:
    return slugs(searcher.search(SearchRequest(q=q)))[0]


@pytest.mark.parametrize(
    ("q", "slug"),
    [
        ("magnesium joint pain", "magnesium-deficiency-and-joint-pain"),
        ("heart attack", "heart-attack"),
        ("HEART ATTACK", "heart-attack"),
        ("what to do about a heart attack?", "heart-attack"),
        ("infarto", "infarto-de-miocardio"),
        ("dolor de espalda", "dolor-de-espalda"),
        ("back pain", "low-back-pain"),
        ("COVID-19", "covid-19"),
        ("covid 19", "covid-19"),
        ("covid19", "covid-19"),
        ("Covid", "covid-19"),
        ("HbA1c", "type-2-diabetes"),
        ("T2D", "type-2-diabetes"),
        ("type 2 diabetes", "type-2-diabetes"),
        ("5-HT", "serotonin-syndrome"),
        ("St. John's wort", "st-johns-wort-interactions"),
        ("St John’s Wort", "st-johns-wort-interactions"),
        ("st johns wort", "st-johns-wort-interactions"),
        ("st john wort", "st-johns-wort-interactions"),
        ("AIDS", "hiv-and-aids"),
        ("hiv", "hiv-and-aids"),
        ("topic:HIV", "hiv-and-aids"),
        ("sarampion", "sarampion"),
        ("sarampión", "sarampion"),
        ("migraña", "migrana"),
        ("dejar de fumar", "dejar-de-fumar"),
        ("stop smoking", "stop-smoking"),
        ("flu vaccine", "flu-vaccine"),
        ("vitamin B12", "vitamin-b12-deficiency"),
        ("vitamin d", "vitamin-d"),
        ("high blood pressure", "high-blood-pressure"),
        ("kidney stones", "kidney-stones"),
        ("bee sting", "bee-and-wasp-stings"),
        ("child is choking", "choking"),
        ("burned hand", "burns"),
        ("nose bleed nosebleeds", "nosebleed"),
        ("COPD", "copd"),
        ("IBS", "irritable-bowel-syndrome"),
        ('"warfarin"', "warfarin"),
        ("title:gout", "gout"),
        ("knee AND osteoarthritis", "knee-osteoarthritis"),
        ("hepatit* -hepatitis-c", "hepatitis-b"),
    ],
)
def test_the_obvious_article_stands_first(
    corpus_searcher: IndexSearcher, q: str, slug: str
) -> None:
    assert first(corpus_searcher, q) == slug


def test_aids_in_capitals_are_no_hearing_aids(corpus_searcher: IndexSearcher) -> None:
    assert slugs(corpus_searcher.search(SearchRequest(q="hearing aids")))[0] != "hiv-and-aids"
    assert slugs(corpus_searcher.search(SearchRequest(q="AIDS")))[0] == "hiv-and-aids"


def test_an_article_is_found_in_its_language(corpus_searcher: IndexSearcher) -> None:
    answer = corpus_searcher.search(SearchRequest(q="diabetes", language=("es",)))
    assert slugs(answer)[0] == "diabetes-tipo-2"
    assert {hit.language for hit in answer.hits} == {"es"}


def test_markup_in_an_article_stays_text(corpus_searcher: IndexSearcher) -> None:
    answer = corpus_searcher.search(SearchRequest(q='"script alert"'))
    assert any("&lt;" in fragment for hit in answer.hits for fragment in hit.highlights.body)
    assert not any("<script" in text for hit in answer.hits for text in hit.highlights.body)


QUERIES = (
    "magnesium joint pain",
    "dolor de espalda",
    '"blood pressure" heart',
    "inf* -flu",
    "title:pain OR heading:treatment",
    "COVID-19 AND vaccine",
    "the who",
    "الصداع",
    "nothing-like-it",
)


def answers(searcher: IndexSearcher, q: str) -> bytes:
    """Everything in an answer but the time it took."""
    answer = searcher.search(SearchRequest(q=q, per_page=20))
    return msgspec.json.encode(msgspec.structs.replace(answer, took_ms=0))


def test_sixteen_threads_get_the_answers_of_one(corpus_searcher: IndexSearcher) -> None:
    alone = [answers(corpus_searcher, q) for q in QUERIES]
    with ThreadPoolExecutor(16) as pool:
        together = list(pool.map(lambda q: answers(corpus_searcher, q), QUERIES * 12))
    assert together == alone * 12


def test_another_process_gives_the_same_answers(
    corpus_searcher: IndexSearcher, corpus_index: Path
) -> None:
    """Workers of one service must agree, though their sets and dicts are hashed differently."""
    q = 'pain "joint pain" jo* joi* "blood pressure" COVID-19'
    script = (
        "import sys, msgspec; from pathlib import Path\n"
        "from indexer.index.generations import GenerationStore\n"
        "from service.search.engine import open_searcher\n"
        "from service.search.request import SearchRequest\n"
        "searcher = open_searcher(GenerationStore(Path(sys.argv[1])).current())\n"
        "answer = searcher.search(SearchRequest(q=sys.argv[2], per_page=20))\n"
        "same = msgspec.structs.replace(answer, took_ms=0)\n"
        "sys.stdout.buffer.write(msgspec.json.encode(same))\n"
    )
    for seed in "12":
        run = subprocess.run(
            [sys.executable, "-c", script, str(corpus_index), q],
            check=True,
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        assert run.stdout == answers(corpus_searcher, q)


def test_pages_continue_each_other(corpus_searcher: IndexSearcher) -> None:
    whole = corpus_searcher.search(SearchRequest(q="pain doctor", per_page=100))
    pages = [
        corpus_searcher.search(SearchRequest(q="pain doctor", page=page, per_page=9))
        for page in range(1, whole.total // 9 + 2)
    ]
    assert [hit for page in pages for hit in page.hits] == list(whole.hits)
    assert len(whole.hits) == whole.total


VOCABULARY = st.sampled_from(
    [
        "pain",
        "heart",
        "the",
        "de",
        "do",
        "not",
        "COVID-19",
        "B12",
        "AIDS",
        "dolor",
        "asthma",
        "hea*",
        "astma~",
        "diabetis",
        "tylenol",
        "vitamin",
        "A",
        "IT",
        "infarto",
    ]
)
SYNTAX = st.sampled_from(
    ["AND", "OR", "NOT", "-", '"', "(", ")", "~", "title:", "topic:", "heading:"]
)


@settings(deadline=None)
@given(st.lists(VOCABULARY | SYNTAX, max_size=9).map(" ".join) | st.text(st.characters()))
def test_any_text_is_answered_with_well_formed_highlights(
    corpus_searcher: IndexSearcher, q: str
) -> None:
    answer = corpus_searcher.search(SearchRequest(q=q, explain=True))
    assert len(answer.hits) == min(answer.total + answer.related, 10)
    for hit in answer.hits:
        (title,) = hit.highlights.title
        assert unescape(re.sub("</?mark>", "", title)) == hit.title
        for fragment in (title, *hit.highlights.body):
            text = re.sub("<mark>[^<>]+</mark>", "", fragment)
            assert not re.search("[<>\"']", text)
            assert not re.search("&(?!amp;|lt;|gt;|quot;|#x27;)", text)


class TestOpening:
    def test_a_generation_without_whooshs_files_is_damaged(
        self, corpus_generation: Generation, tmp_path: Path
    ) -> None:
        lost = Generation("lost", tmp_path / "lost", corpus_generation.manifest)
        with pytest.raises(IndexDamaged, match="lost cannot be opened"):
            open_searcher(lost)


def test_a_generation_that_is_pruned_while_it_serves_goes_on_serving(
    tmp_path: Path, publish: Publish
) -> None:
    fields = {"url": "", "title": "Gout", "body": "Gout hurts.", "topics": ("Joints",)}
    articles = [Article(id=f"a{n}", **fields | {"title": f"Gout {n}"}) for n in range(30)]  # type: ignore[arg-type]
    generation = publish(tmp_path, articles)
    searcher = open_searcher(generation)
    shutil.rmtree(generation.folder)
    with ThreadPoolExecutor(8) as pool:
        # The columns answer the first two, Whoosh's own index the third.
        texts = ("gout", '"gout hurts"', "topic:joi*")
        asked = [SearchRequest(q=text, page=n % 3 + 1) for n in range(20) for text in texts]
        totals = [response.total for response in pool.map(searcher.search, asked)]
    assert totals == [30] * 60
    searcher.close()


@pytest.mark.parametrize("text", ["pain fever children", "title:pa* OR topic:fe*"])
def test_when_time_runs_out_the_answer_says_so(corpus_generation: Generation, text: str) -> None:
    for seconds, relation in ((2.0, "eq"), (-1.0, "gte")):
        with closing(open_searcher(corpus_generation, Options(seconds))) as searcher:
            assert searcher.search(SearchRequest(q=text)).total_relation == relation


def test_spellings_are_one_word_but_for_what_is_quoted(open_index: OpenIndex) -> None:
    titles = {"uk": "Brain tumours", "us": "Brain tumors", "no": "Gout"}
    searcher = open_index(
        [
            Article(id=name, url="", title=title, body=f"{title}. " * 5, language="en")
            for name, title in titles.items()
        ]
    )
    for q, ids in {
        "tumors": ["us", "uk"],
        "tumours": ["uk", "us"],
        '"brain tumours"': ["uk"],
        '"tumors"': ["us"],
        "title:tumours": ["uk", "us"],
    }.items():
        assert [hit.id for hit in searcher.search(SearchRequest(q=q)).hits] == ids, q


def test_prefixes_stand_for_a_bounded_number_of_words(open_index: OpenIndex) -> None:
    words = [f"pre{n:04}x" for n in range(MAX_TERMS + 50)]
    rare = [Article(id=word, url="", title="", body=word) for word in words]
    searcher = open_index([*rare, Article(id="often", url="", title="", body="preface. " * 9)])
    searched = searcher.search(SearchRequest(q="pre*", per_page=1))
    assert searched.total == MAX_TERMS


def test_only_the_first_prefixes_are_expanded(open_index: OpenIndex) -> None:
    texts = ("aaax", "bbbx", "cccx", "dddx")
    searcher = open_index([Article(id=text, url="", title="", body=text) for text in texts])
    found = searcher.search(SearchRequest(q="aaa* bbb* aaa* ccc* ddd*")).hits
    assert {hit.id for hit in found} == {"aaax", "bbbx", "cccx"}
