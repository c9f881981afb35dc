"""A service in a process of its own, on a port of its own, for those who must speak to it over a socket."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.error import URLError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE_S = 60.0
"""How long a service may take to start on a machine with other work."""


@contextmanager
def served(store_url: str, *, log: Path | None = None, **settings: str) -> Iterator[str]:
    """Run a service over a store; give the address of its landing page. `log` gets a line per request."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "--factory", "api.app:from_environment", "--port", str(port)]
    named = {f"HOTSPOT_API_{name.upper()}": value for name, value in settings.items()}
    environment = {**os.environ, "HOTSPOT_STORE_URL": store_url, **named}
    with (
        open(log or os.devnull, "wb") as said,  # noqa: PTH123 - the null device is no path of ours
        subprocess.Popen(command, env=environment, stderr=said, stdout=said) as server,
    ):
        try:
            _wait_for(f"http://127.0.0.1:{port}/v1/conformance", server)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            server.terminate()


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    """Ask until there is an answer."""
    end_s = time.monotonic() + PATIENCE_S
    while True:
        try:
            with urllib.request.urlopen(url) as answer:  # noqa: S310 - our own address
                assert answer.status == 200
                return
        except (URLError, ConnectionError):
            assert server.poll() is None, "the service ended before it answered; its log says why"
            assert time.monotonic() < end_s, "the service did not start"
            time.sleep(0.1)
