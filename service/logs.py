"""Structured logs: one JSON object a line on stderr, and nothing about who asked for what.

A log line never holds a query, an address, a user agent or a referrer. Exceptions are logged as
their types and frames, because their messages may quote what a visitor typed; for the same reason
a library's message is left out, except uvicorn's.
"""

import logging
import logging.config
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from types import TracebackType
from typing import Any

import msgspec

TRUSTED = ("service", "uvicorn")
"""Loggers whose messages are known to hold nothing of a request."""

MAX_FRAMES = 30
MAX_CAUSES = 5

_encode = msgspec.json.Encoder().encode


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
    if logger.isEnabledFor(level):
        logger.handle(_record(logger.name, level, event, fields))


_BLANK = vars(logging.LogRecord("", logging.NOTSET, "", 0, "", None, None))


def _record(name: str, level: int, event: str, fields: Mapping[str, Any]) -> logging.LogRecord:
    """Return a record that does not know its caller and its thread, which our lines leave out.

    To look for these takes longer than to send an answer that is kept.
    """
    record = logging.LogRecord.__new__(logging.LogRecord)
    vars(record).update(
        _BLANK,
        name=name,
        levelno=level,
        levelname=logging.getLevelName(level),
        msg=event,
        created=time.time(),
        fields=fields,
    )
    return record


class JsonFormatter(logging.Formatter):
    """Formats a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's JSON."""
        line: dict[str, Any] = {
            "time": _time(record.created),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage() if _is_trusted(record.name) else "library-message",
        }
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1]:
            line["errors"] = describe_error(record.exc_info[1])
        return _encode(line).decode()


def _time(seconds: float) -> str:
    milliseconds = int(seconds * 1000)
    return f"{_second(milliseconds // 1000)}.{milliseconds % 1000:03}+00:00"


@lru_cache(maxsize=1)
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


@lru_cache(maxsize=100)
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
