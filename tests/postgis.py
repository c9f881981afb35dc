"""A private PostgreSQL cluster with PostGIS in a temporary folder, for as long as the tests run."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Iterator

_PROGRAMS = Path("/usr/lib/postgresql")
_SETTINGS = {
    # Tests lose nothing when the machine goes down.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "''",
    "max_connections": "40",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "autovacuum": "off",
}


class PostgisMissingError(Exception):
    """PostgreSQL with PostGIS is not installed on this machine."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running cluster: it hands out databases, each a copy of a template with the schema in it."""

    folder: Path
    _numbers: Iterator[int] = field(default_factory=count)

    def url(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def create(self, *, template: str = "template1") -> str:
        name = f"test_{next(self._numbers)}"
        self.create_named(name, template=template)
        return name

    def create_named(self, name: str, *, template: str = "template1") -> None:
        self._execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )

    def drop(self, name: str) -> None:
        self._execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(host=str(self.folder), user="postgres", autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Start a cluster that only this machine's users can reach, through a socket in its own folder."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="hotspot-pg-"))
    as_server: list[str] = []
    if os.geteuid() == 0:
        # initdb refuses to work for root.
        as_server = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"

    def run(program: str, *arguments: str) -> None:
        command = [*as_server, str(programs / program), *arguments]
        subprocess.run(command, check=True, capture_output=True, cwd=folder)

    # A language's own order of letters, as production has, not that of the code points.
    language = ("--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en")
    run("initdb", "--pgdata", str(data), "--auth=trust", "--username=postgres", "--no-sync", *language)
    with (data / "postgresql.conf").open("a") as settings:
        settings.writelines(f"{name} = {value}\n" for name, value in _SETTINGS.items())
        settings.write(f"unix_socket_directories = '{folder}'\n")
    run("pg_ctl", "--pgdata", str(data), "--log", str(folder / "log"), "--wait", "start")
    try:
        yield Cluster(folder)
    finally:
        with suppress(subprocess.CalledProcessError):
            run("pg_ctl", "--pgdata", str(data), "--mode=immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    """Find the newest installed version that has PostGIS."""
    versions = sorted(_PROGRAMS.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not versions:
        raise PostgisMissingError("PostgreSQL is not installed")
    version = versions[-1].parts[-3]
    if not Path(f"/usr/share/postgresql/{version}/extension/postgis.control").is_file():
        raise PostgisMissingError(f"PostgreSQL {version} is installed, its PostGIS is not")
    return versions[-1].parent
