"""Kill a reindex at any moment: what was live stays live, and the next reindex clears up."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from whoosh.index import open_dir
from whoosh.query.terms import Term

from indexer.index import durable
from indexer.index.generation import Generation
from indexer.index.generations import GenerationStore
from indexer.index.verification import verify
from tests.indexer.builders import (
    article,
    left_behind,
    long_records,
    publish,
    record,
    run,
    write_jsonl,
)

KILLS = 20
SEED = 20260131
CHILD = """
import sys
from indexer.cli import main
print("ready", flush=True)
sys.exit(main(sys.argv[1:]))
"""


def start(source: Path, folder: Path) -> "subprocess.Popen[str]":
    """Start a reindex and wait until it has loaded its modules."""
    process = subprocess.Popen(
        [sys.executable, "-c", CHILD, "reindex", str(source), "--index", str(folder)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def answers(generation: Generation) -> int:
    """Return how many articles of a generation a query finds."""
    index = open_dir(str(generation.whoosh), readonly=True)
    with index.searcher() as searcher:
        found = len(searcher.search(Term("title_en", "asthma"), limit=None))
    index.close()
    return found


def test_killed_at_random_moments(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    store = GenerationStore(folder)
    small = write_jsonl(tmp_path / "small.jsonl", [record(n) for n in range(3)])
    large = write_jsonl(tmp_path / "large.jsonl", long_records(400, 200))
    begin = time.monotonic()
    with start(large, folder) as process:
        ready = time.monotonic()
        assert process.wait(60) == 0
    lasts = time.monotonic() - ready
    assert ready - begin < 30

    chance = random.Random(SEED)
    outcomes: Counter[str] = Counter()
    for _ in range(KILLS):
        before = run(folder, small)
        with start(large, folder) as process:
            time.sleep(chance.uniform(0, lasts))
            process.send_signal(signal.SIGKILL)
        current = store.current()
        went_live = current.name != before.generation
        articles = 400 if went_live else 3
        assert verify(current) == answers(current) == articles
        outcomes["live" if went_live else "half" if left_behind(folder) else "none"] += 1
        after = run(folder, small)
        assert left_behind(folder) == []
        assert store.current().name == after.generation
        assert verify(store.current()) == 3
    assert outcomes["half"] >= KILLS / 4, f"kills must hit a running build: {outcomes}"


@pytest.mark.parametrize("step", range(20))
def test_killed_between_any_two_steps_of_publishing(
    folder: Path, store: GenerationStore, live: Generation, step: int
) -> None:
    child = os.fork()
    if not child:
        _publish_and_die(folder, step)
    _, status = os.waitpid(child, 0)
    assert os.WIFEXITED(status) or os.WTERMSIG(status) == signal.SIGKILL
    current = store.current()
    assert current.name >= live.name
    assert verify(current) == answers(current) == current.manifest.articles
    if os.WIFEXITED(status):
        assert os.WEXITSTATUS(status) == 0, "the child went through all its steps"
        assert current.name > live.name
    publish(folder, article(5))
    with store.writing() as writing:
        writing.sweep()
    assert left_behind(folder) == []
    assert set(store.current().marks()) == {"a5"}


def _publish_and_die(folder: Path, step: int) -> None:
    """Publish in a child process that kills itself when it syncs for the ``step``-th time."""
    sync = durable.sync
    left = [step]

    def count(path: Path) -> None:
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1
        sync(path)

    durable.sync = count
    status = 1
    try:
        publish(folder, article(3), article(4), article(5))
        status = 0
    finally:
        os._exit(status)


def test_power_cut_between_a_complete_build_and_the_switch(
    folder: Path, store: GenerationStore, live: Generation
) -> None:
    """The build is complete but was never live: it neither serves nor stands in the way."""
    new = publish(folder, article(3))
    (folder / "CURRENT").write_text(live.name + "\n")
    (folder / ".CURRENT.new").write_text(new.name[:5])
    assert store.current() == live
    assert store.complete() == [live, new]
    last = publish(folder, article(4))
    assert store.current() == last
    assert left_behind(folder) == []
