"""A service with access controlled, over a crowd of features, and keys for everybody."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event

from api.access.callers import STATE, Caller
from api.app import create_app
from api.settings import ApiSettings
from hotspot.settings import Access
from hotspot.store import engine as engines
from tests.access import kept_key
from tests.api.crowd import write_crowd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from fastapi import FastAPI
    from starlette.types import Receive, Scope, Send

    Make = Callable[..., "Asking"]


@dataclass
class Seen:
    """Passes requests on, and keeps who the routes took the caller for."""

    app: FastAPI
    callers: list[Caller] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)
        if scope["type"] == "http":
            self.callers.append(scope["state"][STATE])


@dataclass
class Asking:
    """Asks a service."""

    client: TestClient
    seen: Seen
    url: str

    def get(self, path: str, key: str | None = None, **headers: str) -> Any:  # noqa: ANN401 -- the client's.
        """Ask with a key and a purpose."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if key is not None:
            sent = {"X-API-Key": key, "Purpose": "analysis"} | sent
        return self.client.get(path, headers=sent)

    @property
    def caller(self) -> Caller:
        """Who the routes took the last caller for."""
        return self.seen.callers[-1]

    def key(self, role: str = "analyst", **changes: Any) -> str:  # noqa: ANN401 -- one keyword per field.
        """Make a key."""
        return kept_key(self.seen.app.state.books, role, **changes)


@pytest.fixture(scope="session")
def crowd_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An embedded store with the crowd in it, to be copied."""
    path = tmp_path_factory.mktemp("template") / "crowd.db"
    shutil.copy(sqlite_template, path)
    write_crowd(f"sqlite:///{path}")
    # What the write-ahead log holds is in the file once the last connection closes.
    return path


@pytest.fixture
def make(crowd_template: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Make:
    """Make a service of its own settings over a crowd of its own."""

    def made(**settings: Any) -> Asking:  # noqa: ANN401 -- one keyword per setting.
        url = f"sqlite:///{shutil.copy(crowd_template, tmp_path / 'own.db')}"
        usual: dict[str, Any] = {"access": Access.CONTROLLED, "key_lifetime": 0, "local_purpose": False}
        app = create_app(ApiSettings(store_url=url, **usual | settings))

        @app.get("/v1/broken", include_in_schema=False)
        def break_down(say: str) -> None:
            raise RuntimeError(say)

        seen = Seen(app)
        client = TestClient(seen, raise_server_exceptions=False)
        client.__enter__()
        # The disk of the machine that runs the tests is not what they are about.
        event.listen(app.state.books, "connect", lambda plain, _: plain.execute("PRAGMA synchronous = OFF"))
        request.addfinalizer(lambda: client.__exit__(None, None, None))
        return Asking(client, seen, url)

    return made


@pytest.fixture
def asking(make: Make) -> Asking:
    """A service as it is usually configured."""
    return make()


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Any]:
    """Engine of an embedded store of the test's own."""
    engine = engines.create_engine(sqlite_url)
    yield engine
    engine.dispose()
