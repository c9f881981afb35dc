"""
Tables of what is served: features of every collection at every version, with what was told of each.

What was published before is served once it is published again; an edition that says the same stays the same
edition.
"""

from __future__ import annotations

from typing import Any  # Types of columns, of several kinds.

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Ordered by code points on both databases.
_TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TYPES: dict[str, Any] = {
    "text": _TEXT,
    "bigint": sa.BigInteger(),
    "double": sa.Double(),
    "boolean": sa.Boolean(),
}

_SIDES = ("west_deg", "south_deg", "east_deg", "north_deg")
_SYSTEMS = ("geometry_deg", "geometry_plane", "geometry_mercator")

# The properties of each kind of row with their types.
_PROPERTIES = {
    "areas": """
        code text, name text, told_level text, parent_code text, vintage bigint, area_ha double, inhabitants
        bigint, schematic boolean
    """,
    "hotspots": """
        hotspot_id text, week text, edition bigint, theme text, kind text, grade text, rank bigint,
        previous_rank bigint, neighbourhood text, neighbourhood_name text, window_start text, window_end
        text, window_weeks bigint, observed bigint, expected double, relative_risk double, p_value double,
        q_value double, score double, score_lower double, score_upper double, rank_lower bigint, rank_upper
        bigint, p_top3 double, p_top10 double, tie bigint, too_little_data boolean, first_week text,
        weeks_listed bigint, event text, lifecycle text, trend text, gap_weeks bigint, baseline bigint,
        relative_risk_lower double, relative_risk_upper double, recurrence_weeks double, recurrence_years
        double, area_m2 double, counts_weeks_1 bigint, counts_weeks_4 bigint, counts_weeks_12 bigint,
        counts_weeks_52 bigint, harm_score double, harm_rank bigint, peak_start_hour bigint, peak_hours
        bigint, peak_share double, is_pattern boolean, form text, places bigint, largest_pile_up bigint,
        pile_up boolean, repeat_share double, sources_citizen bigint, sources_police bigint, sources_unknown
        bigint, near_repeats_pairs bigint, near_repeats_expected double, caveats text, neighbourhoods text,
        why_nl text, why_en text, what_changed_nl text, what_changed_en text, when_nl text, when_en text
    """,
    "rankings": """
        week text, edition bigint, theme text, area text, area_name text, area_level text, area_rank bigint,
        kind text, grade text, rank bigint, previous_rank bigint, hotspot_id text, neighbourhood text,
        neighbourhood_name text, window_start text, window_end text, window_weeks bigint, observed bigint,
        expected double, relative_risk double, p_value double, q_value double, score double, score_lower
        double, score_upper double, rank_lower bigint, rank_upper bigint, p_top3 double, p_top10 double, tie
        bigint, too_little_data boolean, first_week text, weeks_listed bigint, event text, lifecycle text,
        trend text, gap_weeks bigint
    """,
    "incidents": """
        incident_id text, theme text, subtheme text, started_at bigint, ended_at bigint, reported_at bigint,
        neighbourhood text, precision text, reporter text, source text
    """,
    "cells": """
        week text, edition bigint, theme text, cell text, size_m bigint, window_start text, window_end text,
        incidents bigint, density_per_km2 double, ratio double
    """,
}
_DIGESTED = "incidents"
_OF_A_WEEK = ("hotspots", "rankings", "cells")
_OF_THEMES = ("hotspots", "rankings")

_GEOMETRY_COLUMNS = """
    CREATE VIEW geometry_columns AS
    SELECT column1 AS f_table_name, column2 AS f_geometry_column, column3 AS geometry_type,
        2 AS coord_dimension, -1 AS srid, 0 AS spatial_index_enabled
    FROM (VALUES ('areas', 'geometry', 6), ('areas', 'geometry_deg', 0), ('incident_rows', 'geometry', 1),
        ('hotspots', 'geometry', 3), ('published_hotspots', 'geometry_deg', 0){more})
"""


def _is_postgresql() -> bool:
    return op.get_context().dialect.name == "postgresql"


def _geometry() -> Geometry:
    return Geometry("GEOMETRY", srid=-1, spatial_index=False, from_text="ST_GeomFromEWKB")


