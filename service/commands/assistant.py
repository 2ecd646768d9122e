"""``health-search mcp``: the tools for assistants on stdin and stdout."""

import argparse
import logging
import logging.config
import os
from contextlib import suppress
from functools import partial
from importlib import import_module
from types import ModuleType

from indexer.errors import ExtraMissing
from service.logs import configuration, log_event
from service.opening import log_missing_numbers, options_of
from service.search.engine import open_searcher
from service.search.live import LiveIndex
from service.settings import add_flags, load

LOG = logging.getLogger(__name__)

FLAGS = ("index", "semantic", "lexicon", "editorial", "notices", "country", "site_name")
"""The settings that can be given as flags; all of them are read from the environment."""

INTERRUPTED = 130


def add_mcp(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to those of ``health-search``."""
    command = commands.add_parser(
        "mcp",
        help="answer an assistant's tool calls on stdin and stdout",
        description="Answer an assistant's tool calls on stdin and stdout, by the Model Context "
        "Protocol (MCP): search_articles and get_article. The assistant starts this command.",
    )
    add_flags(command, FLAGS)
    command.set_defaults(run=_mcp)


def _mcp(options: argparse.Namespace) -> int:
    settings = load(os.environ, vars(options))
    server = _server_module()
    logging.config.dictConfig(configuration(settings.log_level))
    searching = options_of(settings, _tell)
    log_missing_numbers(searching.editorial())
    live = LiveIndex(settings.index, partial(open_searcher, options=searching))
    with suppress(KeyboardInterrupt):
        server.run(settings, live)
        return 0
    return INTERRUPTED


def _server_module() -> ModuleType:
    """Load the part that needs the protocol's SDK, an optional extra.

    Raises:
        ExtraMissing: the SDK is not installed.
    """
    try:
        return import_module("service.assistant.server")
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("mcp", "mcp_types"):
            raise
        raise ExtraMissing(
            "The tools for assistants need packages that are not installed (mcp): "
            "pip install 'health-search[assistant]'."
        ) from None


def _tell(name: str, problem: str) -> None:
    if problem:
        log_event(LOG, logging.WARNING, f"{name}-refused", problem=problem)
