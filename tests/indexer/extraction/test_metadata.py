from datetime import date

import pytest

from indexer.errors import PageSkipped
from indexer.extraction.dates import parse_date
from indexer.extraction.language import guess_language, primary_subtag
from indexer.extraction.provenance import Provenance, read_provenance
from indexer.extraction.title import choose_title, without_site
from tests.indexer.extraction.pages import MORE_PROSE, PROSE, URL, extract, html

BODY = f"<main><h1>Asthma</h1><p>{PROSE}</p><p>{MORE_PROSE}</p></main>"

TEASER = (
    '<article><h2><a href="/x">Low iron</a></h2><p>For people who are always tired.</p></article>'
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-05-03", date(2025, 5, 3)),
        ("2025-05-03T23:30:00-05:00", date(2025, 5, 3)),
        ("20250503", date(2025, 5, 3)),
        ("3 May 2025", date(2025, 5, 3)),
        ("3rd of May, 2025", date(2025, 5, 3)),
        ("May 3, 2025", date(2025, 5, 3)),
        ("Sept. 3, 2025", date(2025, 9, 3)),
        ("3 de mayo de 2025", date(2025, 5, 3)),
        ("23/05/2025", date(2025, 5, 23)),
        ("05/23/2025", date(2025, 5, 23)),
        ("05/05/2025", date(2025, 5, 5)),
        ("03/05/2025", None),
        ("May 2025", None),
        ("31 February 2025", None),
        ("2025-13-01", None),
        ("0001-01-01", None),
        ("soon", None),
        ("", None),
    ],
)
def test_dates(text: str, expected: date | None) -> None:
    assert parse_date(text) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "Medically reviewed by Dr Ana Ruiz on 12 March 2026",
            Provenance(reviewer="Dr Ana Ruiz", last_reviewed=date(2026, 3, 12)),
        ),
        ("Last reviewed: 3 May 2025", Provenance(last_reviewed=date(2025, 5, 3))),
        ("Reviewed by Jo Lee, MD. More text.", Provenance(reviewer="Jo Lee")),
        (
            "Revisado por la Dra. Ana Ruiz, neumóloga, el 3 de mayo de 2025",
            Provenance(reviewer="Dra. Ana Ruiz", last_reviewed=date(2025, 5, 3)),
        ),
        (
            "Revisado por Dra. Ana Ruiz el 3 de mayo de 2025",
            Provenance(reviewer="Dra. Ana Ruiz", last_reviewed=date(2025, 5, 3)),
        ),
        ("Última revisión: 3 de mayo de 2025", Provenance(last_reviewed=date(2025, 5, 3))),
        ("Page last updated: May 20, 2019", Provenance(modified=date(2019, 5, 20))),
        ("Publicado el 3 de mayo de 2025", Provenance(published=date(2025, 5, 3))),
        (
            "Written by Ann Lee. Published 3 May 2025",
            Provenance(authors=("Ann Lee",), published=date(2025, 5, 3)),
        ),
        ("Next review due: 3 May 2028", Provenance()),
        ("The guideline was reviewed by many on 3 May 2025", Provenance()),
        ("Reviewed by the whole team", Provenance()),
    ],
)
def test_visible_lines(line: str, expected: Provenance) -> None:
    assert read_provenance([line]) == expected


def test_label_and_value_on_two_lines() -> None:
    assert read_provenance(["Last reviewed", "3 May 2025"]).last_reviewed == date(2025, 5, 3)


def test_visible_lines_of_a_page_are_read_even_where_they_are_boilerplate() -> None:
    page = html(f'{BODY}<footer><p class="byline">Last reviewed: <b>3 May 2025</b></p></footer>')
    found = extract(page)
    assert found.last_reviewed == date(2025, 5, 3)
    assert "reviewed" not in found.body


def test_linked_data() -> None:
    script = """<script type="application/ld+json">{"@graph": [
        {"@type": "Organization", "@id": "#o", "name": "The Clinic"},
        {"@type": "Person", "@id": "#p", "name": "Ann Lee"},
        {"@type": ["MedicalWebPage", "Article"], "headline": "Asthma", "inLanguage": "en-GB",
         "datePublished": "2024-01-02", "dateModified": "2025-01-02", "lastReviewed": "2025-02-03",
         "author": [{"@id": "#p"}, {"@type": "Person", "name": "Bo Ray"}],
         "publisher": {"@id": "#o"},
         "reviewedBy": {"@type": "Person", "name": "Dr Ana Ruiz"}, "keywords": "lungs, wheeze",
         "about": {"@type": "MedicalCondition", "name": "Asthma"},
         "audience": [{"@type": "PeopleAudience", "audienceType": "Patient"}]}]}</script>"""
    found = extract(html(BODY, head=f"<title>Asthma</title>{script}", attributes=""))
    assert (found.language, found.published, found.modified) == (
        "en",
        date(2024, 1, 2),
        date(2025, 1, 2),
    )
    assert (found.last_reviewed, found.reviewer) == (date(2025, 2, 3), "Dr Ana Ruiz")
    assert (found.authors, found.publisher) == (("Ann Lee", "Bo Ray"), "The Clinic")
    assert (found.topics, found.tags, found.audience) == (
        ("Asthma",),
        ("lungs", "wheeze"),
        ("Patient",),
    )


@pytest.mark.parametrize("script", ["{broken", "[]", '"text"', "null", '{"@type": 3, "@graph": 5}'])
def test_broken_linked_data_is_passed_over(script: str) -> None:
    tag = f'<script type="application/ld+json">{script}</script>'
    assert extract(html(tag + BODY)).title == "Asthma"


