"""Reading one sitemap."""

import pytest

from indexer.sources.web import sitemap as module
from indexer.sources.web.markup import elements, root_name
from indexer.sources.web.sitemap import Entry, Sitemap, read_sitemap
from indexer.sources.web.trouble import Trouble
from tests.indexer.sources.web.server import index, urlset


def test_pages_and_their_dates() -> None:
    document = """<?xml version="1.0" encoding="ISO-8859-1"?>
    <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
      xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><!-- x --><?y?>
    <url><image:image><image:loc>/i.jpg</image:loc></image:image>
      <loc> https://clinic.example/a?b=1&amp;c=ñ </loc><lastmod> 2026-05-01 </lastmod></url>
    <url><loc><![CDATA[/b]]></loc></url>
    <url><loc></loc></url><url/>
    <other><loc>/c</loc></other>
    </urlset>"""
    assert read_sitemap(document.encode("latin-1")) == Sitemap(
        (Entry("https://clinic.example/a?b=1&c=ñ", "2026-05-01"), Entry("/b")), ()
    )


@pytest.mark.parametrize("namespace", ["", ' xmlns="http://www.google.com/schemas/sitemap/0.84"'])
def test_other_namespaces(namespace: str) -> None:
    document = f"<urlset{namespace}><url><loc>/a</loc></url></urlset>".encode()
    assert read_sitemap(document).pages == (Entry("/a"),)


def test_a_date_is_no_place_for_a_novel() -> None:
    (page,) = read_sitemap(urlset(["/a"], "9" * 10_000).encode()).pages
    assert len(page.lastmod) == 64


def test_an_index() -> None:
    assert read_sitemap(index(["/1.xml", "/2.xml"]).encode()) == Sitemap(
        (), (Entry("/1.xml"), Entry("/2.xml"))
    )


@pytest.mark.parametrize("cut", [1, 9, 30])
def test_cut_off(cut: int) -> None:
    with pytest.raises(Trouble, match="malformed or cut off XML at line 1"):
        read_sitemap(urlset(["/a", "/b"])[:-cut].encode())


@pytest.mark.parametrize("document", [b"", b"<", b"<html/>", b"{}", b"\0", b"<url:03set/>"])
def test_what_is_none(document: bytes) -> None:
    with pytest.raises(Trouble, match="not a sitemap"):
        read_sitemap(document)


def test_entities_and_files_of_this_machine_are_not_read() -> None:
    secret = '<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    laughs = '<!DOCTYPE urlset [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY x "&b;&b;&b;">]>'
    for declared in (secret, laughs):
        document = f"{declared}<urlset><url><loc>/a&x;</loc></url></urlset>".encode()
        assert root_name(document) == "urlset"
        assert read_sitemap(document).pages == (Entry("/a"),)


def test_a_document_type_from_the_network_is_not_asked_for() -> None:
    declared = '<!DOCTYPE urlset SYSTEM "http://127.0.0.1:1/x.dtd">'
    assert read_sitemap(f"{declared}{urlset(['/a'])}".encode()).pages == (Entry("/a"),)


def test_the_protocols_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ENTRIES", 3)
    assert len(read_sitemap(urlset("abc").encode()).pages) == 3
    with pytest.raises(Trouble, match="more than 3 entries"):
        read_sitemap(urlset("abcd").encode())


def test_the_tree_does_not_grow_with_the_document() -> None:
    document = b"<urlset>" + b"<x><y>text</y></x><url><loc>/a</loc></url>" * 20_000 + b"</urlset>"
    sizes = [
        len(parent) for e in elements(document, "url") if (parent := e.getparent()) is not None
    ]
    assert len(sizes) == 20_000
    assert max(sizes) < 4000  # the parser is somewhat ahead
