"""Files give back what they hold, also to callers who leave before the end."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from api.files import Pieces

if TYPE_CHECKING:
    from collections.abc import Generator

    from starlette.types import Message


def test_pieces__let_go_of_what_they_hold_when_the_caller_leaves() -> None:
    held = ["a connection"]

    def pieces() -> Generator[bytes]:
        try:
            while True:
                yield b"more"
        finally:
            held.clear()

    async def ask() -> None:
        some_came = asyncio.Event()

        async def receive() -> Message:
            await some_came.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.body":
                some_came.set()

        await answer({"type": "http", "asgi": {"spec_version": "2.3"}}, receive, send)

    # Held here, so that nothing is collected as rubbish meanwhile.
    answer = Pieces(pieces(), {})
    asyncio.run(ask())
    assert held == []


def test_pieces__are_made_while_the_one_before_is_sent() -> None:
    made: list[int] = []

    def pieces() -> Generator[bytes]:
        for n in range(3):
            made.append(n)
            yield b"%d" % n

    sent: list[bytes] = []

    async def send(message: Message) -> None:
        if message.get("body"):
            sent.append(message["body"])
            # Sending waits for its reader; meanwhile the next piece, and no more than that, is made.
            for _ in range(1000):
                if len(made) > len(sent):
                    break
                await asyncio.sleep(0.001)
            assert len(made) == min(len(sent) + 1, 3)

    asyncio.run(Pieces(pieces(), {})({"type": "http", "asgi": {"spec_version": "2.4"}}, _never, send))
    assert sent == [b"0", b"1", b"2"]


def test_pieces__that_cannot_be_made_end_the_answer_and_let_go() -> None:
    held = ["a connection"]

    def pieces() -> Generator[bytes]:
        try:
            yield b"some"
            raise ValueError("the store is gone")
        finally:
            held.clear()

    async def send(message: Message) -> None:
        assert message.get("more_body", True)

    answer = Pieces(pieces(), {})
    with pytest.raises(ValueError, match="the store is gone"):
        asyncio.run(answer({"type": "http", "asgi": {"spec_version": "2.4"}}, _never, send))
    assert held == []


async def _never() -> Message:
    """Receive nothing more."""
    await asyncio.Event().wait()
    raise AssertionError
