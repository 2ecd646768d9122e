"""What must hold for any page."""

from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.article import Article
from indexer.errors import PageError
from indexer.extraction import article_from_record, extract_page
from indexer.sources.page import Page, Record
from tests.indexer.extraction.pages import MORE_PROSE, PROSE

WORDS = st.text(alphabet="abc é.<&>\u00ad\u200b\n", max_size=40)
INLINE = ["span", "b", "a", "br", "sup"]
BLOCKS = ["p", "div", "h1", "h2", "h6", "ul", "li", "section", "article", "aside", "pre"]
PARTED = ["table", "tr", "td", "th", "details", "summary"]
TAGS = st.sampled_from([*INLINE, *BLOCKS, *PARTED])


@st.composite
def markup(draw: st.DrawFn) -> str:
    """Tags opened and closed in any order around words."""
    parts = draw(st.lists(st.tuples(TAGS, st.booleans(), WORDS), max_size=25))
    return "".join(f"<{'/' * closes}{tag}>{_escaped(words)}" for tag, closes, words in parts)


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;")


def check(article: Article) -> None:
    """Sections and headings, in order, are the whole body; lines are clean."""
    rebuilt = []
    for section in article.sections:
        if section.heading:
            rebuilt.append(section.heading)
            assert 1 <= section.level <= 6
        if section.end > section.start:
            rebuilt.append(article.body[section.start : section.end])
    assert "\n".join(rebuilt) == article.body
    for line in article.body.split("\n"):
        assert line == " ".join(line.split())
        assert not article.body or line
    assert not {"\u00ad", "\u200b", "\u00a0"} & set(article.body)


@given(st.binary(max_size=400), st.sampled_from(["", "utf-8", "utf-16", "x-user-defined", "hz"]))
def test_any_bytes_are_an_article_or_a_page_error(content: bytes, charset: str) -> None:
    try:
        check(extract_page(Page(location="x", url="", content=content, charset=charset)))
    except PageError:
        return


@settings(deadline=None)
@given(markup(), st.text(max_size=30))
def test_any_markup_keeps_the_article(fragment: str, url: str) -> None:
    text = f"<body><div><p>{PROSE}</p><p>{MORE_PROSE}</p>{fragment}"
    article = extract_page(Page(location="x", url=url, content=text.encode("utf-8", "replace")))
    assert PROSE in article.body
    check(article)


@given(markup())
def test_any_fragment_of_a_record_is_sections_and_headings(fragment: str) -> None:
    check(
        article_from_record(
            Record(location="x", fields={"id": "a", "title": "T", "html": fragment})
        )
    )


@given(
    st.dictionaries(
        st.sampled_from(["id", "title", "text", "html", "url", "authors", "published"]),
        st.one_of(st.none(), st.integers(), st.text(max_size=20), st.lists(st.text(max_size=5))),
    )
)
def test_any_record_is_an_article_or_a_page_error(fields: dict[str, object]) -> None:
    try:
        article = article_from_record(Record(location="x", fields=fields))
    except PageError:
        return
    assert article.id
