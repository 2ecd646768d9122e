"""What a hit shows of its article. People act on it, so nothing is shown that says the opposite."""

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article, Section
from indexer.index.columns.leads import MAX_ITEM_CHARS, MAX_LEAD_LINES, has_negation
from indexer.index.columns.sentences import MAX_SENTENCE, MAX_WHOLE
from indexer.index.columns.texts import SegmentTexts
from service.search.reading.compiler import compile_query
from service.search.reading.query import normalize, parse
from service.search.reading.terms import QueryTerms
from service.search.response import SectionLink
from service.search.snippets.choice import TARGET_CHARS
from service.search.snippets.maker import SnippetMaker, Snippets
from tests.service.search.opened import opened

Part = tuple[str, int, list[str]]
"""Heading, level and lines of a section."""


def maker_of(*segments: Sequence[Article]) -> SnippetMaker:
    """Return what makes the snippets of some articles, a list a segment."""
    return SnippetMaker([SegmentTexts(opened(articles)) for articles in segments])


def article(
    *parts: Part, title: str = "A title", description: str = "", language: str = "en"
) -> Article:
    """Build an article; a part without a heading is the introduction."""
    body = ""
    sections = []
    for heading, level, lines in parts:
        if heading:
            body += f"{heading}\n"
        start = len(body)
        body += "".join(f"{line}\n" for line in lines)
        sections.append(
            Section(heading=heading, start=start, end=len(body), level=level, anchor=f"s{level}")
        )
    return Article(
        id="a",
        url="https://a.example/",
        title=title,
        body=body,
        sections=tuple(sections),
        description=description,
        language=language,
    )


def plain(*lines: str, **values: str) -> Article:
    return article(("", 0, list(lines)), **values)


def terms(query: str) -> QueryTerms:
    return compile_query(parse(normalize(query)), ("en", "es", "und")).terms


def snippets(source: Article, query: str) -> Snippets:
    (made,) = maker_of([source]).make([(0, 0)], terms(query))
    return made


def shown(source: Article, query: str) -> tuple[str, ...]:
    """The fragments of the body without marks and escapes."""
    return tuple(unmarked(fragment) for fragment in snippets(source, query).highlights.body)


def unmarked(fragment: str) -> str:
    return unescape(re.sub("</?mark>", "", fragment))


def marks(fragments: tuple[str, ...]) -> list[str]:
    return [unescape(mark) for text in fragments for mark in re.findall("<mark>(.*?)</mark>", text)]


