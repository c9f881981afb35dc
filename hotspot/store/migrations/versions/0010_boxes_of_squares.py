"""
Squares of the density: one box in the R*Tree for all themes, and one index of weeks and names.

Rows that were written before keep the box that each has; they are their own.
"""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_OF_EACH_ROW = """
    CREATE TRIGGER served_cells_plant AFTER INSERT ON served_cells WHEN new.west_deg IS NOT NULL
    BEGIN
        INSERT INTO served_cells_tree
        VALUES (new.id, new.west_deg, new.east_deg, new.south_deg, new.north_deg);
    END
"""
_WITH_EACH_ROW = """
    CREATE TRIGGER served_cells_uproot AFTER DELETE ON served_cells
    BEGIN DELETE FROM served_cells_tree WHERE id = old.id; END
"""
_OF_EACH_BOX = _OF_EACH_ROW.replace("WHEN", "WHEN new.box_id = new.id AND")
_WITH_EACH_BOX = """
    CREATE TRIGGER served_cells_uproot AFTER DELETE ON served_cells
    WHEN NOT EXISTS (SELECT 1 FROM served_cells WHERE box_id = old.box_id)
    BEGIN DELETE FROM served_cells_tree WHERE id = old.box_id; END
"""
_MISSING = """
    INSERT INTO served_cells_tree
    SELECT id, west_deg, east_deg, south_deg, north_deg FROM served_cells
    WHERE west_deg IS NOT NULL AND id <> box_id
"""


def _is_sqlite() -> bool:
    return op.get_context().dialect.name == "sqlite"


def upgrade() -> None:
    op.execute("DROP INDEX ix_served_cells_feature_id")
    op.execute("DROP INDEX ix_served_cells_level_week")
    op.execute("CREATE INDEX ix_served_cells_level_week_feature_id ON served_cells (level, week, feature_id)")
    op.execute("ALTER TABLE served_cells ADD COLUMN box_id BIGINT")
    op.execute("UPDATE served_cells SET box_id = id")
    if _is_sqlite():
        op.execute("CREATE INDEX ix_served_cells_box_id ON served_cells (box_id)")
        _keep_tree(_OF_EACH_BOX, _WITH_EACH_BOX)


def downgrade() -> None:
    if _is_sqlite():
        _keep_tree(_OF_EACH_ROW, _WITH_EACH_ROW)
        op.execute(_MISSING)
        op.execute("DROP INDEX ix_served_cells_box_id")
    op.execute("ALTER TABLE served_cells DROP COLUMN box_id")
    op.execute("DROP INDEX ix_served_cells_level_week_feature_id")
    op.execute("CREATE INDEX ix_served_cells_level_week ON served_cells (level, week)")
    op.execute("CREATE INDEX ix_served_cells_feature_id ON served_cells (feature_id)")


def _keep_tree(planted: str, uprooted: str) -> None:
    """Keep the R*Tree beside the table in another way."""
    op.execute("DROP TRIGGER served_cells_plant")
    op.execute("DROP TRIGGER served_cells_uproot")
    op.execute(planted)
    op.execute(uprooted)
