import pytest

from indexer.errors import PageSkipped
from indexer.extraction.patterns import names_boilerplate
from tests.indexer.extraction.pages import MORE_PROSE, PROSE, between, extract, html

LINKS = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in ("One", "Two", "Three"))
LINKS = f"<ul>{LINKS}</ul>"


@pytest.mark.parametrize(
    "fragment",
    [
        f"<nav>{LINKS}</nav>",
        f'<div class="sidebar"><p>{MORE_PROSE[:60]}</p></div>',
        '<div class="share-buttons"><span>Send to a friend</span></div>',
        '<div class="shareBar"><span>Send to a friend</span></div>',
        '<div id="comments"><p>Garlic cured mine, doctors do not want you to know.</p></div>',
        '<div class="newsletter-signup"><p>Health tips in your mail.</p></div>',
        '<div><p>Health tips by mail.</p><form><input type="email"></form></div>',
        '<div class="cookie-consent"><p>We use cookies on this site.</p></div>',
        '<div role="dialog"><p>We use cookies on this site.</p></div>',
        '<ol class="breadcrumb"><li>Home</li><li>Lungs</li></ol>',
        f"<div><h3>Related articles</h3>{LINKS}</div>",
        f"<h3>You may also like</h3>{LINKS}",
        f"<h3>También te puede interesar</h3>{LINKS}",
        "<h3>Leave a comment</h3><p>Your address will not be shown.</p>",
        '<div class="x"><span>Advertisement</span><a href="/shop">Cookbook for the heart</a></div>',
        '<div itemscope itemtype="https://schema.org/Person"><p>Jo writes here.</p></div>',
        '<p class="byline">By Jo Writer</p>',
        "<p>Advertisement</p>",
        "<p>Share this:</p>",
        '<p><a href="/x">SEVEN SIGNS OF LOW IRON</a></p>',
        '<p style="display:none">Not for anybody.</p>',
        '<span class="visually-hidden">opens in a new tab</span>',
        "<button>Print</button>",
        '<form><label>Search</label><input name="q"></form>',
        '<div class="print-only">Printed from clinic.example</div>',
        '<p><span class="off-screen">Picture:</span></p>',
        '<span itemprop="datePublished">am Freitag, im Oktober 2010</span>',
        '<div class="imageEmbedCredit">A. Person | Agency</div>',
        '<div><span>Anzeige</span><a href="/shop">Kochbuch</a></div>',
        '<p><b>DON’T MISS</b></p><p><a href="/x">What tired people should know</a> [VIDEO]</p>',
        '<div><i></i><p>Explore further</p></div><a href="/x">Is it iron?</a>',
        '<h4>More:</h4><ul><li><h4><a href="/x">Is it iron?</a></h4></li></ul>',
        "<h2>About us</h2><p>We have written about health since 1999.</p>",
    ],
)
def test_boilerplate_is_dropped(fragment: str) -> None:
    assert between(fragment) == []


@pytest.mark.parametrize(
    ("fragment", "kept"),
    [
        ("<p>See a doctor for:</p>" + LINKS, ["See a doctor for:", "One", "Two", "Three"]),
        ("<h2>Sources</h2>" + LINKS, ["Sources", "One", "Two", "Three"]),
        ('<p>Read <a href="/x">the whole guide</a> first.</p>', ["Read the whole guide first."]),
        ('<p><a href="/x">Some people need a spacer.</a></p>', ["Some people need a spacer."]),
        (
            "<h2>More about asthma</h2><p>It often begins in childhood.</p>",
            ["More about asthma", "It often begins in childhood."],
        ),
        (
            '<h3><span class="sr-only">Warning:</span> call 112</h3><p>At once.</p>',
            ["Warning: call 112", "At once."],
        ),
        (
            '<h3><button>Is it safe?</button></h3><div class="panel" hidden>Yes.</div>',
            ["Is it safe?", "Yes."],
        ),
        (
            "<blockquote><p>It got better.</p><footer>Ann, 40</footer></blockquote>",
            ["It got better.", "Ann, 40"],
        ),
        (
            '<details><summary role="button">Is it safe?</summary><p>Yes.</p></details>',
            ["Is it safe?", "Yes."],
        ),
        ('<table><tr class="player-row"><td>a</td><td>b</td></tr></table>', ["a | b"]),
        ('<p itemprop="datePublished">' + "Long. " * 20 + "</p>", [("Long. " * 20).strip()]),
        (
            "<p>More about asthma</p><p>It begins in childhood.</p>",
            ["More about asthma", "It begins in childhood."],
        ),
        ("<h4>More</h4><p>Rest well.</p>", ["More", "Rest well."]),
        ("<p>Topics</p><hr><p>Rest well.</p>", ["Topics", "Rest well."]),
        ('<div id="callout-e2e9d6a3ad"><p>Call 112.</p></div>', ["Call 112."]),
        ('<p>See <span><img src=a><a href="/x">the guide</a></span>.</p>', ["See the guide."]),
        (
            '<p>See <span><a href="/x">one</a> <a href="/y">two</a><img src=a></span>.</p>',
            ["See one two."],
        ),
    ],
)
def test_article_is_kept(fragment: str, kept: list[str]) -> None:
    assert between(fragment) == kept


@pytest.mark.parametrize(
    "name",
    [
        *("post-share", "shareBar", "entry__related", "site-footer", "widget comments-area"),
        *("imageEmbedCredit", "ad300x250", "ad-e2e9d6a3b1"),
    ],
)
def test_names_of_boilerplate(name: str) -> None:
    assert names_boilerplate(name)


