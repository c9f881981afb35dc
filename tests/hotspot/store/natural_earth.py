"""The world of the official predicates of CQL2, brought into tables of a store."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyogrio

from hotspot.catalogue import PropertyType
from tests.hotspot.store import filtering

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

    from tests.hotspot.store.filtering import Filtered

_TYPES = {"O": PropertyType.TEXT, "i": PropertyType.INTEGER, "f": PropertyType.NUMBER}
_TOLD = {
    "date": PropertyType.DATE,
    "start": PropertyType.INSTANT,
    "end": PropertyType.INSTANT,
    "boolean": PropertyType.BOOLEAN,
}


@dataclass(frozen=True, slots=True)
class Predicate:
    """An official predicate: what it is about, and how many rows of which layer it selects."""

    requirement: str
    layer: str
    text: str
    n_rows: int


def predicates(folder: Path) -> list[Predicate]:
    listed = json.loads((folder / "predicates.json").read_text())
    return [Predicate(one["cc"], one["src"], one["p"], one["n"]) for one in listed]


def load(connection: Connection, folder: Path) -> dict[str, Filtered]:
    """Load all layers, by name."""
    file = folder / "ne110m4cql2.gpkg"
    return {layer: _load_layer(connection, file, layer) for layer, _ in pyogrio.list_layers(file)}


def _load_layer(connection: Connection, file: Path, layer: str) -> Filtered:
    frame = pyogrio.read_dataframe(file, layer=layer)
    types = {
        name: _TOLD.get(name) or _TYPES[frame[name].dtype.kind]
        for name in frame.columns
        if name != "geometry"
    }
    rows = [
        {name: _value(row[name], types.get(name)) for name in frame.columns} | {"geom": row["geometry"]}
        for row in frame.to_dict("records")
    ]
    return filtering.make(connection, layer, types, rows, geometry_name="geom")


def _value(value: Any, type_: PropertyType | None) -> object:  # noqa: ANN401 - a frame holds anything
    """Give a value as columns of its type keep it."""
    if type_ is None or value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return None
    if type_ is PropertyType.DATE:
        return pd.Timestamp(value).date().isoformat()
    if type_ is PropertyType.INSTANT:
        return int(pd.Timestamp(value).timestamp())
    return bool(value) if type_ is PropertyType.BOOLEAN else value
