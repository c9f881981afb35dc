"""A service over the town, on both stores; it only reads, so that one serves all tests."""

from __future__ import annotations

import datetime as dt
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event

from api.app import create_app
from api.settings import ApiSettings
from hotspot.store import engine as engines
from hotspot.store import migration
from tests.api.published import write_town
from tests.api.told import write_told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tests.postgis import Cluster


@pytest.fixture(scope="session")
def town_url(
    store_kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Address of a store with the town in it."""
    if store_kind == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        url = f"sqlite:///{shutil.copy(template, tmp_path_factory.mktemp('town') / 'town.db')}"
        write_town(url)
        yield url
        return
    running: Cluster = request.getfixturevalue("postgis")
    name = running.create()
    made = engines.create_engine(running.url(name))
    migration.migrate(made)
    made.dispose()
    write_town(running.url(name))
    yield running.url(name)
    running.drop(name)


@pytest.fixture(scope="session")
def client(town_url: str) -> Iterator[TestClient]:
    """Ask the service over the town."""
    # Nothing is asked beside what a test asks, so that its statements can be counted.
    quiet = ApiSettings(
        store_url=town_url,
        max_page_size=50,
        kept_mib=0,
        hosts_warmed=0,
        poll_interval=dt.timedelta(minutes=1),
    )
    with TestClient(create_app(quiet)) as asking:
        yield asking


@pytest.fixture(scope="session")
def followed(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Ask the service over weeks that follow their hotspots."""
    url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path_factory.mktemp('told') / 'told.db')}"
    write_told(url)
    with TestClient(create_app(ApiSettings(store_url=url))) as asking:
        yield asking


@pytest.fixture
def storeless(tmp_path: Path) -> Iterator[TestClient]:
    """Ask a service whose store is not there."""
    with TestClient(create_app(ApiSettings(store_url=f"sqlite:///{tmp_path}/nothing.db"))) as asking:
        yield asking


@pytest.fixture
def counted(client: TestClient) -> Callable[[], AbstractContextManager[list[str]]]:
    """Collect the statements that a block sends to the store."""

    @contextmanager
    def count() -> Iterator[list[str]]:
        engine = client.app.state.engine  # type: ignore[attr-defined]  # The client knows only of ASGI.
        assert isinstance(engine, Engine)
        statements: list[str] = []

        def note(*sent: object) -> None:
            statement = str(sent[2])
            if not statement.startswith(("BEGIN", "PRAGMA")):
                statements.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        yield statements
        event.remove(engine, "before_cursor_execute", note)

    return count
