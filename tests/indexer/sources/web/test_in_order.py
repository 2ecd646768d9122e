"""Work done ahead, and results in order."""

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any

import pytest

from indexer.sources.web.in_order import in_order


class AtOnce(Executor):
    """Does the work when it is submitted."""

    def submit(self, work: Callable[..., Any], /, *args: Any, **_: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(work(*args))
        return future


def test_never_more_than_so_many_results_are_held() -> None:
    things = iter(range(100))
    taken: list[int] = []

    def take() -> int | None:
        thing = next(things, None)
        if thing is not None:
            taken.append(thing)
        return thing

    results = in_order(AtOnce(), 3, take, lambda n: n * n, lambda _result: None)
    for number, result in enumerate(results):
        assert result == number**2
        assert len(taken) <= number + 3
    assert len(taken) == 100


def test_more_may_turn_up_while_the_last_are_worked_on() -> None:
    waiting = [1]
    learned: list[int] = []

    def learn(number: int) -> None:
        learned.append(number)
        waiting.extend(n for n in (2 * number, 2 * number + 1) if n < 16)

    def take() -> int | None:
        return waiting.pop(0) if waiting else None

    with ThreadPoolExecutor(4) as executor:
        assert list(in_order(executor, 8, take, lambda n: n, learn)) == list(range(1, 16))
    assert learned == list(range(1, 16))


def test_an_error_in_the_work_comes_out() -> None:
    with ThreadPoolExecutor(1) as executor, pytest.raises(ZeroDivisionError):
        list(
            in_order(
                executor, 2, iter([1, 0, None]).__next__, lambda n: 1 / n, lambda _result: None
            )
        )
