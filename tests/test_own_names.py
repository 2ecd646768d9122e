"""A site's own names: what is changed in the file is in force within about a second."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.processes import START_SECONDS, Service, until

SECONDS = 10.0
"""For what takes about one on a machine that has time."""


class Site:
    """A running service, its file of names, and its log."""

    def __init__(self, folder: Path, index: Path) -> None:
        self.names = folder / "names.tsv"
        self.log = folder / "service.log"
        self.write("qqq\tfootwear")
        self.service = Service(index, "--lexicon", str(self.names))
        until(lambda: self.service.client.get("/readyz").status_code == 200, START_SECONDS)

    def write(self, *lines: str) -> None:
        self.names.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def get(self, query: str, **headers: str) -> Any:
        return self.service.client.get(f"/v1/search?q={query}", headers=headers)

    def names_of(self, query: str) -> list[str]:
        expansions = self.get(query).json()["expansions"]
        return [name for expansion in expansions for name in expansion["to"]]

    def refused(self) -> float:
        lines = self.service.client.get("/metrics").text.splitlines()
        return float(next(x for x in lines if x.startswith("health_search_lexicon_ref")).split()[1])


@pytest.fixture
def site(tmp_path: Path, corpus_index: Path) -> Iterator[Site]:
    index = tmp_path / "index"
    shutil.copytree(corpus_index, index)
    site = Site(tmp_path, index)
    yield site
    site.service.close()


def test_a_change_is_in_force_without_a_restart_and_no_answer_is_stale(site: Site) -> None:
    before = site.get("qqq")
    assert before.json()["total"] == 0
    assert site.names_of("qqq") == ["footwear"]
    tag = before.headers["etag"]
    assert site.get("qqq", **{"If-None-Match": tag}).status_code == 304
    site.write("qqq\tgout")
    until(lambda: site.names_of("qqq") == ["gout"], SECONDS)
    after = site.get("qqq", **{"If-None-Match": tag})
    assert (after.status_code, after.json()["total"] > 0) == (200, True)
    assert after.json()["index"]["lexicon"] != before.json()["index"]["lexicon"]


def test_a_bad_line_is_told_and_the_names_before_stay_in_force(site: Site) -> None:
    assert site.refused() == 0
    site.write("qqq\tgout", "alone")
    until(site.refused, SECONDS)
    assert site.names_of("qqq") == ["footwear"]
    log = site.log.read_text(encoding="utf-8")
    (line,) = [each for each in log.splitlines() if '"lexicon-refused"' in each]
    assert '"level":"warning"' in line
    assert f"{site.names}:2: " in line
    assert "qqq" not in log
    site.write("qqq\tgout", "alone\tlonely")
    until(lambda: not site.refused(), SECONDS)
    assert site.names_of("qqq") == ["gout"]
