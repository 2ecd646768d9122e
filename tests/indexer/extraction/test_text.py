import pytest

from indexer.errors import PageSkipped
from indexer.extraction.document import parse
from indexer.extraction.layout import lay_out
from indexer.extraction.text import Line, lines_of
from tests.indexer.extraction.pages import PROSE, between, extract, html


def texts(html: str) -> list[str]:
    return [line.text for line in lines_of(parse(f"<body>{html}"))]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Ease the pain.</p><p>Take rest.</p>", ["Ease the pain.", "Take rest."]),
        ("<div>One<div>Two</div>Three</div>", ["One", "Two", "Three"]),
        ("One<br>Two<br/>Three", ["One", "Two", "Three"]),
        ("<ul><li>One</li><li>Two<ul><li>Three</li></ul></li></ul>", ["One", "Two", "Three"]),
        ("Vitamin B<sub>12</sub> and 10<sup>9</sup> cells", ["Vitamin B12 and 109 cells"]),
        ("It hurts.<a href='#refs'><sup>3</sup></a> Rest.", ["It hurts. Rest."]),
        ("It <b>hurts</b>.<sup>3,4</sup> Rest.", ["It hurts. Rest."]),
        ("Many allergies<sup><a href='#r8'>8</a> </sup>are mild.", ["Many allergies are mild."]),
        ("25 kg/m<sup>2</sup> and (a)<sup>2</sup>", ["25 kg/m2 and (a)2"]),
        ("It hurts.<sup><a href='#r3'>[3]</a></sup> Rest.", ["It hurts. Rest."]),
        ("<p>Be <b>care</b>ful</p>", ["Be careful"]),
        ("para\u00adcetamol\u200b and\u00a0more", ["paracetamol and more"]),
        ("<dl><dt>Dose</dt><dd>500 mg</dd></dl>", ["Dose", "500 mg"]),
        ("<table><tr><th>Age<th>Dose<tr><td>6<td>250 mg</table>", ["Age | Dose", "6 | 250 mg"]),
        (
            "<table><tr><td><p>Fever</p><p>Chills</p></td><td>Rest</td></tr></table>",
            ["Fever Chills | Rest"],
        ),
        (
            "<table><tr><td><h2>Rest</h2><p>Sleep.</p></td><td><p>Drink.</p></td></tr></table>",
            ["Rest", "Sleep.", "Drink."],
        ),
        (
            "<p>a<svg><text>no</text></svg>b<script>no()</script>c<select><option>no</select></p>",
            ["abc"],
        ),
        ("<pre>one\ntwo</pre>", ["one", "two"]),
        ("<p>one\ntwo</p>", ["one two"]),
        ("<p>5 &lt; 6 &amp; 7</p>", ["5 < 6 & 7"]),
    ],
)
def test_lines(html: str, expected: list[str]) -> None:
    assert texts(html) == expected


@pytest.mark.parametrize(
    ("html", "anchor"),
    [
        ('<h2 id="a">H</h2>', "a"),
        ('<h2><a name="a"></a>H</h2>', "a"),
        ('<h2><span id="a">H</span></h2>', "a"),
        ('<a id="a"></a><h2>H</h2>', "a"),
        ('<p><a name="a"></a></p><h2>H</h2>', "a"),
        ('<section id="a"><h2>H</h2><p>x</section>', "a"),
        ('<section id="a"><div><h2>H</h2></div><p>x</section>', "a"),
        ('<section id="a"><p>x</p><h2>H</h2></section>', ""),
        ('<a id="a">x</a><h2>H</h2>', ""),
        ("<h2>H</h2>", ""),
    ],
)
def test_anchor_of_a_heading(html: str, anchor: str) -> None:
    heading = next(line for line in lines_of(parse(f"<body><div>{html}</div>")) if line.level)
    assert heading == Line("H", 2, anchor)


