"""The script of the search box, the page that shows it, and the search for browsers."""

import gzip
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from starlette.testclient import TestClient

from indexer.errors import HealthSearchError, SettingError
from service.app import create_app
from service.settings import Settings, load
from service.web.bundle import MODULES, STYLE, bundle
from service.web.squeeze import squeezed_script, squeezed_style
from service.web.texts import load_texts
from tests.service.fakes import FakeLive

MAX_BYTES = 15_000
"""Of the script, packed: what a site owner was promised (15 kB)."""

OPEN_SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


def test_the_script_is_small_and_the_same_packed(client: TestClient) -> None:
    plain = client.get("/search-box.js", headers={"Accept-Encoding": "identity"})
    packed = client.get("/search-box.js", headers={"Accept-Encoding": "br, gzip"})
    assert plain.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) <= MAX_BYTES
    assert len(gzip.compress(plain.content)) <= MAX_BYTES
    assert "Accept-Encoding" in packed.headers["vary"]


@pytest.mark.parametrize("accepted", ["gzip;q=0", "deflate", "gzipped", "gzip;q=0.00, deflate"])
def test_who_does_not_accept_gzip_gets_none(client: TestClient, accepted: str) -> None:
    response = client.get("/search-box.js", headers={"Accept-Encoding": accepted})
    assert response.headers.get("content-encoding") != "gzip"


