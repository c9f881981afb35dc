"""
The collections that are served: what each row says, in which type and unit, and at which levels.

Columns of the store, queryables, schemas, tables and the description of the interface all follow from it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from hotspot import properties
from hotspot.model import Form, Grade, Kind, Label, Precision, Reporter


class Disclosure(StrEnum):
    """Who may see it: everybody, partners of the municipality, or those who work with the register."""

    OPEN = "open"
    PARTNER = "partner"
    INTERNAL = "internal"


class PropertyType(StrEnum):
    """What a property holds."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    INSTANT = "instant"
    TEXTS = "texts"
    GEOMETRY = "geometry"


class Reference(StrEnum):
    """Coordinate reference systems in which features can be had, by their URI."""

    CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
    PLANE = "http://www.opengis.net/def/crs/EPSG/0/28992"
    ETRS89 = "http://www.opengis.net/def/crs/EPSG/0/4258"
    ETRF2000 = "http://www.opengis.net/def/crs/EPSG/0/9067"
    WEB_MERCATOR = "http://www.opengis.net/def/crs/EPSG/0/3857"


ALL_LEVELS = frozenset(Disclosure)
"""What everybody may see."""

ABOVE_OPEN = frozenset({Disclosure.PARTNER, Disclosure.INTERNAL})
"""What partners may see."""

INTERNAL_ONLY = frozenset({Disclosure.INTERNAL})
"""What only those may see who work with the register."""


@dataclass(frozen=True, slots=True)
class Property:
    """
    One thing that each row of a collection says.

    Parameters
    ----------
    name
        Its name in GeoJSON, in tables and in filters.
    type
        What it holds.
    title
        How people read its name.
    description
        What it means, in English, for those who program.
    unit
        Its unit; absent where it has none.
    levels
        Levels at which it is told; at the others it is absent from the rows and from the description.
    one_of
        The values that it can have; empty where there is no such list.
    """

    name: str
    type: PropertyType
    title: Label
    description: str
    unit: str | None = None
    levels: frozenset[Disclosure] = ALL_LEVELS
    one_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Collection:
    """
    A set of features.

    Parameters
    ----------
    id
        Its name in addresses.
    title
        How people read it.
    description
        What it holds, for people.
    properties
        What each row says, in order.
    geometry
        Kind of its geometry as JSON schema names it: `point`, `multilinestring`, `polygon`, `multipolygon` or
        `any`.
    is_timed
        Whether its features have a time.
    levels
        Levels that have it.
    rows
        Name of the kind of row that it is made of: several collections may be views of the same rows.
    only
        Property and value that tell its rows from others of the kind; absent where it has all of them.
    starts, ends
        Properties with the first and the last instant, or day, of a feature; absent where it has no time.
    latest_only
        Whether it holds the newest week only.
    same_at_all_levels
        Whether its rows are the same for everybody; they are then stored once, as open.
    has_tiles
        Whether vector tiles are made of it.
    """

    id: str
    title: Label
    description: Label
    properties: tuple[Property, ...]
    geometry: str
    is_timed: bool
    levels: frozenset[Disclosure]
    rows: str
    only: tuple[str, str] | None = None
    starts: str | None = None
    ends: str | None = None
    latest_only: bool = False
    same_at_all_levels: bool = False
    has_tiles: bool = False

    def told(self, level: Disclosure) -> tuple[Property, ...]:
        """
        List what is told at a level.

        Parameters
        ----------
        level
            The level.

        Returns
        -------
        tuple of Property
            In order.
        """
        return tuple(one for one in self.properties if level in one.levels)


_LEVELS = {"all": ALL_LEVELS, "partner": ABOVE_OPEN, "internal": INTERNAL_ONLY}

_ONE_OF: dict[str, tuple[str, ...]] = {
    "kind": tuple(Kind),
    "grade": (Grade.CONFIRMED, Grade.LIKELY),
    "form": tuple(Form),
    "precision": tuple(Precision),
    "reporter": tuple(Reporter),
    "area_level": ("municipality", "district", "neighbourhood"),
    "trend": ("up", "down", "none"),
}
"""Values of properties that have few."""


def _properties(lines: tuple[properties.Line, ...]) -> tuple[Property, ...]:
    """Make the properties that a table lists."""
    return tuple(
        Property(
            name, PropertyType(kind), Label(nl, en), said, unit or None, _LEVELS[seen], _ONE_OF.get(name, ())
        )
        for name, kind, nl, en, said, unit, seen in lines
    )


