"""Answers are kept up to a number of bytes, of one generation, the recently used ones longest."""

from datetime import UTC, datetime

from service.cache import OVERHEAD_BYTES, Answer, AnswerCache, KeptBody
from service.search.request import SearchRequest
from service.search.response import IndexInfo

ONE = IndexInfo("one", datetime.now(UTC), 1)
TWO = IndexInfo("two", datetime.now(UTC), 1)


def request(number: int) -> SearchRequest:
    return SearchRequest(q=f"{number:04}")


def answer(size: int = 1_000) -> Answer:
    return Answer(b"x" * size, '"tag"')


ENTRY = 1_000 + 4 * 4 + OVERHEAD_BYTES


def room_for(entries: int) -> AnswerCache:
    cache = AnswerCache(entries * ENTRY * 8 // 7 + 16)
    cache.get(ONE, request(0))
    return cache


def kept(cache: AnswerCache, count: int) -> list[int]:
    return [number for number in range(count) if cache.get(ONE, request(number))]


def test_an_answer_is_kept() -> None:
    cache = room_for(1)
    cache.put(ONE, request(1), answer())
    assert cache.get(ONE, request(1)) == answer()
    assert cache.get(ONE, request(2)) is None


def test_what_was_used_least_recently_goes() -> None:
    cache = room_for(3)
    for number in range(3):
        cache.put(ONE, request(number), answer())
    assert cache.get(ONE, request(0))
    cache.put(ONE, request(3), answer())
    assert kept(cache, 4) == [0, 2, 3]


def test_it_is_bounded_by_bytes_and_not_by_entries() -> None:
    cache = room_for(3)
    for number in range(3):
        cache.put(ONE, request(number), answer())
    cache.put(ONE, request(3), answer(1_000 + ENTRY))
    assert kept(cache, 4) == [2, 3]


def test_what_is_too_big_is_not_kept_and_displaces_nothing() -> None:
    cache = room_for(2)
    cache.put(ONE, request(0), answer())
    cache.put(ONE, request(1), answer(3 * ENTRY))
    assert kept(cache, 2) == [0]


def test_an_answer_that_is_put_again_counts_once() -> None:
    cache = room_for(2)
    for _ in range(5):
        cache.put(ONE, request(0), answer())
    cache.put(ONE, request(1), answer())
    assert kept(cache, 2) == [0, 1]


def test_another_generation_drops_everything() -> None:
    cache = room_for(2)
    cache.put(ONE, request(0), answer())
    assert cache.get(TWO, request(0)) is None
    assert cache.get(ONE, request(0)) is None, "not even if the generation comes back"


def test_the_same_generation_opened_again_does_too() -> None:
    """What was opened before may have been damaged."""
    cache = room_for(2)
    cache.put(ONE, request(0), answer())
    again = IndexInfo(ONE.generation, ONE.built_at, ONE.articles)
    assert cache.get(again, request(0)) is None


def test_a_late_answer_of_another_generation_is_not_kept() -> None:
    cache = room_for(2)
    cache.get(TWO, request(0))
    cache.put(ONE, request(0), answer())
    assert cache.get(TWO, request(0)) is None


def test_without_memory_nothing_is_kept() -> None:
    cache = AnswerCache(0)
    cache.get(ONE, request(0))
    cache.put(ONE, request(0), Answer(b"", ""))
    cache.spell(b"q=0000", request(0))
    assert cache.get(ONE, request(0)) is None
    assert cache.spelled(b"q=0000") is None
    assert not cache.is_on


def test_spellings_are_bounded_too() -> None:
    cache = AnswerCache(16 * 10 * (OVERHEAD_BYTES + 30))
    for number in range(100):
        cache.spell(b"q=%04d" % number, request(number))
    found = [number for number in range(100) if cache.spelled(b"q=%04d" % number)]
    assert found[-1] == 99
    assert 5 <= len(found) <= 10
    assert found == list(range(found[0], 100))


def test_what_was_packed_is_packed_once() -> None:
    cache, packings = AnswerCache(1_000_000), []

    def pack(body: bytes) -> bytes:
        packings.append(body)
        return b"packed"

    cache.get(ONE, request(0))
    cache.put(ONE, request(0), answer())
    for coding in ("br", "gzip", "br", "gzip"):
        found = cache.get(ONE, request(0))
        assert found
        assert isinstance(found.body, KeptBody)
        assert found.body.packed(coding, pack) == b"packed"
    assert packings == [answer().body] * 2
    assert cache.size == (1, ENTRY + 2 * (len(b"packed") + OVERHEAD_BYTES))


def test_packed_forms_are_bounded_and_go_with_the_index() -> None:
    cache = AnswerCache(16 * 5 * (OVERHEAD_BYTES + 100))
    cache.get(ONE, request(0))
    for number in range(10):
        cache.put(ONE, request(number), Answer(b"x" * 1_000, f'"{number}"'))
        found = cache.get(ONE, request(number))
        assert found
        body = found.body
        assert isinstance(body, KeptBody)
        body.packed("br", lambda _: b"y" * 100)
    entries, size = cache.size
    assert size == entries * ENTRY + 5 * (OVERHEAD_BYTES + 100)
    cache.get(TWO, request(0))
    assert isinstance(body, KeptBody)
    body.packed("br", lambda _: b"y" * 100)  # one that is still being sent
    assert cache.size == (0, 0)
