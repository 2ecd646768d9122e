import pytest

from tests.indexer.extraction.pages import MORE_PROSE, PROSE, URL, between, extract, html

HEAD = '<title>Asthma</title><meta property="og:site_name" content="Lung House">'


def lines(*paragraphs: str, head: str = HEAD, url: str = URL) -> list[str]:
    text = "".join(each if each.startswith("<") else f"<p>{each}</p>" for each in paragraphs)
    return extract(html(f"<main><h1>Asthma</h1>{text}</main>", head), url).body.split("\n")


@pytest.mark.parametrize(
    "line",
    [
        "Published Monday, November 18, 2019 8:22AM EST",
        "Updated: 3 May 2024",
        "sexta-feira, 22 de outubro de 2010 às 20:13",
        "18.11.2019, 14:05",
        "By Jo Writer",
        "Por Inés Valdivieso y Ana Díaz",
        "The Associated Press",
    ],
)
def test_date_and_byline_at_the_top_are_dropped(line: str) -> None:
    assert lines(line, PROSE, MORE_PROSE) == [PROSE, MORE_PROSE]


@pytest.mark.parametrize(
    "line",
    [
        "By mouth",
        "By 2030",
        "In May 2019 the guideline changed.",
        "Updated guidance from 18 November 2019 says this:",
        "Medically reviewed by Dr Jo Writer on 3 May 2024",
    ],
)
def test_what_only_looks_like_date_or_byline_is_kept(line: str) -> None:
    assert lines(line, PROSE, MORE_PROSE) == [line, PROSE, MORE_PROSE]


def test_a_date_further_down_is_kept() -> None:
    assert "3 May 2024" in lines(*[PROSE] * 5, "3 May 2024", MORE_PROSE)


def test_a_heading_that_is_the_description_is_dropped() -> None:
    said = "What to do when breathing gets hard."
    head = f'{HEAD}<meta name="description" content="{said}">'
    text = (PROSE, MORE_PROSE)
    assert lines(f"<h2>{said}</h2>", *text, head=head) == [*text]
    assert lines(f"<p>{said}</p>", *text, head=head) == [said, *text]
    assert lines(f"<h2>{said}</h2>", *text) == [said, *text]


@pytest.mark.parametrize(
    "line",
    [
        "Jo Writer writes about lungs. Follow her on Twitter @jo or on Facebook.",
        "Follow Jo Writer on Instagram",
        "Short of breath? Subscribe to our sister title for more.",
        "Published on:",
        "[button link=”/kit”]Send us your kit[/button]",
        "Courtesy of Jo Writer",
        "Ann Person | Agency | Getty Images",
    ],
)
def test_calls_and_credits_are_dropped_wherever_they_stand(line: str) -> None:
    assert between(f"<p>{line}</p>") == []


@pytest.mark.parametrize(
    "line",
    [
        "Follow the plan on good days and on bad days.",
        "Subscribe? Many people prefer not to.",
        "Published studies are small.",
        "[Button batteries] are dangerous when swallowed.",
        "Children owe courtesy of the road to others.",
    ],
)
def test_sentences_with_the_same_words_are_kept(line: str) -> None:
    assert between(f"<p>{line}</p>") == [line]


@pytest.mark.parametrize(
    "praise",
    [
        ["Lung House is a charity.", "Lung House was founded in 1999."],
        ["The Lung House (LH) provides advice."],
        ["About Lung House", "We are a charity.", "Our office is in Gent."],
        ["<h2>About Lung House</h2>", "We are a charity."],
    ],
)
def test_what_the_site_says_of_itself_at_the_end_is_dropped(praise: list[str]) -> None:
    assert lines(PROSE, MORE_PROSE, *praise) == [PROSE, MORE_PROSE]


def test_a_site_may_be_known_by_its_host() -> None:
    text = "Write to help@airwell.example or see airwell.example today."
    found = lines(PROSE, text, "Airwell is a firm.", url="https://www.airwell.example/a")
    assert found == [PROSE, text]


def test_the_name_of_the_site_may_be_a_word() -> None:
    url = "https://asthma.example/a"
    text = "There is no cure for asthma, see www.asthma.example."
    assert lines(PROSE, text, "Asthma is common.", head="<title>A</title>", url=url)[-1] == (
        "Asthma is common."
    )


def test_what_a_newsroom_says_that_it_did_is_kept() -> None:
    said = "Lung House has asked the minister for comment."
    assert lines(PROSE, MORE_PROSE, said)[-1] == said


def test_the_site_within_the_article_is_kept() -> None:
    assert lines(PROSE, "Lung House is a charity.", MORE_PROSE)[1] == "Lung House is a charity."
    found = lines(PROSE, "<h2>About Lung House</h2>", "A charity.", "<h2>Help</h2>", MORE_PROSE)
    assert "About Lung House" in found


def test_a_section_after_that_about_the_site_is_kept() -> None:
    about = ("<h2>About Lung House</h2>", "A charity.")
    found = lines(PROSE, MORE_PROSE, *about, "<h2>Help</h2>", "Call 112.")
    assert found[2:] == ["About Lung House", "A charity.", "Help", "Call 112."]


def test_an_article_about_the_site_is_kept() -> None:
    assert len(lines(*["Lung House is a charity with four offices in the country."] * 9)) == 9