def upgrade() -> None:
    for rows, listed in _PROPERTIES.items():
        _make(rows, [one.split() for one in listed.replace("\n", " ").split(",")])
    op.create_table(
        "served_versions",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("made_at_s", sa.BigInteger()),
        sa.Column("week", _TEXT),
        sa.Column("edition", sa.Integer()),
        sa.PrimaryKeyConstraint("number", name="pk_served_versions"),
    )
    op.create_table(
        "served_extents",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("collection", _TEXT, nullable=False),
        sa.Column("level", _TEXT, nullable=False),
        sa.Column("matched", sa.BigInteger(), nullable=False),
        *(sa.Column(side, sa.Double()) for side in _SIDES),
        sa.Column("starts_s", sa.BigInteger()),
        sa.Column("ends_s", sa.BigInteger()),
        sa.PrimaryKeyConstraint("version", "collection", "level", name="pk_served_extents"),
    )
    if not _is_postgresql():
        _plant_trees()
        more = "".join(f", ('served_{rows}', '{system}', 0)" for rows in _PROPERTIES for system in _SYSTEMS)
        op.execute("DROP VIEW geometry_columns")
        op.execute(_GEOMETRY_COLUMNS.format(more=more))


def _make(rows: str, properties: list[list[str]]) -> None:
    """Make the table of a kind of row with its indexes."""
    name = f"served_{rows}"
    digest = [sa.Column("digest", sa.BigInteger(), nullable=False)] if rows == _DIGESTED else []
    op.create_table(
        name,
        sa.Column("id", _ID, autoincrement=False, nullable=False),
        sa.Column("level", _TEXT, nullable=False),
        sa.Column("feature_id", _TEXT, nullable=False),
        sa.Column("from_version", sa.Integer(), nullable=False),
        sa.Column("to_version", sa.Integer()),
        sa.Column("starts_s", sa.BigInteger()),
        sa.Column("ends_s", sa.BigInteger()),
        *(sa.Column(side, sa.Double()) for side in _SIDES),
        *(sa.Column(system, _geometry()) for system in _SYSTEMS),
        sa.Column("geometry_json", _TEXT),
        sa.Column("properties_json", _TEXT, nullable=False),
        sa.Column("areas", _TEXT, nullable=False),
        *digest,
        *(sa.Column(column, _TYPES[kind]) for column, kind in properties),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.CheckConstraint("level IN ('open', 'partner', 'internal')", name=f"ck_{name}_level"),
    )
    op.create_index(f"ix_{name}_level_id", name, ["level", "id"])
    op.create_index(f"ix_{name}_feature_id", name, ["feature_id"])
    without = sa.text("west_deg IS NULL")
    op.create_index(
        f"ix_{name}_without_shape", name, ["west_deg"], sqlite_where=without, postgresql_where=without
    )
    if rows in _OF_A_WEEK:
        op.create_index(f"ix_{name}_level_week", name, ["level", "week"])
    if rows in _OF_THEMES:
        op.create_index(f"ix_{name}_level_theme", name, ["level", "theme"])
    if _is_postgresql():
        for system in _SYSTEMS:
            op.create_index(f"ix_{name}_{system}", name, [system], postgresql_using="gist")


def _plant_trees() -> None:
    """Let triggers keep the sides of each row that has a shape."""
    box = ("id", "west_deg", "east_deg", "south_deg", "north_deg")
    columns, values = ", ".join(box), ", ".join(f"new.{column}" for column in box)
    for rows in _PROPERTIES:
        name = f"served_{rows}"
        op.execute(f"CREATE VIRTUAL TABLE {name}_tree USING rtree({columns})")
        plant = f"INSERT INTO {name}_tree VALUES ({values})"  # noqa: S608 -- all names stand above.
        op.execute(
            f"CREATE TRIGGER {name}_plant AFTER INSERT ON {name} WHEN new.west_deg IS NOT NULL "
            f"BEGIN {plant}; END"
        )
        uproot = f"DELETE FROM {name}_tree WHERE id = old.id"  # noqa: S608 -- all names stand above.
        op.execute(f"CREATE TRIGGER {name}_uproot AFTER DELETE ON {name} BEGIN {uproot}; END")


def downgrade() -> None:
    if not _is_postgresql():
        op.execute("DROP VIEW geometry_columns")
        op.execute(_GEOMETRY_COLUMNS.format(more=""))
    for rows in _PROPERTIES:
        if not _is_postgresql():
            op.execute(f"DROP TABLE served_{rows}_tree")
        op.drop_table(f"served_{rows}")
    op.drop_table("served_extents")
    op.drop_table("served_versions")
