"""Turns, pauses and second tries, in a time of the test's own."""

import time
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from threading import Event, Thread
from typing import BinaryIO

import pytest
from urllib3 import HTTPHeaderDict

from indexer.sources import Damaged, Page
from indexer.sources.web.politeness import (
    Pace,
    Stopped,
    backoff_seconds,
    retry_after_seconds,
)
from indexer.sources.web.world import World
from tests.indexer.sources.web.server import NOON, Life, Reply, Web, html, read


def test_turns_of_a_host_are_an_interval_apart(life: Life) -> None:
    pace = Pace(4, life.world)
    turns = []
    for _ in range(4):
        pace.take_turn("a")
        turns.append(life.seconds)
    assert turns == [0.0, 0.25, 0.5, 0.75]
    pace.take_turn("b")
    assert life.seconds == 0.75
    life.seconds = 100.0
    pace.take_turn("a")
    pace.take_turn("a")
    assert life.seconds == 100.25


def test_a_host_can_only_be_slowed_down(life: Life) -> None:
    pace = Pace(1, life.world)
    pace.take_turn("a")
    pace.slow_down("a", 5)
    pace.slow_down("a", 0.1)
    pace.take_turn("a")
    assert life.seconds == 5.0
    pace.slow_down("a", 10**9)
    pace.take_turn("a")
    assert life.seconds == 35.0


def test_a_host_that_is_left_alone(life: Life) -> None:
    pace = Pace(1, life.world)
    pace.hold("a", 10)
    pace.hold("a", 3)
    pace.take_turn("b")
    assert life.seconds == 0.0
    pace.take_turn("a")
    assert life.seconds == 10.0


def test_who_waits_already_leaves_a_host_alone_too(life: Life) -> None:
    """Another thread hears a Retry-After meanwhile."""
    world = life.world

    def wait(stop: Event, seconds: float) -> None:
        if not life.waits:
            pace.hold("a", 10)
        world.wait(stop, seconds)

    pace = Pace(1, replace(world, wait=wait))
    pace.take_turn("a")
    pace.take_turn("a")
    assert life.waits == [1.0, 9.0]


def test_stopping_wakes_who_waits() -> None:
    pace = Pace(1, World())
    pace.hold("a", 10**6)
    waiting, stopped = Event(), Event()

    def wait() -> None:
        waiting.set()
        try:
            pace.take_turn("a")
        except Stopped:
            stopped.set()

    thread = Thread(target=wait)
    thread.start()
    waiting.wait()
    pace.stop()
    thread.join()
    assert stopped.is_set()


def test_backoff_doubles() -> None:
    assert [backoff_seconds(n, Life().world) for n in (1, 2, 3)] == [1.0, 2.0, 4.0]
    assert 1 <= backoff_seconds(1, World()) <= 2


def date(seconds: float) -> str:
    return format_datetime(NOON + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("7", 7.0),
        (" 0 ", 0.0),
        ("99999999999999999999", 120.0),
        (date(30), 30.0),
        (date(-30), 0.0),
        (date(10**6), 120.0),
        ("Friday, 01-May-26 12:00:09 GMT", 9.0),
        ("Fri May  1 12:00:09 2026", 9.0),
        ("Fri, 01 May 2026 12:00:09 -0000", 9.0),
        ("", 0.0),
        ("soon", 0.0),
        ("-5", 0.0),
        ("1.5", 0.0),
        ("٣", 0.0),
        ("Fri, 99 May 2026 12:00:09 GMT", 0.0),
        ("Fri, 01 May 99999 12:00:09 GMT", 0.0),
    ],
)
def test_retry_after(said: str, seconds: float) -> None:
    headers = HTTPHeaderDict({"Retry-After": said})
    assert retry_after_seconds(headers, Life().world) == seconds


def test_a_429_is_asked_again_when_it_said(web: Web, life: Life) -> None:
    web.routes["/a"] = [
        Reply(b"", 429, (("Retry-After", "30"),)),
        Reply(b"", 503, (("Retry-After", date(30 + 20)),)),
        html("a"),
    ]
    (item,) = read(web.sitemap("/a"), life)
    assert isinstance(item, Page)
    # The date is 50 seconds from a noon at which this clock stands still.
    assert life.waits == [0.25, 0.25, 30.0, 50.0]


def test_a_503_without_a_word_is_asked_again_after_longer_and_longer(web: Web, life: Life) -> None:
    web.routes["/a"] = [Reply(b"", 503), Reply(b"", 500), Reply(b"", 502), html("a")]
    (item,) = read(web.sitemap("/a"), life)
    assert isinstance(item, Page)
    assert life.waits[2:] == [1.0, 2.0, 4.0]


def test_after_four_tries_it_is_enough(web: Web, life: Life) -> None:
    web.routes["/a"] = Reply(b"", 503)
    (item,) = read(web.sitemap("/a"), life)
    assert isinstance(item, Damaged)
    assert web.asked("/a") == 4


def test_a_site_that_is_down_is_asked_once_a_page_until_it_is_back(web: Web, life: Life) -> None:
    down, back = [f"/{n}" for n in range(6)], ["/back", "/again"]
    web.routes.update(dict.fromkeys((*down, "/again"), Reply(b"", 503)))
    web.pages("/back")
    read(web.sitemap(*down, *back), life, concurrency=1)
    assert [web.asked(path) for path in down] == [4, 4, 4, 1, 1, 1]
    assert [web.asked(path) for path in back] == [1, 4]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418])
def test_other_answers_are_final(web: Web, status: int) -> None:
    web.routes["/a"] = Reply(b"", status)
    read(web.sitemap("/a"))
    assert web.asked("/a") == 1


def test_a_connection_that_is_closed_is_tried_again(web: Web, life: Life) -> None:
    attempts: list[int] = []

    def sometimes(file: BinaryIO) -> None:
        attempts.append(1)
        if len(attempts) > 2:
            file.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>a")

    web.routes["/a"] = sometimes
    (item,) = read(web.sitemap("/a"), life)
    assert isinstance(item, Page)
    assert len(attempts) == 3


def test_the_real_clock_and_the_real_wait() -> None:
    """The defaults fit together: a turn is never given early."""
    pace = Pace(1000, World())
    started = time.monotonic()
    for _ in range(11):
        pace.take_turn("a")
    assert time.monotonic() - started >= 0.009
