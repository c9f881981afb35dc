"""Views in words, R*Trees of the embedded store, and triggers that keep what is published as it is."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_PUBLISHED = ("publications", "published_hotspots", "published_areas", "rankings")
_WITH_TREE = ("areas", "published_hotspots")
_REFUSAL = "what is published never changes; publish a new edition"

_INCIDENTS = """
    CREATE VIEW incidents AS
    SELECT incident_rows.key, loads.source, loads.dataset, incident_rows.row, kinds.theme, kinds.subtheme,
        kinds.code, kinds.precision, kinds.reporter, assignments.neighbourhood, assignments.stated_area,
        incident_rows.started_s, incident_rows.ended_s, incident_rows.reported_s, incident_rows.geometry
    FROM incident_rows
    JOIN loads ON loads.id = incident_rows.load_id
    JOIN kinds ON kinds.id = incident_rows.kind_id
    JOIN assignments ON assignments.id = incident_rows.assignment_id
    WHERE incident_rows.reason IS NULL
"""

_RANKED_HOTSPOTS = """
    CREATE VIEW ranked_hotspots AS
    SELECT hotspots.id, publications.week, publications.number AS edition, rankings.theme, rankings.rank,
        rankings.score, rankings.previous_rank, hotspots.hotspot_id, hotspots.observed, hotspots.expected,
        hotspots.baseline, hotspots.relative_risk, hotspots.log_likelihood_ratio, hotspots.p_value,
        hotspots.recurrence_weeks, hotspots.places, hotspots.largest_pile_up, hotspots.window_weeks,
        hotspots.neighbourhoods, hotspots.subthemes, hotspots.geometry
    FROM rankings
    JOIN publications ON publications.id = rankings.publication_id
    JOIN hotspots ON hotspots.id = rankings.hotspot_row_id
"""

# What a spatial database keeps by itself; tools that read SQLite look here for the columns with shapes.
_GEOMETRY_COLUMNS = """
    CREATE VIEW geometry_columns AS
    SELECT column1 AS f_table_name, column2 AS f_geometry_column, column3 AS geometry_type,
        2 AS coord_dimension, -1 AS srid, 0 AS spatial_index_enabled
    FROM (VALUES ('areas', 'geometry', 6), ('areas', 'geometry_deg', 0), ('incident_rows', 'geometry', 1),
        ('hotspots', 'geometry', 3), ('published_hotspots', 'geometry_deg', 0))
"""


def _is_postgresql() -> bool:
    return op.get_context().dialect.name == "postgresql"


def upgrade() -> None:
    op.execute(_INCIDENTS)
    op.execute(_RANKED_HOTSPOTS)
    if _is_postgresql():
        _guard_postgresql()
    else:
        op.execute(_GEOMETRY_COLUMNS)
        _guard_sqlite()
        _plant_trees()


def _guard_postgresql() -> None:
    op.execute(f"""
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$
    """)
    for table in _PUBLISHED:
        op.execute(f"""
            CREATE TRIGGER {table}_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
        """)


def _guard_sqlite() -> None:
    for table in _PUBLISHED:
        for act in ("UPDATE", "DELETE"):
            op.execute(f"""
                CREATE TRIGGER {table}_never_{act.lower()} BEFORE {act} ON {table}
                BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END
            """)


def _plant_trees() -> None:
    box = ("west_deg", "east_deg", "south_deg", "north_deg")
    columns = ", ".join(("id", *box))
    values = ", ".join(f"new.{column}" for column in ("id", *box))
    for table in _WITH_TREE:
        op.execute(f"CREATE VIRTUAL TABLE {table}_tree USING rtree({columns})")
        plant = f"INSERT INTO {table}_tree VALUES ({values})"  # noqa: S608 -- all names stand above.
        op.execute(f"CREATE TRIGGER {table}_plant AFTER INSERT ON {table} BEGIN {plant}; END")
        uproot = f"DELETE FROM {table}_tree WHERE id = old.id"  # noqa: S608 -- all names stand above.
        op.execute(f"CREATE TRIGGER {table}_uproot AFTER DELETE ON {table} BEGIN {uproot}; END")


def downgrade() -> None:
    op.execute("DROP VIEW ranked_hotspots")
    op.execute("DROP VIEW incidents")
    if _is_postgresql():
        for table in _PUBLISHED:
            op.execute(f"DROP TRIGGER {table}_never_change ON {table}")
        op.execute("DROP FUNCTION refuse_change()")
        return
    op.execute("DROP VIEW geometry_columns")
    for table in _PUBLISHED:
        for act in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_never_{act}")
    for table in _WITH_TREE:
        op.execute(f"DROP TRIGGER {table}_plant")
        op.execute(f"DROP TRIGGER {table}_uproot")
        op.execute(f"DROP TABLE {table}_tree")
