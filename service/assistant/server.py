"""The tools over the Model Context Protocol (MCP), by its official SDK, on stdin and stdout.

Only who asks for it imports this module: the SDK is an optional extra. What is asked is never
logged, and nothing but the protocol is written to stdout.
"""

import logging
from collections.abc import Mapping
from functools import partial
from importlib.metadata import version
from typing import Any

import anyio
import mcp_types as types
import msgspec
from anyio import CapacityLimiter, to_thread
from mcp.server import Server, ServerRequestContext
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError

from indexer.errors import HealthSearchError, ToolCallError
from service.app import follow_index
from service.assistant.tools import GUIDANCE, TOOLS, ToolKind
from service.context import Live
from service.settings import Settings

LOG = logging.getLogger(__name__)

REFERENCE = "#/$defs/{name}"

BY_NAME: Mapping[str, ToolKind] = {tool.name: tool for tool in TOOLS}

Requested = ServerRequestContext[dict[str, Any]]


def run(settings: Settings, live: Live) -> None:
    """Serve one assistant on stdin and stdout until it closes them."""
    anyio.run(_serve, settings, live)


async def _serve(settings: Settings, live: Live) -> None:
    server = create_server(settings, live)
    async with follow_index(live, settings.poll_seconds), stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


def create_server(settings: Settings, live: Live) -> Server[dict[str, Any]]:
    """Return the server of one assistant, which answers from ``live``."""
    threads = CapacityLimiter(settings.threads)

    async def call_tool(_: Requested, asked: types.CallToolRequestParams) -> types.CallToolResult:
        tool = BY_NAME.get(asked.name)
        if tool is None:
            known = " and ".join(BY_NAME)
            raise MCPError(types.INVALID_PARAMS, f"There is no such tool, only {known}.")
        work = partial(_answer, live, tool, asked.arguments or {})
        try:
            answer = await to_thread.run_sync(work, limiter=threads)
        except HealthSearchError as error:
            return _result(str(error), is_error=True)
        except Exception:
            LOG.exception("unhandled-error")  # the SDK might tell its text, which may quote a query
            return _result("The search failed. The server's log says why.", is_error=True)
        return _result(msgspec.json.encode(answer).decode(), msgspec.to_builtins(answer))

    return Server(
        "health-search",
        version=version("health-search"),
        title=settings.site_name,
        instructions=f"Health articles of {settings.site_name}. {GUIDANCE}",
        on_list_tools=_list_tools,
        on_call_tool=call_tool,
    )


async def _list_tools(
    _: Requested, _page: types.PaginatedRequestParams | None
) -> types.ListToolsResult:
    return types.ListToolsResult(tools=[_described(tool) for tool in TOOLS])


def _answer(live: Live, tool: ToolKind, arguments: Mapping[str, Any]) -> msgspec.Struct:
    try:
        asked = msgspec.convert(arguments, tool.takes, strict=False)
    except msgspec.ValidationError as error:
        raise ToolCallError(f"{error}.") from None
    with live.searcher() as searcher:
        return tool.run(searcher, asked)


def _result(text: str, structured: Any = None, *, is_error: bool = False) -> types.CallToolResult:
    content: list[types.ContentBlock] = [types.TextContent(text=text)]
    return types.CallToolResult(content=content, structured_content=structured, is_error=is_error)


def _described(tool: ToolKind) -> types.Tool:
    hints = types.ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=schema_of(tool.takes),
        output_schema=schema_of(tool.gives),
        annotations=hints,
    )


def schema_of(type_: type[msgspec.Struct]) -> dict[str, Any]:
    """Return the JSON Schema of a type, with an object at its root as the protocol wants it."""
    _, schemas = msgspec.json.schema_components([type_], ref_template=REFERENCE)
    root = schemas.pop(type_.__name__)
    return {**root, **({"$defs": schemas} if schemas else {})}
