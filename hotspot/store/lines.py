"""
Questions to PostgreSQL that the loop asks itself, without a thread that waits for the answer.

A thread that waits costs more than a short question does: it is woken twice, and each time it has to wait for
the interpreter. Here the statements of a request go out together, and whatever comes back is taken up by the
loop when it comes. Only statements that are quick and known already are asked so; where anything is unusual,
nothing is told, and whoever asked does so again in the ordinary way, which knows what to make of it.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any  # Any: rows are of the driver's types.

import psycopg
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus

from hotspot.store.engine import own_errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg.pq.abc import PGresult
    from sqlalchemy import Engine, PoolProxiedConnection

    from hotspot.store.molds import Question

    Rows = list[tuple[Any, ...]]

_MOST_STATEMENTS = 200
"""Statements that a line prepares; a new line is taken afterwards, since each takes memory of the server."""

_PARAMETER = re.compile(r"%\((.+?)\)s|%%")
"""A parameter as the library writes it, or a percent sign."""

_TOOK_TOO_LONG = "57014"
"""PostgreSQL's code for a statement that was stopped: to ask again would take as long again."""


class Lines:
    """
    Connections of one loop, each of which is asked one thing at a time.

    Parameters
    ----------
    engine
        The store, which is PostgreSQL.
    most
        Lines at the most; whoever comes while all are taken is told nothing.
    """

    def __init__(self, engine: Engine, most: int) -> None:
        self.engine = engine
        self._room = most
        self._is_closed = False
        self._free: list[_Line] = []
        self._opening: set[asyncio.Task[None]] = set()

    async def ask(self, *questions: Question) -> list[Rows] | None:
        """
        Ask several things at once, each of which is told as of its own moment, in this order.

        Parameters
        ----------
        *questions
            What is asked.

        Returns
        -------
        list of list of tuple or None
            The rows of each; absent where they have to be asked for in the ordinary way.

        Raises
        ------
        OutOfTime
            If it took too long.
        """
        line = self._taken()
        if line is None:
            return None
        try:
            with own_errors(self.engine):
                found = await line.ask(questions)
        except BaseException as error:
            # Whatever is under way on it would be taken for the answer to the next question.
            self._drop(line)
            if isinstance(error.__cause__, psycopg.Error):
                if error.__cause__.sqlstate == _TOOK_TOO_LONG:
                    raise
                return None
            if isinstance(error, psycopg.Error):
                return None
            raise
        self._give_back(line)
        return found

    async def close(self) -> None:
        """Hang up all lines; nothing is asked any more."""
        # What is under way may end later, and nobody would hang up what it gives back.
        self._is_closed = True
        await asyncio.gather(*self._opening)
        while self._free:
            self._free.pop().close()

    def _taken(self) -> _Line | None:
        """Take a line; where there is none one is made for those who come later."""
        while self._free:
            line = self._free.pop()
            if not line.is_broken:
                return line
            self._drop(line)
        if self._room > 0 and not self._is_closed:
            self._room -= 1
            task = asyncio.ensure_future(self._open())
            self._opening.add(task)
            task.add_done_callback(self._opening.discard)
        return None

    async def _open(self) -> None:
        """Open one more line, beside the loop."""
        try:
            held = await asyncio.to_thread(self._connection)
        except Exception:  # noqa: BLE001 -- whoever asks in the ordinary way is told what is wrong
            self._room += 1
            return
        self._free.append(_Line(held))

    def _connection(self) -> PoolProxiedConnection:
        """Take a connection from the pool for good."""
        held = self.engine.raw_connection()
        held.detach()
        return held

    def _give_back(self, line: _Line) -> None:
        """Let the next one have a line."""
        if self._is_closed or line.n_statements > _MOST_STATEMENTS:
            self._drop(line)
        else:
            self._free.append(line)

    def _drop(self, line: _Line) -> None:
        """Close a line for good."""
        line.close()
        self._room += 1


class _Line:
    """One connection, on which several statements are sent at once."""

    def __init__(self, held: PoolProxiedConnection) -> None:
        self._held = held
        driver: Any = held.dbapi_connection  # Any: of the driver.
        driver.autocommit = True
        self._server = driver.pgconn
        self._encoding: str = driver.info.encoding
        self._transformer = Transformer(driver)
        self._names: dict[tuple[bytes, tuple[int, ...]], bytes] = {}
        self._results: list[PGresult] = []
        self._asked: asyncio.Future[list[PGresult]] | None = None
        self.is_broken = False
        self._server.enter_pipeline_mode()
        self._loop = asyncio.get_running_loop()
        self._socket: int = self._server.socket
        self._loop.add_reader(self._socket, self._read)

    @property
    def n_statements(self) -> int:
        """How many statements it has prepared."""
        return len(self._names)

    async def ask(self, questions: Sequence[Question]) -> list[Rows]:
        """Send statements, and wait for their rows."""
        self._asked, self._results = self._loop.create_future(), []
        for one in questions:
            self._send(one)
        self._server.pipeline_sync()
        if self._server.flush():
            raise psycopg.OperationalError("the questions are too long to be sent at once")
        return [self._rows(result) for result in await self._asked if result.status != ExecStatus.COMMAND_OK]

    def _send(self, question: Question) -> None:
        """Send a statement; the first time, prepare it for those parameters before."""
        text, names = _numbered(question.mold.text)
        constants, values = question.mold.constants, question.values
        given = [values[name] if name in values else constants[name] for name in names]
        parameters = self._transformer.dump_sequence(given, [PyFormat.AUTO] * len(given))
        types, formats = self._transformer.types or (), self._transformer.formats
        name = self._names.get((text, types))
        if name is None:
            name = self._names[text, types] = b"hotspot_%d" % len(self._names)
            self._server.send_prepare(name, text, types)
        self._server.send_query_prepared(name, parameters, formats)

    def _rows(self, result: PGresult) -> Rows:
        """Read the rows of a result as the driver does."""
        if result.status != ExecStatus.TUPLES_OK:
            raise error_from_result(result, self._encoding)
        self._transformer.set_pgresult(result)
        return self._transformer.load_rows(0, result.ntuples, tuple)

    def _read(self) -> None:
        """Take up what the server sent."""
        asked = self._asked
        try:
            self._server.consume_input()
            if asked is None:
                return
            while not self._server.is_busy():
                result = self._server.get_result()
                # Between two statements stands nothing.
                if result is None:
                    continue
                if result.status == ExecStatus.PIPELINE_SYNC:
                    self._asked = None
                    if not asked.done():
                        asked.set_result(self._results)
                    return
                self._results.append(result)
        except psycopg.Error as error:
            self.is_broken = True
            self._loop.remove_reader(self._socket)
            if asked is not None and not asked.done():
                asked.set_exception(error)

    def close(self) -> None:
        """Close the connection."""
        self._loop.remove_reader(self._socket)
        with suppress(psycopg.Error):
            self._held.close()


@lru_cache(maxsize=1024)
def _numbered(text: str) -> tuple[bytes, tuple[str, ...]]:
    """Write a statement as the server takes it, its parameters numbered; tell their names in order."""
    names: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        return "%" if found[1] is None else f"${names.setdefault(found[1], len(names) + 1)}"

    written = _PARAMETER.sub(number, text)
    return written.encode(), tuple(names)
