"""The requests that the documentation page offers to try."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from indexer.errors import HealthSearchError
from service.app import create_app
from service.openapi import document
from service.search.engine import open_searcher
from service.search.live import LiveIndex
from service.web.trying import Example, load_examples
from tests.service.writing import AUTHORIZED, admin_key, settings

API = document("Test")
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, methods in API["paths"].items()
    for method, operation in methods.items()
}
EXAMPLES = load_examples()


@pytest.mark.parametrize("name", list(OPERATIONS))
def test_what_an_operation_needs_its_example_has_and_nothing_unknown(name: str) -> None:
    example = EXAMPLES.get(name, Example())
    parameters = OPERATIONS[name].get("parameters", ())
    needed = {each["name"] for each in parameters if each.get("required")}
    assert needed <= set(example.parameters) <= {each["name"] for each in parameters}
    assert (example.body is not None) == ("requestBody" in OPERATIONS[name])


def test_every_example_is_of_an_operation() -> None:
    assert set(EXAMPLES) <= set(OPERATIONS)


@pytest.fixture(scope="module")
def client(corpus_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A service on the sample articles that may write a book of jobs elsewhere."""
    live = LiveIndex(corpus_index, open_searcher)
    live.refresh()
    chosen = settings(tmp_path_factory.mktemp("index"), sources="corpus")
    # Not entered: no lifespan, so nothing does the jobs.
    yield TestClient(create_app(chosen, live, admin_key()), headers=AUTHORIZED)
    live.close()


def ordered(name: str) -> int:
    """Jobs are started before they are asked for, and canceled last."""
    return ("POST /v1/jobs", "GET /v1/jobs/{id}", "DELETE /v1/jobs/{id}").index(name)


JOBS = sorted((name for name in EXAMPLES if re.search(r"/v1/jobs", name)), key=ordered)
OTHERS = [name for name in EXAMPLES if name not in JOBS]


@pytest.mark.parametrize("name", [*JOBS, *OTHERS])
def test_every_example_works_on_the_sample_articles(name: str, client: TestClient) -> None:
    example = EXAMPLES[name]
    method, path = name.split()
    placed = re.findall(r"{(\w+)}", path)
    query = {key: value for key, value in example.parameters.items() if key not in placed}
    path = path.format(**example.parameters)
    answer = client.request(method, path, params=query, json=example.body)
    assert answer.is_success, answer.text
    if method == "GET" and "search" in path:
        assert answer.json()["hits"]


def test_a_malformed_file_is_told(tmp_path: Path) -> None:
    file = tmp_path / "examples.json"
    file.write_text('{"GET /": {"query": {}}}', encoding="utf-8")
    with pytest.raises(HealthSearchError, match=r"examples\.json: .*query"):
        load_examples(file)
