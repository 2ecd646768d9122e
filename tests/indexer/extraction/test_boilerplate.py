import pytest

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
    ],
)
def test_article_is_kept(fragment: str, kept: list[str]) -> None:
    assert between(fragment) == kept


@pytest.mark.parametrize(
    "name", ["post-share", "shareBar", "entry__related", "site-footer", "widget comments-area"]
)
def test_names_of_boilerplate(name: str) -> None:
    assert names_boilerplate(name)


@pytest.mark.parametrize(
    "name",
    ["shareholder", "has-sidebar", "no-comments", "navigate", "admission", "related-callout"],
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


def test_text_after_related_links_is_kept() -> None:
    assert between(f"<h3>Related articles</h3>{LINKS}<p>{PROSE}</p>") == [PROSE]
