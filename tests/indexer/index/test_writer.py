"""Articles go in whole and come out whole, or not at all."""

import errno
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh.index import exists_in, open_dir
from whoosh.query.positional import Phrase
from whoosh.query.terms import Term

from indexer.article import Article, content_hash
from indexer.errors import IndexUnwritable
from indexer.index.columns.container import open_arrays
from indexer.index.columns.layout import columns_file
from indexer.index.generation import Generation, Mark
from indexer.index.generations import GenerationStore
from indexer.index.segments import read_segments
from indexer.index.writer import ArticleWriter, mark_of
from tests.indexer.builders import article, left_behind, publish

FULL = article(
    7,
    description="What brings on attacks.",
    published=date(2023, 1, 2),
    last_reviewed=date(2026, 3, 2),
    authors=("Jo Writer", "Ann Other"),
    topics=("Lungs", "Children, clinics"),
)
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60)


def write(folder: Path, *articles: Article) -> ArticleWriter:
    folder.mkdir(exist_ok=True)
    with ArticleWriter(folder) as writer:
        for each in articles:
            writer.add(each)
    return writer


def stored(folder: Path) -> list[Article]:
    index = open_dir(str(folder / "whoosh"), readonly=True)
    with index.reader() as reader:
        raw = [fields["article"] for _, fields in reader.iter_docs()]
    index.close()
    return [msgspec.msgpack.decode(each, type=Article) for each in raw]


def found(folder: Path, query: object) -> list[str]:
    index = open_dir(str(folder / "whoosh"), readonly=True)
    with index.searcher() as searcher:
        ids = [hit["id"] for hit in searcher.search(query, limit=None)]
    index.close()
    return sorted(ids)


def test_what_goes_in_comes_out(tmp_path: Path) -> None:
    bare = Article(id="bare", url="", title="", body="")
    writer = write(tmp_path, FULL, bare, article(2, language="es"))
    assert stored(tmp_path) == [FULL, bare, article(2, language="es")]
    found = {name: msgspec.structs.replace(mark, text="") for name, mark in writer.marks.items()}
    assert found == {a.id: Mark(content_hash(a), a.language, a.url) for a in stored(tmp_path)}


def test_a_mark_tells_texts_apart() -> None:
    texts = [mark_of(article(n, body=body)).text for n, body in enumerate(["a", "a", "b", ""])]
    assert texts[0] == texts[1] != texts[2]
    assert texts[3] == ""


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        (Term("body_en", "attack"), ["a1", "a7"]),
        (Term("title_exact", "asthma"), ["a1", "a7"]),
        (Term("headings_en", "caus"), ["a1", "a7"]),
        (Term("body_en", "caus"), []),
        (Term("description_en", "bring"), ["a7"]),
        (Term("keywords_en", "clinic"), ["a7"]),
        (Term("topic", "children, clinics"), ["a7"]),
        (Term("topic", "clinics"), []),
        (Term("language", "en"), ["a1", "a7"]),
        (Phrase("body_exact", ["attack", "number", "7"]), ["a7"]),
        (Phrase("body_exact", ["number", "attack"]), []),
    ],
    ids=str,
)
def test_how_it_is_found(tmp_path: Path, query: object, ids: list[str]) -> None:
    write(tmp_path, FULL, article(1))
    assert found(tmp_path, query) == ids


def test_an_id_stands_once(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a1 added twice"):
        write(tmp_path, article(1), article(1, title="Other"))


def test_an_error_in_the_block_writes_nothing(tmp_path: Path) -> None:
    def write_and_fail() -> None:
        with ArticleWriter(tmp_path) as writer:
            writer.add(article(1))
            raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match="mine"):
        write_and_fail()
    assert not exists_in(str(tmp_path / "whoosh"))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@given(title=TEXT, body=TEXT, topic=TEXT, language=st.sampled_from(["en", "es", "ar", ""]))
def test_any_text_is_kept(
    tmp_path_factory: pytest.TempPathFactory, title: str, body: str, topic: str, language: str
) -> None:
    folder = tmp_path_factory.mktemp("any")
    made = article(
        title=title, body=body, topics=(topic,) if topic else (), sections=(), language=language
    )
    write(folder, made)
    assert stored(folder) == [made]


