"""Tables to filter on either store: the world of the official predicates, and small ones made by hand."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shapely
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Integer,
    MetaData,
    Table,
    insert,
    select,
)

from hotspot.catalogue import PropertyType, Reference
from hotspot.cql2.reading import parse
from hotspot.store import engine as engines
from hotspot.store.columns import TEXT, geometry
from hotspot.store.filters import condition
from hotspot.store.places import Shapes
from hotspot.store.shapes import ewkb

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy import Connection, Engine
    from sqlalchemy.types import TypeEngine

    from hotspot.cql2.reading import Language
    from hotspot.cql2.tree import Expression
    from tests.postgis import Cluster

COLUMN_TYPES: dict[PropertyType, TypeEngine[Any]] = {
    PropertyType.TEXT: TEXT,
    PropertyType.INTEGER: BigInteger(),
    PropertyType.NUMBER: Double(),
    PropertyType.BOOLEAN: Boolean(),
    PropertyType.DATE: TEXT,
    PropertyType.INSTANT: BigInteger(),
    PropertyType.TEXTS: TEXT,
}


@dataclass(frozen=True, slots=True)
class Filtered:
    """A table with a geometry, and the types of what its rows say."""

    table: Table
    types: Mapping[str, PropertyType]
    geometry: str

    @property
    def queryables(self) -> dict[str, PropertyType]:
        return {**self.types, self.geometry: PropertyType.GEOMETRY}

    def parse(
        self, text: str, language: Language = "cql2-text", reference: Reference = Reference.CRS84
    ) -> Expression:
        return parse(text, language, queryables=self.queryables, filter_reference=reference)

    def selected(self, connection: Connection, expression: Expression) -> list[int]:
        columns = self.table.c
        shapes = Shapes(
            columns.geometry_deg,
            plane=columns.geometry_plane,
            box_deg=(columns.west_deg, columns.south_deg, columns.east_deg, columns.north_deg),
        )
        where = condition(
            expression,
            {**{name: columns[f"p_{name}"] for name in self.types}, self.geometry: shapes},
            connection.dialect.name,
        )
        return list(connection.scalars(select(columns.id).where(where).order_by(columns.id)))

    def matching(
        self, connection: Connection, text: str, reference: Reference = Reference.CRS84
    ) -> list[int]:
        return self.selected(connection, self.parse(text, reference=reference))


def make(
    connection: Connection,
    name: str,
    types: Mapping[str, PropertyType],
    rows: Sequence[Mapping[str, object]],
    *,
    geometry_name: str = "geometry",
) -> Filtered:
    """Make a table; rows are numbered from 1, a row's shape stands under the name of the geometry."""
    table = Table(
        name,
        MetaData(),
        Column("id", Integer, primary_key=True, autoincrement=False),
        *(Column(side, Double) for side in ("west_deg", "south_deg", "east_deg", "north_deg")),
        *(
            Column(system, geometry("GEOMETRY", is_optional=True))
            for system in ("geometry_deg", "geometry_plane")
        ),
        *(Column(f"p_{one}", COLUMN_TYPES[type_]) for one, type_ in types.items()),
    )
    table.create(connection)
    filtered = Filtered(table, types, geometry_name)
    connection.execute(
        insert(table),
        [{"id": number, **_columns(filtered, row)} for number, row in enumerate(rows, start=1)],
    )
    return filtered


def _columns(filtered: Filtered, row: Mapping[str, object]) -> dict[str, object]:
    """Give each column its value."""
    values: dict[str, object] = {}
    shape = row.get(filtered.geometry)
    sides = ("west_deg", "south_deg", "east_deg", "north_deg")
    values |= dict.fromkeys((*sides, "geometry_deg", "geometry_plane"))
    if isinstance(shape, shapely.Geometry):
        values |= dict(zip(sides, shapely.bounds(shape).tolist(), strict=True))
        values["geometry_deg"] = ewkb(shape, srid=4326)
        plane = row.get("plane", shape)
        assert isinstance(plane, shapely.Geometry)
        values["geometry_plane"] = ewkb(plane, srid=28992)
    for name, type_ in filtered.types.items():
        value = row.get(name)
        values[f"p_{name}"] = (
            json.dumps(value) if type_ is PropertyType.TEXTS and value is not None else value
        )
    return values


@contextmanager
def fresh_engine(kind: str, folder: Path, cluster: Cluster | None) -> Iterator[Engine]:
    """Open a database for a whole module of tests."""
    if cluster is None:
        file = folder / "filters.db"
        file.touch()
        engine = engines.create_engine(f"sqlite:///{file}")
    else:
        name = cluster.create(template="hotspot_template")
        engine = engines.create_engine(cluster.url(name))
    try:
        yield engine
    finally:
        engine.dispose()
        if cluster is not None:
            cluster.drop(name)
