"""Neighbours as PySAL's example files list them (GAL)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np

from hotspot.stats.weights import Weights

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def gal(file: Path, ids: list[str]) -> Weights:
    """Neighbours of the places in the order of their ids."""
    lines = [line.split() for line in file.read_text().splitlines()[1:] if line.strip()]
    neighbours = {head[0]: tail for head, tail in zip(lines[::2], lines[1::2], strict=True)}
    found = [sorted(ids.index(one) for one in neighbours[place]) for place in ids]
    start = np.cumsum([0, *map(len, found)])
    listed = np.array([one for part in found for one in part], np.int32)
    return Weights(start, listed, np.ones(listed.size))


def sids(folder: Path) -> tuple[Weights, NDArray[np.float64]]:
    """Counties of North Carolina and their rate of sudden infant deaths, 1974 to 1978."""
    counties = gpd.read_file(folder / "sids2.shp")
    near = gal(folder / "sids2.gal", counties["FIPSNO"].astype(int).astype(str).tolist())
    return near, counties["SIDR74"].to_numpy(float)
