"""The density squares of a week, in columns."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic reads the annotations when the module is loaded
from typing import ClassVar, Literal

from pydantic import Field

from api.schemas.common import Answer, Levelled, Link

_Pair = tuple[float, float]


class SurfaceGrid(Answer):
    """The grid in the municipality's plane on which the squares lie."""

    columns: int = Field(description="Cells from west to east.")
    rows: int = Field(description="Cells from south to north.")
    size_m: int = Field(description="Side of a cell in metres.")
    corners_deg: tuple[_Pair, _Pair, _Pair, _Pair] = Field(
        description="Its outer corners, longitude first: south-west, south-east, north-east, north-west."
    )


class SurfaceSquares(Levelled):
    """The squares, a column for each thing that is told of them; from the south-west, row by row."""

    always: ClassVar[frozenset[str]] = frozenset({"column", "row", "incidents", "density_per_km2", "ratio"})

    column: list[int] = Field(description="Column of the south-western cell, from 0 in the west.")
    row: list[int] = Field(description="Row of that cell, from 0 in the south.")
    cells: list[int] = Field(description="Cells along a side; absent where all squares are one cell.")
    incidents: list[int | None] = Field(description="Incidents, as the level is told them.")
    density_per_km2: list[float | None] = Field(description="Incidents per square kilometre.")
    ratio: list[float | None] = Field(description="Density against the theme's mean.")


class Surface(Answer):
    """Where the incidents of a theme are dense."""

    week: str
    edition: int
    content_hash: str
    published_at: dt.datetime
    theme: str
    level: Literal["open", "partner", "internal"] = Field(description="Level of the squares told here.")
    window_start: dt.date | None = Field(description="First local day that is counted; null without squares.")
    window_end: dt.date | None = Field(description="Last local day that is counted; null likewise.")
    grid: SurfaceGrid | None = Field(description="Null where there are no squares.")
    squares: SurfaceSquares
    number_returned: int = Field(alias="numberReturned", description="Squares told here.")
    links: tuple[Link, ...]
