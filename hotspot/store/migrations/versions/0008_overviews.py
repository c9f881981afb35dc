"""
What maps need of each hotspot and of each area, written when a week is published.

See `hotspot.overview`. Weeks that were published before have no figures of areas until they are published
again.
"""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_KINDS = ("published", "disclosed")

_TABLE = """
    CREATE TABLE {kind}_overviews (
        {kind}_hotspot_id INTEGER NOT NULL,
        told {text} NOT NULL,
        CONSTRAINT pk_{kind}_overviews PRIMARY KEY ({kind}_hotspot_id),
        CONSTRAINT fk_{kind}_overviews_{kind}_hotspot_id
            FOREIGN KEY ({kind}_hotspot_id) REFERENCES {kind}_hotspots (id)
    )
"""

_FIGURES = """
    CREATE TABLE area_figures (
        publication_id INTEGER NOT NULL,
        theme {text} NOT NULL,
        area_code {text} NOT NULL,
        observed INTEGER NOT NULL,
        expected {double},
        ratio {double},
        ratio_lower {double},
        ratio_upper {double},
        CONSTRAINT pk_area_figures PRIMARY KEY (publication_id, theme, area_code),
        CONSTRAINT fk_area_figures_publication_id FOREIGN KEY (publication_id) REFERENCES publications (id)
    )
"""


def upgrade() -> None:
    is_postgresql = op.get_context().dialect.name == "postgresql"
    text, double = ('TEXT COLLATE "C"', "DOUBLE PRECISION") if is_postgresql else ("TEXT", "DOUBLE")
    for kind in _KINDS:
        op.execute(_TABLE.format(kind=kind, text=text))
    op.execute(_FIGURES.format(text=text, double=double))


def downgrade() -> None:
    op.execute("DROP TABLE area_figures")
    for kind in reversed(_KINDS):
        op.execute(f"DROP TABLE {kind}_overviews")
