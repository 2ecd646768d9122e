"""What stands between title and article belongs to it."""

from tests.indexer.extraction.pages import PROSE, extract, html

EMERGENCY = "A stroke is a medical emergency: if you notice the symptoms, call 911 right away."


def body_with(header: str, tag: str = "article") -> str:
    """Extract a page of a header and, beside it, an element with nearly all of the prose."""
    paragraphs = "".join(f"<p>{PROSE}</p>" for _ in range(16))
    return extract(html(f"<{tag}><div>{header}</div><div>{paragraphs}</div></{tag}>")).body


def test_a_lead_in_a_header_of_its_own_is_kept() -> None:
    body = body_with(f"<h1>Stroke</h1><div class=picture></div><p>{EMERGENCY}</p>")
    assert body.split("\n")[:2] == [EMERGENCY, PROSE]


def test_a_lead_of_two_paragraphs_stays_in_order() -> None:
    body = body_with(f"<h1>Stroke</h1><p>{EMERGENCY}</p><p>The sooner {EMERGENCY}</p>")
    assert body.split("\n")[:2] == [EMERGENCY, f"The sooner {EMERGENCY}"]


def test_what_stands_before_the_title_is_no_lead() -> None:
    body = body_with(f"<p>{EMERGENCY}</p><h1>Stroke</h1>")
    assert EMERGENCY not in body


def test_dates_and_reviewers_are_no_lead() -> None:
    line = "Medically reviewed by Dr Marcus Oyelaran, MBBS | Last reviewed: 30 January 2024"
    assert line not in body_with(f"<h1>Stroke</h1><p>{line}</p>")


def test_a_paragraph_of_links_is_no_lead() -> None:
    links = f"<p><a href=/a>{EMERGENCY}</a></p>"
    assert EMERGENCY not in body_with(f"<h1>Stroke</h1>{links}")


def test_a_slogan_outside_of_what_is_marked_as_the_article_is_no_lead() -> None:
    assert EMERGENCY not in body_with(f"<h1>The Clinic</h1><p>{EMERGENCY}</p>", tag="div")


def test_many_paragraphs_are_another_article() -> None:
    header = "<h1>Stroke</h1>" + f"<p>{EMERGENCY}</p>" * 5
    assert EMERGENCY not in body_with(header)


def test_a_list_in_the_lead_is_kept_once() -> None:
    item = "Through a blood transfusion in a country that does not test the blood for it."
    body = body_with(f"<h1>HIV</h1><p>{EMERGENCY}</p><ul><li><p>{item}</p></li></ul>")
    assert body.split("\n")[:3] == [EMERGENCY, item, PROSE]


def test_a_lead_with_a_footnote_is_kept() -> None:
    mark = "<a href=#refs><sup>1</sup></a><sup>,2</sup>"
    assert EMERGENCY in body_with(f"<h1>Stroke</h1><p>{EMERGENCY}{mark}</p>")
