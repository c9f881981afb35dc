"""
Tables of the store, the same on both databases.

Instants are whole seconds since 1970 in UTC (`_s`): the incident table is written from and read into
arrays of such numbers, and both databases then keep the same bytes.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    false,
)

from hotspot.model import Form, Grade, Kind, Level, State
from hotspot.notes import Status, Verdict
from hotspot.rows import Reason
from hotspot.store.columns import TEXT, geometry, metadata, one_of, spatial_index, tree

municipality = Table(
    "municipality",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("code", TEXT, nullable=False),
    Column("name", TEXT, nullable=False),
    Column("srid", Integer, nullable=False),
    Column("time_zone", TEXT, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)

boundary_sets = Table(
    "boundary_sets",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("vintage", Integer, nullable=False),
    Column("source", TEXT, nullable=False),
    Column("schematic", Boolean, nullable=False),
    Column("content_hash", TEXT, nullable=False),
)

areas = Table(
    "areas",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("boundary_set_id", ForeignKey("boundary_sets.id"), nullable=False),
    Column("level", TEXT, nullable=False),
    Column("code", TEXT, nullable=False),
    Column("name", TEXT, nullable=False),
    Column("parent_code", TEXT),
    Column("inhabitants", Integer),
    Column("geometry", geometry("MULTIPOLYGON"), nullable=False),
    Column("west_deg", Double, nullable=False),
    Column("south_deg", Double, nullable=False),
    Column("east_deg", Double, nullable=False),
    Column("north_deg", Double, nullable=False),
    Column("geometry_deg", geometry("GEOMETRY"), nullable=False),
    Column("geojson", TEXT, nullable=False),
    UniqueConstraint("boundary_set_id", "level", "code"),
    one_of("level", Level),
    spatial_index("ix_areas_geometry", "geometry"),
    spatial_index("ix_areas_geometry_deg", "geometry_deg"),
)

loads = Table(
    "loads",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("source", TEXT, nullable=False),
    Column("dataset", TEXT, nullable=False),
    Column("file_name", TEXT, nullable=False),
    Column("sha256", TEXT, nullable=False),
    Column("mapping_sha256", TEXT, nullable=False),
    Column("loaded_at_s", BigInteger, nullable=False),
    Column("rows_read", BigInteger, nullable=False),
    Column("longest_interval_s", BigInteger, nullable=False),
    UniqueConstraint("source", "dataset"),
)

kinds = Table(
    "kinds",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("theme", TEXT, nullable=False),
    Column("subtheme", TEXT, nullable=False),
    Column("code", TEXT, nullable=False),
    Column("precision", TEXT, nullable=False),
    Column("reporter", TEXT, nullable=False),
    UniqueConstraint("theme", "subtheme", "code", "precision", "reporter"),
)
"""Distinct kinds of incident; rows refer to them by number, so that all their columns have a fixed width."""

assignments = Table(
    "assignments",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("neighbourhood", TEXT, nullable=False),
    Column("stated_area", TEXT),
)
"""Distinct pairs of the neighbourhood that was assigned and the area that the row itself names."""

incident_rows = Table(
    "incident_rows",
    metadata,
    Column("load_id", Integer, nullable=False),
    Column("row", BigInteger, nullable=False),
    Column("key", BigInteger, nullable=False),
    Column("reversal_key", BigInteger, nullable=False),
    Column("fingerprint", BigInteger, nullable=False),
    Column("geometry", geometry("POINT"), nullable=False),
    Column("started_s", BigInteger, nullable=False),
    Column("ended_s", BigInteger, nullable=False),
    Column("reported_s", BigInteger),
    Column("kind_id", Integer, nullable=False),
    Column("assignment_id", Integer, nullable=False),
    Column("reason", TEXT),
    Column("detail", TEXT),
    Column("duplicate", Boolean, nullable=False, server_default=false()),
    Column("partner_load_id", Integer),
    Column("partner_row", BigInteger),
    PrimaryKeyConstraint("load_id", "row"),
    CheckConstraint(f"reason IN ('{Reason.DUPLICATE}', '{Reason.REVERSED}')", name="reason"),
    Index("ix_incident_rows_started_s", "started_s"),
    Index("ix_incident_rows_key", "key"),
    Index("ix_incident_rows_reversal_key", "reversal_key"),
    sqlite_with_rowid=False,
)
"""
Rows that their file offers as incidents.

