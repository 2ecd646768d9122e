"""What the content of a WordPress post is made into."""

import pytest

from indexer.sources.wordpress import content_html, paragraphs, without_shortcodes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One.\n\nTwo.", "<p>One.</p>\n<p>Two.</p>\n"),
        ("One\ntwo", "<p>One<br />\ntwo</p>\n"),
        ("One<br />\ntwo<br>three", "<p>One<br />\ntwo<br />\nthree</p>\n"),
        ("One.\n \n\u00a0\nTwo.", "<p>One.</p>\n<p>Two.</p>\n"),
        ("<p>One\ntwo</p>", "<p>One<br />\ntwo</p>"),
        ("<h2>Care</h2>\nRest.", "<h2>Care</h2><p>Rest.</p>\n"),
        ("<ul>\n<li>a</li>\n\n<li>b</li>\n</ul>", "<ul>\n<li>a</li>\n\n<li>b</li>\n</ul>"),
        ("<ul><li>a\n\nb</li></ul>", "<ul><li><p>a</p>\n<p>b</p>\n</li></ul>"),
        (
            "<table>\n<tr>\n<td>1</td>\n</tr>\n</table>",
            "<table>\n<tr>\n<td>1</td>\n</tr>\n</table>",
        ),
        ("<pre>a\n\nb</pre>", "<pre>a\n\nb</pre>"),
        ("a <svg>\n<path/>\n</svg> b", "<p>a <svg>\n<path/>\n</svg> b</p>\n"),
        ("<div>a\n\nb</div>", "<div><p>a</p>\n<p>b</p>\n</div>"),
        ('<a\nhref="x">a</a>', '<p><a href="x">a</a></p>\n'),
        ("a < b\n\nc > d", "<p>a < b</p>\n<p>c > d</p>\n"),
        ("<hr 3>", "<hr 3>"),
        ("", ""),
    ],
)
def test_paragraphs(text: str, expected: str) -> None:
    assert paragraphs(text) == expected


@pytest.mark.parametrize(
    "prose",
    [
        "[sic]",
        "[1]",
        "[2, 3]",
        "[see below]",
        "[see the author's note] and the patient's [own]",
        "[95% CI 0.8 to 1.2]",
        "[hazard ratio HR=0.8]",
        "[more information]",
        "[follow-up]",
        "[…]",
        "[link](https://x.example)",
    ],
)
def test_brackets_in_prose_stay(prose: str) -> None:
    assert without_shortcodes(f"It hurts {prose}.") == f"It hurts {prose}."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[caption width="3"]<img src="x" /> A foot.[/caption]', '<img src="x" /> A foot.'),
        ('[su_note note_color="#fff"]Rest.[/su_note]', "Rest."),
        ("[note]Rest.[/note]", "Rest."),
        ('[gallery ids="1,2"]', ""),
        ("[gallery]", ""),
        ('[contact-form-7 id="4" title="It\'s us"]', ""),
        ("[su_divider]", ""),
        ("[table id=3 /]", ""),
        ("[tooltip text='a ] b']x[/tooltip]", "x"),
        ("[embed]https://y.example/1[/embed]", ""),
        ("[[gallery]]", "[gallery]"),
    ],
)
def test_shortcodes_go(text: str, expected: str) -> None:
    assert without_shortcodes(text) == expected


def test_blocks() -> None:
    content = (
        "<!-- wp:paragraph -->\n<p>One.</p>\n<!-- /wp:paragraph -->\r\n"
        "<!-- wp:shortcode -->\n[booking]\n<!-- /wp:shortcode -->\n"
        "<!-- wp:freeform -->\nTwo\n\nthree.\n<!-- /wp:freeform -->"
        "<!--more--><!--nextpage-->"
        '<!-- wp:latest-posts {"postsToShow":3} /-->'
    )
    assert " ".join(content_html(content).split()) == "<p>One.</p> <p>Two</p> <p>three.</p>"


def test_the_marks_of_the_classic_editor_go() -> None:
    assert content_html("One.\n<!--more-->\nTwo.<!--nextpage-->") == ("<p>One.</p>\n<p>Two.</p>\n")


def test_the_title_of_an_accordion_is_the_heading_of_what_it_holds() -> None:
    content = '[acc_item title="When &amp; why?" open="no"]Not before noon.[/acc_item]'
    assert content_html(content).replace("\n", "") == (
        "<h3>When &amp; why?</h3><p>Not before noon.</p>"
    )


def test_a_shortcode_that_encloses_nothing_has_no_heading() -> None:
    assert "Slides" not in content_html('One. [my_slider title="Slides"] Two.')


def test_a_title_that_is_empty_or_of_something_else_is_none() -> None:
    assert "<h3>" not in content_html('[box title="" data-title="x"]Text.[/box]')
