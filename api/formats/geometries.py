"""Shapes as the store has them: extended well-known binary, many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def read(binaries: Sequence[object]) -> NDArray[np.object_]:
    """
    Read shapes.

    Parameters
    ----------
    binaries
        Extended well-known binary; None where there is no shape.

    Returns
    -------
    array of Geometry
        In the same order.
    """
    given = np.empty(len(binaries), dtype=np.object_)
    given[:] = [bytes(one) if isinstance(one, bytes | memoryview) else None for one in binaries]
    shapes: NDArray[np.object_] = shapely.from_wkb(given)
    return shapes


def flipped(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """
    Put the second coordinate first.

    Parameters
    ----------
    shapes
        The shapes.

    Returns
    -------
    array of Geometry
        Their mirror images.
    """
    mirrored: NDArray[np.object_] = shapely.transform(shapes, lambda xy: xy[:, ::-1])
    return mirrored
