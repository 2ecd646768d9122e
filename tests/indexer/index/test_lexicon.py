"""The word lists: what a line may hold, and that the shipped ones load."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.errors import LexiconError
from indexer.index.lexicon import (
    digest,
    load_pairs,
    load_phrases,
    load_spellings,
    load_words,
    loader,
)

SHIPPED = Path(loader.__file__).parent


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder in the place of the shipped lists."""
    monkeypatch.setattr(loader, "_HOME", tmp_path)
    loads = load_words, load_phrases, load_pairs, load_spellings
    for load in loads:
        load.cache_clear()
    yield tmp_path
    for load in loads:
        load.cache_clear()


def test_words(home: Path) -> None:
    (home / "list.txt").write_text("# A comment.\n\nfever\nniño\n")
    assert load_words("list.txt") == {"fever", "niño"}


def test_phrases(home: Path) -> None:
    (home / "list.txt").write_text("# A comment.\n\nworks cited\nfuentes\n")
    assert load_phrases("list.txt") == {"works cited", "fuentes"}


def test_pairs(home: Path) -> None:
    (home / "table.tsv").write_text("# A comment.\nμg\tmcg\nß\tss\n")
    assert dict(load_pairs("table.tsv")) == {"μg": "mcg", "ß": "ss"}


def test_spellings(home: Path) -> None:
    (home / "spelling").mkdir()
    (home / "spelling" / "xx.tsv").write_text("# A comment.\n\nanemia\tanaemia\nb\tbb\tbébé\n")
    assert dict(load_spellings("xx")) == {"anaemia": "anemia", "bb": "b", "bébé": "b"}


@pytest.mark.parametrize(
    ("load", "line", "complaint"),
    [
        (load_words, "two words", "expected one lower-case word, found 'two words'"),
        (load_words, "Fever", "expected one lower-case word, found 'Fever'"),
        (load_words, "cough ", "expected one lower-case word, found 'cough '"),
        (load_words, " cough", "expected one lower-case word, found ' cough'"),
        (load_words, " # late", "expected one lower-case word"),
        (load_words, "fever", "'fever' stands in the list twice"),
        (load_phrases, "Works cited", "expected lower-case words, found 'Works cited'"),
        (load_phrases, "works  cited", "expected lower-case words"),
        (load_phrases, "fever", "'fever' stands in the list twice"),
    ],
)
def test_a_bad_line_is_named_with_file_and_number(
    home: Path, load: Callable[[str], object], line: str, complaint: str
) -> None:
    (home / "list.txt").write_text(f"# A comment.\nfever\n{line}\n")
    with pytest.raises(LexiconError) as caught:
        load("list.txt")
    assert str(caught.value).startswith(f"list.txt:3: {complaint}")


@pytest.mark.parametrize(
    "line",
    ["no tab", "one", "a\tb\tc", "a\t", "\tb", "a\tb c", "a \tb", "a\tb ", "a\tb\t", "μg\tug"],
)
def test_a_bad_pair_is_named_with_file_and_line(home: Path, line: str) -> None:
    (home / "table.tsv").write_text(f"μg\tmcg\n{line}\n")
    with pytest.raises(LexiconError, match=r"^table\.tsv:2: .*(tab|twice)"):
        load_pairs("table.tsv")


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("alone", "expected lower-case words with tabs, found 'alone'"),
        ("two words\tmore", "expected lower-case words with tabs"),
        ("one\t", "expected lower-case words"),
        ("\tone", "expected lower-case words"),
        ("one\tOne", "expected lower-case words"),
        ("one\tone ", "expected lower-case words"),
        ("one\t1", "expected lower-case words"),
        ("one\t>\ttwo", "expected lower-case words"),
        ("one\tb12", "expected lower-case words"),
        ("one\tanaemia", "'anaemia' stands in the table twice"),
        ("anaemia\tone", "'anaemia' stands in the table twice"),
        ("anemia\tone", "'anemia' stands in the table twice"),
        ("one\tone", "'one' stands in the table twice"),
    ],
)
def test_a_bad_spelling_is_named_with_file_and_line(home: Path, line: str, complaint: str) -> None:
    (home / "spelling").mkdir()
    (home / "spelling" / "xx.tsv").write_text(f"# A comment.\nanemia\tanaemia\n{line}\n")
    with pytest.raises(LexiconError) as caught:
        load_spellings("xx")
    assert str(caught.value).startswith(f"spelling/xx.tsv:3: {complaint}")


def test_a_list_in_another_encoding(home: Path) -> None:
    (home / "list.txt").write_bytes("niño\n".encode("latin-1"))
    with pytest.raises(LexiconError, match=r"^list\.txt: cannot be read as UTF-8"):
        load_words("list.txt")


def test_a_missing_list(home: Path) -> None:
    assert home.is_dir()
    with pytest.raises(LexiconError, match=r"^nowhere\.txt: there is no such file\.$"):
        load_words("nowhere.txt")


@pytest.mark.parametrize("path", sorted(SHIPPED.rglob("*.t[xs][tv]")), ids=lambda path: path.name)
def test_shipped_files_load(path: Path) -> None:
    name = path.relative_to(SHIPPED).as_posix()
    if path.parent.name == "spelling":
        assert load_spellings(path.stem)
    elif path.stem.endswith("_headings"):
        assert load_phrases(name)
    else:
        assert load_pairs(name) if path.suffix == ".tsv" else load_words(name)


def test_the_digest_changes_with_any_file(home: Path) -> None:
    (home / "sub").mkdir()
    (home / "sub" / "list.txt").write_text("fever\n")
    (home / "table.tsv").write_text("a\tb\n")
    (home / "loader.py").write_text("code\n")
    seen = [digest(), digest()]
    (home / "loader.py").write_text("other code\n")
    seen.append(digest())
    assert len(set(seen)) == 1
    (home / "sub" / "list.txt").write_text("fevers\n")
    seen.append(digest())
    (home / "table.tsv").write_text("a\tc\n")
    seen.append(digest())
    (home / "new.txt").write_text("")
    seen.append(digest())
    (home / "new.txt").rename(home / "sub" / "new.txt")
    seen.append(digest())
    assert len(set(seen)) == 5
