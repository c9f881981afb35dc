"""The two services, each one uvicorn worker on this machine, and the peer's own virtual environment."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
import venv
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.parse import quote

from tests.bench.served.world import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PEER = "tipg==1.6.1"
_ROOT = Path(__file__).parents[3]
_UVICORN = ("--host", "127.0.0.1", "--loop", "uvloop", "--log-level", "warning")


@dataclass(frozen=True, slots=True)
class Server:
    """A service that runs."""

    base: str
    process: subprocess.Popen[bytes]

    def rss_mb(self) -> float:
        """Memory that it holds now."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def worked_s(self) -> float:
        """Time for which it has kept a processor busy."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def rest(self) -> None:
        """Wait until it has nothing to do any more: hot answers are made after the first was asked."""
        before_s = -1.0
        while (now_s := self.worked_s()) - before_s > 0.05:
            before_s = now_s
            time.sleep(1)

    @contextmanager
    def connection(self) -> Iterator[Callable[[str], float]]:
        """Ask on one connection; tells how long each answer took."""
        with closing(HTTPConnection(self.base.removeprefix("http://"))) as held:

            def seconds(path: str) -> float:
                began = time.perf_counter()
                held.request("GET", path)
                answer = held.getresponse()
                answer.read()
                assert answer.status in {200, 204}, path
                return time.perf_counter() - began

            yield seconds

    def get(self, path: str, **headers: str) -> bytes:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with urllib.request.urlopen(urllib.request.Request(self.base + path, headers=named)) as answer:  # noqa: S310 -- our own address
            return bytes(answer.read())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _running(command: list[str], port: int, path: str, environment: dict[str, str]) -> Iterator[Server]:
    process = subprocess.Popen(command, env={**os.environ, **environment}, cwd=_ROOT)
    server = Server(f"http://127.0.0.1:{port}", process)
    try:
        for _ in range(300):
            try:
                server.get(path)
                break
            except (URLError, ConnectionError):
                assert process.poll() is None, "the server did not start"
                time.sleep(0.1)
        yield server
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def ours(store_url: str) -> Iterator[Server]:
    """Our service, open to this machine: at the internal level, as the points are."""
    port = _free_port()
    command = [sys.executable, "-m", "uvicorn", "--factory", "api.app:from_environment", *_UVICORN]
    # As `hotspot serve` does.
    command += ["--http", "api.front.protocol:Protocol"]
    command += ["--port", str(port), "--no-access-log", "--no-server-header"]
    with _running(command, port, "/health/live", {"HOTSPOT_STORE_URL": store_url}) as server:
        yield server


def peer_environment(folder: Path) -> Path:
    """Make a virtual environment with the peer, which has its own versions of everything."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        install = [str(python), "-m", "pip", "install", "--quiet", PEER, "uvicorn", "uvloop", "httptools"]
        subprocess.run(install, check=True)
    return python


@contextmanager
def peer(python: Path, folder: Path, database: str) -> Iterator[Server]:
    """The peer on the same database."""
    port = _free_port()
    command = [str(python), "-m", "uvicorn", "tipg.main:app", *_UVICORN, "--http", "httptools"]
    command += ["--port", str(port), "--no-access-log", "--no-server-header"]
    environment = {
        "DATABASE_URL": f"postgresql://postgres@{quote(str(folder), safe='')}:5432/{database}",
        "TIPG_DB_SCHEMAS": f'["{SCHEMA}"]',
        "TIPG_CATALOG_TTL": "0",
        "PYTHONPATH": "",
    }
    with _running(command, port, "/healthz", environment) as server:
        yield server