class TestChoice:
    def test_the_sentence_with_the_match_is_shown_whole_and_marked(self) -> None:
        source = plain("One thing. Gout hurts a lot, at night.", "Another thing.")
        assert snippets(source, "gout").highlights.body == (
            "<mark>Gout</mark> hurts a lot, at night.",
        )

    def test_a_word_is_marked_in_any_spelling(self) -> None:
        source = plain("Anaemia makes people tired.", "One thing.", title="What is anæmia?")
        for typed in ("anemia", "anaemia", "anemias"):
            highlights = snippets(source, typed).highlights
            assert highlights.title == ("What is <mark>anæmia</mark>?",)
            assert highlights.body == ("<mark>Anaemia</mark> makes people tired.",)
        assert marks(snippets(source, '"anemia"').highlights.body) == []

    def test_the_sentence_after_it_in_the_paragraph_often_holds_the_but(self) -> None:
        source = plain("Some say cherries cure gout. They do not. Ask a doctor.")
        assert shown(source, "gout") == ("Some say cherries cure gout. They do not.",)

    def test_a_sentence_after_it_that_does_not_fit_is_left_out(self) -> None:
        source = plain(f"Cherries and gout. {'And so on and on' * 20}.")
        assert shown(source, "gout") == ("Cherries and gout.",)

    def test_the_sentence_with_more_of_the_words_wins(self) -> None:
        source = plain(
            "Gout is gout and gout, and what else is there to say.",
            "The gout of kings can be a great pain to all of them.",
        )
        assert shown(source, "gout pain") == (source.body.splitlines()[1],)

    def test_a_second_sentence_must_add_a_word(self) -> None:
        source = plain(
            "Gout hurts a lot, gout at night, gout at noon.",
            "It is gout again, the same old thing as ever.",
            "Cherries are said to help, by some people.",
        )
        assert shown(source, "gout cherries") == tuple(source.body.splitlines()[::2])

    def test_fragments_stand_in_the_order_of_the_article(self) -> None:
        source = plain("Cherries help some people, they say.", "Gout gout gout gout hurts a lot.")
        assert shown(source, "gout cherries")[0].startswith("Cherries")

    def test_neighbouring_sentences_of_a_line_stay_together(self) -> None:
        source = plain("Gout hurts people a lot, at night. Cherries help some people, they say.")
        assert len(shown(source, "gout cherries")) == 1

    def test_not_much_more_than_the_target_is_shown(self) -> None:
        words = [f"word{n}" for n in range(40)]
        source = plain(*(f"This sentence of the text says {word} and more." for word in words))
        assert sum(map(len, shown(source, " ".join(words)))) <= TARGET_CHARS

    def test_a_phrase_outweighs_its_words(self) -> None:
        source = plain(
            "Pain of joint and joint of pain, all day long.", "There is joint pain here."
        )
        assert shown(source, '"joint pain"') == ("There is joint pain here.",)

    def test_a_label_says_less_than_a_sentence(self) -> None:
        source = plain("Gout dose", "For gout the dose is decided by your own doctor.")
        assert shown(source, "gout") == ("For gout the dose is decided by your own doctor.",)

    def test_abbreviations_do_not_cut(self) -> None:
        source = plain("Do not mix St. John's wort with Dr. Smith's medicine. Ask first.")
        assert shown(source, "medicine") == (
            "Do not mix St. John's wort with Dr. Smith's medicine. Ask first.",
        )

    def test_nothing_is_shown_twice(self) -> None:
        source = plain("Ask first if:", "you have gout. It hurts. You take salt. It is sour.")
        text = " ".join(shown(source, "gout hurts salt sour"))
        assert text.count("you have gout") == text.count("sour") == 1


class TestSection:
    PARTS = (
        ("", 0, ["Gout is a disease of the joints."]),
        ("Treatment", 2, ["Take colchicine with some food."]),
    )

    def test_is_that_of_the_best_sentence(self) -> None:
        assert snippets(article(*self.PARTS), "colchicine").section == SectionLink(
            "Treatment", "s2"
        )

    def test_is_none_before_the_first_heading(self) -> None:
        assert snippets(article(*self.PARTS), "gout").section is None

    def test_is_none_without_a_match_in_the_body(self) -> None:
        assert snippets(article(*self.PARTS), "title").section is None

    def test_headings_are_no_sentences(self) -> None:
        assert shown(article(*self.PARTS), "treatment") == ("Gout is a disease of the joints.",)


class TestWithoutAMatch:
    def test_the_description_is_shown(self) -> None:
        source = plain("The opening. More.", description="What it is about, & more.")
        assert snippets(source, "nothing").highlights.body == ("What it is about, &amp; more.",)

    def test_or_the_first_sentence(self) -> None:
        assert shown(plain("The opening. More."), "nothing") == ("The opening.",)

    def test_a_section_without_text_has_no_first_sentence(self) -> None:
        source = article(("", 0, []), ("One", 1, []), ("Two", 2, ["Text at last. More."]))
        assert shown(source, "nothing") == ("Text at last.",)

    def test_the_first_sentence_keeps_its_heading(self) -> None:
        source = article(("Who should not take it", 2, ["People with ulcers."]))
        assert shown(source, "nothing") == ("Who should not take it: People with ulcers.",)

    def test_the_title_is_marked_anyway(self) -> None:
        assert snippets(plain("Text.", title="Gout & co"), "gout").highlights.title == (
            "<mark>Gout</mark> &amp; co",
        )

    def test_an_endless_description_gives_way_to_the_first_sentence(self) -> None:
        source = plain("The opening. More.", description="all of the article " * 100)
        assert shown(source, "nothing") == ("The opening.",)


