"""What partners and everybody may see of a published week, and the secrets from which its names are made."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TABLES = (
    """
    CREATE TABLE disclosed_publications (
        publication_id INTEGER NOT NULL,
        level {text} NOT NULL,
        content_hash {text} NOT NULL,
        summary {text} NOT NULL,
        CONSTRAINT pk_disclosed_publications PRIMARY KEY (publication_id, level),
        CONSTRAINT fk_disclosed_publications_publication_id
            FOREIGN KEY (publication_id) REFERENCES publications (id)
    )
    """,
    """
    CREATE TABLE disclosed_hotspots (
        id INTEGER NOT NULL,
        publication_id INTEGER NOT NULL,
        level {text} NOT NULL,
        hotspot_id {text} NOT NULL,
        theme {text} NOT NULL,
        kind {text} NOT NULL,
        grade {text} NOT NULL,
        rank INTEGER NOT NULL,
        areas {text} NOT NULL,
        geojson {text} NOT NULL,
        CONSTRAINT pk_disclosed_hotspots PRIMARY KEY (id),
        CONSTRAINT fk_disclosed_hotspots_publication_id
            FOREIGN KEY (publication_id) REFERENCES publications (id),
        CONSTRAINT uq_disclosed_hotspots_publication_id_level_hotspot_id
            UNIQUE (publication_id, level, hotspot_id)
    )
    """,
    """
    CREATE TABLE secrets (
        name {text} NOT NULL,
        value {bytes} NOT NULL,
        CONSTRAINT pk_secrets PRIMARY KEY (name)
    )
    """,
)


def upgrade() -> None:
    is_postgresql = op.get_context().dialect.name == "postgresql"
    text = 'TEXT COLLATE "C"' if is_postgresql else "TEXT"
    for table in _TABLES:
        op.execute(table.format(text=text, bytes="BYTEA" if is_postgresql else "BLOB"))
    op.execute("CREATE INDEX ix_disclosed_hotspots_hotspot_id ON disclosed_hotspots (hotspot_id)")


def downgrade() -> None:
    for table in ("secrets", "disclosed_hotspots", "disclosed_publications"):
        op.execute(f"DROP TABLE {table}")
