"""Pages made, or broken, so that reading them would take hours: each is read like any other.

What takes the square of a page's length to read takes minutes for these, and the limit ends it.
"""

from itertools import pairwise

import pytest

from indexer.errors import PageSkipped
from indexer.extraction.document import parse
from indexer.extraction.linked_data import read_linked_data
from indexer.extraction.names import people
from indexer.extraction.provenance import telling_lines
from indexer.extraction.title import LONGEST_TITLE, MOST_TITLES, choose_title, without_site
from tests.indexer.extraction.pages import MORE_PROSE, PROSE, extract, html

SIZE = 200_000

pytestmark = pytest.mark.timeout(60)


def many(text: str, size: int = SIZE) -> str:
    return text * (size // len(text))


def in_head(text: str) -> str:
    return html(f"<article><h1>Asthma</h1><p>{PROSE}</p></article>", head=text)


def in_body(text: str) -> str:
    return html(f"<article><h1>Asthma</h1><p>{PROSE}</p>{text}</article>")


def read(text: str) -> str:
    """Return the title of a page, or why it was passed over."""
    try:
        return extract(text).title
    except PageSkipped as skipped:
        return str(skipped)


@pytest.mark.parametrize(
    "head",
    [
        f"<title>Asthma{many(' | a')}</title>",
        f"<title>Asthma{many('|')}</title>",
        f'<meta property="og:title" content="Asthma{many("|a")}">',
        "".join(f'<meta property="og:title" content="Asthma {n}">' for n in range(5_000)),
        f'<title>Asthma | A</title><meta name="author" content="{many("a, ")}">',
        f'<meta name="author" content="{many("professor, ")}">',
        f'<meta name="author" content="{many(", MD")}x">',
        many("<html "),
        many("<base "),
        many("<link "),
        many("<title>"),
        many("<meta name='x\" "),
        many("<script>"),
        many("<noscript>"),
        many("<!--"),
    ],
    ids=lambda head: f"{head[:16]}…{head[-12:]}",
)
def test_heads(head: str) -> None:
    assert read(in_head(head)).startswith(("Asthma", "no article found"))


@pytest.mark.parametrize(
    "body",
    [
        many("<div>Updated "),
        many("<sup>x"),
        many("<h2>x"),
        many("<i></i>", SIZE // 2) + many('<ul><li><a href="x">a</a><a href="x">b</a></ul>'),
        "<div>x" * 900 + many("<time class=published>"),
        many("<h1>x"),
        f'<a href="/"><img alt="{many(" ")}x"></a>',
    ],
    ids=lambda body: f"{body[:16]}…{body[-12:]}",
)
def test_bodies(body: str) -> None:
    assert read(in_body(body)).startswith(("Asthma", "no article found"))


@pytest.mark.parametrize("text", ["<a ", "<" + "a" * 1_000, "<!--", "<script>"])
def test_markup_that_is_too_deep(text: str) -> None:
    assert PROSE in extract(in_body("<div>" * 5_000 + many(text))).body


def test_nodes_that_name_each_other_are_told_once() -> None:
    names = ["a", "b", "c", "d"]
    nodes = [
        f'{{"@id": "{name}", "name": [{many(f"{{@@id@@: @@{below}@@}},", 12_000)}"x"]}}'
        for name, below in pairwise(names)
    ]
    graph = ",".join(nodes).replace("@@id@@", '"@id"').replace("@@", '"')
    page = '{"@type": "Article", "author": {"@id": "a"}}'
    tree = parse(
        f'<script type="application/ld+json">[{page},{graph},{{"@id":"d","name":"Ann"}}]</script>'
    )
    assert set(read_linked_data(tree).authors) == {"x"}


def test_titles_are_cut_and_few_are_looked_at() -> None:
    assert len(choose_title([], ["a" * 5_000], "", "")) == LONGEST_TITLE
    titles = [*["x"] * MOST_TITLES, "Asthma"]
    assert choose_title(["Asthma"], titles, "", "") == "x"
    assert without_site("Asthma" + " | a" * 5_000, "", "") == "Asthma"


def test_what_is_too_long_is_no_name() -> None:
    assert people(["Ann Lee" + ", professor" * 50]) == ("Ann Lee",)
    assert people(["Ann Lee" + ", professor" * 500]) == ()


def test_lines_of_blocks_in_blocks_are_read_a_few_times() -> None:
    tree = parse(html("<div>Updated " * 1_000 + f"<p>{MORE_PROSE}</p>" * 1_000))
    assert telling_lines(tree).count(MORE_PROSE) < 100_000


def test_a_list_around_the_article_is_no_lead() -> None:
    around = f"<main><h1>Asthma</h1><ul><li>{'x ' * 40}<li><div>{f'<p>{PROSE}</p>' * 9}</div></ul>"
    assert PROSE in extract(html(around)).body
