import pytest

from indexer.errors import PageSkipped
from indexer.extraction.decoding import clean, decode


@pytest.mark.parametrize(
    ("content", "charset"),
    [
        ("<p>niño", "utf-8"),
        ("<p>niño", "utf-16le"),
    ],
)
def test_transport_charset_decides(content: str, charset: str) -> None:
    assert decode(content.encode(charset), charset) == content


def test_byte_order_mark_outranks_the_transport() -> None:
    assert decode(b"\xef\xbb\xbf<p>" + "niño".encode(), "windows-1252") == "<p>niño"


def test_transport_outranks_the_declaration() -> None:
    assert "niño" in decode('<meta charset="utf-8"><p>niño'.encode("latin-1"), "iso-8859-1")


def test_latin_1_means_windows_1252() -> None:
    declared = b'<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">'
    declared += b"<p>\x93Ouch\x94 \x80 5"
    assert "“Ouch” € 5" in decode(declared)


def test_declaration_after_a_long_comment_counts() -> None:
    assert "niño" in decode(
        b"<!--" + b"x" * 3000 + b'--><meta charset="latin1">' + "niño".encode("latin-1")
    )


def test_declaration_in_a_comment_does_not_count() -> None:
    assert "niño" in decode('<!-- <meta charset="shift_jis"> --><p>niño'.encode())


def test_undeclared_is_utf_8_or_else_windows_1252() -> None:
    assert decode("<p>niño".encode()) == "<p>niño"
    assert decode("<p>niño".encode("windows-1252")) == "<p>niño"


def test_unknown_label_is_ignored() -> None:
    assert decode("<p>niño".encode(), "klingon") == "<p>niño"


def test_declared_utf_16_in_bytes_is_utf_8() -> None:
    assert "niño" in decode('<meta charset="utf-16"><p>niño'.encode())


def test_text_is_composed() -> None:
    assert decode("<p>nin\u0303o".encode()) == "<p>niño"


@pytest.mark.parametrize("unwanted", ["\x01", "\x7f", "\x0b", "\ufffe", "\uffff", "\ud800"])
def test_what_no_text_needs_is_removed(unwanted: str) -> None:
    assert clean(f"ni{unwanted}ño\t\n") == "niño\t\n"


@pytest.mark.parametrize("content", [b"", b"  \n\t "])
def test_empty_is_skipped(content: bytes) -> None:
    with pytest.raises(PageSkipped, match="empty"):
        decode(content)


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7 words", b"\x89PNG\r\n", b"PK\x03\x04", b"<p>a\0b", b"ab\x01\x02\x03\x04" * 20],
)
def test_binary_is_skipped(content: bytes) -> None:
    with pytest.raises(PageSkipped, match="binary"):
        decode(content)
