"""Packed bodies: sound, damaged, and made to explode."""

import gzip
import random
import tracemalloc
import zlib
from functools import partial

import pytest

from indexer.sources.web.trouble import Trouble
from indexer.sources.web.unpacking import MAX_MEMBERS, decoded, gunzip
from tests.indexer.sources.web.server import bomb

TEXT = b"<p>" + random.Random(7).randbytes(20_000)
pack = partial(gzip.compress, mtime=0)  # the same bytes each time, for they name the tests


def raw_deflate(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(content) + packer.flush()


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("", TEXT),
        ("identity", TEXT),
        ("gzip", pack(TEXT)),
        (" GZIP ", pack(TEXT)),
        ("x-gzip", pack(TEXT)),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", raw_deflate(TEXT)),
        ("gzip", pack(TEXT[:99]) + pack(TEXT[99:])),
        ("gzip", pack(TEXT) + b"garbage"),
    ],
)
def test_codings(coding: str, packed: bytes) -> None:
    assert decoded(packed, coding, len(TEXT)) == TEXT
    if coding:
        with pytest.raises(Trouble) if coding != "identity" else pytest.MonkeyPatch.context():
            decoded(packed, coding, len(TEXT) - 1)


@pytest.mark.parametrize(
    ("coding", "packed", "reason"),
    [
        ("br", b"x", "unknown content coding 'br'"),
        ("gzip, gzip", b"x", "unknown content coding 'gzip, gzip'"),
        ("gzip", b"", "cut off"),
        ("gzip", b"<p>plain", "damaged compression"),
        ("gzip", pack(TEXT)[:-1], "cut off"),
        ("gzip", pack(TEXT)[:100], "cut off"),
        ("gzip", pack(TEXT) + pack(TEXT)[:-5], "cut off"),
        ("gzip", pack(TEXT)[:-8] + bytes(8), "damaged compression"),
        ("deflate", b"\xff\xff\xff", "damaged compression"),
        ("deflate", zlib.compress(TEXT)[:-1], "cut off"),
        ("deflate", raw_deflate(TEXT)[:-1], "cut off"),
        ("gzip", pack(b"") * (MAX_MEMBERS + 1), "members"),
    ],
)
def test_faults(coding: str, packed: bytes, reason: str) -> None:
    with pytest.raises(Trouble, match=reason):
        decoded(packed, coding, 10**6)


def test_a_bomb_is_stopped_while_it_unpacks() -> None:
    packed = bomb(200 * 1024**2)
    tracemalloc.start()
    try:
        with pytest.raises(Trouble, match="larger than 20 MB"):
            gunzip(packed, 20 * 1024**2)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 80 * 1024**2


def test_members_count_together() -> None:
    with pytest.raises(Trouble, match="larger than 1 MB"):
        gunzip(bomb(700_000) * 2, 1024**2)