class TestOddArticles:
    def test_without_sections(self) -> None:
        source = Article(id="a", url="u", title="t", body="Gout.\nIt hurts at night, and a lot.")
        assert shown(source, "night") == ("It hurts at night, and a lot.",)
        assert shown(source, "nothing") == ("Gout.",)

    def test_with_an_empty_body(self) -> None:
        assert snippets(Article(id="a", url="u", title="Gout", body=""), "gout") == Snippets(
            snippets(plain(title="Gout"), "gout").highlights, None
        )
        assert shown(Article(id="a", url="u", title="Gout", body=""), "gout") == ()

    def test_with_sections_that_are_all_empty(self) -> None:
        assert shown(article(("One", 1, []), ("Two", 2, [])), "one") == ()

    @pytest.mark.parametrize("word", ["gout", "nothing"])
    @pytest.mark.parametrize("space", [" ", "\t", "\u00a0", ",", "", "\u0301"])
    def test_with_an_endless_line(self, word: str, space: str) -> None:
        filler = f"lorem{space}ipsum{space}" * 2300
        source = plain(f"{filler} gout {filler}")
        (fragment,) = shown(source, word)
        assert len(fragment) < 2 * TARGET_CHARS
        assert ("gout" in fragment) == (word == "gout")
        assert fragment.removeprefix("… ").removesuffix(" …") in source.body

    def test_with_an_endless_line_that_says_not_somewhere(self) -> None:
        """Whole it is no snippet, and cut it may say the opposite."""
        endless = plain("lorem ipsum " * 2000 + "gout is not " + "lorem ipsum " * 2000)
        assert shown(endless, "gout") == ()
        assert shown(endless, "nothing") == ()
        with_more = plain(endless.body, "Of gout there is more to say here.")
        assert shown(with_more, "gout") == ("Of gout there is more to say here.",)

    def test_with_a_long_sentence_that_says_not_at_its_end(self) -> None:
        line = "gout " + "lorem ipsum " * 80 + "is not what it is"
        assert MAX_SENTENCE < len(line) < MAX_WHOLE
        assert shown(plain(line), "gout") == (line,)

    def test_a_cut_falls_between_words(self) -> None:
        source = plain("lorem ipsum " * 200 + "gout " + "dolor amet " * 200)
        (fragment,) = shown(source, "gout")
        assert re.fullmatch(r"… (lorem |ipsum )+gout (dolor |amet )+…", fragment)

    def test_overlapping_sections_show_nothing_twice(self) -> None:
        """The gate refuses such an article; should one get through, it does no harm."""
        body = "Gout hurts a lot, at night. Cherries help some, they say."
        twice = (Section(heading="", start=0, end=57), Section(heading="", start=0, end=57))
        source = Article(id="a", url="u", title="t", body=body, sections=twice, language="en")
        assert " ".join(shown(source, "gout cherries")) == body


