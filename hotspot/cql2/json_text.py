"""JSON from strangers: what it may hold, and how it is read."""

from __future__ import annotations

import json
from typing import NoReturn

from hotspot.errors import InvalidInput

Json = str | int | float | bool | list["Json"] | dict[str, "Json"] | None
"""What JSON can hold."""


def read_json(text: str) -> Json:
    """
    Read JSON, without the numbers that JSON does not have.

    Parameters
    ----------
    text
        The JSON.

    Returns
    -------
    object
        What it holds.

    Raises
    ------
    InvalidInput
        If it is no JSON, or nested deeper than can be read.
    """
    try:
        read: Json = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        where = f" at character {error.pos + 1}" if isinstance(error, json.JSONDecodeError) else ""
        raise InvalidInput(f"the filter is not JSON{where}") from error
    return read


def _refuse(name: str) -> NoReturn:
    """Refuse `NaN` and `Infinity`, which Python's reader would take."""
    raise ValueError(name)
