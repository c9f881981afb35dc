"""The store as the command line opens it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from hotspot.settings import StoreSettings
from hotspot.store import engine, schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine


@contextmanager
def connected(store_url: str | None) -> Iterator[Engine]:
    """
    Connect to the store that was named, or that the settings name, whether or not it is ready.

    Parameters
    ----------
    store_url
        Address of the database; absent for that of the settings.

    Yields
    ------
    Engine
        The store; closed at the end.
    """
    made = engine.create_engine(store_url if store_url is not None else StoreSettings().store_url)
    try:
        yield made
    finally:
        made.dispose()


@contextmanager
def opened(store_url: str | None) -> Iterator[Engine]:
    """
    Open a store that is ready.

    Parameters
    ----------
    store_url
        Address of the database; absent for that of the settings.

    Yields
    ------
    Engine
        The store; closed at the end.

    Raises
    ------
    StoreNotReady
        If its tables are missing or old.
    StoreUnavailable
        If the database cannot be reached.
    """
    with connected(store_url) as store:
        schema.check(store)
        yield store


@contextmanager
def transaction(store: Engine) -> Iterator[Connection]:
    """
    Run one command's work in one transaction.

    Parameters
    ----------
    store
        The store.

    Yields
    ------
    Connection
        Committed at the end, rolled back if anything is raised.
    """
    with engine.begin(store) as connection:
        yield connection


@contextmanager
def reading(store_url: str | None) -> Iterator[Connection]:
    """
    Read from the store without waiting for whoever writes to it.

    Parameters
    ----------
    store_url
        Address of the database; absent for that of the settings.

    Yields
    ------
    Connection
        Sees one state from beginning to end, and cannot write.
    """
    with opened(store_url) as store, engine.read(store) as connection:
        yield connection
