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
        ("01:38:07 PM IST Nov 20, 2019", date(2019, 11, 20)),
        ("Nov 20, 2019 01:38 pm", date(2019, 11, 20)),
        ("Fri 6:45 PM, Feb 16, 2018", date(2018, 2, 16)),
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
        ("Published: Monday, May 3rd, 2025 at 11:08 a.m.", Provenance(published=date(2025, 5, 3))),
        ("Updated 11:11 PM EST May 3, 2025", Provenance(modified=date(2025, 5, 3))),
        ("Date of issue: 3 May 2025", Provenance(published=date(2025, 5, 3))),
        (
            "By Ann Lee. Medically reviewed by Jo Ray on 3 May 2025.",
            Provenance(authors=("Ann Lee",), reviewer="Jo Ray", last_reviewed=date(2025, 5, 3)),
        ),
        ("By Monday you should feel better. Reviewed often.", Provenance()),
        ("Last Revised: May 3, 2025", Provenance(modified=date(2025, 5, 3))),
        (
            "Esta página fue revisada por última vez el 3 de mayo de 2025",
            Provenance(last_reviewed=date(2025, 5, 3)),
        ),
        ("Next review due: 3 May 2028", Provenance()),
        ("Review date: 3 May 2028", Provenance()),
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
    [
        (["en-GB"], "en"),
        (["", "ES_mx"], "es"),
        (["EN-us"], "en"),
        (["en_US"], "en"),
        (["english"], "en"),
        (["English (US)"], "en"),
        (["Español"], "es"),
        (["spa"], "es"),
        (["eng-GB"], "en"),
        (["tlh"], "tlh"),
        (["x"], ""),
        (["english please"], ""),
    ],
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


def test_lines_that_contradict_each_other_say_nothing() -> None:
    lines = ["Medically reviewed by Ann Lee", "Medically reviewed by Jo Ray", "Updated 3 May 2025"]
    assert read_provenance(lines) == Provenance(modified=date(2025, 5, 3))


def test_statements_beside_each_other_on_one_line() -> None:
    byline = (
        "<div><span>By Ann Lee</span> <span>Published 2 May 2025</span> "
        "<span>Medically reviewed by Jo Ray, MD, 3 May 2025</span></div>"
    )
    found = extract(html(f"{BODY}{byline}"))
    assert (found.authors, found.reviewer) == (("Ann Lee",), "Jo Ray")
    assert (found.published, found.last_reviewed) == (date(2025, 5, 2), date(2025, 5, 3))


def test_a_time_tells_the_day_that_its_text_leaves_open() -> None:
    line = '<p>Last reviewed: <time datetime="{}">{}</time> by nurses</p>'
    for stamp, text, expected in (
        ("2025-05-03", "03/05/2025", date(2025, 5, 3)),
        ("2025-05-03T22:30:00Z", "4 May 2025", date(2025, 5, 4)),
        ("", "03/05/2025", None),
    ):
        assert extract(html(BODY + line.format(stamp, text))).last_reviewed == expected


def entry(inside: str, *, beside: str = "") -> str:
    return html(
        f"<article><h1>Asthma</h1><p>{PROSE}</p><p>{MORE_PROSE}</p>{inside}</article>{beside}"
    )


def test_dates_that_a_theme_marks() -> None:
    times = (
        '<time class="entry-date published" datetime="2024-01-02">2 Jan</time>'
        '<time class="updated" datetime="2025-02-03">3 Feb</time>'
    )
    other = (
        '<article><h2>Gout</h2><time class="entry-date" datetime="2020-01-01">1</time></article>'
    )
    found = extract(entry(times, beside=other))
    assert (found.published, found.modified) == (date(2024, 1, 2), date(2025, 2, 3))
    assert extract(entry('<time class="entry-date" datetime="2024-01-02">x</time>')).published
    two = '<time class="entry-date">2 May 2024</time><time class="entry-date">3 May 2024</time>'
    assert extract(entry(two)).published is None


def test_author_and_categories_that_a_theme_marks() -> None:
    links = (
        '<a rel="author" href="/ann">Ann Lee, RN</a> <a rel="author" href="/ann">Ann Lee</a>'
        '<p><a rel="category tag" href="/l">Lungs</a>, <a rel="category tag" href="/a">Air</a></p>'
    )
    found = extract(entry(links))
    assert (found.authors, found.topics) == (("Ann Lee",), ("Lungs", "Air"))
    for link in ("Follow @ann", "All 12 posts", "admin"):
        assert extract(entry(f'<a rel="author" href="/ann">{link}</a>')).authors == ()
    scattered = '<p><a rel="category tag">A</a></p><p><a rel="category tag">B</a></p>'
    assert extract(entry(scattered)).topics == ()


def head_of(*metas: tuple[str, str]) -> str:
    return "<title>Asthma</title>" + "".join(
        f'<meta name="{name}" content="{content}">' for name, content in metas
    )


@pytest.mark.parametrize(
    ("metas", "published"),
    [
        ([("date", "2024-01-02")], date(2024, 1, 2)),
        ([("dc.date", "2024-01-02"), ("dcterms.modified", "2025-01-02")], date(2024, 1, 2)),
        ([("dc.date", "2025-01-02"), ("dcterms.modified", "2025-01-02")], None),
        ([("dc.date", "2025-01-02"), ("last-reviewed", "2025-01-02")], None),
    ],
)
def test_a_date_of_no_kind_is_of_publication_only_before_all_others(
    metas: list[tuple[str, str]], published: date | None
) -> None:
    assert extract(html(BODY, head=head_of(*metas))).published == published


