"""Real services over stores of which everything is known, for a browser to visit."""

from __future__ import annotations

import shutil
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import uvicorn

from api.app import create_app
from api.settings import ApiSettings
from hotspot.store import engine as engines
from tests.access import kept_key
from tests.api.access import levels

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

LIVED_AREA = levels.AREA
"""Where the area team of the lived town works."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service that runs on this machine until the tests are done with it."""

    address: str
    """Ends in a slash."""
    store_url: str

    def key(self, role: str = "analyst", **changes: Any) -> str:  # noqa: ANN401 - one keyword per field
        """Make a key; gives what its holder types in."""
        store = engines.create_engine(self.store_url)
        text = kept_key(store, role, **changes)
        store.dispose()
        return text


@contextmanager
def served(store_url: str, **settings: Any) -> Iterator[Service]:  # noqa: ANN401 - one keyword per setting
    """Serve a store from a thread of this process."""
    app = create_app(ApiSettings(store_url=store_url, **settings))
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=0,
        log_level="error",
        ws="none",
        # A browser that keeps its connections open must not keep the service.
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    host, port = server.servers[0].sockets[0].getsockname()
    try:
        yield Service(f"http://{host}:{port}/", store_url)
    finally:
        server.should_exit = True
        thread.join()


def filled(template: Path, folder: Path, write: Callable[[str], None]) -> str:
    """Make a store of a template and fill it; tells its address."""
    url = f"sqlite:///{shutil.copy(template, folder / 'hotspot.db')}"
    write(url)
    return url


def write_lived(store_url: str) -> None:
    """
    Publish six weeks of a simulated town really, at all levels, with incidents and squares.

    Hotspots are planted for two weeks; what looks four weeks back sees them for three more, so that the last
    two weeks, 2025-W12 and W13, are empty. Each hotspot has a note.
    """
    store = engines.create_engine(store_url)
    levels.publish_town(store, weeks=6)
    store.dispose()
