"""The head is read from its own tags, however they are written."""

import pytest

from indexer.extraction.head import read_head


def test_what_is_commented_out_says_nothing() -> None:
    head = read_head('<head><!-- <meta name="robots" content="noindex"> --><title>Gout</title>')
    assert not head.refuses_indexing
    assert head.title == "Gout"


def test_what_a_script_writes_says_nothing() -> None:
    head = read_head("<head><script>'<meta name=robots content=noindex>'</script><title>A</title>")
    assert not head.refuses_indexing


@pytest.mark.parametrize(
    ("meta", "content"),
    [
        ('<meta name="description" content="a > b">', "a > b"),
        ("<META NAME=description CONTENT='it is \"so\" > 5'>", 'it is "so" > 5'),
        ('<meta\nname="description"\ncontent="two\nlines"/>', "two lines"),
        ("<meta name=description content=bare>", "bare"),
        ('<meta content="order" name="description">', "order"),
        ('<meta name="description" content="caf&eacute; &amp; tea">', "café & tea"),
    ],
)
def test_a_meta_element(meta: str, content: str) -> None:
    assert read_head(f"<html><head>{meta}</head>").first("description") == content


def test_links_that_style_or_fetch_are_not_read() -> None:
    head = read_head(
        '<head><link rel="stylesheet" href="/a.css"><link rel="shortcut icon" href="/b.ico">'
        '<link href="https://clinic.example/gout" rel="canonical">'
    )
    assert head.links == {"canonical": ("https://clinic.example/gout",)}


def test_language_and_base() -> None:
    head = read_head('<!doctype html><html class="x" lang="en-GB"><head><base href="/site/">')
    assert (head.language, head.base) == ("en-GB", "/site/")


def test_what_stands_after_the_head_is_not_read() -> None:
    head = read_head("<head><title>A</title></head><body><meta name=robots content=noindex>")
    assert not head.refuses_indexing
