"""`hotspot load boundaries`: repaired, checked and kept by vintage."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hotspot import publication
from hotspot.cli.opening import opened, transaction
from hotspot.cli.options import Json, Store
from hotspot.cli.output import Output
from hotspot.crs import Plane
from hotspot.ingest import boundaries as files
from hotspot.model import Boundaries, Level
from hotspot.store import boundaries as stored
from hotspot.store import loads, municipality

if TYPE_CHECKING:
    from sqlalchemy import Connection


def load_boundaries(
    path: Annotated[
        Path, typer.Argument(metavar="FILE", help="GeoJSON, GeoPackage or shapefile (zipped too).")
    ],
    vintage: Annotated[int, typer.Option(min=1900, max=2200, help="Year for which the boundaries hold.")],
    source: Annotated[str, typer.Option(help="Where they come from, as written under the map.")] = "",
    layer: Annotated[
        str | None, typer.Option(help="Layer of the file, where several could be meant.", show_default=False)
    ] = None,
    code_column: Annotated[str | None, typer.Option(help="Column with the neighbourhood's code.")] = None,
    name_column: Annotated[str | None, typer.Option(help="Column with its name.")] = None,
    district_column: Annotated[str | None, typer.Option(help="Column with its district's code.")] = None,
    inhabitants_column: Annotated[
        str | None, typer.Option(help="Column with its number of inhabitants.")
    ] = None,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """
    Load neighbourhoods; districts and the municipality are dissolved from them.

    Invalid polygons and damaged names are repaired and reported; overlaps above 1 % and repeated codes are
    refused.
    Columns of known layouts (CBS buurten, St. Louis, Chicago) are recognised.

    Examples: `hotspot load boundaries buurten_2017.geojson --vintage 2017 --source "CBS/Kadaster"`;
    `hotspot load boundaries areas.gpkg --vintage 2024 --code-column id --name-column label`
    """
    output = Output(as_json)
    with opened(store) as engine, transaction(engine) as connection:
        place = municipality.read_municipality(connection)
        reading = files.read_boundaries(
            path,
            municipality=place,
            vintage=vintage,
            source=source,
            layer=layer,
            code_column=code_column,
            name_column=name_column,
            district_column=district_column,
            inhabitants_column=inhabitants_column,
        )
        before = stored.find_content_hash(connection)
        write(connection, reading.boundaries)
        stale = before not in {None, stored.content_hash(connection)} and bool(loads.loads(connection))
    counts = {str(level): len(reading.boundaries.of(level)) for level in Level}
    area_ha = sum(area.geometry.area for area in reading.boundaries.of(Level.NEIGHBOURHOOD)) / 10_000
    output.say(
        f"{counts['neighbourhood']} neighbourhoods, {counts['district']} districts, {area_ha:.1f} ha, "
        f"vintage {vintage}."
    )
    if stale:
        output.say(
            "These boundaries replace others: load the incident files again, so that each incident is "
            "assigned anew, then detect and publish the weeks that should follow them."
        )
    output.table(
        "Repaired",
        ["area", "what", "how"],
        [[repair.code, repair.problem, repair.action] for repair in reading.repairs],
    ) if reading.repairs else None
    output.result(
        {
            "vintage": vintage,
            "areas": counts,
            "area_ha": area_ha,
            "repairs": [asdict(r) for r in reading.repairs],
        }
    )


def write(connection: Connection, boundaries: Boundaries) -> None:
    """
    Store boundaries with their ready-made GeoJSON.

    Parameters
    ----------
    connection
        The open transaction.
    boundaries
        All areas of a vintage, in the municipality's plane.
    """
    plane = Plane(municipality.read_municipality(connection).srid)
    fragments = publication.area_fragments(boundaries, plane)
    stored.write_boundaries(connection, boundaries, fragments, loaded_at=dt.datetime.now(dt.UTC))