def test_meta_elements() -> None:
    head = """<title>Asthma - The Clinic</title><meta name="description" content="About  asthma">
        <meta property="og:site_name" content="The Clinic"><meta name="author" content="Ann Lee">
        <meta property="article:published_time" content="2024-01-02T10:00:00Z">
        <meta name="last-reviewed" content="2025-02-03">
        <meta name="keywords" content="lungs, wheeze">
        <meta name="audience" content="Patient, Carer">
        <meta property="article:section" content="Lungs">"""
    found = extract(html(BODY, head=head))
    assert (found.title, found.description, found.publisher) == (
        "Asthma",
        "About asthma",
        "The Clinic",
    )
    assert (found.authors, found.published) == (("Ann Lee",), date(2024, 1, 2))
    assert (found.last_reviewed, found.tags) == (date(2025, 2, 3), ("lungs", "wheeze"))
    assert (found.topics, found.audience) == (("Lungs",), ("Patient", "Carer"))


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("", URL),
        ('<link rel="canonical" href="https://clinic.example/a">', "https://clinic.example/a"),
        ('<link rel="canonical" href="/a">', "https://clinic.example/a"),
        ('<link rel="canonical" href="javascript:x">', URL),
        ('<link rel="canonical" href="http://[bad">', URL),
        ('<meta property="og:url" content="https://clinic.example/o">', "https://clinic.example/o"),
    ],
)
def test_canonical_address(head: str, expected: str) -> None:
    assert extract(html(BODY, head=head)).url == expected


def test_base_url_completes_a_path() -> None:
    assert (
        extract(html(BODY), url="lungs/a.html", base_url="https://x.example/").url
        == "https://x.example/lungs/a.html"
    )


@pytest.mark.parametrize("content", ["noindex", "NOINDEX, follow", "none", "follow,noindex"])
def test_noindex_is_skipped(content: str) -> None:
    with pytest.raises(PageSkipped, match="noindex"):
        extract(html(BODY, head=f'<meta name="Robots" content="{content}">'))


def test_other_robots_are_not_obeyed() -> None:
    assert extract(html(BODY, head='<meta name="newsbot" content="noindex">')).title == "Asthma"


@pytest.mark.parametrize(
    "body",
    [
        "",
        '<div id="app"></div><script>boot()</script>',
        "<main><h1>Archive</h1><p>Nothing here.</p></main>",
        f"<main>{TEASER * 9}</main>",
    ],
)
def test_pages_without_article_are_skipped(body: str) -> None:
    with pytest.raises(PageSkipped, match="no article found"):
        extract(html(body))


@pytest.mark.parametrize(
    ("headings", "titles", "site", "expected"),
    [
        (["Asthma"], ["Asthma: what helps"], "", "Asthma"),
        (["The Clinic", "Asthma"], ["Asthma | The Clinic"], "The Clinic", "Asthma"),
        (["The Clinic"], ["Asthma | The Clinic"], "The Clinic", "Asthma"),
        (["Welcome!"], ["Asthma in children"], "", "Asthma in children"),
        (["Asthma"], [], "", "Asthma"),
        ([], [], "", ""),
    ],
)
def test_title(headings: list[str], titles: list[str], site: str, expected: str) -> None:
    assert choose_title(headings, titles, site, URL) == expected


@pytest.mark.parametrize(
    ("title", "site", "expected"),
    [
        ("Asthma | The Clinic", "", "Asthma"),
        ("Asthma - The Clinic", "The Clinic", "Asthma"),
        ("The Clinic: Asthma", "The Clinic", "The Clinic: Asthma"),
        ("The Clinic – Asthma", "The Clinic", "Asthma"),
        ("Asthma - clinic", "", "Asthma"),
        ("Asthma - what helps", "", "Asthma - what helps"),
        ("Beta-blockers", "", "Beta-blockers"),
    ],
)
def test_site_name_is_removed(title: str, site: str, expected: str) -> None:
    assert without_site(title, site, URL) == expected


@pytest.mark.parametrize(
    ("tags", "expected"),
    [(["en-GB"], "en"), (["", "ES_mx"], "es"), (["x"], ""), (["english please"], "")],
)
def test_primary_subtag(tags: list[str], expected: str) -> None:
    assert primary_subtag(*tags) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{PROSE} {MORE_PROSE}", "en"),
        (
            "El asma estrecha las vías. Si hay pitos, use el inhalador y vaya al médico con calma.",
            "es",
        ),
        ("Das Asthma verengt die Atemwege, und das Ausatmen fällt schwer. Der Arzt hilft.", "und"),
        (
            "O asma aperta as vias e o ar não sai. Se você tiver chiado, use a bombinha.",
            "und",
        ),
        ("the", "und"),
        ("", "und"),
    ],
)
def test_language_is_guessed_only_when_sure(text: str, expected: str) -> None:
    assert guess_language(text) == expected


def test_declared_language_outranks_the_guess() -> None:
    assert extract(html(BODY, attributes=' lang="fr-CA"')).language == "fr"
    assert extract(html(BODY, attributes="")).language == "en"


@pytest.mark.parametrize("url", ["", "http://[bad"])
def test_a_page_without_usable_address_is_known_by_its_location(url: str) -> None:
    assert extract(html(BODY), url=url).url == "test.html"


def test_a_name_ends_where_the_next_label_begins() -> None:
    byline = "<p>Author <b>Ann Lee</b> <span>Posted on <time>2 July 2019</time></span></p>"
    article = extract(html(f"{byline}{BODY}"))
    assert article.authors == ("Ann Lee",)
