"""API keys, and the log of who saw what: nothing in it can be changed or removed."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_REFUSAL = "the audit is only added to"

_NO_REPLACEMENT = """
    CREATE TRIGGER audit_entries_never_replace BEFORE INSERT ON audit_entries
    WHEN EXISTS (SELECT 1 FROM audit_entries WHERE number = new.number)
    BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END
"""

_KEYS = """
    CREATE TABLE api_keys (
        id {text} NOT NULL,
        name {text} NOT NULL,
        role {text} NOT NULL,
        areas {text},
        scopes {text} NOT NULL,
        salt {text} NOT NULL,
        digest {text} NOT NULL,
        made_at_s BIGINT NOT NULL,
        expires_at_s BIGINT NOT NULL,
        revoked_at_s BIGINT,
        CONSTRAINT pk_api_keys PRIMARY KEY (id)
    )
"""

_ENTRIES = """
    CREATE TABLE audit_entries (
        number BIGINT NOT NULL,
        at_ms BIGINT NOT NULL,
        request {text} NOT NULL,
        act {text} NOT NULL,
        who {text} NOT NULL,
        key {text} NOT NULL,
        role {text} NOT NULL,
        level {text} NOT NULL,
        areas {text},
        purpose {text} NOT NULL,
        method {text} NOT NULL,
        path {text} NOT NULL,
        query {text} NOT NULL,
        status INTEGER NOT NULL,
        records BIGINT,
        previous_hash {text} NOT NULL,
        hash {text} NOT NULL,
        CONSTRAINT pk_audit_entries PRIMARY KEY (number)
    )
"""


def _is_postgresql() -> bool:
    return op.get_context().dialect.name == "postgresql"


def upgrade() -> None:
    text = 'TEXT COLLATE "C"' if _is_postgresql() else "TEXT"
    op.execute(_KEYS.format(text=text))
    op.execute(_ENTRIES.format(text=text))
    op.execute("CREATE INDEX ix_audit_entries_at_ms ON audit_entries (at_ms)")
    if _is_postgresql():
        op.execute(f"""
            CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$
        """)
        op.execute("""
            CREATE TRIGGER audit_entries_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()
        """)
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(f"""
            CREATE TRIGGER audit_entries_never_{act.lower()} BEFORE {act} ON audit_entries
            BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END
        """)
    # REPLACE deletes without asking the trigger above; it is refused before it begins.
    op.execute(_NO_REPLACEMENT)


def downgrade() -> None:
    op.execute("DROP TABLE audit_entries")
    op.execute("DROP TABLE api_keys")
    if _is_postgresql():
        op.execute("DROP FUNCTION refuse_audit_change()")
