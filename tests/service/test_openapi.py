import re
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from starlette.routing import Route
from starlette.testclient import TestClient

from service.desk.routes import DESK
from service.openapi import document
from service.operations.table import OPERATIONS
from service.problems import KINDS
from service.routes import routes
from service.search.request import MAX_WINDOW
from tests.service.writing import AUTHORIZED, writable_app


def test_every_route_is_documented_and_no_other() -> None:
    served = {
        (route.path_format, method.lower())
        for route in routes()
        if isinstance(route, Route) and not route.path.startswith(DESK)
        for method in (route.methods or set()) - {"HEAD"}
    }
    assert served == set(OPERATIONS)


def test_every_reference_and_every_problem_is_there() -> None:
    api = document("Test")
    text = str(api)
    for name in re.findall(r"#/components/schemas/(\w+)", text):
        assert name in api["components"]["schemas"]
    listed = {code for operation in OPERATIONS.values() for code in operation.problems}
    assert listed <= set(KINDS)
    assert set(api["components"]["schemas"]["Problem"]["properties"]["code"]["enum"]) == set(KINDS)


def test_the_document_and_its_page_are_served(client: TestClient) -> None:
    api = client.get("/openapi.json").json()
    assert api["openapi"].startswith("3.1")
    page = client.get("/docs").text
    for path in api["paths"]:
        assert f"<code>{path}</code>" in page
    for code in KINDS:
        assert f'id="{code}"' in page
    for name in api["components"]["schemas"]:
        assert f'id="{name}"' in page
    assert not re.search(r'(src|href)="(https?:)?//', page)


PHASES = (Phase.explicit, Phase.generate)
"""No shrinking: schemathesis tells what it sent, and a failing run stays short."""


UNSAID = {
    ("/v1/search", "get"): (410, 422),  # cursors are ours, and of an index and a search
    ("/v1/search", "post"): (410, 422),
    ("/v1/search:batch", "post"): (410, 422),  # and all that of each search
    ("/v1/jobs", "post"): (409, 422),  # which sources there are, and one job at a time
    ("/v1/articles/{id}", "put"): (422,),  # some text in one of three fields, the years of dates
    ("/v1/articles/{id}", "delete"): (422,),  # what is visible
    ("/v1/articles", "put"): (422,),
    ("/v1/articles", "delete"): (422,),  # exotic white space in addresses
}
"""Refusals by rules that JSON Schema cannot say."""

REFUSALS = ("invalid-field", "source-unknown", "job-running", "cursor-expired")
CURSORS = ("/v1/search",)


def _window(case: Any) -> int:
    fields = case.body if case.method == "POST" else case.query
    if not isinstance(fields, dict):
        return 0
    try:
        is_paged = not fields.get("cursor")
        return is_paged * int(fields.get("page", 1)) * int(fields.get("per_page", 10))
    except (TypeError, ValueError):
        return 0


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Any:
    app = writable_app(tmp_path_factory.mktemp("index"), sources="corpus more.jsonl")
    return schemathesis.openapi.from_asgi("/openapi.json", app)


def test_the_document_is_valid_openapi(schema: Any) -> None:
    schema.validate()


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize(("path", "method"), list(OPERATIONS))
def test_the_service_keeps_to_the_document(
    schema: Any, path: str, method: str, mode: GenerationMode
) -> None:
    operation = schema[path][method.upper()]
    ours = OPERATIONS[path, method]
    if mode.is_negative and not (ours.parameters or ours.path or operation.body):
        return  # nothing to get wrong

    @settings(
        max_examples=100,
        derandomize=True,
        deadline=None,
        database=None,
        phases=PHASES,
        suppress_health_check=[HealthCheck.filter_too_much],  # a path can be wrong in few ways
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def keeps(case: Any) -> None:
        is_authorized = "Authorization" in (case.headers or {})
        response = case.call(headers=AUTHORIZED if is_authorized else None)
        if _window(case) > MAX_WINDOW:  # a rule that JSON Schema cannot say
            assert response.status_code == 422
        elif mode.is_positive and response.status_code in UNSAID.get((path, method), ()):
            assert response.json()["code"] in REFUSALS
            assert "cursor" in str(case.body) + str(case.query) or path not in CURSORS
        else:
            case.validate_response(response)

    keeps()
