"""
Two kinds and two grades of hotspots, their form, and which detector made a run.

What was found before was acute and passed a family-wise test; its p-value, a bound for the whole list, bounds
the share of false ones too. Published texts stay as they are: `editions.told` completes them when read.
"""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_KIND = "CHECK (kind IN ('acute', 'chronic'))"
_GRADE = "CHECK (grade IN ('confirmed', 'likely', 'none'))"
_FORM = "CHECK (form IN ('dot', 'line', 'area'))"

# Table, column, definition; {text} is the type that is ordered by code points on both databases.
_COLUMNS = (
    ("runs", "detector", "INTEGER DEFAULT 1 NOT NULL"),
    ("hotspots", "kind", f"{{text}} DEFAULT 'acute' NOT NULL CONSTRAINT ck_hotspots_kind {_KIND}"),
    ("hotspots", "grade", f"{{text}} DEFAULT 'confirmed' NOT NULL CONSTRAINT ck_hotspots_grade {_GRADE}"),
    ("hotspots", "form", f"{{text}} DEFAULT 'area' NOT NULL CONSTRAINT ck_hotspots_form {_FORM}"),
    ("hotspots", "pile_up", "BOOLEAN DEFAULT false NOT NULL"),
    ("hotspots", "q_value", "{double} DEFAULT 1 NOT NULL"),
    (
        "published_hotspots",
        "kind",
        f"{{text}} DEFAULT 'acute' NOT NULL CONSTRAINT ck_published_hotspots_kind {_KIND}",
    ),
    (
        "published_hotspots",
        "grade",
        f"{{text}} DEFAULT 'confirmed' NOT NULL CONSTRAINT ck_published_hotspots_grade {_GRADE}",
    ),
)

_COMPLETE = """
    UPDATE hotspots
    SET form = CASE WHEN places = 1 THEN 'dot' ELSE 'area' END,
        pile_up = (2 * largest_pile_up > observed),
        q_value = p_value
"""

_EVIDENCE = """hotspots.observed, hotspots.expected,
        hotspots.baseline, hotspots.relative_risk, hotspots.log_likelihood_ratio, hotspots.p_value,
        {q_value}hotspots.recurrence_weeks, hotspots.places, hotspots.largest_pile_up,
        {pile_up}hotspots.window_weeks, hotspots.neighbourhoods, hotspots.subthemes, hotspots.geometry
    FROM rankings
    JOIN publications ON publications.id = rankings.publication_id
    JOIN hotspots ON hotspots.id = rankings.hotspot_row_id
"""

_RANKED_HOTSPOTS = (
    """
    CREATE VIEW ranked_hotspots AS
    SELECT hotspots.id, publications.week, publications.number AS edition, rankings.theme, rankings.rank,
        rankings.score, rankings.previous_rank, hotspots.hotspot_id, {judged}"""
    + _EVIDENCE
)

_JUDGED = {
    "judged": "hotspots.kind, hotspots.grade, hotspots.form, ",
    "q_value": "hotspots.q_value, ",
    "pile_up": "hotspots.pile_up, ",
}


def upgrade() -> None:
    is_postgresql = op.get_context().dialect.name == "postgresql"
    text, double = ('TEXT COLLATE "C"', "DOUBLE PRECISION") if is_postgresql else ("TEXT", "DOUBLE")
    for table, column, definition in _COLUMNS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {definition.format(text=text, double=double)}")
    op.execute(_COMPLETE)
    op.execute("DROP VIEW ranked_hotspots")
    op.execute(_RANKED_HOTSPOTS.format_map(_JUDGED))


def downgrade() -> None:
    op.execute("DROP VIEW ranked_hotspots")
    for table, column, _ in reversed(_COLUMNS):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    op.execute(_RANKED_HOTSPOTS.format_map(dict.fromkeys(_JUDGED, "")))
