"""What is told where a service or an assistant's tools are opened."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from service.factory import build
from tests.service.conftest import Lines

EVENT = "notices-without-numbers"


def told(lines: list[str]) -> list[tuple[str, str]]:
    events = [json.loads(line) for line in lines if f'"{EVENT}"' in line]
    return [(event["level"], event["problem"]) for event in events]


def test_a_service_says_which_numbers_its_country_lacks(
    tmp_path: Path, log: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEALTH_SEARCH_INDEX", str(tmp_path))
    for country in ("US", "QQ", "FR"):
        monkeypatch.setenv("HEALTH_SEARCH_COUNTRY", country)
        build()
    (unknown, its), (partly, few) = told(log.lines)
    assert (unknown, partly) == ("warning", "info")
    assert its.startswith("The notices have no number of QQ for emergency, poison")
    assert few.startswith("The notices have no number of FR for poison")


def test_without_a_country_or_notices_nothing_is_lacking(
    tmp_path: Path, log: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEALTH_SEARCH_INDEX", str(tmp_path))
    build()
    monkeypatch.setenv("HEALTH_SEARCH_COUNTRY", "QQ")
    monkeypatch.setenv("HEALTH_SEARCH_NOTICES", "off")
    build()
    assert told(log.lines) == []


def test_an_assistants_tools_say_it_too(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "service", "mcp", "--index", str(tmp_path), "--country", "QQ"]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False
    )
    assert [level for level, _ in told(done.stderr.splitlines())] == ["warning"]
    assert done.stdout == ""
