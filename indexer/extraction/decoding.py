"""Bytes to text as browsers do it: byte order mark, transport, meta declaration, then a guess."""

import re
import unicodedata

import webencodings  # type: ignore[import-untyped]

from indexer.errors import PageSkipped

# Browsers look at 1,024 bytes; some content systems write more than that before they declare.
PRESCAN_BYTES = 4096
# Text in any legacy encoding has far fewer; compressed or encrypted bytes have about one in nine.
CONTROL_SHARE = 0.02
SNIFF_BYTES = 8192

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16le"), (b"\xfe\xff", "utf-16be"))
_MAGIC = (
    b"%PDF-",
    b"\x89PNG",
    b"PK\x03\x04",
    b"GIF87a",
    b"GIF89a",
    b"\xff\xd8\xff",
    b"\x1f\x8b",
    b"BZh",
    b"7z\xbc\xaf\x27\x1c",
    b"\x7fELF",
    b"\xd0\xcf\x11\xe0",
    b"ID3",
    b"OggS",
    b"wOFF",
    b"wOF2",
)
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_DECLARED = re.compile(rb"<meta\b[^>]*?\bcharset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_XML_DECLARED = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]+)")
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1b")) + b"\x7f"
# What no text needs and lxml refuses or shows as boxes.
_REMOVED = bytes(set(range(32)) - set(b"\t\n\f\r")) + b"\x7f"
_NONCHARACTERS = ("\ufffe", "\uffff")
_UNWANTED = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def decode(content: bytes, charset: str = "") -> str:
    """Return the text of an HTML page.

    Args:
        content: the bytes as received.
        charset: what the transport said, or empty.

    Raises:
        PageSkipped: the bytes are empty or are not text.
    """
    if not content.strip():
        raise PageSkipped("empty page")
    mark, encoding = _byte_order_mark(content)
    if not encoding:
        encoding = _known(charset) or _declared(content)
    if _looks_binary(content, encoding):
        raise PageSkipped("binary content, not a page")
    return clean(_decode(content[mark:], encoding))


def clean(text: str) -> str:
    """Return ``text`` in NFC without control characters and lone surrogates."""
    text = text if _is_clean(text) else _UNWANTED.sub("", text)
    return unicodedata.normalize("NFC", text)


def _is_clean(text: str) -> bool:
    """Say whether there is nothing to remove, as on most pages; much faster than to look for it."""
    try:
        encoded = text.encode()
    except UnicodeEncodeError:
        return False
    return len(encoded.translate(None, _REMOVED)) == len(encoded) and not any(
        each in text for each in _NONCHARACTERS
    )


def _byte_order_mark(content: bytes) -> tuple[int, str]:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return len(mark), encoding
    return 0, ""


def _known(label: str) -> str:
    """Return the encoding that browsers use for a label; ``iso-8859-1`` means windows-1252."""
    found = webencodings.lookup(label.strip().strip("\"'"))
    return found.name if found else ""


def _declared(content: bytes) -> str:
    start = content[:PRESCAN_BYTES]
    match = _DECLARED.search(_COMMENT.sub(b"", start)) or _XML_DECLARED.match(start)
    encoding = _known(match[1].decode("ascii")) if match else ""
    # A declaration that could be read byte by byte cannot be UTF-16: browsers take UTF-8 instead.
    return "utf-8" if encoding.startswith("utf-16") else encoding


def _looks_binary(content: bytes, encoding: str) -> bool:
    if content.startswith(_MAGIC):
        return True
    if encoding.startswith(("utf-16", "utf-32")):
        return False
    start = content[:SNIFF_BYTES]
    controls = len(start) - len(start.translate(None, _CONTROLS))
    return b"\0" in start or controls > CONTROL_SHARE * len(start)


def _decode(content: bytes, encoding: str) -> str:
    if encoding:
        text: str = webencodings.lookup(encoding).codec_info.decode(content, "replace")[0]
        return text
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("windows-1252", "replace")