def _areas(name: str, title: Label, said: Label, level: str) -> Collection:
    """Declare the areas of one level."""
    return Collection(
        name,
        title,
        said,
        _properties(properties.AREAS),
        geometry="multipolygon",
        is_timed=False,
        levels=ALL_LEVELS,
        rows="areas",
        only=("level", level),
        same_at_all_levels=True,
        has_tiles=True,
    )


NEIGHBOURHOODS = _areas(
    "neighbourhoods",
    Label("Buurten", "Neighbourhoods"),
    Label("Buurten van de indeling die geldt.", "Neighbourhoods of the boundaries in force."),
    "neighbourhood",
)

DISTRICTS = _areas(
    "districts",
    Label("Wijken", "Districts"),
    Label("Wijken van de indeling die geldt.", "Districts of the boundaries in force."),
    "district",
)

HOTSPOTS = Collection(
    "hotspots",
    Label("Hotspots", "Hotspots"),
    Label(
        "Hotspots van alle gepubliceerde weken; van een week geldt de nieuwste editie.",
        "Hotspots of all published weeks; of a week the newest edition holds.",
    ),
    _properties(properties.HOTSPOTS),
    geometry="any",
    is_timed=True,
    levels=ALL_LEVELS,
    rows="hotspots",
    starts="window_start",
    ends="window_end",
    has_tiles=True,
)

HOTSPOTS_LATEST = replace(
    HOTSPOTS,
    id="hotspots-latest",
    title=Label("Hotspots van de nieuwste week", "Hotspots of the newest week"),
    description=Label(
        "Hotspots van de nieuwste gepubliceerde week.", "Hotspots of the newest published week."
    ),
    latest_only=True,
)

RANKINGS = Collection(
    "rankings",
    Label("Ranglijsten", "Rankings"),
    Label(
        "De lijsten van alle weken: een rij per week, thema, gebied en rang.",
        "The lists of all weeks: one row per week, theme, area and rank.",
    ),
    _properties(properties.RANKINGS),
    geometry="any",
    is_timed=True,
    levels=ALL_LEVELS,
    rows="rankings",
    starts="window_start",
    ends="window_end",
)

INCIDENTS = Collection(
    "incidents",
    Label("Voorvallen", "Incidents"),
    Label(
        "Voorvallen van het jaar tot en met elke gepubliceerde week, zoals het register ze heeft.",
        "Incidents of the year up to each published week, as the register has them.",
    ),
    _properties(properties.INCIDENTS),
    geometry="point",
    is_timed=True,
    levels=INTERNAL_ONLY,
    rows="incidents",
    starts="started_at",
    ends="ended_at",
)

CELLS = Collection(
    "cells",
    Label("Dichtheid", "Density"),
    Label(
        "De dichtheid van voorvallen per gepubliceerde week en thema, in vierkanten.",
        "The density of incidents by published week and theme, in squares.",
    ),
    _properties(properties.CELLS),
    geometry="polygon",
    is_timed=True,
    levels=ALL_LEVELS,
    rows="cells",
    starts="window_start",
    ends="window_end",
    has_tiles=True,
)

STREETS = Collection(
    "streets",
    Label("Straten", "Streets"),
    Label(
        "Straten om de kaart op te tekenen; leeg zolang er geen zijn geladen.",
        "Streets to draw the map on; empty as long as none were loaded.",
    ),
    _properties(properties.STREETS),
    geometry="multilinestring",
    is_timed=False,
    levels=ALL_LEVELS,
    rows="streets",
    same_at_all_levels=True,
    has_tiles=True,
)

COLLECTIONS: tuple[Collection, ...] = (
    NEIGHBOURHOODS,
    DISTRICTS,
    HOTSPOTS,
    HOTSPOTS_LATEST,
    RANKINGS,
    INCIDENTS,
    CELLS,
    STREETS,
)
"""In the order in which they are listed."""


def collection(name: str) -> Collection | None:
    """
    Find a collection.

    Parameters
    ----------
    name
        Its id.

    Returns
    -------
    Collection or None
        Absent where there is none of that name.
    """
    return next((one for one in COLLECTIONS if one.id == name), None)
