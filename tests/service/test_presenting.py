import html
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from service.highlighting import marked_parts, shown_as
from service.search.request import HitField
from service.search.response import Highlights, Hit

PARTS = st.lists(st.tuples(st.text(max_size=20), st.booleans()), max_size=6)


def highlight_of(parts: list[tuple[str, bool]]) -> str:
    escaped = ((html.escape(text), marked) for text, marked in parts)
    return "".join(f"<mark>{text}</mark>" if marked else text for text, marked in escaped)


@given(PARTS)
def test_plain_text_and_ranges_say_what_the_tags_say(parts: list[tuple[str, bool]]) -> None:
    shown = shown_as(Highlights((highlight_of(parts),), ()), "offsets")
    text = "".join(part for part, _ in parts)
    assert shown.title == (text,)
    cut = [text[each.start : each.end] for each in shown.title_ranges[0]]
    assert cut == [part for part, marked in parts if marked and part]


@given(PARTS)
def test_another_tag_changes_nothing_but_the_tags(parts: list[tuple[str, bool]]) -> None:
    marked = highlight_of(parts)
    (shown,) = shown_as(Highlights((), (marked,)), "em").body
    assert shown.replace("<em>", "<mark>").replace("</em>", "</mark>") == marked
    assert shown.count("<") == 2 * sum(is_marked for _, is_marked in parts)


def test_text_that_looks_like_a_tag_stays_text() -> None:
    marked = highlight_of([("<mark>a</mark> & ", False), ("<em>", True)])
    assert marked_parts(marked) == [("<mark>a</mark> & ", False), ("<em>", True)]
    (shown,) = shown_as(Highlights((marked,), ()), "b").title
    assert shown == "&lt;mark&gt;a&lt;/mark&gt; &amp; <b>&lt;em&gt;</b>"


@pytest.mark.parametrize("tag", ["mark", "em", "strong", "b"])
def test_tags_on_request(client: TestClient, tag: str) -> None:
    hit = client.get(f"/v1/search?q=magnesium&highlight={tag}").json()["hits"][0]
    assert hit["highlights"]["title"][0].startswith(f"<{tag}>Magnesium</{tag}>: what")
    assert hit["highlights"]["title_ranges"] == []


def test_a_tag_that_is_not_on_the_list_is_refused(client: TestClient) -> None:
    for tag in ("script", "MARK", "mark onclick=x", ""):
        response = client.post("/v1/search", json={"q": "magnesium", "highlight": tag})
        assert response.status_code == 422
        assert response.json()["errors"][0]["pointer"] == "/highlight"


def test_offsets_on_request(client: TestClient) -> None:
    body = {"q": "hostile", "highlight": "offsets"}
    shown = client.post("/v1/search", json=body).json()["hits"][0]["highlights"]
    assert shown["title"] == [
        "Pain <script>window.hacked = 1</script><img src=x onerror='window.hacked = 2'>"
    ]
    (first,) = shown["body_ranges"][0]
    assert shown["body"][0][first["start"] : first["end"]] == "Hostile"
    none = client.post("/v1/search", json={**body, "highlight": "none"}).json()
    assert none["hits"][0]["highlights"] == {**shown, "title_ranges": [], "body_ranges": []}


def test_fields_on_request(client: TestClient) -> None:
    response = client.get("/v1/search?q=magnesium&fields=title,id&fields=url")
    assert set(response.json()["hits"][0]) == {"title", "id", "url"}
    whole = client.get("/v1/search?q=magnesium").json()
    assert response.json() | {"hits": 0, "took_ms": 0} == whole | {"hits": 0, "took_ms": 0}
    wrong = client.post("/v1/search", json={"q": "magnesium", "fields": ["titel"]})
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["pointer"] == "/fields/0"


def test_every_field_of_a_hit_can_be_chosen() -> None:
    assert set(Hit.__struct_fields__) == set(HitField.__args__)  # type: ignore[attr-defined]


def test_what_is_shown_otherwise_has_another_tag(client: TestClient) -> None:
    asked = ["", "&highlight=em", "&fields=id", "&fields=id,url", "&facets=topic", "&facets="]
    tags = [client.get(f"/v1/search?q=pain{more}").headers["etag"] for more in asked]
    assert len(set(tags)) == len(asked)
    same = client.get("/v1/search?q=pain&fields=url&fields=id").headers["etag"]
    assert same == client.get("/v1/search?q=pain&fields=id,url").headers["etag"]


def test_null_is_as_good_as_nothing(client: TestClient) -> None:
    fields = {"q": "pain", "reviewed_after": None, "reading_level_max": None}
    assert client.post("/v1/search", json=fields).status_code == 200
    wrong = {"reviewed_after": "yesterday", "reading_level_max": 30}
    for name, value in wrong.items():
        answer = client.post(
            "/v1/search",
            content=json.dumps({"q": "pain", name: value}),
            headers={"Content-Type": "application/json"},
        )
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == f"/{name}"
    assert client.get("/v1/search?q=pain&reading_level_max=nan").status_code == 422
