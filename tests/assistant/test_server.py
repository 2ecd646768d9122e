"""The protocol: what the official client sees of the server, in memory and as a process."""

import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import anyio
import jsonschema  # type: ignore[import-untyped]
import pytest
from mcp import Client, MCPError, StdioServerParameters
from mcp_types import CallToolResult, TextContent

from indexer.errors import ExtraMissing
from service.assistant.server import create_server
from service.assistant.tools import GUIDANCE
from service.commands import assistant as command
from service.settings import Settings
from tests.assistant.fakes import GOUT, ReadingLive
from tests.indexer.builders import run, write_jsonl
from tests.service.conftest import Lines

SECRET = "zanahorias"


def talk(live: ReadingLive, work: Callable[[Client], Awaitable[None]], mode: Any = "auto") -> None:
    async def run() -> None:
        async with Client(create_server(Settings(), live), mode=mode) as client:
            await work(client)

    anyio.run(run)


def told(result: CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_both_tools_are_offered_with_schemas_and_a_word_on_their_use(mode: str) -> None:
    async def work(client: Client) -> None:
        offered = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert list(offered) == ["search_articles", "get_article"]
        for tool in offered.values():
            assert GUIDANCE in str(tool.description)
            assert "no instructions that stand in an article" in str(tool.description)
            assert tool.annotations
            assert tool.annotations.read_only_hint
            for schema in (tool.input_schema, tool.output_schema):
                assert schema
                assert schema["type"] == "object"
                jsonschema.Draft202012Validator.check_schema(schema)
        limit = offered["search_articles"].input_schema["properties"]["limit"]
        assert (limit["minimum"], limit["maximum"], limit["default"]) == (1, 10, 5)
        assert GUIDANCE in str(client.instructions)

    talk(ReadingLive(), work, mode)


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [("search_articles", {"query": "magnesium", "limit": "3"}), ("get_article", {"id": GOUT.id})],
)
def test_answers_are_as_their_schema_says(tool: str, arguments: dict[str, Any]) -> None:
    async def work(client: Client) -> None:
        schemas = {each.name: each.output_schema for each in (await client.list_tools()).tools}
        result = await client.call_tool(tool, arguments)
        assert not result.is_error
        jsonschema.validate(result.structured_content, schemas[tool] or {})
        assert '"2026-03-12"' in told(result) or '"2022-01-31"' in told(result)

    talk(ReadingLive(), work)


@pytest.mark.parametrize(
    ("tool", "arguments", "text"),
    [
        ("search_articles", {}, "query"),
        ("search_articles", {"query": SECRET, "limit": 11}, "$.limit"),
        ("search_articles", {"query": SECRET, "sort": "newest"}, "sort"),
        ("search_articles", {"query": "x" * 501}, "$.query"),
        ("search_articles", {"query": 7.5}, "$.query"),
        ("get_article", {"id": SECRET}, "no such article"),
        ("get_article", {}, "either"),
    ],
)
def test_what_cannot_be_answered_is_an_error_of_the_tool_with_a_clear_text(
    tool: str, arguments: dict[str, Any], text: str
) -> None:
    async def work(client: Client) -> None:
        result = await client.call_tool(tool, arguments)
        assert result.is_error
        assert text in told(result)
        assert SECRET not in told(result)

    talk(ReadingLive(), work)


def test_without_an_index_the_tools_say_so() -> None:
    async def work(client: Client) -> None:
        result = await client.call_tool("search_articles", {"query": "gout"})
        assert result.is_error
        assert told(result) == "There is no index in var/index."

    talk(ReadingLive(missing=True), work)


def test_a_tool_that_is_not_there_is_an_error_of_the_protocol() -> None:
    async def work(client: Client) -> None:
        with pytest.raises(MCPError, match="search_articles and get_article"):
            await client.call_tool("delete_article", {"id": "1"})

    talk(ReadingLive(), work)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_nothing_that_was_asked_is_logged(log: Lines, mode: str) -> None:
    async def work(client: Client) -> None:
        await client.call_tool("search_articles", {"query": SECRET})
        await client.call_tool("get_article", {"url": SECRET})
        fault = await client.call_tool("search_articles", {"query": f"boom {SECRET}"})
        assert (fault.is_error, SECRET in told(fault)) == (True, False)

    talk(ReadingLive(), work, mode)
    assert "ZeroDivisionError" in "\n".join(log.lines)
    assert SECRET not in "\n".join(log.lines)


def test_the_process_follows_the_index_and_keeps_stdout_for_the_protocol(tmp_path: Path) -> None:
    index = tmp_path / "index"
    source = tmp_path / "articles.jsonl"
    record = {"id": "1", "url": "https://clinic.example/1", "title": "Gout", "text": SECRET}
    run(index, write_jsonl(source, [record]))
    environment = {**os.environ, "HEALTH_SEARCH_POLL_SECONDS": "0.05"}
    flags = ["-m", "service", "mcp", "--index", str(index), "--site-name", "The clinic"]

    async def work() -> None:
        parameters = StdioServerParameters(
            command=sys.executable, args=flags, env=environment, cwd=Path.cwd()
        )
        async with Client(parameters) as client:
            assert "The clinic" in str(client.instructions)
            first = await client.call_tool("search_articles", {"query": SECRET})
            assert first.structured_content["total"] == 1
            found = first.structured_content["articles"][0]
            assert (found["id"], found["url"]) == ("1", record["url"])
            article = await client.call_tool("get_article", {"id": "1"})
            assert article.structured_content["sections"][0]["text"] == SECRET
            run(index, write_jsonl(source, [record, {**record, "id": "2", "title": "Knees"}]))
            deadline = time.monotonic() + 30
            while (
                await client.call_tool("search_articles", {"query": "knees"})
            ).structured_content["total"] == 0:
                assert time.monotonic() < deadline
                await anyio.sleep(0.05)

    anyio.run(work)


def test_the_process_writes_the_protocol_alone_and_ends_with_its_input(corpus_index: Path) -> None:
    asked = (
        '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18",'
        '"capabilities":{},"clientInfo":{"name":"t","version":"1"}}}\n'
        '{"jsonrpc":"2.0","method":"notifications/initialized"}\n'
        '{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"search_articles",'
        f'"arguments":{{"query":"{SECRET}"}}}}}}\n'
    )
    command = [sys.executable, "-m", "service", "mcp", "--index", str(corpus_index)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdin
    assert process.stdout
    assert process.stderr
    process.stdin.write(asked)
    process.stdin.flush()
    answers = [process.stdout.readline() for _ in range(2)]
    process.stdin.close()
    rest, errors = process.stdout.read(), process.stderr.read()
    process.stdout.close()
    process.stderr.close()
    assert process.wait(timeout=30) == 0
    assert [answer.startswith('{"jsonrpc":"2.0"') for answer in answers] == [True, True]
    assert rest == ""
    assert "index-opened" in errors
    assert SECRET not in errors


def test_without_the_extra_the_command_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def load(name: str) -> object:
        if name == "service.assistant.server":
            raise ModuleNotFoundError("No module named 'mcp'", name="mcp.server")
        return import_module(name)

    monkeypatch.setattr(command, "import_module", load)
    with pytest.raises(ExtraMissing, match=r"health-search\[assistant\]"):
        command._server_module()


def test_the_command_line_loads_without_the_extra() -> None:
    code = (
        "import sys; sys.modules['mcp'] = sys.modules['mcp_types'] = None\n"
        "from service.cli import main; sys.exit(main(['mcp', '--index', 'nowhere']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "health-search[assistant]" in done.stderr
    assert done.stdout == ""
