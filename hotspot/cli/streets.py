"""`hotspot load streets`: lines for the map to be drawn on, in the place of those loaded before."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import shapely
import typer

from hotspot.cli.opening import opened, transaction
from hotspot.cli.options import Json, Store
from hotspot.cli.output import Output
from hotspot.crs import Plane
from hotspot.ingest import streets as files
from hotspot.store import boundaries, municipality, serving

_KM_M = 1000.0


def load_streets(
    path: Annotated[
        Path, typer.Argument(metavar="FILE", help="GeoJSON, GeoPackage or shapefile (zipped too).")
    ],
    layer: Annotated[
        str | None, typer.Option(help="Layer of the file, where several have lines.", show_default=False)
    ] = None,
    name_column: Annotated[str | None, typer.Option(help="Column with the street's name.")] = None,
    class_column: Annotated[str | None, typer.Option(help="Column with its class.")] = None,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """
    Load streets for the map to be drawn on, in the place of those loaded before.

    Lines up to 1 km around the municipality are kept, whose boundaries must be loaded. Name and class are
    optional; the columns of OpenStreetMap and of the Dutch road file (NWB) are recognised.
    A row that is no line is refused.

    Examples: `hotspot load streets streets.gpkg`;
    `hotspot load streets roads.geojson --name-column label --class-column kind`
    """
    output = Output(as_json)
    with opened(store) as engine, transaction(engine) as connection:
        place = municipality.read_municipality(connection)
        areas = boundaries.read_boundaries(connection).areas
        west, south, east, north = shapely.total_bounds([area.geometry for area in areas]).tolist()
        reading = files.read_streets(
            path,
            municipality=place,
            bounds_m=(west, south, east, north),
            layer=layer,
            name_column=name_column,
            class_column=class_column,
        )
        now = dt.datetime.now(dt.UTC)
        version = serving.serve_streets(connection, reading.rows, Plane(place.srid), made_at=now)
    length_km = float(shapely.length([row.shape for row in reading.rows]).sum()) / _KM_M
    output.say(
        f"{len(reading.rows)} streets, {length_km:.1f} km; left out: {reading.outside} elsewhere, "
        f"{reading.repeated} repeated."
    )
    if version is None:
        output.say("They were loaded already; nothing changed.")
    output.result(
        {
            "streets": len(reading.rows),
            "length_km": round(length_km, 3),
            "outside": reading.outside,
            "repeated": reading.repeated,
            "changed": version is not None,
        }
    )
