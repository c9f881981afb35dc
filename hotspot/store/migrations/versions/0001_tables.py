"""The tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Ordered by code points on both databases.
_TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def _geometry(kind: str) -> Geometry:
    return Geometry(kind, srid=-1, spatial_index=False, from_text="ST_GeomFromEWKB", nullable=False)


def _spatial_index(table: str, column: str) -> None:
    if op.get_context().dialect.name == "postgresql":
        op.create_index(f"ix_{table}_{column}", table, [column], postgresql_using="gist")


def upgrade() -> None:
    op.create_table(
        "assignments",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("neighbourhood", _TEXT, nullable=False),
        sa.Column("stated_area", _TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_assignments"),
    )
    op.create_table(
        "boundary_sets",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("vintage", sa.Integer(), nullable=False),
        sa.Column("source", _TEXT, nullable=False),
        sa.Column("schematic", sa.Boolean(), nullable=False),
        sa.Column("content_hash", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_boundary_sets"),
    )
    op.create_table(
        "incident_rows",
        sa.Column("load_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("reversal_key", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint", sa.BigInteger(), nullable=False),
        sa.Column("geometry", _geometry("POINT"), nullable=False),
        sa.Column("started_s", sa.BigInteger(), nullable=False),
        sa.Column("ended_s", sa.BigInteger(), nullable=False),
        sa.Column("reported_s", sa.BigInteger(), nullable=True),
        sa.Column("kind_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("reason", _TEXT, nullable=True),
        sa.Column("detail", _TEXT, nullable=True),
        sa.Column("duplicate", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("partner_load_id", sa.Integer(), nullable=True),
        sa.Column("partner_row", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("reason IN ('duplicate', 'reversed')", name="ck_incident_rows_reason"),
        sa.PrimaryKeyConstraint("load_id", "row", name="pk_incident_rows"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_incident_rows_key", "incident_rows", ["key"])
    op.create_index("ix_incident_rows_reversal_key", "incident_rows", ["reversal_key"])
    op.create_index("ix_incident_rows_started_s", "incident_rows", ["started_s"])
    op.create_table(
        "kinds",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("theme", _TEXT, nullable=False),
        sa.Column("subtheme", _TEXT, nullable=False),
        sa.Column("code", _TEXT, nullable=False),
        sa.Column("precision", _TEXT, nullable=False),
        sa.Column("reporter", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_kinds"),
        sa.UniqueConstraint(
            "theme",
            "subtheme",
            "code",
            "precision",
            "reporter",
            name="uq_kinds_theme_subtheme_code_precision_reporter",
        ),
    )
    op.create_table(
        "labels",
        sa.Column("name", _TEXT, nullable=False),
        sa.Column("nl", _TEXT, nullable=False),
        sa.Column("en", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_labels"),
    )
    op.create_table(
        "loads",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", _TEXT, nullable=False),
        sa.Column("dataset", _TEXT, nullable=False),
        sa.Column("file_name", _TEXT, nullable=False),
        sa.Column("sha256", _TEXT, nullable=False),
        sa.Column("mapping_sha256", _TEXT, nullable=False),
        sa.Column("loaded_at_s", sa.BigInteger(), nullable=False),
        sa.Column("rows_read", sa.BigInteger(), nullable=False),
        sa.Column("longest_interval_s", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_loads"),
        sa.UniqueConstraint("source", "dataset", name="uq_loads_source_dataset"),
    )
    op.create_table(
        "municipality",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", _TEXT, nullable=False),
        sa.Column("name", _TEXT, nullable=False),
        sa.Column("srid", sa.Integer(), nullable=False),
        sa.Column("time_zone", _TEXT, nullable=False),
        sa.CheckConstraint("id = 1", name="ck_municipality_one_row"),
        sa.PrimaryKeyConstraint("id", name="pk_municipality"),
    )
    op.create_table(
        "publications",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("week", _TEXT, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content_hash", _TEXT, nullable=False),
        sa.Column("published_at_s", sa.BigInteger(), nullable=False),
        sa.Column("summary", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_publications"),
        sa.UniqueConstraint("week", "number", name="uq_publications_week_number"),
    )
    op.create_table(
        "refused_rows",
        sa.Column("load_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("reason", _TEXT, nullable=False),
        sa.Column("detail", _TEXT, nullable=False),
        sa.Column("raw", _TEXT, nullable=False),
        sa.Column("code", _TEXT, nullable=True),
        sa.Column("stated_area", _TEXT, nullable=True),
        sa.Column("reverses", sa.Boolean(), nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("reversal_key", sa.BigInteger(), nullable=False),
        sa.Column("partner_load_id", sa.Integer(), nullable=True),
        sa.Column("partner_row", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "reason IN ('no_coordinates', 'zero_coordinates', 'outside', 'unparsable_date', "
            "'impossible_date', 'unmapped_code', 'reversed', 'duplicate')",
            name="ck_refused_rows_reason",
        ),
        sa.PrimaryKeyConstraint("load_id", "row", name="pk_refused_rows"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_refused_rows_reversal_key", "refused_rows", ["reversal_key", "reverses"])
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("week", _TEXT, nullable=False),
        sa.Column("parameters", _TEXT, nullable=False),
        sa.Column("input_hash", _TEXT, nullable=False),
        sa.Column("content_hash", _TEXT, nullable=False),
        sa.Column("detected_at_s", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )
    op.create_index("ix_runs_week", "runs", ["week"])
    op.create_table(
        "areas",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("boundary_set_id", sa.Integer(), nullable=False),
        sa.Column("level", _TEXT, nullable=False),
        sa.Column("code", _TEXT, nullable=False),
        sa.Column("name", _TEXT, nullable=False),
        sa.Column("parent_code", _TEXT, nullable=True),
        sa.Column("inhabitants", sa.Integer(), nullable=True),
        sa.Column("geometry", _geometry("MULTIPOLYGON"), nullable=False),
        sa.Column("west_deg", sa.Double(), nullable=False),
        sa.Column("south_deg", sa.Double(), nullable=False),
        sa.Column("east_deg", sa.Double(), nullable=False),
        sa.Column("north_deg", sa.Double(), nullable=False),
        sa.Column(
            "geometry_deg",
            _geometry("GEOMETRY"),
            nullable=False,
        ),
        sa.Column("geojson", _TEXT, nullable=False),
        sa.CheckConstraint("level IN ('neighbourhood', 'district', 'municipality')", name="ck_areas_level"),
        sa.ForeignKeyConstraint(["boundary_set_id"], ["boundary_sets.id"], name="fk_areas_boundary_set_id"),
        sa.PrimaryKeyConstraint("id", name="pk_areas"),
        sa.UniqueConstraint("boundary_set_id", "level", "code", name="uq_areas_boundary_set_id_level_code"),
    )
    _spatial_index("areas", "geometry")
    _spatial_index("areas", "geometry_deg")
    op.create_table(
        "detections",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("theme", _TEXT, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", _TEXT, nullable=False),
        sa.Column("reason_nl", _TEXT, nullable=True),
        sa.Column("reason_en", _TEXT, nullable=True),
        sa.Column("window_incidents", sa.Integer(), nullable=False),
        sa.Column("baseline_incidents", sa.Integer(), nullable=False),
        sa.Column("window_weeks", sa.Integer(), nullable=False),
        sa.Column("baseline_weeks", sa.Integer(), nullable=False),
        sa.Column("candidates", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('hotspots', 'no_hotspots', 'not_enough_data')", name="ck_detections_state"
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_detections_run_id"),
        sa.PrimaryKeyConstraint("run_id", "theme", name="pk_detections"),
    )
    op.create_table(
        "published_hotspots",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("hotspot_id", _TEXT, nullable=False),
        sa.Column("theme", _TEXT, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("west_deg", sa.Double(), nullable=False),
        sa.Column("south_deg", sa.Double(), nullable=False),
        sa.Column("east_deg", sa.Double(), nullable=False),
        sa.Column("north_deg", sa.Double(), nullable=False),
        sa.Column(
            "geometry_deg",
            _geometry("GEOMETRY"),
            nullable=False,
        ),
        sa.Column("geojson", _TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publications.id"], name="fk_published_hotspots_publication_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_published_hotspots"),
        sa.UniqueConstraint(
            "publication_id", "hotspot_id", name="uq_published_hotspots_publication_id_hotspot_id"
        ),
        sa.UniqueConstraint(
            "publication_id", "theme", "rank", name="uq_published_hotspots_publication_id_theme_rank"
        ),
    )
    _spatial_index("published_hotspots", "geometry_deg")
    op.create_index("ix_published_hotspots_hotspot_id", "published_hotspots", ["hotspot_id"])
    op.create_table(
        "hotspots",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("theme", _TEXT, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("hotspot_id", _TEXT, nullable=False),
        sa.Column("geometry", _geometry("POLYGON"), nullable=False),
        sa.Column("centroid_x_m", sa.Double(), nullable=False),
        sa.Column("centroid_y_m", sa.Double(), nullable=False),
        sa.Column("observed", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Double(), nullable=False),
        sa.Column("baseline", sa.Integer(), nullable=False),
        sa.Column("relative_risk", sa.Double(), nullable=False),
        sa.Column("log_likelihood_ratio", sa.Double(), nullable=False),
        sa.Column("p_value", sa.Double(), nullable=False),
        sa.Column("recurrence_weeks", sa.Double(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("largest_pile_up", sa.Integer(), nullable=False),
        sa.Column("window_weeks", sa.Integer(), nullable=False),
        sa.Column("neighbourhoods", _TEXT, nullable=False),
        sa.Column("subthemes", _TEXT, nullable=False),
        sa.Column("members", _TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id", "theme"], ["detections.run_id", "detections.theme"], name="fk_hotspots_run_id_theme"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_hotspots"),
        sa.UniqueConstraint("run_id", "hotspot_id", name="uq_hotspots_run_id_hotspot_id"),
        sa.UniqueConstraint("run_id", "theme", "position", name="uq_hotspots_run_id_theme_position"),
    )
    _spatial_index("hotspots", "geometry")
    op.create_table(
        "published_areas",
        sa.Column("published_hotspot_id", sa.Integer(), nullable=False),
        sa.Column("area_code", _TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["published_hotspot_id"],
            ["published_hotspots.id"],
            name="fk_published_areas_published_hotspot_id",
        ),
        sa.PrimaryKeyConstraint("published_hotspot_id", "area_code", name="pk_published_areas"),
    )
    op.create_index("ix_published_areas_area_code", "published_areas", ["area_code"])
    op.create_table(
        "rankings",
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("theme", _TEXT, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("previous_rank", sa.Integer(), nullable=True),
        sa.Column("hotspot_row_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["hotspot_row_id"], ["hotspots.id"], name="fk_rankings_hotspot_row_id"),
        sa.ForeignKeyConstraint(["publication_id"], ["publications.id"], name="fk_rankings_publication_id"),
        sa.PrimaryKeyConstraint("publication_id", "theme", "rank", name="pk_rankings"),
    )
    op.create_index("ix_rankings_hotspot_row_id", "rankings", ["hotspot_row_id"])


def downgrade() -> None:
    for table in (
        "rankings",
        "published_areas",
        "hotspots",
        "published_hotspots",
        "detections",
        "areas",
        "runs",
        "refused_rows",
        "publications",
        "municipality",
        "loads",
        "labels",
        "kinds",
        "incident_rows",
        "boundary_sets",
        "assignments",
    ):
        op.drop_table(table)
