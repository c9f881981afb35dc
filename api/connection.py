"""One request is one reading transaction: all that it tells is of one moment."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from hotspot.store import engine, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from starlette.requests import Request

    from hotspot.store.lines import Lines


__all__ = ["Connection", "brief", "depends_on", "glance", "lasting", "lines", "transaction", "writing"]


def depends_on(request: Request, version: int | None) -> None:
    """
    Say that the answer to a request depends on nothing but the data, so that its bytes may be kept.

    Parameters
    ----------
    request
        The request.
    version
        Version of the data that the answer tells, read in the transaction in which they were read; None if it
        depends on no data at all.
    """
    request.state.version = version


def transaction(request: Request) -> AbstractContextManager[Connection]:
    """
    Begin the transaction of a request, once the request has been found sound.

    Parameters
    ----------
    request
        The request; its application holds the engine for as long as it runs.

    Returns
    -------
    context manager
        Gives the connection and ends the transaction.
    """
    return engine.read(request.app.state.engine)


@contextmanager
def lasting(request: Request) -> Iterator[Connection]:
    """
    Begin the transaction of a request whose answer depends on nothing but what is published.

    Parameters
    ----------
    request
        The request; its bytes may be kept until something new is published.

    Yields
    ------
    Connection
        The connection, until the transaction ends.
    """
    with transaction(request) as connection:
        depends_on(request, served.version(connection).number)
        yield connection


def glance(request: Request) -> AbstractContextManager[Connection]:
    """
    Begin short readings of what is served, all of them at one version: faster than a transaction.

    Parameters
    ----------
    request
        The request.

    Returns
    -------
    context manager
        Gives the connection.
    """
    return engine.glance(request.app.state.engine)


def lines(request: Request) -> Lines | None:
    """
    Find the lines to the store on which short questions are asked without a thread.

    Parameters
    ----------
    request
        The request.

    Returns
    -------
    Lines or None
        Absent for the embedded store, which answers in the thread that asks.
    """
    held: Lines | None = getattr(request.app.state, "lines", None)
    return held


def brief(request: Request) -> AbstractContextManager[Connection]:
    """
    Begin short readings of the embedded store in the loop itself, which waits for them.

    A thread for each would take longer than most of them: it takes the interpreter from the loop, and the
    store calls back into it many times.

    Parameters
    ----------
    request
        The request.

    Returns
    -------
    context manager
        Gives the connection, as `glance` does; raises `OutOfTime` where they turn out not to be short.
    """
    return engine.glance(request.app.state.brief)


def writing(request: Request) -> AbstractContextManager[Connection]:
    """
    Begin a transaction that writes: committed at the end, or nothing of it happened.

    Parameters
    ----------
    request
        The request.

    Returns
    -------
    context manager
        Gives the connection and ends the transaction.
    """
    return engine.begin(request.app.state.engine)
