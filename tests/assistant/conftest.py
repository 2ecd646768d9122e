"""The fixture with which the tests read the log."""

from tests.service.conftest import log

__all__ = ["log"]
