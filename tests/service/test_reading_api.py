import pytest
from starlette.testclient import TestClient

from tests.service.fakes import CHRONIC, JOINT, MAGNESIUM, ROWS, FakeLive, id_of


def test_an_article_comes_section_by_section(client: TestClient) -> None:
    hit = client.post("/v1/search", json={"q": "magnesium"}).json()["hits"][0]
    answer = client.get(f"/v1/articles/{hit['id']}").json()
    assert answer["title"] == hit["title"]
    assert answer["url"] == hit["url"]
    assert answer["last_reviewed"] == "2026-03-12"
    assert answer["reading_grade"] == 6.5
    assert answer["sections"] == [
        {"heading": "", "level": 0, "anchor": "", "text": MAGNESIUM},
        {"heading": "How much do I need?", "level": 2, "anchor": "self-care", "text": MAGNESIUM},
    ]
    assert answer["index"]["articles"] == 38
    assert "body" not in answer


def test_an_article_that_the_caller_has_is_not_sent_again(client: TestClient) -> None:
    first, second = (client.get(f"/v1/articles/{id_of(ROWS[place])}") for place in (0, 1))
    assert first.headers["etag"] != second.headers["etag"]
    again = client.get(
        f"/v1/articles/{id_of(ROWS[0])}", headers={"If-None-Match": first.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


def test_a_slash_too_many_is_forgiven(client: TestClient) -> None:
    path = f"/v1/articles/{id_of(ROWS[0])}"
    exact, slashed = client.get(path), client.get(f"{path}/")
    assert (slashed.status_code, slashed.content) == (200, exact.content)
    assert slashed.headers["etag"] == exact.headers["etag"]
    assert client.get(f"{path}//").status_code == 404


@pytest.mark.parametrize("id_", ["none", "a%2Fb", "%00", "é" * 300, "%ff"])
@pytest.mark.parametrize("more", ["", "/related"])
def test_what_is_not_there_is_not_found(client: TestClient, id_: str, more: str) -> None:
    response = client.get(f"/v1/articles/{id_}{more}")
    assert response.status_code == 404
    assert response.json()["code"] == "article-unknown"


def test_what_is_like_an_article(client: TestClient) -> None:
    id_ = id_of(ROWS[0])
    answer = client.get(f"/v1/articles/{id_}/related?limit=2").json()
    assert answer["id"] == id_
    assert [hit["highlights"]["body"] for hit in answer["hits"]] == [[JOINT], [ROWS[2][2]]]
    english = client.get(f"/v1/articles/{id_}/related?limit=3&language=en").json()["hits"]
    assert [hit["language"] for hit in english] == ["en", "en", "en"]
    assert english[2]["highlights"]["body"] == [CHRONIC]
    wrong = client.get(f"/v1/articles/{id_}/related?limit=0")
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/limit")


def test_only_filters_of_its_own_are_known(client: TestClient) -> None:
    id_ = id_of(ROWS[0])
    assert client.get(f"/v1/articles/{id_}/related?language=en&language=es").status_code == 200
    response = client.get(f"/v1/articles/{id_}/related?topic=Pain")
    assert (response.status_code, response.json()["code"]) == (422, "unknown-field")


def test_without_an_index_nothing_can_be_read(client: TestClient, live: FakeLive) -> None:
    live.missing = True
    for more in ("", "/related"):
        assert client.get(f"/v1/articles/{id_of(ROWS[0])}{more}").status_code == 503
