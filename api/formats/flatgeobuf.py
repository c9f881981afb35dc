"""
Features as FlatGeobuf: made of a GeoPackage by GDAL, in a process of its own.

GDAL and what it loads would take more memory than all else in the service, and would keep it.
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from hotspot.errors import StoreUnavailable

if TYPE_CHECKING:
    from pathlib import Path

_PATIENCE_S = 300
"""How long a file may take to be made: some million features."""


def write_flatgeobuf(source: Path, target: Path, layer: str) -> None:
    """
    Make a FlatGeobuf of a GeoPackage.

    Parameters
    ----------
    source
        The GeoPackage.
    target
        The file to be made.
    layer
        Name of the layer that it holds.

    Raises
    ------
    StoreUnavailable
        If it cannot be made.
    """
    command = [sys.executable, "-m", "api.formats.flatgeobuf", str(source), str(target), layer]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=_PATIENCE_S)  # noqa: S603 - our own program
    except (subprocess.SubprocessError, OSError) as error:
        raise StoreUnavailable(f"a FlatGeobuf of {layer} cannot be made: {error}") from error


def _main(source: str, target: str, layer: str) -> None:
    """Read one file and write the other."""
    from pyogrio import raw  # noqa: PLC0415 - the service itself must not load it

    meta, _, geometry, columns = raw.read(source, layer=layer)
    # The format can only index shapes, and only where every feature has one.
    can_index = len(geometry) > 0 and all(one is not None for one in geometry)
    raw.write(
        target,
        geometry,
        columns,
        meta["fields"],
        driver="FlatGeobuf",
        layer=layer,
        crs=meta["crs"],
        geometry_type="Unknown",
        SPATIAL_INDEX="YES" if can_index else "NO",
    )


if __name__ == "__main__":
    _main(*sys.argv[1:])
