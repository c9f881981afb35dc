"""Where did it happen, as the source says it? Columns of numbers or a file's own points -> coordinates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotspot.crs import parse_crs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hotspot.ingest.declarations import Position
    from hotspot.ingest.tables import Rows

_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Coordinates:
    """
    Coordinates of rows in the units of the source.

    Parameters
    ----------
    xy
        x or longitude first, shape (n, 2); NaN where missing.
    missing
        Where one of the two is absent or no finite number.
    zero
        Where zeros stand for an unknown place: both are zero, or one is in a system that is no longitude and
        latitude (there, a place on the Greenwich meridian is real).
    """

    xy: NDArray[np.float64]
    missing: NDArray[np.bool_]
    zero: NDArray[np.bool_]


def coordinates(rows: Rows, position: Position) -> Coordinates:
    """
    Read the coordinates of rows.

    Parameters
    ----------
    rows
        The rows.
    position
        Where they stand.

    Returns
    -------
    Coordinates
        One pair for each row.
    """
    x, y = (numbers(rows.texts(name), decimal=position.decimal) for name in (position.x, position.y))
    xy = np.column_stack([x, y])
    missing: NDArray[np.bool_] = ~(np.isfinite(x) & np.isfinite(y))
    xy[missing] = np.nan
    combined = np.logical_and if parse_crs(position.crs).is_geographic else np.logical_or
    zero: NDArray[np.bool_] = combined(x == 0, y == 0)
    return Coordinates(xy, missing, zero)


def numbers(texts: pa.StringArray, *, decimal: str) -> NDArray[np.float64]:
    """
    Read numbers that stand as text.

    Parameters
    ----------
    texts
        Trimmed texts.
    decimal
        Decimal sign, `.` or `,`; there are no signs between thousands.

    Returns
    -------
    ndarray
        The numbers, NaN where a text is none, shape (n,).
    """
    if decimal == ",":
        texts = pc.replace_substring(texts, ",", ".")
    try:
        given = pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)
        values: NDArray[np.float64] = given.cast(pa.float64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        # One wrong text fails the fast way for all.
        values = np.array([_number(text) for text in texts.to_pylist()], np.float64)
    return values


def shortcoming(rows: Rows, position: Position, row: int) -> str:
    """
    Say in a sentence why a row has no coordinates.

    Parameters
    ----------
    rows
        The rows.
    position
        Where coordinates stand.
    row
        Position among the rows.

    Returns
    -------
    str
        The sentence.
    """
    if not position.from_columns:
        return "the row has no point as its geometry"
    texts = {name: rows.texts(name)[row].as_py() for name in (position.x, position.y)}
    empty = [repr(name) for name, text in texts.items() if not text]
    if empty:
        return f"column {' and '.join(empty)} {'is' if len(empty) == 1 else 'are'} empty"
    held = " and ".join(f"column {name!r} holds {text!r}" for name, text in texts.items())
    return f"{held}, which is no pair of numbers"


def _number(text: str) -> float:
    """Read one number; NaN if it is none."""
    return float(text) if _NUMBER.fullmatch(text) is not None else float("nan")
