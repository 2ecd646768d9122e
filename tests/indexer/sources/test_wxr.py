"""Records of a WordPress export."""

import gzip
import os
import tracemalloc
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from indexer.errors import SourceError
from indexer.extraction import article_from_record
from indexer.sources import PassedOver, Record, SourceItem
from indexer.sources.wxr import WxrSource, is_wxr

CLINIC = Path(__file__).parent / "data" / "clinic.wordpress.xml"

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Clinic</title><link>https://clinic.example</link><language>en-US</language>
"""
TAIL = "</channel>\n</rss>\n"


def post(content: str, number: int = 1, *, title: str = "Gout", more: str = "") -> str:
    return (
        f"<item><title>{title}</title><link>https://clinic.example/{number}/</link>"
        f"<content:encoded><![CDATA[{content}]]></content:encoded>"
        f"<wp:post_id>{number}</wp:post_id><wp:status>publish</wp:status>"
        f"<wp:post_type>post</wp:post_type>{more}</item>\n"
    )


def items(path: Path, text: str | bytes) -> list[SourceItem]:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(WxrSource(path).items())


def fields(found: list[SourceItem]) -> list[dict[str, object]]:
    assert all(isinstance(item, Record) for item in found)
    return [dict(item.fields) for item in found if isinstance(item, Record)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "export.xml"


@pytest.fixture(scope="module")
def clinic() -> list[SourceItem]:
    return list(WxrSource(CLINIC).items())


def test_an_export_is_known_by_its_name_and_its_root(path: Path) -> None:
    assert is_wxr(CLINIC)
    packed = path.with_suffix(".xml.gz")
    packed.write_bytes(gzip.compress(CLINIC.read_bytes()))
    assert is_wxr(packed)
    path.write_text('<rss version="2.0"><channel><title>A feed</title></channel></rss>')
    assert not is_wxr(path)
    path.write_bytes(CLINIC.read_bytes())
    assert not is_wxr(path.rename(path.with_suffix(".txt")))


@pytest.mark.parametrize("content", [b"", b"<rss", b"\x1f\x8b\x08\0" + b"\xff" * 30])
def test_what_is_no_export(tmp_path: Path, content: bytes) -> None:
    for name in ("a.xml", "a.xml.gz"):
        (tmp_path / name).write_bytes(content)
        assert not is_wxr(tmp_path / name)
    assert not is_wxr(tmp_path / "gone.xml")
    assert not is_wxr(tmp_path)
    os.mkfifo(tmp_path / "pipe.xml")
    assert not is_wxr(tmp_path / "pipe.xml")


def test_what_is_offered_and_what_is_passed_over(clinic: list[SourceItem]) -> None:
    assert [item.location.rpartition("#")[2] for item in clinic] == [
        *("11", "12", "13", "14", "15", "16", "17", "21")
    ]
    assert [item.reason for item in clinic if isinstance(item, PassedOver)] == [
        "not published (status draft)",
        "protected by a password",
        "noindex: the page asks not to be indexed",
        "noindex: the page asks not to be indexed",
        "no content in the export",
    ]
    assert WxrSource(CLINIC).size() is None


def test_the_fields_of_a_post(clinic: list[SourceItem]) -> None:
    first, second, third = fields(clinic[:3])
    html = first.pop("html")
    assert "wp:" not in str(html)
    assert first == {
        "url": "https://harbourhill.example/blisters/",
        "title": "Blisters & how to treat them",
        "description": "What to do about a blister, and when to see a nurse.",
        "published": "2025-03-04",
        "modified": "2026-02-11",
        "authors": ["Dr Miriam Farrow"],
        "topics": ["Skin & wounds"],
        "tags": ["first aid"],
        "language": "en-GB",
        "publisher": "Harbour & Hill Clinic",
    }
    assert (second["authors"], second["language"]) == (["Tomás Quesada"], "es")
    assert second["description"] == "Primeros auxilios para quemaduras pequeñas."
    assert "topics" not in second
    assert (third["authors"], third["topics"]) == (["gone"], ["Joints"])
    assert "description" not in third


def test_the_articles_of_an_export(clinic: list[SourceItem]) -> None:
    first, second, third = (
        article_from_record(item) for item in clinic if isinstance(item, Record)
    )
    assert first.body.split("\n") == [
        "A blister is a small pocket of fluid under the skin. Most heal within a week.",
        "What you can do",
        "Do not burst it.",
        "Cover it with a plaster.",
        "Cushion the heel.",
    ]
    assert (first.sections[1].anchor, first.language) == ("care", "en")
    assert (first.published, first.url) == (
        date(2025, 3, 4),
        "https://harbourhill.example/blisters/",
    )
    assert second.body.split("\n") == [
        "Enfríe la quemadura con agua corriente durante 20 minutos.",
        "No use hielo.",
        "Agua fresca, no helada.",
        "Vaya al médico si la herida es profunda [1] o si supura.",
        "Nunca reviente las ampollas [sic].",
        "Temperatura: 15 °C",
        "Tiempo: 20 min",
    ]
    assert third.body == "Rest the ankle for two days. A scan shows a[0]]> 1, which is fine."


def test_control_characters_and_stray_markup_do_not_stop_it(path: Path) -> None:
    text = HEAD + post("One\x0b two\x00 three.\x1f") + post("Four &nbsp; five.", 2) + TAIL
    found = fields(items(path, text))
    assert [each["html"] for each in found] == [
        "<p>One two three.</p>\n",
        "<p>Four &nbsp; five.</p>\n",
    ]
    broken = HEAD + post("One.", title="Heart & lungs &hearts;") + post("Two.", 2) + TAIL
    assert [each["html"] for each in fields(items(path, broken))] == [
        "<p>One.</p>\n",
        "<p>Two.</p>\n",
    ]


def test_encodings(path: Path) -> None:
    text = HEAD + post("Niño “bien”.") + TAIL
    for name in ("iso-8859-15", "windows-1252", "utf-16", "utf-8-sig"):
        declared = text.replace("UTF-8", name.removesuffix("-sig"))
        usable = declared if name != "iso-8859-15" else declared.replace("“bien”", "bien")
        (found,) = fields(items(path, usable.encode(name)))
        assert "Niño" in str(found["html"]), name
    (found,) = fields(items(path, text.encode().replace("ñ".encode(), b"\xf1")))
    assert "Ni\ufffdo" in str(found["html"])


def test_a_cdata_end_and_an_item_end_inside_a_text(path: Path) -> None:
    text = HEAD + post("a ]]]]><![CDATA[> b <code></item></code>") + post("Two.", 2) + TAIL
    first, second = fields(items(path, text))
    assert "a ]]> b" in str(first["html"])
    assert second["html"] == "<p>Two.</p>\n"


@pytest.mark.parametrize("cut", [1, 8, 30, 200, 700])
def test_a_truncated_export_stops_everything(path: Path, cut: int) -> None:
    whole = (HEAD + "".join(post(f"Text {n}.", n) for n in range(9)) + TAIL).rstrip()
    with pytest.raises(SourceError, match="ends early"):
        items(path, whole[:-cut])


def test_an_export_that_loses_items_stops_everything(path: Path) -> None:
    with pytest.raises(SourceError, match=r"is damaged: [01] of 2 items can be read"):
        items(path, HEAD + post("One.") + post("Two.", 2, title="Lungs <3") + TAIL)


def test_a_truncated_gzip_stops_everything(path: Path) -> None:
    packed = path.with_suffix(".xml.gz")
    with pytest.raises(SourceError, match="cannot be read to its end"):
        items(packed, gzip.compress(CLINIC.read_bytes())[:-9])


def test_entities_are_not_resolved(path: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("open sesame")
    doctype = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]>\n<rss'
    text = HEAD.replace("<rss", doctype, 1) + post("One.", title="Gout &x;") + TAIL
    (found,) = fields(items(path, text))
    assert "sesame" not in str(found)


def test_an_empty_export(path: Path) -> None:
    assert items(path, HEAD + TAIL) == [
        PassedOver(location=str(path), reason="no posts or pages in the export")
    ]


def test_a_post_without_an_address_gets_its_short_one(path: Path) -> None:
    text = HEAD + post("One.").replace("<link>https://clinic.example/1/</link>", "<link/>") + TAIL
    (found,) = fields(items(path, text))
    assert found["url"] == "https://clinic.example/?p=1"


@pytest.mark.parametrize("stamp", ["0000-00-00 00:00:00", "0001-01-01 00:00:00", "soon", ""])
def test_a_date_that_is_none(path: Path, stamp: str) -> None:
    dates = (
        f"<wp:post_date>{stamp}</wp:post_date>"
        "<wp:post_date_gmt>2025-05-03 10:00:00</wp:post_date_gmt>"
    )
    (found,) = fields(items(path, HEAD + post("One.", more=dates) + TAIL))
    assert found["published"] == "2025-05-03"
    (found,) = fields(
        items(path, HEAD + post("One.", more=dates[: dates.index("<wp:post_date_gmt")]) + TAIL)
    )
    assert "published" not in found


def test_memory_stays_flat(path: Path) -> None:
    def written(count: int) -> Iterator[str]:
        yield HEAD
        for number in range(count):
            yield post(f"<p>{'Drink water. ' * 800}</p>", number)
        yield TAIL

    def peak(count: int) -> int:
        with path.open("w") as file:
            file.writelines(written(count))
        tracemalloc.start()
        before = _resident()
        assert sum(1 for _ in WxrSource(path).items()) == count
        used = max(_resident() - before, tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        return used

    peak(10)
    # 40 MB of text: a tree of it would take more than that.
    assert peak(4_000) < 12 * 1024**2


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
