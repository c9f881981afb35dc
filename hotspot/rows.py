"""
The rows of a file of incidents on their way into the store: accepted ones, refused ones, and why.

Values only, one array per column. The contract of the incident table is written here, once.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

ABSENT_S = np.iinfo(np.int64).min
"""Stands for an absent instant in a column of seconds."""


class Reason(StrEnum):
    """Why a row was refused."""

    NO_COORDINATES = "no_coordinates"
    ZERO_COORDINATES = "zero_coordinates"
    OUTSIDE = "outside"
    UNPARSABLE_DATE = "unparsable_date"
    IMPOSSIBLE_DATE = "impossible_date"
    UNMAPPED_CODE = "unmapped_code"
    REVERSED = "reversed"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the incident table: its contract, written once."""

    name: str
    dtype: str
    unit: str
    meaning: str
    nullable: bool = False


INCIDENT_COLUMNS = (
    Column("row", "int64", "", "row in the file; the header of a table is row 1"),
    Column("key", "int64", "", "hash of what identifies the incident within its source"),
    Column("reversal_key", "int64", "", "hash of what a reversing row and the row it reverses share"),
    Column("fingerprint", "int64", "", "hash of everything the mapping reads from the row"),
    Column("xy_m", "float64", "m", "position in the municipality's plane, shape (n, 2)"),
    Column("started_s", "int64", "s", "earliest instant at which it can have begun, since 1970 in UTC"),
    Column("ended_s", "int64", "s", "latest such instant; equal to started_s where it is known"),
    Column("precision", "str", "", "minute, day or month"),
    Column("reported_s", "int64", "s", "instant of the report, since 1970 in UTC", nullable=True),
    Column("theme", "str", "", "theme of the mapping, such as drug_nuisance"),
    Column("subtheme", "str", "", "subtheme of the mapping, such as burglary_home"),
    Column("code", "str", "", "category as the source writes it"),
    Column("reporter", "str", "", "citizen, police or unknown"),
    Column("neighbourhood", "str", "", "code of the neighbourhood that the written rule assigns"),
    Column("stated_area", "str", "", "area that the source itself names", nullable=True),
)
"""Contract of accepted incidents; `AcceptedRows` has one attribute for each."""


@dataclass(frozen=True, slots=True)
class AcceptedRows:
    """
    Accepted rows of a file, column by column; `INCIDENT_COLUMNS` says what each is.

    Text columns are object arrays of `str`; an absent stated area is None and an absent report is
    `ABSENT_S`.
    """

    row: NDArray[np.int64]
    key: NDArray[np.int64]
    reversal_key: NDArray[np.int64]
    fingerprint: NDArray[np.int64]
    xy_m: NDArray[np.float64]
    started_s: NDArray[np.int64]
    ended_s: NDArray[np.int64]
    precision: NDArray[np.object_]
    reported_s: NDArray[np.int64]
    theme: NDArray[np.object_]
    subtheme: NDArray[np.object_]
    code: NDArray[np.object_]
    reporter: NDArray[np.object_]
    neighbourhood: NDArray[np.object_]
    stated_area: NDArray[np.object_]

    def __len__(self) -> int:
        return int(self.row.size)


@dataclass(frozen=True, slots=True)
class RefusedRows:
    """
    Refused rows of a file, column by column.

    `raw` holds the source's own row as a JSON object, `detail` one sentence; `code` and `stated_area` are
    None where the row has none. `reverses` marks the rows whose task is to take back
    an earlier row; the two find each other by `reversal_key`.
    """

    row: NDArray[np.int64]
    reason: NDArray[np.object_]
    detail: NDArray[np.object_]
    raw: NDArray[np.object_]
    code: NDArray[np.object_]
    stated_area: NDArray[np.object_]
    reverses: NDArray[np.bool_]
    key: NDArray[np.int64]
    reversal_key: NDArray[np.int64]

    def __len__(self) -> int:
        return int(self.row.size)


@dataclass(frozen=True, slots=True)
class Batch:
    """A run of rows of a file: every row read is either accepted or refused."""

    accepted: AcceptedRows
    refused: RefusedRows

    @property
    def rows_read(self) -> int:
        """Rows of the file in this batch."""
        return len(self.accepted) + len(self.refused)
