"""Reads an overview back into hotspots, as the page does it: for tests."""

from __future__ import annotations

from typing import Any

import shapely

Json = dict[str, Any]  # Any: JSON.


def rows(told: Json) -> list[Json]:
    """Turn columns into one mapping for each hotspot, with words, codes and shapes in place of numbers."""
    columns = told["hotspots"]
    made = []
    for number in range(len(columns["id"])):
        row = {name: column[number] for name, column in columns.items()}
        for name, words in told["words"].items():
            row[name] = None if row[name] is None else words[row[name]]
        codes = [code for code, _ in told["areas"]]
        for name in {"neighbourhoods", "touches"} & row.keys():
            row[name] = [codes[area] for area in row[name]]
        row["neighbourhood"] = None if row["neighbourhood"] is None else codes[row["neighbourhood"]]
        row["shape"] = shape(row.pop("footprint"), told["origin_deg"], told["step_deg"])
        made.append(row)
    return made


def shape(polygons: list[list[list[int]]], origin_deg: list[float], step_deg: float) -> shapely.Geometry:
    """Turn steps into a shape in degrees."""
    return shapely.MultiPolygon(
        [
            shapely.Polygon(
                ring(rings[0], origin_deg, step_deg), [ring(one, origin_deg, step_deg) for one in rings[1:]]
            )
            for rings in polygons
        ]
    )


def ring(flat: list[int], origin_deg: list[float], step_deg: float) -> list[tuple[float, float]]:
    """Turn one ring into positions."""
    x, y = flat[:2]
    found = [(x, y)]
    for dx, dy in zip(flat[2::2], flat[3::2], strict=True):
        x, y = x + dx, y + dy
        found.append((x, y))
    return [(origin_deg[0] + step_deg * one, origin_deg[1] + step_deg * two) for one, two in found]
