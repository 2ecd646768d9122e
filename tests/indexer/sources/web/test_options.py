"""What an operator can set."""

import math

import pytest

from indexer.errors import SettingError
from indexer.sources.web import WebOptions


@pytest.mark.parametrize(
    "changes",
    [
        {"rate_per_second": 0},
        {"rate_per_second": -1},
        {"rate_per_second": math.nan},
        {"rate_per_second": math.inf},
        {"concurrency": 0},
        {"concurrency": 33},
        {"page_timeout_seconds": 0},
        {"max_pages": 0},
        {"contact": "me"},
        {"contact": "https://clinic.example/a b"},
        {"contact": "https://clinic.example/\r\nX: y"},
        {"contact": "mailto:niño@clinic.example"},
        {"contact": "https://clinic.example/)"},
    ],
)
def test_out_of_range(changes: dict[str, float]) -> None:
    with pytest.raises(SettingError) as caught:
        WebOptions(**changes)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)
    assert next(iter(changes)) in str(caught.value)


def test_user_agent() -> None:
    assert WebOptions().user_agent.startswith("health-search-indexer/")
    assert "(" not in WebOptions().user_agent
    contact = WebOptions(contact="mailto:web@clinic.example")
    assert contact.user_agent.endswith(" (+mailto:web@clinic.example)")