class TestLeads:
    """A list item keeps the line that leads into it."""

    def test_a_leading_line_stands_before_its_item(self) -> None:
        source = plain("Do not take it if:", "you are pregnant", "you have an ulcer")
        assert shown(source, "ulcer") == ("Do not take it if: you have an ulcer",)

    def test_an_item_is_shown_whole(self) -> None:
        source = plain("Do not take it:", "For children. It is too strong. Ask a nurse.")
        assert shown(source, "strong") == (
            "Do not take it: For children. It is too strong. Ask a nurse.",
        )

    def test_two_items_share_one_lead(self) -> None:
        source = plain("Do not take it if:", "you are pregnant", "you have an ulcer")
        assert shown(source, "ulcer pregnant") == (
            "Do not take it if: you are pregnant",
            "you have an ulcer",
        )

    def test_a_lead_is_marked_too(self) -> None:
        source = plain("Do not take gout pills if:", "you are pregnant and have gout")
        (fragment,) = snippets(source, "gout pregnant").highlights.body
        assert marks((fragment,)) == ["gout", "pregnant", "gout"]

    def test_a_list_in_a_list_keeps_both_leads(self) -> None:
        source = plain(
            "Do not take it if:", "you are pregnant", "you have one of these:", "ulcers", "asthma"
        )
        assert shown(source, "asthma") == ("Do not take it if: you have one of these: asthma",)

    def test_a_lead_right_below_a_lead_keeps_it(self) -> None:
        source = plain("Never take it:", "With these foods:", "liver")
        assert shown(source, "liver") == ("Never take it: With these foods: liver",)

    def test_the_next_list_has_its_own_lead(self) -> None:
        source = plain("Do not take it if:", "you have an ulcer", "You can take it with:", "cheese")
        assert shown(source, "cheese") == ("You can take it with: cheese",)

    def test_a_long_list_keeps_a_lead_that_says_not(self) -> None:
        items = [f"you have disease number {n}" for n in range(60)]
        source = plain("Do not take it if:", *items, "you have an ulcer")
        assert shown(source, "ulcer") == ("Do not take it if: you have an ulcer",)

    def test_any_other_lead_reaches_down_a_dozen_lines(self) -> None:
        items = ["you like some or other food"] * MAX_LEAD_LINES
        assert shown(plain("Eat this:", *items[1:], "figs"), "figs") == ("Eat this: figs",)
        assert shown(plain("Eat this:", *items, "figs"), "figs") == ("figs",)

    def test_a_paragraph_below_a_list_is_no_item_of_it(self) -> None:
        items = ("You may have none. Common signs are:", "a swollen toe", "a fever")
        after = "You cannot tell gout from an injury by its signs."
        assert shown(plain(*items, after), "gout") == (after,)

    def test_in_doubt_a_lead_that_says_not_is_kept(self) -> None:
        source = plain("Do not take it if you have:", "a fever", "Gout was ever found in you.")
        assert shown(source, "gout") == ("Do not take it if you have: Gout was ever found in you.",)

    def test_a_first_item_may_be_long(self) -> None:
        item = "you have an ulcer " + "and this and that " * 20
        assert len(item) > MAX_ITEM_CHARS
        source = plain("Do not take it if:", item, "you have gout")
        assert shown(source, "ulcer") == (f"Do not take it if: {item.strip()}",)
        assert shown(source, "gout") == ("Do not take it if: you have gout",)

    def test_of_a_long_first_item_a_sentence_is_shown(self) -> None:
        item = "It was an ulcer. " + "And this and that and so on. " * 20 + "It was asthma."
        assert shown(plain("Do not take it if:", item), "asthma") == (
            "Do not take it if: It was asthma.",
        )

    def test_a_paragraph_is_no_item(self) -> None:
        text = "Gout is a disease of kings, and cherries help." + " And so on and on it goes." * 10
        source = plain("Eat this:", "figs", text, "More about ulcers, in short.")
        assert shown(source, "cherries") == (
            "Gout is a disease of kings, and cherries help. And so on and on it goes.",
        )
        assert shown(source, "ulcers") == ("More about ulcers, in short.",)

    def test_a_text_without_end_leads_into_nothing(self) -> None:
        source = plain("lorem ipsum " * 500 + ":", "gout hurts")
        assert shown(source, "hurts") == ("gout hurts",)

    def test_leads_end_with_their_section(self) -> None:
        source = article(("One", 2, ["Do not take it if:"]), ("Two", 2, ["gout hurts a lot"]))
        assert shown(source, "hurts") == ("gout hurts a lot",)

    def test_a_text_of_nothing_but_leads(self) -> None:
        source = plain(*(f"line {n} of leads:" for n in range(3000)), "gout hurts")
        (fragment,) = shown(source, "hurts")
        assert fragment.endswith("line 2999 of leads: gout hurts")
        assert len(fragment) < TARGET_CHARS


