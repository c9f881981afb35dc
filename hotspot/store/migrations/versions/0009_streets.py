"""Streets as they are served: lines to draw the map on, for those who load a file of them."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_SERVED = ("areas", "hotspots", "rankings", "incidents", "cells")
_SYSTEMS = ("geometry_deg", "geometry_plane", "geometry_mercator")
_BOX = ("id", "west_deg", "east_deg", "south_deg", "north_deg")

_TABLE = """
    CREATE TABLE served_streets (
        id {id} NOT NULL,
        level {text} NOT NULL,
        feature_id {text} NOT NULL,
        from_version INTEGER NOT NULL,
        to_version INTEGER,
        starts_s BIGINT,
        ends_s BIGINT,
        west_deg {double},
        south_deg {double},
        east_deg {double},
        north_deg {double},
        geometry_deg {geometry},
        geometry_plane {geometry},
        geometry_mercator {geometry},
        geometry_json {text},
        properties_json {text} NOT NULL,
        areas {text} NOT NULL,
        street_id {text},
        name {text},
        street_class {text},
        importance BIGINT,
        length_m {double},
        CONSTRAINT pk_served_streets PRIMARY KEY (id),
        CONSTRAINT ck_served_streets_level CHECK (level IN ('open', 'partner', 'internal'))
    )
"""

_GEOMETRY_COLUMNS = """
    CREATE VIEW geometry_columns AS
    SELECT column1 AS f_table_name, column2 AS f_geometry_column, column3 AS geometry_type,
        2 AS coord_dimension, -1 AS srid, 0 AS spatial_index_enabled
    FROM (VALUES ('areas', 'geometry', 6), ('areas', 'geometry_deg', 0), ('incident_rows', 'geometry', 1),
        ('hotspots', 'geometry', 3), ('published_hotspots', 'geometry_deg', 0){more})
"""


def _is_postgresql() -> bool:
    return op.get_context().dialect.name == "postgresql"


def upgrade() -> None:
    is_postgresql = _is_postgresql()
    # Ordered by code points on both databases.
    types = (
        {"id": "BIGINT", "text": 'TEXT COLLATE "C"', "double": "DOUBLE PRECISION", "geometry": "geometry"}
        if is_postgresql
        else {"id": "INTEGER", "text": "TEXT", "double": "DOUBLE", "geometry": "GEOMETRY"}
    )
    op.execute(_TABLE.format(**types))
    op.execute("CREATE INDEX ix_served_streets_level_id ON served_streets (level, id)")
    op.execute("CREATE INDEX ix_served_streets_feature_id ON served_streets (feature_id)")
    op.execute(
        "CREATE INDEX ix_served_streets_without_shape ON served_streets (west_deg) WHERE west_deg IS NULL"
    )
    if is_postgresql:
        for system in _SYSTEMS:
            op.execute(f"CREATE INDEX ix_served_streets_{system} ON served_streets USING gist ({system})")
        return
    values = ", ".join(f"new.{column}" for column in _BOX)
    plant = f"INSERT INTO served_streets_tree VALUES ({values})"  # noqa: S608 -- all names stand above.
    op.execute(f"CREATE VIRTUAL TABLE served_streets_tree USING rtree({', '.join(_BOX)})")
    op.execute(
        "CREATE TRIGGER served_streets_plant AFTER INSERT ON served_streets WHEN new.west_deg IS NOT NULL "
        f"BEGIN {plant}; END"
    )
    op.execute(
        "CREATE TRIGGER served_streets_uproot AFTER DELETE ON served_streets "
        "BEGIN DELETE FROM served_streets_tree WHERE id = old.id; END"
    )
    _tell_geometry((*_SERVED, "streets"))


def _tell_geometry(kinds: tuple[str, ...]) -> None:
    """Let SQLite's readers find the shapes of the kinds of rows."""
    more = "".join(f", ('served_{rows}', '{system}', 0)" for rows in kinds for system in _SYSTEMS)
    op.execute("DROP VIEW geometry_columns")
    op.execute(_GEOMETRY_COLUMNS.format(more=more))


def downgrade() -> None:
    if not _is_postgresql():
        _tell_geometry(_SERVED)
        op.execute("DROP TABLE served_streets_tree")
    op.execute("DROP TABLE served_streets")
