"""The sample articles of the project, as content systems publish them."""

import gzip
import re
from pathlib import Path

import pytest

from indexer.article import Article
from indexer.errors import PageSkipped
from indexer.extraction import extract_page
from indexer.sources.page import Page

CORPUS = Path(__file__).resolve().parents[3] / "corpus"
# What the frames of these sites say and no article does.
FRAME = re.compile(
    r"cookies|newsletter|subscri|suscr[ií]b|leave a (reply|comment)|deja una respuesta|share this"
    r"|comparti?r? (esto|en)|related (content|articles|posts|conditions)|you may also like"
    r"|contenido relacionado|all rights reserved|skip to|was this page|accept all|breadcrumb"
    r"|^on this page$|table of contents|recent posts|site map|main navigation|whatsapp|pinterest"
    r"|advertisement|cookbook|online course|^(print|search|menu|tags|home|email)$",
    re.IGNORECASE,
)
WITHOUT_ARTICLE = {"empty-body", "no-article", "noindex"}


def pages() -> list[Path]:
    return sorted(CORPUS.glob("*/*.html")) + sorted(CORPUS.glob("*/*.html.gz"))


def read(path: Path) -> Page:
    content = path.read_bytes()
    content = gzip.decompress(content) if path.suffix == ".gz" else content
    return Page(location=path.name, url=f"https://corpus.example/{path.stem}", content=content)


def articles() -> dict[str, Article]:
    return {
        path.name: extract_page(read(path)) for path in pages() if path.stem not in WITHOUT_ARTICLE
    }


pytestmark = pytest.mark.skipif(not pages(), reason="no corpus beside the tests")


@pytest.mark.parametrize("name", sorted(WITHOUT_ARTICLE))
def test_what_is_no_article_is_skipped(name: str) -> None:
    with pytest.raises(PageSkipped):
        extract_page(read(CORPUS / "odd" / f"{name}.html"))


@pytest.mark.parametrize(
    "path", [path for path in pages() if path.stem not in WITHOUT_ARTICLE], ids=lambda p: p.name
)
def test_article_has_what_a_search_needs(path: Path) -> None:
    article = extract_page(read(path))
    assert article.title
    assert article.title not in article.body.split("\n")[:2]
    assert article.language != "und"
    assert len(article.body.split()) > 150
    assert len(article.sections) > 2
    assert [line for line in article.body.split("\n") if FRAME.search(line)] == []


def test_no_line_stands_on_most_pages_of_a_site() -> None:
    for site in sorted(CORPUS.iterdir()):
        names = {path.name for path in site.glob("*.html*")}
        bodies = [set(a.body.split("\n")) for name, a in articles().items() if name in names]
        for line in set().union(*bodies):
            is_frequent = sum(line in body for body in bodies) > max(3, 0.6 * len(bodies))
            assert not is_frequent, f"{site.name}: {line}"
