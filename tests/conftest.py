"""What all tests may ask for: the two stores, and real data where they lie."""

from __future__ import annotations

import gc
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings as hypothesis_settings

from hotspot.store import engine as engines
from hotspot.store import migration
from tests.postgis import Cluster, PostgisMissingError, cluster

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"
_TEMPLATE = "hotspot_template"

# A shared machine may stop for a moment in the middle of an example; what CI tries must not depend on luck.
hypothesis_settings.register_profile("project", deadline=None, derandomize=bool(os.environ.get("CI")))
hypothesis_settings.load_profile("project")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--store", choices=["sqlite", "postgis"], help="Run the tests of the store on one only.")


def pytest_collection_finish() -> None:
    # Thousands of tests and what they import stay to the end: a collection need not look through them.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "store_kind" in metafunc.fixturenames:
        only = metafunc.config.getoption("--store")
        metafunc.parametrize("store_kind", ["sqlite", "postgis"] if only is None else [only], scope="session")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder with real incident files and boundaries; they are never committed."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"the real data are not here ({SHARED_DATA})")
    return SHARED_DATA


@pytest.fixture(scope="session")
def postgis() -> Iterator[Cluster]:
    """A private cluster with a template database that has the schema."""
    try:
        with cluster() as running:
            running.create_named(_TEMPLATE)
            template = engines.create_engine(running.url(_TEMPLATE))
            migration.migrate(template)
            template.dispose()
            yield running
    except PostgisMissingError as missing:
        if os.environ.get("CI"):
            pytest.fail(f"CI needs PostGIS: {missing}")
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An embedded store with the schema and nothing else."""
    path = tmp_path_factory.mktemp("template") / "hotspot.db"
    template = engines.create_engine(f"sqlite:///{path}")
    migration.migrate(template)
    template.dispose()
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Address of a fresh embedded store with the schema."""
    path = shutil.copy(sqlite_template, tmp_path / "hotspot.db")
    return f"sqlite:///{path}"


@pytest.fixture
def postgis_url(postgis: Cluster) -> Iterator[str]:
    """Address of a fresh PostGIS store with the schema."""
    name = postgis.create(template=_TEMPLATE)
    yield postgis.url(name)
    postgis.drop(name)


@pytest.fixture
def empty_store_url(store_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a store without tables, on either database."""
    if store_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    running: Cluster = request.getfixturevalue("postgis")
    name = running.create()
    yield running.url(name)
    running.drop(name)


@pytest.fixture
def store_url(store_kind: str, request: pytest.FixtureRequest) -> str:
    """Address of a fresh store with the schema; each test that asks runs on both databases."""
    url: str = request.getfixturevalue(f"{store_kind}_url")
    return url


@pytest.fixture
def engine(store_url: str) -> Iterator[Engine]:
    """Engine of a fresh store."""
    made = engines.create_engine(store_url)
    yield made
    made.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """A writing transaction on a fresh store."""
    with engines.begin(engine) as begun:
        yield begun
