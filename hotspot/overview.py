"""
What a list and a map need of each hotspot of a week, in columns: small enough to be sent as a whole.

Question: how does a page get two thousand hotspots with their outlines in one answer that is quickly read?
Numbers stand in columns, words are numbers of a list that is told beside, and outlines are whole steps of a
grid: the first point of a ring, then the steps to each next one.

A row is made of one published feature as a level sees it, and holds nothing that the feature does not tell
that level: what the feature leaves out, the row leaves out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any  # What is published is JSON, of which parts are read.

from hotspot.editions import told
from hotspot.geojson import canonical_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from hotspot.geojson import Json

STEP_DEG = 1e-5
"""Degrees of a step: 1.1 m from south to north, 0.7 m from west to east in the Netherlands."""

TOLD_SHIFT_M = 20.0
"""Metres from which a shift of the centre is told: below, it is the width of a street."""

_PER_DEG = 100_000
"""Steps of a degree: to multiply by it is exact where to divide by the step is not."""

WORDS = ("theme", "kind", "grade", "form", "event", "lifecycle")
"""Columns of words: their values are numbers in a list of words, and null where nothing is told."""

_RISKS = ("expected", "relative_risk", "relative_risk_lower", "relative_risk_upper")
"""Numbers of which three digits say all that a list shows."""

_PLAIN = (
    *("id", "theme", "kind", "grade", "rank", "previous_rank", "rank_lower", "rank_upper", "tie"),
    *("observed", "form", "event", "lifecycle", "weeks_listed", "too_little_data", "pile_up", "caveats"),
    *("window_start", "window_end"),
)
"""What a row tells as its feature does."""


def row(feature: Mapping[str, Any], areas: Sequence[str], *, exact: bool) -> dict[str, Json]:
    """
    Tell of a published hotspot what a list and a map need.

    Parameters
    ----------
    feature
        The feature as a level sees it.
    areas
        Codes of the neighbourhoods and districts that it touches.
    exact
        Whether it is of the internal level: what an early edition leaves unsaid is completed there.

    Returns
    -------
    dict
        Members that the feature does not tell are left out; `footprint` as in `steps`, `touches` the codes,
        `neighbourhoods` pairs of code and name with the largest share first.
    """
    said = told(feature) if exact else feature["properties"]
    made: dict[str, Json] = {name: said[name] for name in _PLAIN if name in said}
    for name in _RISKS:
        if name in said:
            made[name] = None if said[name] is None else float(f"{said[name]:.3g}")
    if "neighbourhoods" in said:
        made["neighbourhoods"] = [[one["code"], one["name"]] for one in said["neighbourhoods"]]
    if said.get("neighbourhood") is not None:
        made["neighbourhood"] = [said["neighbourhood"], said.get("neighbourhood_name")]
    made["touches"] = sorted(set(areas))
    if "hot_times" in said:
        made["peak"] = _peak(said["hot_times"])
    before = (said.get("changes") or [None])[0]
    if before is not None:
        made["previous_observed"] = before["observed"]
    if "event" in said:
        made["changed"] = is_changed(said)
    if "centroid" in said:
        made["centroid"] = [round(one * _PER_DEG) for one in said["centroid"]]
    made["footprint"] = steps(feature["geometry"])
    return made


def is_changed(said: Mapping[str, Any]) -> bool:
    """
    Tell whether anything is different from last week's list that a reader would act on.

    Parameters
    ----------
    said
        Properties of a hotspot that tell at least its `event`.

    Returns
    -------
    bool
        Whether it is new or back, has come from a split or a merger, has another rank, another count, or a
        centre at least 20 m from last week's; of what a level is not told, nothing.

    Examples
    --------
    >>> is_changed({"event": "new", "rank": 1})
    True
    >>> is_changed({"event": "continued", "rank": 2, "previous_rank": 2, "observed": 5})
    False
    """
    if said["event"] != "continued":
        return True
    if "previous_rank" in said and said["previous_rank"] != said["rank"]:
        return True
    before = (said.get("changes") or [None])[0]
    if before is None:
        return False
    shift_m = before.get("shift_m") or 0.0
    return bool(
        before["rank"] != said["rank"] or before["observed"] != said["observed"] or shift_m >= TOLD_SHIFT_M
    )


def steps(geometry: Mapping[str, Any]) -> list[Json]:
    """
    Write an outline as whole steps of the grid.

    Parameters
    ----------
    geometry
        A GeoJSON `Polygon` or `MultiPolygon` in degrees.

    Returns
    -------
    list
        Its polygons, each a list of rings, outer one first. Of a ring x and y of the first point in steps,
        and as a text the steps to each next point, which nobody has to read before they are sent. The first
        point is not repeated at the end, and points that fall together are one.

    Examples
    --------
    >>> steps({"type": "Polygon", "coordinates": [[[5, 50], [5.00002, 50], [5, 50.00001], [5, 50]]]})
    [[[500000, 5000000, ',2,0,-2,1']]]
    """
    polygons = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    return [[_ring(ring) for ring in polygon] for polygon in polygons]


def _ring(ring: Sequence[Sequence[float]]) -> list[Json]:
    """Write one ring."""
    first_x, first_y = x, y = round(ring[0][0] * _PER_DEG), round(ring[0][1] * _PER_DEG)
    moves: list[str] = []
    # The last point is the first one again.
    for position in ring[1:-1]:
        to_x, to_y = round(position[0] * _PER_DEG), round(position[1] * _PER_DEG)
        if to_x != x or to_y != y:
            moves.append(f",{to_x - x},{to_y - y}")
            x, y = to_x, to_y
    return [first_x, first_y, "".join(moves)]


def _peak(times: Mapping[str, Any]) -> Json:
    """Tell the first hour, the number of hours and the weekdays, where there is a pattern."""
    peak = times.get("peak")
    if not times.get("is_pattern") or peak is None:
        return None
    return [peak["start_hour"], peak["hours"], peak["weekdays"]]


def written(rows: Sequence[Mapping[str, Any]], *, themes: Iterable[str], names: Mapping[str, str]) -> str:
    """
    Put rows together as columns.

    Parameters
    ----------
    rows
        What `row` made, in the order of the list.
    themes
        Names of themes in the order in which they are told beside.
    names
        Names of areas by their codes, for areas that a row names by its code alone.

    Returns
    -------
    str
        A JSON object with `step_deg`, `origin_deg`, `words`, `areas` and `hotspots`.
    """
    words: dict[str, dict[str, int]] = {name: {} for name in WORDS}
    book = _Book(words, {}, names, _origin(rows))
    for theme in themes:
        book.word("theme", theme)
    table: dict[str, Json] = {
        name: [None if (value := one.get(name)) is None else _READ[name](book, value) for one in rows]
        if name in _READ
        else [one.get(name) for one in rows]
        for name in COLUMNS
        if name in ALWAYS or any(name in one for one in rows)
    }
    for name in WORDS:
        if name in table:
            said = [one.get(name) for one in rows]
            table[name] = [None if word is None else book.word(name, word) for word in said]
    head: dict[str, Json] = {
        "step_deg": STEP_DEG,
        "origin_deg": [one / _PER_DEG for one in book.origin],
        "words": {name: list(known) for name, known in book.words.items() if name in table},
        "areas": [[code, name] for code, (_, name) in book.areas.items()],
        "hotspots": table,
    }
    outlines = ",".join(_outline(one["footprint"], book.origin) for one in rows)
    return f'{canonical_json(head)[:-2]},"footprint":[{outlines}]}}}}'


COLUMNS = (
    *_PLAIN,
    *_RISKS,
    *("previous_observed", "neighbourhood", "neighbourhoods", "touches", "peak", "changed", "centroid"),
)
"""All columns but the outlines, which stand after them."""

ALWAYS = frozenset({"id", "theme", "kind", "grade", "rank", "neighbourhood", "touches"})
"""Columns that are there without any row as well: every level is told them."""


@dataclass(frozen=True, slots=True)
class _Book:
    """Numbers of words and of areas, and where steps are counted from."""

    words: dict[str, dict[str, int]]
    areas: dict[str, tuple[int, str | None]]
    names: Mapping[str, str]
    origin: tuple[int, int]

    def word(self, column: str, word: str) -> int:
        """Give the number of a word, a new one where it has none."""
        known = self.words[column]
        return known.setdefault(word, len(known))

    def area(self, code: str, name: str | None) -> int:
        """Give the number of an area, a new one where it has none."""
        return self.areas.setdefault(code, (len(self.areas), name))[0]

    def named(self, pair: Sequence[str]) -> int:
        """Give the number of an area of which the name is known."""
        return self.area(*pair)

    def all_named(self, pairs: Iterable[Sequence[str]]) -> list[int]:
        """Give the numbers of such areas."""
        return [self.area(*pair) for pair in pairs]

    def touched(self, codes: Iterable[str]) -> list[int]:
        """Give the numbers of areas of which the name is looked up."""
        return [self.area(code, self.names.get(code)) for code in codes]

    def moved(self, point: Sequence[int]) -> list[int]:
        """Tell a point from the origin."""
        return [point[0] - self.origin[0], point[1] - self.origin[1]]


_READ: Mapping[str, Callable[[_Book, Any], Json]] = {
    "neighbourhood": _Book.named,
    "neighbourhoods": _Book.all_named,
    "touches": _Book.touched,
    "centroid": _Book.moved,
}
"""How columns are written that are not told as they stand in a row."""


def _origin(rows: Sequence[Mapping[str, Any]]) -> tuple[int, int]:
    """Find the south-western corner of the first points, so that numbers are short."""
    firsts = [ring for one in rows for polygon in one["footprint"] for ring in polygon]
    return min((one[0] for one in firsts), default=0), min((one[1] for one in firsts), default=0)


def _outline(polygons: Sequence[Sequence[Sequence[Any]]], origin: tuple[int, int]) -> str:
    """Write the outline of one hotspot from the origin."""
    west, south = origin
    told_polygons = (
        ",".join(f"[{x - west},{y - south}{moves}]" for x, y, moves in polygon) for polygon in polygons
    )
    return f"[{','.join(f'[{rings}]' for rings in told_polygons)}]"