class TestHeadings:
    """A text below a heading with a negation keeps the heading."""

    def test_a_negated_heading_stands_before_its_text(self) -> None:
        source = article(("Who should not take it", 2, ["People with ulcers, for one."]))
        assert shown(source, "ulcers") == ("Who should not take it: People with ulcers, for one.",)

    def test_any_other_does_not(self) -> None:
        source = article(("Who should take it", 2, ["People with ulcers, for one."]))
        assert shown(source, "ulcers") == ("People with ulcers, for one.",)

    def test_it_stands_before_the_lead_of_a_list(self) -> None:
        source = article(("Foods to avoid", 2, ["Most of all:", "liver and sardines"]))
        assert shown(source, "liver") == ("Foods to avoid: Most of all: liver and sardines",)

    def test_it_holds_for_the_headings_below_it(self) -> None:
        source = article(
            ("Who should not take it", 2, []),
            ("Children", 3, ["All of them under twelve years."]),
            ("Dose", 2, ["Adults take two tablets a day."]),
        )
        assert shown(source, "twelve") == (
            "Who should not take it: Children: All of them under twelve years.",
        )
        assert shown(source, "tablets") == ("Adults take two tablets a day.",)

    def test_a_question_needs_no_colon(self) -> None:
        source = article(("Who should not take it?", 2, ["People with ulcers, for one."]))
        assert shown(source, "ulcers") == ("Who should not take it? People with ulcers, for one.",)


@pytest.mark.parametrize(
    "text",
    [
        "Do not",
        "DON'T",
        "don’t",
        "can't",
        "cannot",
        "never",
        "without",
        "No tomar",
        "Jamás",
        "ningún",
    ],
)
def test_words_that_turn_a_statement_around(text: str) -> None:
    assert has_negation(f"You {text} take it.")


def test_words_that_do_not() -> None:
    assert not has_negation("Take it at noon and note the knots.")


NEGATIONS = [
    "Do not take {} with {} at all.",
    "Never use {} if you have {}.",
    "{} and {} are no help.",
]
STATEMENTS = ["You can take {} with {} every day.", "Some use {} for {}."]
DRUGS = st.sampled_from(["aspirin", "warfarin", "lithium", "gout", "ulcers", "asthma", "cheese"])
SENTENCE = st.builds(
    lambda form, one, two: form.format(one.capitalize(), two),
    st.sampled_from(NEGATIONS + STATEMENTS),
    DRUGS,
    DRUGS,
)
PARAGRAPH = st.lists(SENTENCE, min_size=1, max_size=9).map(lambda lines: [" ".join(lines)])
LEADS = ["Do not take it if:", "Never use it when one of these holds for you:", "No use against:"]
ITEMS = st.builds(
    lambda lead, items: [lead, *(f"you have {item} {n}" for n, item in enumerate(items))],
    st.sampled_from(LEADS),
    st.lists(DRUGS, min_size=1, max_size=30),
)
HEADINGS = ["Who should not take it", "When to avoid it", "Dose", "Symptoms"]
PARTS = st.lists(
    st.tuples(st.sampled_from(HEADINGS), st.just(2), PARAGRAPH | ITEMS), min_size=1, max_size=4
)


@given(PARTS, st.lists(DRUGS, min_size=1, max_size=3))
def test_a_negation_is_never_lost(parts: list[Part], words: list[str]) -> None:
    source = article(*parts)
    text = " ".join(shown(source, " ".join(words)))
    for heading, _, lines in parts:
        is_list = lines[0].endswith(":")
        pieces = lines[1:] if is_list else re.findall(r"[^.\s][^.]*\.", lines[0])
        if not any(_stands_only_in(piece, heading, parts) for piece in pieces if piece in text):
            continue
        if is_list:
            assert lines[0] in text
        if has_negation(heading):
            assert f"{heading}:" in text


