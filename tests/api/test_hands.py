"""Threads beside the loop: bounded, and what happens in them comes back."""

from __future__ import annotations

import asyncio
import threading

import pytest

from api.hands import Hands


def test_run__gives_what_the_function_gives() -> None:
    assert asyncio.run(Hands(2).run(str.upper, "ok")) == "OK"


def test_run__raises_what_the_function_raises() -> None:
    async def ask() -> None:
        await Hands(1).run(int, "no number")

    with pytest.raises(ValueError, match="no number"):
        asyncio.run(ask())


def test_run__has_so_many_at_work_at_once_and_no_more() -> None:
    at_once = threading.Semaphore(2)
    were_free: list[bool] = []

    def work(wait_s: float) -> None:
        were_free.append(at_once.acquire(blocking=False))
        threading.Event().wait(wait_s)
        at_once.release()

    async def ask() -> None:
        hands = Hands(2)
        await asyncio.gather(*(hands.run(work, 0.005) for _ in range(8)))
        hands.rest()

    asyncio.run(ask())
    assert were_free == [True] * 8


def test_run__goes_on_after_somebody_stopped_waiting() -> None:
    go_on = threading.Event()

    async def ask() -> str:
        hands = Hands(1)
        left = asyncio.create_task(hands.run(go_on.wait, 5))
        await asyncio.sleep(0.01)
        left.cancel()
        go_on.set()
        return await hands.run(str.upper, "next")

    assert asyncio.run(ask()) == "NEXT"


def test_run__does_not_wait_behind_what_somebody_left() -> None:
    go_on = threading.Event()

    async def ask() -> str:
        hands = Hands(2)
        left = asyncio.create_task(hands.run(go_on.wait, 5))
        await asyncio.sleep(0.01)
        left.cancel()
        await asyncio.sleep(0)
        # The one thread is still at what was left: the next has to be begun.
        return await asyncio.wait_for(hands.run(str.upper, "next"), 2)

    try:
        assert asyncio.run(ask()) == "NEXT"
    finally:
        go_on.set()


def test_rest__ends_the_threads() -> None:
    async def ask() -> threading.Thread:
        hands = Hands(1)
        thread = await hands.run(lambda _: threading.current_thread(), None)
        hands.rest()
        return thread

    thread = asyncio.run(ask())
    thread.join(5)
    assert not thread.is_alive()


def test_rest__waits_until_all_is_done() -> None:
    done: list[int] = []

    def work(number: int) -> None:
        threading.Event().wait(0.05)
        done.append(number)

    async def ask() -> None:
        hands = Hands(2)
        given_up = [asyncio.ensure_future(hands.run(work, number)) for number in range(3)]
        await asyncio.sleep(0)
        for one in given_up:
            one.cancel()
        hands.rest()

    asyncio.run(ask())
    # What they held can be closed now.
    assert sorted(done) == [0, 1, 2]
