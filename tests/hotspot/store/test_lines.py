"""Claims about questions that the loop asks PostgreSQL itself."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import bindparam, func, select, text

from hotspot.errors import OutOfTime
from hotspot.store import engine as engines
from hotspot.store import molds
from hotspot.store.lines import Lines
from hotspot.store.molds import Question

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any  # Any: rows are of the driver's types.

    from sqlalchemy import Engine, Select


def _question(engine: Engine, statement: Select[Any], **values: object) -> Question:
    compiled = statement.compile(engine)
    return Question(molds.cast(compiled, compiled.params, {}), values)


def _doubled(engine: Engine, value: object) -> Question:
    return _question(engine, select(bindparam("given", value), func.length("100%")), given=value)


def _run(
    url: str, ask: Callable[[Engine, Lines], Coroutine[Any, Any, None]], *, most: int = 2, limit_s: float = 10
) -> None:
    """Ask on lines to a store; nothing is left open."""
    serving = engines.Serving(connections=1, time_limit=dt.timedelta(seconds=limit_s))
    engine = engines.create_engine(url, serving)

    async def main() -> None:
        lines = Lines(engine, most)
        try:
            await ask(engine, lines)
        finally:
            await lines.close()

    asyncio.run(main())
    engine.dispose()


async def _asked(lines: Lines, *questions: Question) -> list[list[tuple[Any, ...]]]:
    """Ask until there is a line: the first is opened for those who come later."""
    for _ in range(500):
        told = await lines.ask(*questions)
        if told is not None:
            return told
        await asyncio.sleep(0.01)
    raise AssertionError("no line")


def test_ask__tells_what_the_driver_tells(postgis_url: str) -> None:
    values: list[object] = [
        1,
        2**40,
        -1.5,
        "O'Neill",
        "50% \\ ☃",
        b"\x00\xff",
        None,
        True,
        dt.date(2010, 7, 26),
    ]

    async def ask(engine: Engine, lines: Lines) -> None:
        for value in values:
            question = _doubled(engine, value)
            with engines.glance(engine) as connection:
                expected = question.mold.run_named(connection, question.values)
            assert await _asked(lines, question) == [expected]

    _run(postgis_url, ask)


def test_ask__tells_of_several_questions_in_their_order(postgis_url: str) -> None:
    async def ask(engine: Engine, lines: Lines) -> None:
        for turn in range(3):
            told = await _asked(lines, *(_doubled(engine, number + turn) for number in range(5)))
            assert [rows[0][0] for rows in told] == [number + turn for number in range(5)]

    _run(postgis_url, ask)


def test_ask__keeps_apart_what_is_asked_at_the_same_time(postgis_url: str) -> None:
    async def ask(engine: Engine, lines: Lines) -> None:
        async def one(number: int) -> None:
            told = await _asked(lines, _doubled(engine, f"n{number}"))
            assert told[0][0][0] == f"n{number}"

        await asyncio.gather(*(one(number) for number in range(40)))

    _run(postgis_url, ask)


def test_ask__leaves_what_is_wrong_to_the_ordinary_way_and_goes_on(postgis_url: str) -> None:
    async def ask(engine: Engine, lines: Lines) -> None:
        await _asked(lines, _doubled(engine, 1))
        wrong = _question(engine, select(text("1")).select_from(text("no_such_table")))
        assert await lines.ask(_doubled(engine, 1), wrong) is None
        assert await lines.ask(_doubled(engine, "no text to \x00 PostgreSQL")) is None
        assert (await _asked(lines, _doubled(engine, 2)))[0][0][0] == 2

    _run(postgis_url, ask)


def test_ask__ends_what_takes_too_long(postgis_url: str) -> None:
    async def ask(engine: Engine, lines: Lines) -> None:
        await _asked(lines, _doubled(engine, 1))
        with pytest.raises(OutOfTime):
            await lines.ask(_question(engine, select(func.pg_sleep(30))))
        assert (await _asked(lines, _doubled(engine, 2)))[0][0][0] == 2

    began_s = time.monotonic()
    _run(postgis_url, ask, limit_s=0.2)
    assert time.monotonic() - began_s < 20


def test_close__hangs_up_a_line_that_comes_back_afterwards(postgis_url: str) -> None:
    async def ask(engine: Engine, lines: Lines) -> None:
        question = _doubled(engine, 1)
        await _asked(lines, question)
        open_before = _connections(engine)
        late = asyncio.ensure_future(lines.ask(_question(engine, select(func.pg_sleep(0.2)))))
        await asyncio.sleep(0.05)
        await lines.close()
        assert await late is not None
        # Neither is that one kept, nor is another opened in its place.
        assert await lines.ask(question) is None
        await lines.close()
        assert _connections(engine) == open_before - 1

    _run(postgis_url, ask, most=1)


def _connections(engine: Engine) -> int:
    """Count what is open to the database; the server needs a moment to see that somebody hung up."""
    time.sleep(0.2)
    counted = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
    with engines.glance(engine) as connection:
        return int(connection.scalar(counted) or 0)


def test_ask__takes_another_line_when_the_server_hung_up(postgis_url: str) -> None:
    async def ask(engine: Engine, lines: Lines) -> None:
        (((number, _),),) = await _asked(
            lines, _question(engine, select(func.pg_backend_pid(), func.length("")))
        )
        with engines.glance(engine) as connection:
            connection.execute(select(func.pg_terminate_backend(number)))
        told = await _asked(lines, _question(engine, select(func.pg_backend_pid())))
        assert told[0][0][0] != number

    _run(postgis_url, ask, most=1)


def test_ask__does_not_take_the_answer_to_a_question_that_was_given_up(postgis_url: str) -> None:
    async def ask(engine: Engine, lines: Lines) -> None:
        await _asked(lines, _doubled(engine, 1))
        slow = _question(engine, select(func.pg_sleep(0.2), func.length("slow")))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(lines.ask(slow), 0.05)
        assert (await _asked(lines, _doubled(engine, 2)))[0] == [(2, 4)]

    _run(postgis_url, ask, most=1)
