"""What people read on corpus pages stays, what stands around it goes; see ``expected.toml``."""

import tomllib
from pathlib import Path

import pytest

from indexer.extraction import extract_page
from indexer.extraction.decoding import decode
from indexer.extraction.document import parse, text_of
from tests.indexer.extraction.test_corpus import CORPUS, read

EXPECTED = tomllib.loads(Path(__file__).with_name("expected.toml").read_text("utf-8"))

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus beside the tests")


@pytest.mark.parametrize("name", EXPECTED)
def test_body_of_a_corpus_page(name: str) -> None:
    body = extract_page(read(CORPUS / name)).body
    assert [sentence for sentence in EXPECTED[name]["kept"] if sentence not in body] == []
    assert [line for line in EXPECTED[name]["dropped"] if line in body] == []


@pytest.mark.parametrize("name", EXPECTED)
def test_expectations_speak_of_what_is_on_the_page(name: str) -> None:
    page = text_of(parse(decode((CORPUS / name).read_bytes())))
    assert [line for line in EXPECTED[name]["dropped"] if line not in page] == []
