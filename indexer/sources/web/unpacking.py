"""Unpacking gzip and deflate, bounded: a few kilobytes can unpack to gigabytes."""

import zlib

from indexer.sources.web.trouble import Trouble

GZIP_MAGIC = b"\x1f\x8b"
MAX_MEMBERS = 1000
"""A gzip file may have several; each one costs a copy of the rest."""

_GZIP = 16 + zlib.MAX_WBITS
_ZLIB = zlib.MAX_WBITS
_RAW = -zlib.MAX_WBITS


def too_large(limit: int) -> Trouble:
    """Return the trouble with what has more than ``limit`` bytes."""
    return Trouble(f"larger than {limit // 1024**2} MB")


def decoded(packed: bytes, coding: str, limit: int) -> bytes:
    """Return a body without its content coding (RFC 9110, section 8.4.1).

    Args:
        packed: the body as received.
        coding: the Content-Encoding header.
        limit: bytes that the result may have.

    Raises:
        Trouble: an unknown coding, a result larger than ``limit``, cut off, or damaged.
    """
    coding = coding.strip().lower()
    if coding in ("", "identity"):
        return packed
    if coding in ("gzip", "x-gzip"):
        return gunzip(packed, limit)
    if coding == "deflate":
        # zlib's format by the standard; many servers leave out its two bytes of head.
        has_head = packed[:1] == b"\x78" and int.from_bytes(packed[:2], "big") % 31 == 0
        return _inflate(packed, _ZLIB if has_head else _RAW, 0, limit)[0]
    raise Trouble(f"unknown content coding {coding[:40]!r}")


def gunzip(packed: bytes, limit: int) -> bytes:
    """Return unpacked gzip of one or more members; what follows them is ignored, as gzip does.

    Raises:
        Trouble: it has more than ``limit`` bytes, is cut off, or damaged.
    """
    whole = bytearray()
    for _ in range(MAX_MEMBERS):
        part, packed = _inflate(packed, _GZIP, len(whole), limit)
        whole += part
        if not packed.startswith(GZIP_MAGIC):
            return bytes(whole)
    raise Trouble(f"gzip of more than {MAX_MEMBERS:,} members")


def _inflate(packed: bytes, kind: int, before: int, limit: int) -> tuple[bytes, bytes]:
    """Return one unpacked stream, and what follows it; ``before`` bytes count for the limit."""
    inflater = zlib.decompressobj(kind)
    try:
        part = inflater.decompress(packed, limit - before + 1)
    except zlib.error as error:
        raise Trouble("damaged compression") from error
    if before + len(part) > limit:
        raise too_large(limit)
    if not inflater.eof:
        raise Trouble("cut off")
    return part, inflater.unused_data