def _stands_only_in(piece: str, heading: str, parts: list[Part]) -> bool:
    holders = [name for name, _, lines in parts for line in lines if piece in line]
    return holders == [heading]


@given(PARTS, st.lists(DRUGS, min_size=1, max_size=3))
def test_sentences_stay_whole(parts: list[Part], words: list[str]) -> None:
    source = article(*parts)
    whole = {line.strip() for _, _, lines in parts for line in lines}
    whole |= {s.strip() for line in whole for s in re.findall(r"[^.]+\.", line)}
    for fragment in shown(source, " ".join(words)):
        rest = fragment
        for line in [*(f"{heading}:" for heading in HEADINGS), *sorted(whole, key=len)[::-1]]:
            rest = rest.replace(line, "")
        assert not rest.strip()


MARKUP = ["<script>alert(1)</script>", "<b gout='gout'>", "<mark>", "</mark>", "&amp;", "&lt;"]
HOSTILE = st.lists(
    st.sampled_from([*MARKUP, "gout", "gout's", "COVID-19", "é", "🤒"])
    | st.sampled_from(["&", "<", ">", '"', "'", ". ", ":", "\n", " ", "\u202e"]),
    max_size=40,
).map(" ".join) | st.text(max_size=200)


@given(HOSTILE, HOSTILE, st.sampled_from(["gout", "script", '"gout gout"', "mark amp lt", "co*"]))
def test_what_is_shown_is_escaped_text_of_the_article(body: str, title: str, query: str) -> None:
    # Marks of our own only: text that looks like one comes out as &lt;mark&gt;.
    source = Article(id="a", url="u", title=title, body=body, language="en")
    highlights = snippets(source, query).highlights
    for fragment in (*highlights.title, *highlights.body):
        assert re.sub("<mark>[^<>]+</mark>", "", fragment).count("<") == 0
        assert ">" not in re.sub("</?mark>", "", fragment)
        assert '"' not in fragment
        assert not re.search(r"&(?!amp;|lt;|gt;|quot;|#x27;)", fragment)
    assert unmarked(highlights.title[0]) == title
    for fragment in highlights.body:
        shown_text = unmarked(fragment).removeprefix("… ").removesuffix(" …")
        assert _is_made_of(shown_text, body)


def test_what_is_marked_is_escaped_too() -> None:
    source = plain("A joint <b> & 'pain' in it.")
    assert snippets(source, '"joint b pain"').highlights.body == (
        "A <mark>joint &lt;b&gt; &amp; &#x27;pain</mark>&#x27; in it.",
    )


def _is_made_of(text: str, body: str) -> bool:
    """Whether a text is a piece of the body, perhaps after its leading lines or next sentences."""
    if text in body:
        return True
    lines = [line.strip() for line in body.splitlines()]
    leads = [line for line in lines if line.endswith(":") and text.startswith(f"{line} ")]
    pieces = " ".join(body.split())
    return " ".join(text.split()) in pieces or any(
        _is_made_of(text[len(lead) + 1 :], body) for lead in leads
    )


@pytest.mark.timeout(60)
def test_a_long_article_is_read_once() -> None:
    """600 kB with a match in each of 12,000 lines, as no site has; n² would take many minutes."""
    lines = [
        "Do not take gout pills if:",
        *(f"you have gout or asthma {n}, or both" for n in range(300)),
    ]
    source = article(*((f"Part {n}", 2, lines) for n in range(40)))
    assert snippets(source, 'gout asthma "gout or asthma" go* as* ulcers').highlights.body


