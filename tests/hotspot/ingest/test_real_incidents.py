from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from hotspot.crs import Plane
from hotspot.ingest.incidents import read_incidents
from hotspot.ingest.mapping import read_mapping
from hotspot.model import Area, Level
from hotspot.neighbourhoods import Neighbourhoods

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hotspot.rows import AcceptedRows, RefusedRows


def city(path: Path, column: str, srid: int) -> Neighbourhoods:
    table = gpd.read_file(path).to_crs(srid)
    return Neighbourhoods(
        tuple(
            Area(
                Level.NEIGHBOURHOOD,
                f"{code:g}" if isinstance(code, float) else str(code),
                str(code),
                None,
                shapely.MultiPolygon(
                    [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
                ),
            )
            for code, shape in zip(table[column], shapely.make_valid(table.geometry.to_numpy()), strict=True)
        )
    )


def load(
    files: Sequence[Path], name: str, srid: int, places: Neighbourhoods
) -> tuple[Counter[str], list[AcceptedRows], list[RefusedRows]]:
    read = [
        batch
        for path in files
        for batch in read_incidents(
            path,
            read_mapping(name),
            plane=Plane(srid),
            neighbourhoods=places,
            outside_m=50.0,
            loaded_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC),
        )
    ]
    tally = Counter({"accepted": sum(len(batch.accepted) for batch in read)})
    for batch in read:
        tally.update(batch.refused.reason.tolist())
    return tally, [batch.accepted for batch in read], [batch.refused for batch in read]


def agreement(parts: list[AcceptedRows]) -> float:
    agrees = np.concatenate([part.stated_area == part.neighbourhood for part in parts])
    return float(agrees.mean())


def test_st_louis__is_read_as_its_mapping_tells(shared_data: Path) -> None:
    folder = shared_data / "st_louis_2010"
    places = city(folder / "neighborhoods.geojson", "NHD_NUM", 26915)
    tally, yes, no = load(sorted(folder.glob("*.csv")), "st_louis_2010", 26915, places)
    assert sum(tally.values()) == 56_181
    assert tally["reversed"] == 819
    assert tally["zero_coordinates"] == 712
    assert agreement(yes) >= 0.96
    themes: Counter[str] = Counter(np.concatenate([part.theme for part in yes]).tolist())
    assert len(themes) == 6
    assert themes["drug_nuisance"] > 2_000
    keys = [part.reversal_key for part in yes] + [part.reversal_key for part in no]
    shared: Counter[int] = Counter(np.concatenate(keys).tolist())
    reversing: Counter[int] = Counter(
        np.concatenate([part.reversal_key[part.reverses] for part in no]).tolist()
    )
    assert sum(min(n, shared[key] - n) for key, n in reversing.items()) == 742


def test_chicago__agrees_with_the_areas_that_the_rows_name(shared_data: Path) -> None:
    folder = shared_data / "chicago"
    places = city(folder / "community_areas.geojson", "AREA_NUMBE", 26916)
    tally, yes, _ = load([folder / "crimes_2017_2019.csv.gz"], "chicago", 26916, places)
    assert sum(tally.values()) == 24_460
    assert agreement(yes) >= 0.97
    tally, _, _ = load([folder / "burglaries_2016.csv.gz"], "chicago_burglaries_2016", 26916, places)
    assert tally == {"accepted": 11_700, "unparsable_date": 1}


def test_sheffield__knows_the_month_only(shared_data: Path) -> None:
    folder = shared_data / "sheffield"
    places = city(folder / "neighbourhoods.geojson", "name", 27700)
    tally, yes, _ = load([folder / "south_yorkshire_2018-10_2019-02.csv.gz"], "uk_police", 27700, places)
    assert sum(tally.values()) == 53_785
    assert {precision for part in yes for precision in part.precision} == {"month"}
