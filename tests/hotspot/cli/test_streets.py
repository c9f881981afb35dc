"""`hotspot load streets`: once, again, another file, and a wrong one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.hotspot.cli.test_commands import BOUNDARIES

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.hotspot.cli.conftest import Run


def write(path: Path, *streets: tuple[str, str]) -> Path:
    """Streets in the middle of Maastricht; each is its name and the kind of its shape."""
    lines: dict[str, object] = {
        "LineString": [[5.69, 50.85], [5.70, 50.86]],
        "MultiLineString": [[[5.69, 50.84], [5.70, 50.84]]],
        "Point": [5.69, 50.85],
    }
    features = [
        {
            "type": "Feature",
            "properties": {"name": name, "highway": "primary"},
            "geometry": {"type": kind, "coordinates": lines[kind]},
        }
        for name, kind in streets
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def test_load_streets__takes_a_file_once_and_another_in_its_place(
    empty_store_url: str, tmp_path: Path, run: Run, request: pytest.FixtureRequest
) -> None:
    store = ("--store", empty_store_url)
    first = write(tmp_path / "first.geojson", ("Markt", "LineString"), ("Vrijthof", "MultiLineString"))
    run("init", "--code", "GM0935", "--name", "Maastricht", *store)
    early = run("load", "streets", first, *store)
    assert early.code == 5
    assert "boundaries" in early.err
    run("load", "boundaries", request.config.rootpath / BOUNDARIES, "--vintage", 2024, *store)
    loaded = run("load", "streets", first, *store, "--json").json
    assert (loaded["streets"], loaded["outside"], loaded["changed"]) == (2, 0, True)
    again = run("load", "streets", first, *store)
    assert again.code == 0
    assert "nothing changed" in again.out
    wrong = run(
        "load", "streets", write(tmp_path / "wrong.geojson", ("a", "LineString"), ("b", "Point")), *store
    )
    assert wrong.code == 2
    assert "wrong.geojson, row 2: a line is required, got a Point" in wrong.err
    other = run(
        "load", "streets", write(tmp_path / "other.geojson", ("Markt", "LineString")), *store, "--json"
    )
    assert (other.json["streets"], other.json["changed"]) == (1, True)
