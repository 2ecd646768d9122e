"""Other extractors, beside ours on the same pages; those not installed are left out.

They are in the optional extra ``bench``. Each takes a page as bytes and returns the article's text.
"""

import importlib
from collections.abc import Callable, Mapping
from types import ModuleType

from bs4 import BeautifulSoup
from lxml.html import fromstring

from indexer.extraction.decoding import decode

Extractor = Callable[[bytes], str]


def available() -> tuple[dict[str, Extractor], list[str]]:
    """Return the peers that are installed, and the reasons why the others are not there."""
    found: dict[str, Extractor] = {}
    missing: list[str] = []
    for name, (package, build) in _PEERS.items():
        try:
            found[name] = build(importlib.import_module(package))
        except ImportError as error:
            missing.append(f"{name} is left out: {error} (pip install '.[bench]')")
    return found, missing


def _trafilatura(trafilatura: ModuleType) -> Extractor:
    return lambda content: str(trafilatura.extract(content, include_comments=False) or "")


def _trafilatura_fast(trafilatura: ModuleType) -> Extractor:
    def extract(content: bytes) -> str:
        return str(trafilatura.extract(content, include_comments=False, fast=True) or "")

    return extract


def _readability(readability: ModuleType) -> Extractor:
    def extract(content: bytes) -> str:
        summary = readability.Document(decode(content)).summary()
        return "\n".join(str(text) for text in fromstring(summary).itertext())

    return extract


def _get_text(_: ModuleType) -> Extractor:
    return lambda content: BeautifulSoup(decode(content), "lxml").get_text("\n")


_PEERS: Mapping[str, tuple[str, Callable[[ModuleType], Extractor]]] = {
    "trafilatura, fast": ("trafilatura", _trafilatura_fast),
    "trafilatura": ("trafilatura", _trafilatura),
    "readability-lxml": ("readability", _readability),
    "Beautiful Soup get_text": ("bs4", _get_text),
}
