"""Pinned and hidden results in a running service: in force within about a second."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from service.search.editorial.rules import Rule, RuleBook
from tests.processes import START_SECONDS, Service, until

SECONDS = 10.0
"""For what takes about one on a machine that has time."""

DEPRESSION = "https://plainhealth.example/depression/"


class Site:
    """A running service, its file of rules, and its log."""

    def __init__(self, folder: Path, index: Path) -> None:
        self.rules = folder / "rules.json"
        self.log = folder / "service.log"
        flags = ("--editorial", str(self.rules), "--country", "NZ")
        self.service = Service(index, *flags)
        until(lambda: self.service.client.get("/readyz").status_code == 200, START_SECONDS)

    def get(self, query: str, **headers: str) -> Any:
        return self.service.client.get(f"/v1/search?q={query}", headers=headers)

    def pinned(self, query: str) -> list[str]:
        return [hit["url"] for hit in self.get(query).json()["hits"] if hit["pinned"]]

    def refused(self, name: str) -> float:
        lines = self.service.client.get("/metrics").text.splitlines()
        wanted = f"health_search_{name}_refused "
        return float(next(line for line in lines if line.startswith(wanted)).split()[1])


@pytest.fixture
def site(tmp_path: Path, corpus_index: Path) -> Iterator[Site]:
    index = tmp_path / "index"
    shutil.copytree(corpus_index, index)
    site = Site(tmp_path, index)
    yield site
    site.service.close()


def test_a_rule_is_in_force_without_a_restart_and_no_answer_is_stale(site: Site) -> None:
    before = site.get("gout")
    tag = before.headers["etag"]
    assert site.get("gout", **{"If-None-Match": tag}).status_code == 304
    RuleBook(site.rules).put(Rule(id="r", pattern="gout", pinned=(DEPRESSION,)))
    until(lambda: site.pinned("gout") == [DEPRESSION], SECONDS)
    after = site.get("gout", **{"If-None-Match": tag})
    assert after.status_code == 200
    assert after.json()["index"]["editorial"] != before.json()["index"]["editorial"]
    RuleBook(site.rules).remove("r")
    until(lambda: site.pinned("gout") == [], SECONDS)


def test_a_bad_file_is_told_and_the_rules_before_stay_in_force(site: Site) -> None:
    RuleBook(site.rules).put(Rule(id="r", pattern="secretword", pinned=(DEPRESSION,)))
    until(lambda: site.pinned("secretword"), SECONDS)
    assert site.refused("editorial") == 0
    good = site.rules.read_text()
    site.rules.write_text("{")
    until(lambda: site.get("gout") and site.refused("editorial"), SECONDS)
    assert site.pinned("secretword") == [DEPRESSION]
    log = site.log.read_text(encoding="utf-8")
    (line,) = [each for each in log.splitlines() if '"editorial-refused"' in each]
    assert str(site.rules) in line
    assert "secretword" not in log
    site.rules.write_text(good)
    until(lambda: site.get("gout") and not site.refused("editorial"), SECONDS)
    assert site.refused("notices") == 0


def test_a_notice_is_answered_with_the_numbers_of_the_country(site: Site) -> None:
    answer = site.get("i want to die").json()
    (notice,) = answer["notices"]
    assert (notice["kind"], notice["country"]) == ("suicide", "NZ")
    assert [action["href"] for action in notice["actions"]] == ["tel:1737", "tel:111"]
    assert answer["hits"][0]["raised"] is True
    assert "want to die" not in site.log.read_text(encoding="utf-8")