def test_the_script_may_be_kept_and_is_asked_for_again(client: TestClient) -> None:
    first = client.get("/search-box.js")
    assert "public" in first.headers["cache-control"]
    again = client.get("/search-box.js", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_script_stands_alone_and_uses_nothing_that_policies_forbid(client: TestClient) -> None:
    script = client.get("/search-box.js").text
    forbidden = r"\b(import|export|eval|innerHTML|outerHTML|insertAdjacentHTML|document\.write)\b"
    assert not re.search(forbidden, script)
    assert not re.search(r"localStorage|sessionStorage|\.cookie|new Function", script)
    assert set(re.findall(r"https?://[^\s\"`]+", script)) == {"http://www.w3.org/2000/svg"}


def test_every_module_has_one_job_and_at_most_300_lines() -> None:
    for path in MODULES.glob("*.js"):
        lines = path.read_text("utf-8").splitlines()
        assert lines[0].startswith("// "), path.name
        assert len(lines) <= 300, path.name


MAIN = 'import {{ {0} }} from "./other.js";\n'


@pytest.mark.parametrize(
    ("main", "other", "reason"),
    [
        (MAIN.format("none"), "export const one = 1;\n", "does not export none"),
        (MAIN.format("one") + "const two = 1;\n", "export const one = 1;\nconst two = 2;\n", "too"),
        (MAIN.format("one"), 'import { x } from "./health_search.js";\n', "imports itself"),
        (MAIN.format("one") + 'import "./side.js";\n', "export const one = 1;\n", "line 2 imports"),
        ('import { one } from "./gone.js";\n', "", "there is no such file"),
        ("const one = 1;\n", "export const one = 1;\n", "no module imports it"),
        ('import { NONE } from "./data.js";\n', "", "data.js does not export NONE"),
    ],
)
def test_modules_that_cannot_be_joined_are_refused(
    tmp_path: Path, main: str, other: str, reason: str
) -> None:
    (tmp_path / "health_search.js").write_text(main)
    (tmp_path / "other.js").write_text(other)
    with pytest.raises(HealthSearchError, match=reason):
        bundle(load_texts(), tmp_path, STYLE)


@pytest.mark.parametrize(
    ("source", "squeezed"),
    [
        ("const a = 1; // why\n", "const a=1;\n"),
        ('const a = "// no  comment";\n', 'const a="// no  comment";\n'),
        ("const a = `b  ${c} // d`;\n", "const a=`b  ${c} // d`;\n"),
        (r"const a = /[/\"] \/ x/g.test(b);", r"const a=/[/\"] \/ x/g.test(b);" + "\n"),
        ("const a = b / c / d;", "const a=b/c/d;\n"),
        ("a = b + +c - -d;", "a=b+ +c- -d;\n"),
        ("if (x) {\n  return y;\n}\nz();\n", "if(x){return y}z();\n"),
        ("class A {\n  a() {}\n  b() {}\n}\nz();\n", "class A{a(){}b(){}}z();\n"),
    ],
)
def test_what_people_need_to_read_goes(source: str, squeezed: str) -> None:
    assert squeezed_script(source) == squeezed


@pytest.mark.parametrize(
    ("source", "squeezed"),
    [
        ("const long = 1; use(long);", "const a=1;use(a);\n"),
        ("const long = 1; x.long = long;", "const long=1;x.long=long;\n"),
        ("const long = 1; use({ long });", "const long=1;use({long});\n"),
        ("const long = 1; use({ long: 2 });", "const long=1;use({long:2});\n"),
        ("const long = 1; use(`${long}`);", "const long=1;use(`${long}`);\n"),
        ("use((some = true) => some);", "use((a=true)=>a);\n"),
        (
            "class Long { #long = 1; get() { return this.#long; } }",
            "class b{#a=1;get(){return this.#a}}\n",
        ),
        ("document.title = window.name;", "document.title=window.name;\n"),
        ("use((...items) => items);", "use((...a)=>a);\n"),
    ],
)
def test_names_are_shortened_where_they_are_surely_ours(source: str, squeezed: str) -> None:
    assert squeezed_script(source) == squeezed


def test_a_style_sheet_says_the_same() -> None:
    source = '/* Why. */\na, b > c {\n  margin: 0 0.5em;\n  content: "x y";\n}\n'
    source += "@media (a: 0.1em) { d { e: f } }"
    assert squeezed_style(source) == 'a,b>c{margin:0 .5em;content:"x y"}@media (a:.1em){d{e:f}}'


def test_the_page_tells_all_that_can_be_chosen(client: TestClient) -> None:
    page = client.get("/embed").text
    settings = (MODULES / "settings.js").read_text("utf-8")
    attributes = set(re.findall(r'(?:given|listOf|hasAttribute)\("([a-z-]+)"', settings))
    assert len(attributes) > 8
    for name in {*attributes, "lang", "dir", "theme"}:
        assert f"<code>{name}</code>" in page, name
    properties = set(re.findall(r"var\((--health-search-[a-z-]+)", STYLE.read_text("utf-8")))
    assert len(properties) > 8
    for name in properties:
        assert f"<code>{name}</code>" in page, name
    for part in ("button", "input", "suggestion", "notice", "title", "all-results"):
        assert f"<code>{part}</code>" in page, part
    main = (MODULES / "health_search.js").read_text("utf-8")
    for event in re.findall(r'#tell\("(\w+)"', main):
        assert f"<code>health-search:{event}</code>" in page
    assert not re.search(r'<[^>]+ (src|href)="(https?:)?//', page)


def test_addresses_are_those_of_the_request_or_the_setting() -> None:
    with TestClient(create_app(Settings(), FakeLive()), base_url="https://find.example.org") as it:
        assert "https://find.example.org/search-box.js" in it.get("/embed").text
        for host in (
            'x"><script>',
            "a b",
            "example.org/path",
            "user@example.org",
            "ex\u00e4mple.org",
        ):
            for path in ("/embed", "/opensearch.xml"):
                text = it.get(path, headers=[(b"host", host.encode("latin-1"))]).text
                assert f"//{host}" not in text
                assert "find.example.org" in text
    settings = replace(Settings(), public_url="https://www.example.org/find/")
    with TestClient(create_app(settings, FakeLive())) as it:
        assert "https://www.example.org/find/search-box.js" in it.get("/embed").text
        assert "https://www.example.org/find/?q={searchTerms}" in it.get("/opensearch.xml").text


@pytest.mark.parametrize("text", ["example.org", "ftp://example.org", "https://a b", 'https://x/"'])
def test_a_public_address_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(SettingError, match="PUBLIC_URL"):
        load({"HEALTH_SEARCH_PUBLIC_URL": text})


def test_browsers_can_add_the_search() -> None:
    settings = replace(Settings(), site_name="Health & <Search> for everybody")
    with TestClient(create_app(settings, FakeLive()), base_url="https://find.example.org") as it:
        assert 'rel="search" type="application/opensearchdescription+xml"' in it.get("/").text
        response = it.get("/opensearch.xml", headers={"Accept-Language": "es"})
    assert response.headers["content-type"] == "application/opensearchdescription+xml"
    root = ET.fromstring(response.text)
    assert root.findtext(f"{OPEN_SEARCH}ShortName") == "Health & <Search"  # 16 characters at most
    assert root.findtext(f"{OPEN_SEARCH}Description") == "Buscar artículos de salud"
    urls = {url.get("type"): url.get("template") for url in root.iter(f"{OPEN_SEARCH}Url")}
    assert urls["text/html"] == "https://find.example.org/?q={searchTerms}"
    suggest = urls["application/x-suggestions+json"]
    assert suggest == "https://find.example.org/opensearch/suggest?q={searchTerms}"


def test_suggestions_for_browsers(client: TestClient) -> None:
    response = client.get("/opensearch/suggest?q=joint")
    assert response.headers["content-type"] == "application/x-suggestions+json"
    assert response.headers["cache-control"] == "no-store"
    assert response.json() == ["joint", ["Joint pain"]]
    for odd in ("", "?q=", "?q=%00", f"?q={'x' * 101}", "?x=1", "?q=+"):
        assert client.get(f"/opensearch/suggest{odd}").json()[1] == []


def test_suggestions_for_browsers_without_an_index(client: TestClient, live: FakeLive) -> None:
    live.missing = True
    response = client.get("/opensearch/suggest?q=joint")
    assert (response.status_code, response.json()["code"]) == (503, "index-unavailable")