def test_summary_is_a_heading_below_the_one_above_it() -> None:
    html = "<body><h2>FAQ</h2><details><summary>Does it hurt?</summary>No.</details>"
    html += "<details><summary>Can I drive?</summary>Yes.</details>"
    found = [(line.text, line.level) for line in lines_of(parse(html))]
    assert found == [("FAQ", 2), ("Does it hurt?", 3), ("No.", 0), ("Can I drive?", 3), ("Yes.", 0)]


def test_summary_with_a_heading_leaves_it_the_heading() -> None:
    found = lines_of(parse("<body><details><summary><h4>Q</h4></summary>A</details>"))
    assert [(line.text, line.level) for line in found] == [("Q", 4), ("A", 0)]


def test_sections_tile_the_body() -> None:
    lines = [
        Line("Lead"),
        Line("A", 2, "a"),
        Line("B", 3),
        Line("Text"),
        Line("More"),
        Line("C", 2),
    ]
    body, sections = lay_out(lines)
    assert body == "Lead\nA\nB\nText\nMore\nC"
    assert [(s.heading, s.level, s.anchor, body[s.start : s.end]) for s in sections] == [
        ("", 0, "", "Lead"),
        ("A", 2, "a", ""),
        ("B", 3, "", "Text\nMore"),
        ("C", 2, "", ""),
    ]


def test_nothing_has_no_sections() -> None:
    assert lay_out([]) == ("", ())


@pytest.mark.parametrize("depth", [1500, 3000, 100_000])
def test_deep_nesting_is_no_problem(depth: int) -> None:
    assert texts("<div>" * depth + "deep") == ["deep"]


def test_what_is_nested_too_deeply_keeps_its_words_and_lines() -> None:
    deep = "<i>" * 1200 + "<div>Ease the <b>pain</b>.</div><p>Take rest.<script>no()</script>"
    found = texts("<div>" * 1500 + deep + "</i>" * 1200 + "</div>" * 1500 + "<h2>After</h2>")
    assert found == ["Ease the pain.", "Take rest.", "After"]


def test_open_paragraphs_are_not_nested() -> None:
    page = "<body>" + "<p>One" * 1500 + "<h2>Head</h2>" + "<b>" * 3000 + "Two"
    assert lines_of(parse(page))[-2:] == [Line("Head", 2), Line("Two")]


@pytest.mark.parametrize(
    "fragment",
    [
        '<div role="tabpanel" hidden><p>Kept text.</p></div>',
        '<div class="accordion-panel" style="display: none"><p>Kept text.</p></div>',
        '<div class="tab-content" aria-hidden="true"><p>Kept text.</p></div>',
        '<div class="alert alert-danger"><p>Kept text.</p></div>',
        '<aside class="callout"><p>Kept text.</p></aside>',
        "<figure><img src=x><figcaption>Kept text.</figcaption></figure>",
    ],
)
def test_article_text_that_looks_otherwise_is_kept(fragment: str) -> None:
    assert between(fragment) == ["Kept text."]


@pytest.mark.timeout(60)
def test_a_tag_with_thousands_of_attributes_is_no_article() -> None:
    crowded = "<div " + " ".join(f"a{n}=1" for n in range(200_000)) + ">"
    with pytest.raises(PageSkipped, match="attributes"):
        extract(html(f"{crowded}<p>{PROSE}</p></div>"))


def test_a_long_tag_with_few_attributes_is_read() -> None:
    drawing = f'<svg><path d="{"M 0 0 L 1 1 " * 5_000}"/></svg>'
    assert between(f"{drawing}<p>Here.</p>") == ["Here."]


def test_the_commas_between_footnotes_go_with_them() -> None:
    marks = "<sup><a href=#a>3</a></sup><sup>,</sup><sup><a href=#b>4</a></sup><sup>,</sup>"
    assert between(f"<p>This is a medical emergency.{marks} Call for help, now.</p>") == [
        "This is a medical emergency. Call for help, now."
    ]
    assert between("<p>Rest, ice, etc., and a diary help most people with it.</p>") == [
        "Rest, ice, etc., and a diary help most people with it."
    ]
