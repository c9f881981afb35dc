"""The formats of answers: their names in addresses, their media types, and what people call them."""

from __future__ import annotations

from dataclasses import dataclass

from hotspot.model import Label


# There is but one of each, which is known by itself: choosing one looks it up at every request.
@dataclass(frozen=True, slots=True, eq=False)
class Format:
    """
    A format in which an answer can be had.

    Parameters
    ----------
    name
        Its name as the value of `f`.
    media_type
        Its media type as links tell it.
    title
        What people call it.
    also
        Further media types under which it may be asked for.
    suffix
        Ending of a file's name; a format that has one is a file: it holds the whole selection unless a
        limit is given.
    has_charset
        Whether its media type is sent with a charset.
    """

    name: str
    media_type: str
    title: Label
    also: tuple[str, ...] = ()
    suffix: str | None = None
    has_charset: bool = False

    @property
    def content_type(self) -> str:
        """The media type as it is sent."""
        return f"{self.media_type}; charset=utf-8" if self.has_charset else self.media_type


JSON = Format("json", "application/json", Label("JSON", "JSON"))
SCHEMA = Format(
    "json", "application/schema+json", Label("JSON-schema", "JSON Schema"), also=("application/json",)
)
HTML = Format(
    "html", "text/html", Label("webpagina", "web page"), also=("application/xhtml+xml",), has_charset=True
)
GEOJSON = Format("json", "application/geo+json", Label("GeoJSON", "GeoJSON"), also=("application/json",))
JSON_FG = Format(
    "jsonfg",
    "application/geo+json",
    Label("JSON-FG", "JSON-FG"),
    # Names of the drafts, which older clients still ask for.
    also=("application/vnd.ogc.fg+json", "application/fg+json"),
)
GEOJSON_FILE = Format(
    "geojson", "application/geo+json", Label("GeoJSON-bestand", "GeoJSON file"), suffix="geojson"
)
GEOJSON_LINES = Format(
    "geojsonseq",
    "application/geo+json-seq",
    Label("GeoJSON-tekstreeks", "GeoJSON text sequence"),
    suffix="geojsons",
)
CSV = Format("csv", "text/csv", Label("tabel (CSV)", "table (CSV)"), suffix="csv", has_charset=True)
FLATGEOBUF = Format(
    "fgb",
    "application/vnd.flatgeobuf",
    Label("FlatGeobuf", "FlatGeobuf"),
    also=("application/flatgeobuf",),
    suffix="fgb",
)
GEOPACKAGE = Format(
    "gpkg", "application/geopackage+sqlite3", Label("GeoPackage", "GeoPackage"), suffix="gpkg"
)

RESOURCE = (JSON, HTML)
"""Formats of what is about the service."""

DESCRIPTION = (SCHEMA, HTML)
"""Formats of queryables, schema and sortables."""

FEATURES = (GEOJSON, HTML, JSON_FG, CSV, GEOJSON_FILE, GEOJSON_LINES, FLATGEOBUF, GEOPACKAGE)
"""Formats of many features; where several have one media type, the first of them is sent."""

FEATURE = (GEOJSON, HTML, JSON_FG)
"""Formats of one feature."""