def test_a_change_before_publication_is_none() -> None:
    metas = [("article:published_time", "2025-01-02"), ("article:modified_time", "2024-12-24")]
    assert extract(html(BODY, head=head_of(*metas))).modified is None


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("By Ann Lee, MD, MPH", ("Ann Lee",)),
        ("Ann Lee, AP Auto Writer", ("Ann Lee",)),
        ("Ann Lee, clinic.example", ("Ann Lee",)),
        ("Ann Lee | The Clinic", ("Ann Lee",)),
        ("Ann Lee, Bo Ray", ("Ann Lee, Bo Ray",)),
        ("Dr. J. Lee", ("Dr. J. Lee",)),
        ("admin", ()),
        ("siteadmin", ()),
        ("Webmaster", ()),
        ("ann@clinic.example", ()),
        ("https://social.example/clinic", ()),
    ],
)
def test_names_of_authors(author: str, expected: tuple[str, ...]) -> None:
    assert extract(html(BODY, head=head_of(("author", author)))).authors == expected


def test_sections_that_are_no_topics() -> None:
    for section in ("Uncategorized", "posts", "clinic.example"):
        assert extract(html(BODY, head=head_of(("article:section", section)))).topics == ()
    found = extract(html(BODY, head=head_of(("article:section", "Lungs, Air"))))
    assert found.topics == ("Lungs", "Air")


def linked(data: str) -> str:
    return f'<title>Asthma</title><script type="application/ld+json">{data}</script>'


def test_linked_data_with_a_trailing_comma() -> None:
    data = '{"@type": "ReportageNewsArticle", "keywords": ["a", "b", ], }'
    assert extract(html(BODY, head=linked(data))).tags == ("a", "b")


def test_the_type_of_a_nameless_audience() -> None:
    data = '{"@type": "MedicalWebPage", "audience": {"@type": "Patient"}}'
    assert extract(html(BODY, head=linked(data))).audience == ("Patient",)


@pytest.mark.parametrize(
    ("site", "publisher", "expected"),
    [
        ("The Clinic", "The Clinic Ltd", "The Clinic Ltd"),
        ("theclinic.example", "The Clinic", "The Clinic"),
        ("The Clinic | Better health", "Blog Software", "The Clinic"),
        ("@clinic", "", "clinic"),
        ("", "The Clinic", "The Clinic"),
    ],
)
def test_publisher(site: str, publisher: str, expected: str) -> None:
    data = f'{{"@type": "Article", "publisher": {{"name": "{publisher}"}}}}'
    head = f'{linked(data)}<meta property="og:site_name" content="{site}">'
    assert extract(html(BODY, head=head)).publisher == expected


@pytest.mark.parametrize(
    ("title", "beside", "expected"),
    [
        ("Asthma | The Clinic", '<a href="/">The Clinic</a>', "The Clinic"),
        ("Asthma | The Clinic", '<a href="/es"><img alt="The Clinic logo"></a>', "The Clinic"),
        ("Asthma | The Clinic", '<a rel="home" href="/x?y">The Clinic</a>', "The Clinic"),
        ("Asthma | The Clinic", "<p>© 2019–2026 The Clinic. All rights.</p>", "The Clinic"),
        ("The Clinic - Asthma", '<a href="/index.html">The Clinic</a>', "The Clinic"),
        ("Asthma | The Clinic", '<a href="/about">The Clinic</a>', ""),
        ("Asthma | The Clinic", '<a href="https://other.example/">The Clinic</a>', ""),
        ("Asthma | Lungs", '<a href="/">Home</a>', ""),
        ("Home | Asthma in brief", '<a href="/">Home</a>', ""),
        ("The Clinic", '<a href="/">The Clinic</a>', ""),
    ],
)
def test_the_name_of_a_site_that_does_not_give_it(title: str, beside: str, expected: str) -> None:
    page = html(f"<header>{beside}</header>{BODY}", head=f"<title>{title}</title>")
    assert extract(page).publisher == expected


def test_a_declared_language_that_the_text_is_not_in() -> None:
    spanish = "El asma estrecha las vías y es muy molesta. Si hay pitos, vaya al médico. " * 10
    german = (
        "Das Asthma verengt die Atemwege, das Ausatmen fällt schwer. Der Arzt hilft gern. " * 10
    )
    page = "<main><h1>Asma</h1><p>{}</p></main>"
    assert extract(html(page.format(spanish))).language == "es"
    assert extract(html(page.format(german))).language == "und"
    assert extract(html(page.format(PROSE), attributes=' lang="es"')).language == "es"


@pytest.mark.parametrize(
    ("reviewed", "expected"),
    [
        ("2025-02-03T10:37:05Z", None),
        ("2025-02-03T10:37:06Z", date(2025, 2, 3)),
        ("2025-02-03", date(2025, 2, 3)),
    ],
)
def test_a_review_at_the_second_of_the_change_is_none(reviewed: str, expected: date | None) -> None:
    modified = reviewed if "06Z" not in reviewed else "2025-02-03T10:37:05Z"
    data = f'{{"@type": "WebPage", "lastReviewed": "{reviewed}", "dateModified": "{modified}"}}'
    assert extract(html(BODY, head=linked(data))).last_reviewed == expected
    marks = (
        f'<meta itemprop="lastReviewed" content="{reviewed}">'
        f'<meta itemprop="dateModified" content="{modified}">'
    )
    assert extract(html(BODY + marks)).last_reviewed == expected


def test_words_and_reading_grade() -> None:
    found = extract(html(BODY))
    assert found.words == len(f"{PROSE} {MORE_PROSE}".split())
    assert found.reading_grade is not None
    assert 3 < found.reading_grade < 9