Where `reason` is null the row stands: it is an incident. Otherwise `settlement` found that another file has
the same incident, or takes it back (`partner_load_id`, `partner_row`); it can stand again when that file is
corrected. The view `incidents` shows those that stand, in words. Foreign keys would be checked row by row
on each load and are left out: `loading` is the only writer.
"""

refused_rows = Table(
    "refused_rows",
    metadata,
    Column("load_id", Integer, nullable=False),
    Column("row", BigInteger, nullable=False),
    Column("reason", TEXT, nullable=False),
    Column("detail", TEXT, nullable=False),
    Column("raw", TEXT, nullable=False),
    Column("code", TEXT),
    Column("stated_area", TEXT),
    Column("reverses", Boolean, nullable=False),
    Column("key", BigInteger, nullable=False),
    Column("reversal_key", BigInteger, nullable=False),
    Column("partner_load_id", Integer),
    Column("partner_row", BigInteger),
    PrimaryKeyConstraint("load_id", "row"),
    one_of("reason", Reason),
    Index("ix_refused_rows_reversal_key", "reversal_key", "reverses"),
    sqlite_with_rowid=False,
)
"""Rows that were refused when their file was read, as they stood in it."""

labels = Table(
    "labels",
    metadata,
    Column("name", TEXT, primary_key=True),
    Column("nl", TEXT, nullable=False),
    Column("en", TEXT, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("week", TEXT, nullable=False),
    Column("parameters", TEXT, nullable=False),
    Column("input_hash", TEXT, nullable=False),
    Column("content_hash", TEXT, nullable=False),
    Column("detected_at_s", BigInteger, nullable=False),
    Column("detector", Integer, nullable=False),
    Index("ix_runs_week", "week"),
)

detections = Table(
    "detections",
    metadata,
    Column("run_id", ForeignKey("runs.id"), nullable=False),
    Column("theme", TEXT, nullable=False),
    Column("position", Integer, nullable=False),
    Column("state", TEXT, nullable=False),
    Column("reason_nl", TEXT),
    Column("reason_en", TEXT),
    Column("window_incidents", Integer, nullable=False),
    Column("baseline_incidents", Integer, nullable=False),
    Column("window_weeks", Integer, nullable=False),
    Column("baseline_weeks", Integer, nullable=False),
    Column("candidates", Integer, nullable=False),
    PrimaryKeyConstraint("run_id", "theme"),
    one_of("state", State),
)

hotspots = Table(
    "hotspots",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("run_id", Integer, nullable=False),
    Column("theme", TEXT, nullable=False),
    Column("position", Integer, nullable=False),
    Column("hotspot_id", TEXT, nullable=False),
    Column("geometry", geometry("POLYGON"), nullable=False),
    Column("centroid_x_m", Double, nullable=False),
    Column("centroid_y_m", Double, nullable=False),
    Column("observed", Integer, nullable=False),
    Column("expected", Double, nullable=False),
    Column("baseline", Integer, nullable=False),
    Column("relative_risk", Double, nullable=False),
    Column("log_likelihood_ratio", Double, nullable=False),
    Column("p_value", Double, nullable=False),
    Column("recurrence_weeks", Double, nullable=False),
    Column("places", Integer, nullable=False),
    Column("largest_pile_up", Integer, nullable=False),
    Column("window_weeks", Integer, nullable=False),
    Column("neighbourhoods", TEXT, nullable=False),
    Column("subthemes", TEXT, nullable=False),
    Column("members", TEXT, nullable=False),
    Column("kind", TEXT, nullable=False),
    Column("grade", TEXT, nullable=False),
    Column("form", TEXT, nullable=False),
    Column("pile_up", Boolean, nullable=False),
    Column("q_value", Double, nullable=False),
    UniqueConstraint("run_id", "theme", "position"),
    UniqueConstraint("run_id", "hotspot_id"),
    ForeignKeyConstraint(["run_id", "theme"], ["detections.run_id", "detections.theme"]),
    one_of("kind", Kind),
    one_of("grade", Grade),
    one_of("form", Form),
    spatial_index("ix_hotspots_geometry", "geometry"),
)

publications = Table(
    "publications",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("week", TEXT, nullable=False),
    Column("number", Integer, nullable=False),
    Column("content_hash", TEXT, nullable=False),
    Column("published_at_s", BigInteger, nullable=False),
    Column("summary", TEXT, nullable=False),
    UniqueConstraint("week", "number"),
)

published_hotspots = Table(
    "published_hotspots",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("publication_id", ForeignKey("publications.id"), nullable=False),
    Column("hotspot_id", TEXT, nullable=False),
    Column("theme", TEXT, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("west_deg", Double, nullable=False),
    Column("south_deg", Double, nullable=False),
    Column("east_deg", Double, nullable=False),
    Column("north_deg", Double, nullable=False),
    Column("geometry_deg", geometry("GEOMETRY"), nullable=False),
    Column("geojson", TEXT, nullable=False),
    Column("kind", TEXT, nullable=False),
    Column("grade", TEXT, nullable=False),
    UniqueConstraint("publication_id", "theme", "rank"),
    UniqueConstraint("publication_id", "hotspot_id"),
    one_of("kind", Kind),
    one_of("grade", Grade),
    Index("ix_published_hotspots_hotspot_id", "hotspot_id"),
    spatial_index("ix_published_hotspots_geometry_deg", "geometry_deg"),
)

published_areas = Table(
    "published_areas",
    metadata,
    Column("published_hotspot_id", ForeignKey("published_hotspots.id"), nullable=False),
    Column("area_code", TEXT, nullable=False),
    PrimaryKeyConstraint("published_hotspot_id", "area_code"),
    Index("ix_published_areas_area_code", "area_code"),
)

rankings = Table(
    "rankings",
    metadata,
    Column("publication_id", ForeignKey("publications.id"), nullable=False),
    Column("theme", TEXT, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("score", Double, nullable=False),
    Column("previous_rank", Integer),
    Column("hotspot_row_id", ForeignKey("hotspots.id"), nullable=False),
    Column("followed_id", TEXT),
    Column("rank_lower", Integer),
    Column("rank_upper", Integer),
    PrimaryKeyConstraint("publication_id", "theme", "rank"),
    Index("ix_rankings_hotspot_row_id", "hotspot_row_id"),
)

notes = Table(
    "notes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("hotspot_id", TEXT, nullable=False),
    Column("author", TEXT, nullable=False),
    Column("written_at_s", BigInteger, nullable=False),
    Column("verdict", TEXT),
    Column("text", TEXT, nullable=False),
    Column("what", TEXT),
    Column("who", TEXT),
    Column("due", TEXT),
    Column("status", TEXT),
    one_of("verdict", Verdict),
    one_of("status", Status),
    Index("ix_notes_hotspot_id", "hotspot_id"),
)
"""What professionals wrote; rows are only added. No count depends on it."""

disclosed_publications = Table(
    "disclosed_publications",
    metadata,
    Column("publication_id", ForeignKey("publications.id"), nullable=False),
    Column("level", TEXT, nullable=False),
    Column("content_hash", TEXT, nullable=False),
    Column("summary", TEXT, nullable=False),
    PrimaryKeyConstraint("publication_id", "level"),
)
"""What each level below the internal one may see of an edition, beside its rows."""

disclosed_hotspots = Table(
    "disclosed_hotspots",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("publication_id", ForeignKey("publications.id"), nullable=False),
    Column("level", TEXT, nullable=False),
    Column("hotspot_id", TEXT, nullable=False),
    Column("theme", TEXT, nullable=False),
    Column("kind", TEXT, nullable=False),
    Column("grade", TEXT, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("areas", TEXT, nullable=False),
    Column("geojson", TEXT, nullable=False),
    UniqueConstraint("publication_id", "level", "hotspot_id"),
    Index("ix_disclosed_hotspots_hotspot_id", "hotspot_id"),
)
"""The hotspots that such a level may see, as it may see them; `areas` holds codes between bars."""

published_overviews = Table(
    "published_overviews",
    metadata,
    Column(
        "published_hotspot_id", ForeignKey("published_hotspots.id"), primary_key=True, autoincrement=False
    ),
    Column("told", TEXT, nullable=False),
)
"""What lists and maps need of each published hotspot, written with it; earlier editions have none."""

disclosed_overviews = Table(
    "disclosed_overviews",
    metadata,
    Column(
        "disclosed_hotspot_id", ForeignKey("disclosed_hotspots.id"), primary_key=True, autoincrement=False
    ),
    Column("told", TEXT, nullable=False),
)
"""The same of each disclosed one, as its level sees it."""

area_figures = Table(
    "area_figures",
    metadata,
    Column("publication_id", ForeignKey("publications.id"), nullable=False),
    Column("theme", TEXT, nullable=False),
    Column("area_code", TEXT, nullable=False),
    Column("observed", Integer, nullable=False),
    Column("expected", Double),
    Column("ratio", Double),
    Column("ratio_lower", Double),
    Column("ratio_upper", Double),
    PrimaryKeyConstraint("publication_id", "theme", "area_code"),
)
"""What each area had of each theme in the week of an edition, and what was expected; internal level alone."""

secrets = Table(
    "secrets",
    metadata,
    Column("name", TEXT, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
"""What names are made with that must not be found back; no answer and no product ever holds it."""


api_keys = Table(
    "api_keys",
    metadata,
    Column("id", TEXT, primary_key=True),
    Column("name", TEXT, nullable=False),
    Column("role", TEXT, nullable=False),
    Column("areas", TEXT),
    Column("scopes", TEXT, nullable=False),
    Column("salt", TEXT, nullable=False),
    Column("digest", TEXT, nullable=False),
    Column("made_at_s", BigInteger, nullable=False),
    Column("expires_at_s", BigInteger, nullable=False),
    Column("revoked_at_s", BigInteger),
)
"""API keys, of which only a salted hash is kept; `areas` and `scopes` hold words between blanks."""

audit_entries = Table(
    "audit_entries",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("request", TEXT, nullable=False),
    Column("act", TEXT, nullable=False),
    Column("who", TEXT, nullable=False),
    Column("key", TEXT, nullable=False),
    Column("role", TEXT, nullable=False),
    Column("level", TEXT, nullable=False),
    Column("areas", TEXT),
    Column("purpose", TEXT, nullable=False),
    Column("method", TEXT, nullable=False),
    Column("path", TEXT, nullable=False),
    Column("query", TEXT, nullable=False),
    Column("status", Integer, nullable=False),
    Column("records", BigInteger),
    Column("previous_hash", TEXT, nullable=False),
    Column("hash", TEXT, nullable=False),
    Index("ix_audit_entries_at_ms", "at_ms"),
)
"""Who saw what and why, in a chain; triggers refuse every change (`hotspot.audit` tells what is sealed)."""


areas_tree = tree(areas)
published_hotspots_tree = tree(published_hotspots)
