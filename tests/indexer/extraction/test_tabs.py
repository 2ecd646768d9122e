import pytest

from indexer.extraction.tabs import LABEL_CHARS
from tests.indexer.extraction.pages import MORE_PROSE, PROSE, between, extract, html

TAB = '<li role="tab" aria-controls="p1">Signs</li>'


def panel(text: str) -> str:
    return f'<div id="p1" role="tabpanel">{text}</div>'


@pytest.mark.parametrize(
    "tab",
    [
        TAB,
        '<li><button role="tab" data-bs-target="#p1">Signs</button></li>',
        '<li role="tab"><a href="#p1">Signs</a></li>',
    ],
)
def test_the_label_of_a_tab_heads_its_panel(tab: str) -> None:
    assert between(f'<ul role="tablist">{tab}</ul>{panel("<p>A cough.</p>")}') == [
        "Signs",
        "A cough.",
    ]


def test_a_label_is_a_section_below_the_heading_above_it() -> None:
    tabs = f'<ul role="tablist">{TAB}</ul>{panel("A cough.")}'
    page = html(f"<main><h1>Asthma</h1><p>{PROSE}</p><h3>More</h3>{tabs}<p>{MORE_PROSE}</p></main>")
    section = extract(page).sections[-1]
    assert (section.heading, section.level, section.anchor) == ("Signs", 4, "p1")


@pytest.mark.parametrize("heading", ["<h3>Signs</h3>", "<div><div><h3>Signs</h3></div></div>"])
def test_a_panel_that_begins_with_a_heading_keeps_it(heading: str) -> None:
    tabs = f'<ul role="tablist">{TAB}</ul>{panel(f"{heading}<p>A cough.</p>")}'
    assert between(tabs) == ["Signs", "A cough."]


@pytest.mark.parametrize(
    "tab",
    [
        '<li role="tab" aria-controls="elsewhere">Signs</li>',
        '<li role="tab">Signs</li>',
        f'<li role="tab" aria-controls="p1">{"x" * (LABEL_CHARS + 1)}</li>',
    ],
)
def test_a_tab_without_panel_or_with_a_long_text_labels_nothing(tab: str) -> None:
    assert between(f'<ul role="tablist">{tab}</ul>{panel("<p>A cough.</p>")}') == ["A cough."]