@pytest.mark.parametrize(
    "changes",
    [
        {"body": "a" * 1_000_000, "sections": ()},
        {"body": "-".join(["ab"] * 200_000), "sections": ()},
        {"body": "fever " * 200_000, "sections": ()},
        {"body": "🤒 \ud83e".encode("utf-16", "surrogatepass").decode("utf-16", "ignore")},
        {"id": "x" * 100_000},
        {"id": "a b/c?d=é\n"},
        {"topics": ("t" * 100_000,)},
        {"topics": tuple(f"topic {n}" for n in range(1000))},
        {"language": "x" * 1000},
    ],
    ids=["word", "compound", "words", "emoji", "long id", "odd id", "topic", "topics", "language"],
)
def test_outsized_articles(tmp_path: Path, changes: dict[str, Any]) -> None:
    made = article(1, **changes)
    write(tmp_path, made)
    assert stored(tmp_path) == [made]
    assert found(tmp_path, Term("id", made.id)) == [made.id]


def full_disk(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.usefixtures("unclosed_files")
@pytest.mark.parametrize(
    "method",
    [
        "indexer.index.writer.write_arrays",
        "indexer.index.whoosh_segment.TOC.write",
        "whoosh.codec.whoosh3.W3PerDocWriter.finish_doc",
        "whoosh.codec.whoosh3.W3PerDocWriter.close",
        "whoosh.codec.whoosh3.W3Segment.create_compound_file",
        "whoosh.filedb.filetables.OrderedHashWriter.add",
        "whoosh.filedb.filetables.OrderedHashWriter.close",
        "whoosh.filedb.structfile.StructFile.write",
    ],
)
def test_a_full_disk_leaves_the_live_generation(
    folder: Path,
    store: GenerationStore,
    live: Generation,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(method, full_disk)
        with pytest.raises(IndexUnwritable, match="No space left on device"):
            publish(folder, article(3))
    assert store.current() == live
    assert store.complete() == [live]
    assert left_behind(folder) == []
    assert publish(folder, article(3)).manifest.articles == 1


def test_the_hash_of_an_article_changes_with_any_field(folder: Path) -> None:
    first, second = (publish(folder, FULL, article(1)).marks() for _ in range(2))
    assert first == second
    third = publish(folder, msgspec.structs.replace(FULL, tags=("x",)), article(1)).marks()
    assert third["a7"] != first["a7"]
    assert third["a1"] == first["a1"]


@pytest.mark.parametrize(
    ("what", "most"),
    [("writer.MAX_DOCUMENTS", 2), ("inversion.MAX_WORDS", 20), ("inversion.MAX_TEXT_BYTES", 100)],
)
def test_a_full_segment_is_followed_by_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, most: int
) -> None:
    monkeypatch.setattr(f"indexer.index.{what}", most)
    made = [article(number) for number in range(1, 6)]
    writer = write(tmp_path, *made)
    assert [path.suffix for path in (tmp_path / "whoosh").iterdir()].count(".seg") == 3
    assert stored(tmp_path) == made
    assert found(tmp_path, Term("body_en", "attack")) == [each.id for each in made]
    assert list(writer.marks) == [each.id for each in made]
    sizes = [
        len(open_arrays(columns_file(tmp_path / "columns", segment.segment_id()))["doc.card"]) - 1
        for segment in read_segments(tmp_path / "whoosh")
    ]
    assert sizes == [2, 2, 1]


def test_an_index_of_nothing(tmp_path: Path) -> None:
    write(tmp_path)
    assert stored(tmp_path) == []
    assert list((tmp_path / "columns").iterdir()) == []


def test_nothing_is_left_of_what_whoosh_needed_meanwhile(tmp_path: Path) -> None:
    write(tmp_path, article(1))
    left = sorted(path.suffix for path in tmp_path.rglob("*") if path.is_file())
    assert left == [".columns", ".seg", ".toc"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["columns", "whoosh"]
    assert [path for path in (tmp_path / "whoosh").iterdir() if path.is_dir()] == []
