"""
Real registers, read as plainly as possible, for forecasts that are judged by what came.

Each gives incidents in metres and whole weeks; what has no place, no date or a date outside the register's
own time is left out. Nothing else is repaired.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hotspot.crs import transform

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

FOOT_M = 0.3048
ST_LOUIS_THEMES = {3: "robbery", 4: "assault", 5: "burglary", 6: "theft", 18: "drugs", 24: "disorderly"}
"""First digits of the code of crime (UCR)."""
CHICAGO_THEMES = ("THEFT", "BATTERY", "CRIMINAL DAMAGE", "NARCOTICS")
"""The largest of the sample that have places of their own."""
_NOWHERE_FT = 1.0
"""Coordinates below this stand for none."""
_FAR_M = 40_000.0
"""From the middle of the incidents; a coordinate beyond is a mistake, as none of the cities is so large."""


@dataclass(frozen=True, slots=True)
class Register:
    """
    Incidents of one city.

    Parameters
    ----------
    city
        Its name.
    xy_m
        Where, in metres, shape (n, 2).
    week
        Whole weeks from the first full one, shape (n,).
    theme
        What, shape (n,).
    weeks
        Number of weeks that it covers.
    """

    city: str
    xy_m: NDArray[np.float64]
    week: NDArray[np.int64]
    theme: NDArray[np.object_]
    weeks: int


def st_louis(folder: Path) -> Register:
    """
    Read the police files of St. Louis, 2010.

    Parameters
    ----------
    folder
        Folder of the shared data.

    Returns
    -------
    Register
        All crimes by the date on which they happened; rows that reverse an earlier one are left out.
    """
    files = sorted((folder / "st_louis_2010").glob("*2010.csv"))
    rows = pd.concat(
        [
            pd.read_csv(file, dtype=str, usecols=["Crime", "XCoord", "YCoord", "DateOccured", "Count"])
            for file in files
        ]
    )
    code = (pd.to_numeric(rows["Crime"], errors="coerce") // 10_000).fillna(0).astype(int)
    feet = rows[["XCoord", "YCoord"]].apply(pd.to_numeric, errors="coerce").to_numpy(float)
    day = pd.to_datetime(rows["DateOccured"], format="%m/%d/%Y %H:%M", errors="coerce")
    kept = ((rows["Count"].str.strip() != "-1") & day.notna()).to_numpy() & (feet > _NOWHERE_FT).all(axis=1)
    return _register(
        "St. Louis",
        transform(feet[kept], source="ESRI:102696", target="EPSG:26915"),
        day[kept],
        code[kept].map(ST_LOUIS_THEMES).fillna("other").to_numpy(object),
        ("2010-01-04", "2010-12-26"),
    )


def chicago_burglaries(folder: Path) -> Register:
    """
    Read the burglaries of Chicago, 2016.

    Parameters
    ----------
    folder
        Folder of the shared data.

    Returns
    -------
    Register
        Metres as they come.
    """
    rows = pd.read_csv(folder / "chicago" / "burglaries_2016.csv.gz")
    day = pd.to_datetime(rows["date"], format="%Y-%m-%d")
    theme = np.full(len(rows), "burglary", object)
    return _register(
        "Chicago 2016", rows[["X", "Y"]].to_numpy(float), day, theme, ("2016-01-04", "2016-12-25")
    )


def chicago_sample(folder: Path) -> Register:
    """
    Read the sample of the crimes of Chicago, January 2017 to September 2019.

    Parameters
    ----------
    folder
        Folder of the shared data.

    Returns
    -------
    Register
        About 160 crimes a week.
    """
    rows = pd.read_csv(folder / "chicago" / "crimes_2017_2019.csv.gz")
    rows = rows[rows[["longitude", "latitude"]].notna().all(axis=1)]
    day = pd.to_datetime(rows["date"], format="%m/%d/%Y %H:%M")
    xy_m = transform(rows[["longitude", "latitude"]].to_numpy(float), source="OGC:CRS84", target="EPSG:26916")
    theme = rows["primary_type"].str.lower().to_numpy(object)
    return _register("Chicago 2017-2019", xy_m, day, theme, ("2017-01-02", "2019-09-29"))


def portland(folder: Path) -> Register:
    """
    Read the burglaries and car thefts of Portland, as given to the contestants of the NIJ challenge.

    Parameters
    ----------
    folder
        Folder of the shared data.

    Returns
    -------
    Register
        Five years up to the day before the first day to be foretold, so that the last week ends on it.
    """
    parts = []
    for name in ("burglary", "theft_of_auto"):
        rows = pd.read_csv(folder / "portland_nij" / f"{name}_to_2017-02-28.csv.gz")
        parts.append(rows.assign(theme=name.replace("_", " ")))
    rows = pd.concat(parts)
    feet = rows[["x_coordina", "y_coordina"]].to_numpy(float)
    day = pd.to_datetime(rows["occ_date"], format="%Y-%m-%d")
    # 260 weeks before 1 March 2017.
    return _register(
        "Portland", feet * FOOT_M, day, rows["theme"].to_numpy(object), ("2012-03-07", "2017-02-28")
    )


READERS: dict[str, Callable[[Path], Register]] = {
    "st_louis_2010": st_louis,
    "chicago/burglaries_2016.csv.gz": chicago_burglaries,
    "chicago/crimes_2017_2019.csv.gz": chicago_sample,
    "portland_nij": portland,
}
"""By what must be there."""


def _register(
    city: str,
    xy_m: NDArray[np.float64],
    day: pd.Series,
    theme: NDArray[np.object_],
    days: tuple[str, str],
) -> Register:
    """Keep the days of the register, both included, and places near; number the weeks from the first."""
    first, last = (pd.Timestamp(one) for one in days)
    # Days without a date fall before the first.
    number = ((day - first) // pd.Timedelta(days=1)).fillna(-1).to_numpy().astype(np.int64)
    length = int((last - first) // pd.Timedelta(days=1)) + 1
    kept = (number >= 0) & (number < length)
    kept &= (np.abs(xy_m - np.nanmedian(xy_m, axis=0)) < _FAR_M).all(axis=1)
    return Register(city, xy_m[kept], number[kept] // 7, theme[kept], length // 7)
