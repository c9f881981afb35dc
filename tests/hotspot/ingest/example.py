"""Rows, files and a mapping that the tests of the ingest share."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import shapely

from hotspot.crs import Plane
from hotspot.ingest.incidents import read_incidents
from hotspot.ingest.mapping import Mapping, parse_mapping
from hotspot.model import Area, Level
from hotspot.neighbourhoods import Neighbourhoods

if TYPE_CHECKING:
    from hotspot.rows import AcceptedRows, Batch

LOADED_AT = dt.datetime(2011, 1, 15, tzinfo=dt.UTC)

TOWN = Neighbourhoods(
    (
        Area(Level.NEIGHBOURHOOD, "W", "West", None, shapely.MultiPolygon([shapely.box(0, 1e3, 1e3, 2e3)])),
        Area(Level.NEIGHBOURHOOD, "E", "East", None, shapely.MultiPolygon([shapely.box(1e3, 1e3, 2e3, 2e3)])),
    )
)

MAPPING = """
name = "test"
[file]
[position]
crs = "EPSG:28992"
x = "x"
y = "y"
[time]
zone = "Europe/Amsterdam"
start = "begin"
end = "end"
reported = "reported"
formats = ["%Y-%m-%d %H:%M", "%Y-%m-%d"]
earliest = 2005-01-01
[category]
columns = "code"
[reversal]
column = "count"
values = ["-1"]
match = ["begin", "code"]
[duplicate]
columns = "id"
[area]
column = "area"
[reporter]
default = "citizen"
column = "who"
values = { police = ["ambtshalve"] }
[[withheld]]
why = "never on a map"
sensitive = true
codes = "1.4.1"
[themes.theft]
nl = "Diefstal"
en = "Theft"
[themes.theft.shoplifting]
nl = "Winkeldiefstal"
en = "Shoplifting"
codes = "A50"
[themes.drug_nuisance]
nl = "Drugsoverlast"
en = "Drug nuisance"
[themes.drug_nuisance.trade]
nl = "Handel"
en = "Trade"
prefixes = "F4"
reporter = "police"
"""

ROW = {
    "id": "1",
    "x": "500",
    "y": "1500",
    "begin": "2010-07-26 08:30",
    "end": "",
    "reported": "2010-07-26 09:00",
    "code": "A50",
    "count": "1",
    "area": "W",
    "who": "",
}


def mapping_of(old: str = "", new: str = "") -> Mapping:
    return parse_mapping(MAPPING.replace(old, new, 1).encode(), origin="test.toml")


def csv_of(*rows: dict[str, str], delimiter: str = ",") -> bytes:
    """Rows that are as ROW but for what they say; each has its own id unless it says one."""
    whole = [{**ROW, "id": str(i), **row} for i, row in enumerate(rows)]
    lines = [list(ROW), *([row[name] for name in ROW] for row in whole)]
    return "".join(delimiter.join(line) + "\n" for line in lines).encode()


def batches(
    content: bytes | Path,
    tmp_path: Path,
    *,
    mapping: Mapping | None = None,
    batch_rows: int = 1000,
    dataset: str | None = None,
) -> list[Batch]:
    path = content if isinstance(content, Path) else tmp_path / "incidents.csv"
    if isinstance(content, bytes):
        path.write_bytes(content)
    return list(
        read_incidents(
            path,
            mapping_of() if mapping is None else mapping,
            plane=Plane(),
            neighbourhoods=TOWN,
            outside_m=50.0,
            loaded_at=LOADED_AT,
            batch_rows=batch_rows,
            dataset=dataset,
        )
    )


def one(content: bytes | Path, tmp_path: Path, *, mapping: Mapping | None = None) -> Batch:
    (batch,) = batches(content, tmp_path, mapping=mapping)
    return batch


def refused(tmp_path: Path, row: dict[str, str], mapping: Mapping | None = None) -> tuple[str, str]:
    batch = one(csv_of(row), tmp_path, mapping=mapping)
    assert len(batch.accepted) == 0
    return str(batch.refused.reason[0]), str(batch.refused.detail[0])


def accepted(
    tmp_path: Path, row: dict[str, str] | None = None, mapping: Mapping | None = None
) -> AcceptedRows:
    batch = one(csv_of({} if row is None else row), tmp_path, mapping=mapping)
    assert batch.refused.detail.tolist() == []
    return batch.accepted


def utc(text: str) -> int:
    return int(dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC).timestamp())


def frame(*rows: dict[str, str]) -> gpd.GeoDataFrame:
    whole = pd.DataFrame([{**ROW, "id": str(i), **row} for i, row in enumerate(rows)])
    points = gpd.points_from_xy(whole.x.astype(float), whole.y.astype(float))
    return gpd.GeoDataFrame(whole.drop(columns=["x", "y"]), geometry=points, crs="EPSG:28992")


POINTS = 'x = "x"\ny = "y"\n'
