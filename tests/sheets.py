"""Rows of a test as the sheet that squares are served from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotspot.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotspot.served import Row


def sheet(rows: Sequence[Row]) -> Sheet:
    """Put rows of one time, which say the same kinds of things, on a sheet."""
    first = rows[0]
    return Sheet(
        feature_ids=[row.feature_id for row in rows],
        each={name: [row.properties[name] for row in rows] for name in first.properties},
        shapes=[row.shape for row in rows],
        areas=[row.areas for row in rows],
        starts_s=first.starts_s,
        ends_s=first.ends_s,
    )
