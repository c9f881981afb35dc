"""
Hotspots that keep their name from week to week, ranks with their interval, and notes of professionals.

Lists published before have none of these: the columns stay empty there, and the view shows the name that the
hotspot had in its week.
"""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_COLUMNS = (("followed_id", "{text}"), ("rank_lower", "INTEGER"), ("rank_upper", "INTEGER"))

_NOTES = """
    CREATE TABLE notes (
        id INTEGER NOT NULL,
        hotspot_id {text} NOT NULL,
        author {text} NOT NULL,
        written_at_s BIGINT NOT NULL,
        verdict {text},
        text {text} NOT NULL,
        what {text},
        who {text},
        due {text},
        status {text},
        CONSTRAINT pk_notes PRIMARY KEY (id),
        CONSTRAINT ck_notes_verdict CHECK (verdict IN ('confirmed', 'rejected', 'remark')),
        CONSTRAINT ck_notes_status CHECK (
            status IN ('signalled', 'interpreted', 'agreed', 'under_way', 'evaluated', 'closed')
        )
    )
"""

_EVIDENCE = """hotspots.kind, hotspots.grade, hotspots.form,
        hotspots.observed, hotspots.expected, hotspots.baseline, hotspots.relative_risk,
        hotspots.log_likelihood_ratio, hotspots.p_value, hotspots.q_value, hotspots.recurrence_weeks,
        hotspots.places, hotspots.largest_pile_up, hotspots.pile_up, hotspots.window_weeks,
        hotspots.neighbourhoods, hotspots.subthemes, hotspots.geometry
    FROM rankings
    JOIN publications ON publications.id = rankings.publication_id
    JOIN hotspots ON hotspots.id = rankings.hotspot_row_id
"""

_FOLLOWED = (
    """
    CREATE VIEW ranked_hotspots AS
    SELECT hotspots.id, publications.week, publications.number AS edition, rankings.theme, rankings.rank,
        rankings.rank_lower, rankings.rank_upper, rankings.score, rankings.previous_rank,
        COALESCE(rankings.followed_id, hotspots.hotspot_id) AS hotspot_id, """
    + _EVIDENCE
)

_EARLIER = (
    """
    CREATE VIEW ranked_hotspots AS
    SELECT hotspots.id, publications.week, publications.number AS edition, rankings.theme, rankings.rank,
        rankings.score, rankings.previous_rank, hotspots.hotspot_id, """
    + _EVIDENCE
)


def _is_postgresql() -> bool:
    return op.get_context().dialect.name == "postgresql"


def upgrade() -> None:
    text = 'TEXT COLLATE "C"' if _is_postgresql() else "TEXT"
    for column, definition in _COLUMNS:
        op.execute(f"ALTER TABLE rankings ADD COLUMN {column} {definition.format(text=text)}")
    op.execute(_NOTES.format(text=text))
    op.execute("CREATE INDEX ix_notes_hotspot_id ON notes (hotspot_id)")
    op.execute("DROP VIEW ranked_hotspots")
    op.execute(_FOLLOWED)


def downgrade() -> None:
    op.execute("DROP VIEW ranked_hotspots")
    op.execute("DROP TABLE notes")
    for column, _ in reversed(_COLUMNS):
        op.execute(f"ALTER TABLE rankings DROP COLUMN {column}")
    op.execute(_EARLIER)