@pytest.mark.parametrize(
    "name",
    [
        *("shareholder", "has-sidebar", "no-comments", "navigate", "admission", "related-callout"),
        *("callout-e2e9d6a3ad", "tab-521f221b5c"),
    ],
)
def test_names_of_something_else(name: str) -> None:
    assert not names_boilerplate(name)


def test_a_wrapper_of_everything_is_not_dropped_for_its_name() -> None:
    page = html(f'<div class="newsletter"><h1>Asthma</h1><p>{PROSE}</p><p>{MORE_PROSE}</p></div>')
    assert extract(page).body == f"{PROSE}\n{MORE_PROSE}"


def test_a_form_around_the_page_is_not_dropped() -> None:
    page = html(f"<form><h1>Asthma</h1>{f'<p>{PROSE}</p>' * 4}</form>")
    assert extract(page).body == "\n".join([PROSE] * 4)


def test_teasers_beside_the_article_are_dropped() -> None:
    title = '<h3><a href="/x">Low iron</a></h3>'
    teaser = f'<div class="card">{title}<p>What tired people should know about iron.</p></div>'
    page = html(f"<div><h1>Asthma</h1><p>{PROSE}</p><p>{MORE_PROSE}</p>{teaser * 3}</div>")
    assert extract(page).body == f"{PROSE}\n{MORE_PROSE}"


def test_marked_article_outranks_a_longer_list_of_others() -> None:
    others = f'<a href="/x"><h3>Another</h3><p>{MORE_PROSE}</p></a>' * 9
    page = html(f"<div>{others}</div><article><h1>Asthma</h1><p>{PROSE}</p></article>")
    assert extract(page).body == PROSE


def test_a_lead_with_the_title_is_kept_whatever_its_box_is_called() -> None:
    lead = f'<div class="carousel"><h1>Asthma</h1><p>{MORE_PROSE}</p></div>'
    rest = f"<p>{PROSE}</p>" * 4
    assert extract(html(f"<main>{lead}{rest}</main>")).body.startswith(MORE_PROSE)


def test_comments_longer_than_the_article_are_dropped() -> None:
    article = f"<div><h1>Asthma</h1>{f'<p>{PROSE}</p>' * 4}</div>"
    comments = f'<div class="comments">{f"<p>{MORE_PROSE}</p>" * 30}</div>'
    assert extract(html(article + comments)).body == "\n".join([PROSE] * 4)


def test_what_was_dropped_does_not_weigh_in_the_choice_of_the_article() -> None:
    article = f"<div><h1>Asthma</h1>{f'<p>{PROSE}</p>' * 4}</div>"
    comments = f'<div class="comments">{f"<p>{MORE_PROSE}</p>" * 9}</div>'
    page = html(f"<p>Lung House, the house of lungs since 1999.</p>{article}{comments}")
    assert extract(page).body == "\n".join([PROSE] * 4)


def test_text_after_related_links_is_kept() -> None:
    assert between(f"<h3>Related articles</h3>{LINKS}<p>{PROSE}</p>") == [PROSE]


def test_a_card_in_a_sentence_is_dropped() -> None:
    links = '<a href="/a">Ann Example</a><a href="/b">Ann Example resigns</a>'
    card = f'<span class="card"><span><img src="a.jpg">{links}</span></span>'
    assert between(f'<p>Dr <span><a href="/a">Ann Example</a>{card}</span> agrees.</p>') == [
        "Dr Ann Example agrees."
    ]


def test_a_page_whose_content_is_links_is_an_index() -> None:
    entries = "".join(f'<li><a href="/{n}">A condition, number {n}</a></li>' for n in range(90))
    page = html(f"<main><h1>A to Z</h1><ul>{entries}</ul></main><p>{PROSE}</p>")
    with pytest.raises(PageSkipped, match="index of links"):
        extract(page)


def test_an_article_beside_an_index_is_none() -> None:
    entries = "".join(f'<li><a href="/{n}">A condition, number {n}</a></li>' for n in range(90))
    page = html(f"<ul>{entries}</ul><main><h1>Asthma</h1><p>{PROSE}</p></main>")
    assert extract(page).body == PROSE


def test_an_article_with_a_box_of_many_links_is_none() -> None:
    entries = "".join(f'<li><a href="/{n}">A condition, number {n}</a></li>' for n in range(90))
    text = f"<article><h1>Asthma</h1>{f'<p>{PROSE}</p>' * 5}</article>"
    assert extract(
        html(f"<main><article><ul>{entries}</ul></article>{text}</main>")
    ).body.startswith(PROSE)


@pytest.mark.parametrize("title", ["Page not found", "404", "Página no encontrada"])
def test_what_a_server_sends_for_a_missing_page_is_skipped(title: str) -> None:
    with pytest.raises(PageSkipped, match="the page says"):
        extract(html(f"<main><h1>{title}</h1><p>{PROSE}</p></main>", f"<title>{title}</title>"))


@pytest.mark.parametrize("title", ["404 steps a day", "Causes not found by blood tests"])
def test_an_article_about_something_not_found_is_none_of_these(title: str) -> None:
    page = html(f"<main><h1>{title}</h1><p>{PROSE}</p></main>", f"<title>{title}</title>")
    assert extract(page).body == PROSE


def test_a_long_article_with_the_title_of_a_missing_page_is_kept() -> None:
    page = html(
        f"<main><h1>Not found</h1>{f'<p>{PROSE}</p>' * 9}</main>", "<title>Not found</title>"
    )
    assert extract(page).body.startswith(PROSE)


def test_the_caveat_of_an_article_is_kept() -> None:
    caveat = "These recommendations may not apply to every person: ask your own doctor first."
    assert between(f'<div id="healthy-living-disclaimers"><p>{caveat}</p></div>') == [caveat]
