"""Files give back what they hold, also to callers who leave before the end."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

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
