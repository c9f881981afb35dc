"""Our own service keeps every requirement, on both stores."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from hotspot.store import engine as engines
from hotspot.store import migration
from tests.api.conformance import requirements as of
from tests.api.conformance import trial
from tests.api.conformance.requirements import REGISTER, Outcome
from tests.api.crowd import write_crowd
from tests.api.serving import served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.api.conformance.requirements import Result
    from tests.postgis import Cluster

trial.load()

Trial = tuple[dict[str, "Result"], list[str]]

SETTINGS = {"contact_url": "https://example.org", "contact_email": "team@example.org"}
"""Whom to ask is a matter of whoever runs the service."""

SOME = {"sqlite": ("hotspots", "incidents"), "postgis": ("hotspots",)}
"""Collections that are tried in every run: intervals with gaps, and instants. The long proof takes all."""

PROMISED = {
    *(of.FEATURES + name for name in ("core", "geojson", "html", "oas30")),
    of.CRS + "crs",
    *(
        of.FILTER + name
        for name in ("queryables", "queryables-query-parameters", "filter", "features-filter")
    ),
    *(of.SCHEMAS + name for name in ("schemas", "core-roles-features")),
    *(of.SELECTION + name for name in ("properties", "properties-features")),
    *(of.SORTING + name for name in ("sortables", "sorting", "features-sorting")),
    *(of.TILES + name for name in ("core", "tileset", "tilesets-list", "geodata-tilesets", "mvt", "oas30")),
    *(of.TMS + name for name in ("tilematrixset", "json-tilematrixset")),
    of.JSON_FG + "core",
    *(
        of.CQL2 + name
        for name in (
            "cql2-text",
            "cql2-json",
            "basic-cql2",
            "advanced-comparison-operators",
            "case-insensitive-comparison",
            "accent-insensitive-comparison",
            "basic-spatial-functions",
            "basic-spatial-functions-plus",
            "spatial-functions",
            "temporal-functions",
            "array-functions",
            "property-property",
            "arithmetic",
        )
    ),
}
"""Classes that the service has to declare; that it keeps them is what the trial is about."""


@contextmanager
def crowded(store_kind: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """Run a service over a small crowd; give the address of its landing page."""
    if store_kind == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        url = f"sqlite:///{shutil.copy(template, folder / 'crowd.db')}"
    else:
        running: Cluster = request.getfixturevalue("postgis")
        url = running.url(running.create())
        made = engines.create_engine(url)
        migration.migrate(made)
        made.dispose()
    write_crowd(url, hotspots=8, incidents=30)
    with served(url, log=folder / "log", **SETTINGS) as base:
        yield base
    log = (folder / "log").read_text()
    assert "Traceback" not in log, log[log.index("Traceback") :][:3000]


@pytest.fixture(scope="module")
def tried(
    store_kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Trial]:
    """The trial with some collections, once per store."""
    with crowded(store_kind, request, tmp_path_factory.mktemp("trial")) as base:
        results, left = trial.run(base, collections=SOME[store_kind])
        yield {one.requirement.id: one for one in results}, left


@pytest.mark.parametrize("name", [one.id for one in REGISTER])
def test_requirement__is_kept(tried: Trial, name: str) -> None:
    result = tried[0][name]
    if result.outcome in {Outcome.NOT_DECLARED, Outcome.NOTHING}:
        pytest.skip(f"{result.outcome}: {result.told}")
    assert result.outcome == Outcome.KEPT, result.told


def test_declaration__names_no_class_that_was_not_exercised(tried: Trial) -> None:
    assert tried[1] == []


def test_declaration__names_every_class_that_is_promised(tried: Trial) -> None:
    missing = {
        uri
        for one in tried[0].values()
        if one.outcome == Outcome.NOT_DECLARED
        for uri in one.told.split(", ")
    }
    assert sorted(missing & PROMISED) == []


@pytest.mark.slow
def test_every_requirement__is_kept_by_every_collection(
    store_kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    with crowded(store_kind, request, tmp_path) as base:
        results, left = trial.run(base)
    broken = [f"{one.requirement.id}: {one.told}" for one in results if one.outcome == Outcome.BROKEN]
    assert not broken, "\n".join(broken)
    assert left == []