class TestPages:
    """The snippets of several hits are made at once."""

    SOURCES = (
        article(("Señales", 2, ["El dolor — ¿qué es? Más dolor."]), language="es", title="Dolor"),
        plain("日本 pain, naïve pain.", "It hurts. The pain of pain.", title="Pain & 痛み"),
        plain("Nothing of it.", title="No"),
        article(("Dose of pain", 2, ["Take “it” for joint-pain."]), title="Do"),
    )

    def test_a_hit_is_shown_as_if_it_were_alone(self) -> None:
        wanted = terms('pain dolor "of pain" joint-pain')
        maker = maker_of(self.SOURCES[:2], self.SOURCES[1:])
        hits = [(1, 0), (0, 1), (1, 2), (0, 0), (1, 1), (1, 0)]
        sources = [self.SOURCES[n] for n in (1, 1, 3, 0, 2, 1)]
        alone = [maker_of([source]).make([(0, 0)], wanted) for source in sources]
        assert maker.make(hits, wanted) == [made for (made,) in alone]
        assert maker.make(hits[::-1], wanted) == [made for (made,) in alone[::-1]]

    def test_a_page_may_be_empty(self) -> None:
        assert maker_of(self.SOURCES).make([], terms("pain")) == []
        assert SnippetMaker([]).make([], terms("pain")) == []

    def test_several_threads_do_not_mix_their_words(self) -> None:
        maker = maker_of(self.SOURCES)
        hits = [(0, n) for n in range(len(self.SOURCES))]
        queries = ["pain", "dolor", "joint", "naive nothing", "take it"] * 40
        alone = {query: maker.make(hits, terms(query)) for query in queries}
        with ThreadPoolExecutor(4) as pool:
            made = list(pool.map(lambda query: maker.make(hits, terms(query)), queries))
        assert made == [alone[query] for query in queries]

    def test_of_a_tie_the_first_is_best(self) -> None:
        """0.1 + 0.2 is a little more than 0.3, and must not be."""
        one = "Of a fever there is not much more to say here."
        two = "There is gout, and then there is pain, they say."
        assert self.best({"gout": 0.1, "pain": 0.2, "fever": 0.3}, one, two) == "One"
        assert self.best({"gout": 0.1, "pain": 0.2, "fever": 0.3}, two, one) == "One"

    def test_a_word_twice_is_no_pair(self) -> None:
        one = "There is gout gout, and then there is more of it."
        two = "Of a fever there is not much more to say here."
        assert self.best({"gout": 1.0, "fever": 1.3}, one, two) == "Two"
        assert self.best({"gout": 1.0, "fever": 1.05}, one, two) == "One"

    def best(self, weights: dict[str, float], one: str, two: str) -> str:
        """In which of two sections the best sentence stands."""
        segment = opened([article(("One", 2, [one]), ("Two", 2, [two]))])
        (made,) = SnippetMaker([SegmentTexts(segment)]).make([(0, 0)], QueryTerms({"en": weights}))
        assert made.section
        return made.section.heading

    def test_what_may_not_be_shown_does_not_follow(self) -> None:
        endless = "Lorem " + "ipsum " * 400 + "not."
        assert shown(plain(f"Gout hurts. {endless}"), "gout") == ("Gout hurts.",)

    def test_in_a_word_without_end_nothing_is_found(self) -> None:
        (title,) = snippets(plain("Text.", title="é" * 70_000), "éé*").highlights.title
        assert title == "é" * 70_000


@pytest.mark.parametrize(
    "heading", ["Sources", "References:", "Selected references", "FUENTES", "Bibliografía"]
)
def test_what_an_article_was_written_from_is_no_answer(heading: str) -> None:
    study = "A trial of aspirin after a heart attack: heart attack and heart attack again."
    text = ["Chew aspirin if you think of a heart attack."]
    made = snippets(article(("", 0, text), (heading, 2, [study])), "heart attack aspirin")
    assert "trial" not in "".join(made.highlights.body)
    assert made.section is None


@pytest.mark.parametrize("heading", ["Sources of calcium", "Fuentes de calcio", "Open sources"])
def test_what_something_is_found_in_is_one(heading: str) -> None:
    made = snippets(article((heading, 2, ["Milk has calcium."])), "calcium milk")
    assert made.section == SectionLink(heading, "s2")
