"""One request is one reading transaction: all that it tells is of one moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection

from hotspot.store import engine

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from starlette.requests import Request


__all__ = ["Connection", "transaction", "writing"]


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
