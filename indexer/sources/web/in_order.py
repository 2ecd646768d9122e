"""Work on several things at once, with results in the order of the things."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def in_order(
    executor: Executor,
    ahead: int,
    take: Callable[[], T | None],
    work: Callable[[T], R],
    learn: Callable[[R], None],
) -> Iterator[R]:
    """Yield the results of ``work``, never holding more than ``ahead`` of them.

    Args:
        executor: where the work is done.
        ahead: things under way or done and not yet yielded, at most.
        take: returns the next thing, or None if there is none before more has been learned.
        work: may be called in several threads at once.
        learn: is called with each result before that is yielded.
    """
    pending: deque[Future[R]] = deque()
    while True:
        while len(pending) < ahead and (thing := take()) is not None:
            pending.append(executor.submit(work, thing))
        if not pending:
            return
        result = pending.popleft().result()
        learn(result)
        yield result
