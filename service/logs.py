"""Structured logs: one JSON object a line on stderr, and nothing about who asked for what.

A log line never holds a query, an address, a user agent or a referrer. Exceptions are logged as
their types and frames, because their messages may quote what a visitor typed; for the same reason
a library's message is left out, except uvicorn's.
"""

import logging
import logging.config
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

import msgspec

TRUSTED = ("service", "uvicorn")
"""Loggers whose messages are known to hold nothing of a request."""

MAX_FRAMES = 30
MAX_CAUSES = 5


def configuration(level: str) -> dict[str, Any]:
    """Return the ``logging.config.dictConfig`` that every process of the service uses."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "service.logs.JsonFormatter"}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "json",
                "stream": "ext://sys.stderr",
            }
        },
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "service": {"level": level.upper()},
            "uvicorn": {"level": level.upper(), "handlers": [], "propagate": True},
            "uvicorn.access": {"handlers": [], "propagate": False},
        },
    }


def log_event(logger: logging.Logger, level: int, event: str, **fields: Any) -> None:
    """Log ``event`` with ``fields`` beside it."""
    logger.log(level, event, extra={"fields": fields})


class JsonFormatter(logging.Formatter):
    """Formats a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's JSON."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage() if _is_trusted(record.name) else "library-message",
        }
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1]:
            line["errors"] = describe_error(record.exc_info[1])
        return msgspec.json.encode(line).decode()


def _is_trusted(logger_name: str) -> bool:
    return logger_name.partition(".")[0] in TRUSTED


def describe_error(error: BaseException) -> list[dict[str, Any]]:
    """Return type and frames of ``error`` and of what caused it; no message, no values."""
    described: list[dict[str, Any]] = []
    cause: BaseException | None = error
    while cause is not None and len(described) < MAX_CAUSES:
        name = f"{type(cause).__module__}.{type(cause).__qualname__}"
        described.append({"type": name, "frames": _frames(cause.__traceback__)})
        cause = cause.__cause__ or cause.__context__
    return described


def _frames(traceback: TracebackType | None) -> list[str]:
    frames = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        frames.append(f"{code.co_filename}:{traceback.tb_lineno}:{code.co_name}")
        traceback = traceback.tb_next
    return frames[-MAX_FRAMES:]
