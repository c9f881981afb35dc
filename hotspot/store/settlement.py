"""
What several files say about one incident, settled: it stands once, or not at all where a row takes it back.

The outcome depends on which rows are stored and not on the order in which their files came, save for one
thing that only the order can tell: where two files describe one incident differently, the newer is right.

1. Of the rows with one key, those of the newest description stand first, of these the earliest; the
   others are duplicates.
2. Of the rows with one reversal key, each reversing row takes back one other row: first a row that its own
   file repeats, then a duplicate, then an incident, the latest first.

Both are decided afresh for the keys that a load touches, so that a corrected file undoes what its earlier
version had caused. All statements work on sets of rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Integer,
    MetaData,
    Table,
    and_,
    case,
    delete,
    exists,
    false,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    text,
    true,
    union,
    union_all,
    update,
)

from hotspot.rows import Reason
from hotspot.store import indexes
from hotspot.store.tables import incident_rows, loads, refused_rows

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, CompoundSelect, Connection, Select, Subquery, Update

_ALSO_ELSEWHERE = "the same incident stands in an earlier file"
_REPLACED = "replaced by a later row"
_TAKEN_BACK = "taken back by another row"

_ROW = incident_rows.c
_REFUSED = refused_rows.c

_temporary = MetaData()
_keys = Table("touched_keys", _temporary, Column("key", BigInteger, primary_key=True), prefixes=["TEMPORARY"])
_reversals = Table(
    "touched_reversals",
    _temporary,
    Column("reversal_key", BigInteger, primary_key=True),
    prefixes=["TEMPORARY"],
)
_matches = Table(
    "matches",
    _temporary,
    Column("in_refused", Boolean, nullable=False),
    Column("load_id", Integer, nullable=False),
    Column("row", BigInteger, nullable=False),
    Column("partner_load_id", Integer, nullable=False),
    Column("partner_row", BigInteger, nullable=False),
    prefixes=["TEMPORARY"],
)


def settle(connection: Connection, load_id: int) -> None:
    """
    Settle the rows of a load with those of all others.

    Parameters
    ----------
    connection
        The open transaction.
    load_id
        Number of the load; all its rows are written.
    """
    indexes.build(connection)
    if connection.dialect.name == "postgresql" and indexes.is_large(connection, load_id):
        # Most rows are new to the planner, which would take the table for empty.
        connection.execute(text("ANALYZE incident_rows"))
    _temporary.create_all(connection, checkfirst=False)
    _touch(connection, load_id)
    _decide(connection)
    _temporary.drop_all(connection, checkfirst=False)


def forget(connection: Connection, load_id: int) -> None:
    """
    Take the rows of a load out again and settle the rest as if they had never been there.

    Parameters
    ----------
    connection
        The open transaction.
    load_id
        Number of the load.
    """
    _temporary.create_all(connection, checkfirst=False)
    _touch(connection, load_id)
    connection.execute(delete(incident_rows).where(_ROW.load_id == load_id))
    connection.execute(delete(refused_rows).where(_REFUSED.load_id == load_id))
    _decide(connection)
    _temporary.drop_all(connection, checkfirst=False)


def _touch(connection: Connection, load_id: int) -> None:
    """Note the keys that the load shares with others and the reversal keys in which it has a part."""
    if connection.scalar(select(loads.c.id).where(loads.c.id != load_id).limit(1)) is not None:
        large = indexes.is_large(connection, load_id)
        shared_keys = _all_shared_keys_statement() if large else _shared_keys_statement(load_id)
        connection.execute(insert(_keys).from_select(["key"], shared_keys))
    connection.execute(insert(_reversals).from_select(["reversal_key"], _reversals_statement(load_id)))


def _shared_keys_statement(load_id: int) -> Select[int]:
    """Select the keys of a small load that other loads have as well, looked up one by one."""
    other = incident_rows.alias("other")
    shared = exists().where(other.c.key == _ROW.key, other.c.load_id != load_id)
    return select(_ROW.key).distinct().where(_ROW.load_id == load_id, shared)


def _all_shared_keys_statement() -> Select[int]:
    """Select the keys that several loads have, in one pass over all rows: a harmless superset."""
    return select(_ROW.key).group_by(_ROW.key).having(func.min(_ROW.load_id) != func.max(_ROW.load_id))


def _reversals_statement(load_id: int) -> CompoundSelect[int]:
    """Select the reversal keys of a load, and of its shared keys, for which there is a reversing row."""
    reversing = refused_rows.alias("reversing")

    def is_reversed(reversal_key: ColumnElement[int]) -> ColumnElement[bool]:
        return exists().where(reversing.c.reverses == true(), reversing.c.reversal_key == reversal_key)

    return union(
        select(_REFUSED.reversal_key).where(_REFUSED.load_id == load_id, _REFUSED.reverses == true()),
        select(_REFUSED.reversal_key).where(
            _REFUSED.load_id == load_id, _is_repeated(), is_reversed(_REFUSED.reversal_key)
        ),
        select(_ROW.reversal_key).where(_ROW.load_id == load_id, is_reversed(_ROW.reversal_key)),
        select(_ROW.reversal_key).where(_ROW.key.in_(select(_keys.c.key)), is_reversed(_ROW.reversal_key)),
    )


def _is_repeated() -> ColumnElement[bool]:
    """Tell the refused rows that their own file repeats, reversed or not."""
    reasons = (Reason.DUPLICATE.value, Reason.REVERSED.value)
    return and_(_REFUSED.reverses == false(), _REFUSED.reason.in_(reasons))


def _decide(connection: Connection) -> None:
    """Decide for the keys that were noted."""
    if connection.scalar(select(_keys.c.key).limit(1)) is not None:
        connection.execute(_duplicates_statement())
    elif connection.scalar(select(_reversals.c.reversal_key).limit(1)) is None:
        return
    for statement in _partings():
        connection.execute(statement)
    connection.execute(
        insert(_matches).from_select([column.name for column in _matches.c], _matches_statement())
    )
    for statement in (*_pairings(), _reasons_statement()):
        connection.execute(statement)


def _duplicates_statement() -> Update:
    """Mark for each key which row stands and which are duplicates."""
    newest = func.first_value(_ROW.fingerprint).over(partition_by=_ROW.key, order_by=_ROW.load_id.desc())
    described = (
        select(_ROW.load_id, _ROW.row, _ROW.key, (_ROW.fingerprint == newest).label("is_newest"))
        .where(_ROW.key.in_(select(_keys.c.key)))
        .subquery("described")
    )
    order = (described.c.is_newest.desc(), described.c.load_id)
    place = func.row_number().over(partition_by=described.c.key, order_by=order)
    placed = select(
        described.c.load_id, described.c.row, described.c.is_newest, (place > 1).label("duplicate")
    ).subquery("placed")
    return (
        update(incident_rows)
        .values(
            duplicate=placed.c.duplicate,
            detail=case((placed.c.is_newest, _ALSO_ELSEWHERE), else_=_REPLACED),
        )
        .where(_ROW.load_id == placed.c.load_id, _ROW.row == placed.c.row)
    )


def _partings() -> tuple[Update, ...]:
    """Undo all matches of the reversal keys."""
    touched = select(_reversals.c.reversal_key)
    apart = {"partner_load_id": null(), "partner_row": null()}
    return (
        update(incident_rows)
        .values(**apart)
        .where(_ROW.reversal_key.in_(touched), _ROW.partner_load_id.is_not(None)),
        update(refused_rows)
        .values(**apart, reason=case((_is_repeated(), Reason.DUPLICATE.value), else_=_REFUSED.reason))
        .where(_REFUSED.reversal_key.in_(touched), _REFUSED.partner_load_id.is_not(None)),
    )


def _takeable() -> Subquery:
    """List the rows that a reversing row may take back; lower `kind` goes first."""
    touched = select(_reversals.c.reversal_key)
    # Of an incident in several files any row may be the one that stands: the highest speaks for all.
    highest_row = func.max(_ROW.row).over(partition_by=(_ROW.reversal_key, _ROW.key))
    names = ("reversal_key", "in_refused", "load_id", "row", "kind", "started_s", "highest_row", "key")
    repeated = select(
        _REFUSED.reversal_key,
        true(),
        _REFUSED.load_id,
        _REFUSED.row,
        literal(0),
        literal(0),
        literal(0),
        literal(0),
    ).where(_REFUSED.reversal_key.in_(touched), _is_repeated())
    offered = select(
        _ROW.reversal_key,
        false(),
        _ROW.load_id,
        _ROW.row,
        case((_ROW.duplicate, 1), else_=2),
        _ROW.started_s,
        highest_row,
        _ROW.key,
    ).where(_ROW.reversal_key.in_(touched))
    labelled = [column.label(name) for name, column in zip(names, repeated.selected_columns, strict=True)]
    return union_all(repeated.with_only_columns(*labelled), offered).subquery("takeable")


def _matches_statement() -> Select[bool, int, int, int, int]:
    """Pair the reversing rows of each reversal key with as many of the rows that they may take back."""
    row = _takeable().c
    order = (
        row.kind, row.started_s.desc(), row.highest_row.desc(), row.key, row.load_id, row.row
    )  # fmt: skip
    takeable = select(
        row.reversal_key,
        row.in_refused,
        row.load_id,
        row.row,
        func.row_number().over(partition_by=row.reversal_key, order_by=order).label("place"),
    ).subquery("placed_takeable")
    reversing = (
        select(
            _REFUSED.reversal_key,
            _REFUSED.load_id,
            _REFUSED.row,
            func.row_number()
            .over(partition_by=_REFUSED.reversal_key, order_by=(_REFUSED.load_id, _REFUSED.row))
            .label("place"),
        )
        .where(_REFUSED.reverses == true(), _REFUSED.reversal_key.in_(select(_reversals.c.reversal_key)))
        .subquery("placed_reversing")
    )
    return select(
        takeable.c.in_refused, takeable.c.load_id, takeable.c.row, reversing.c.load_id, reversing.c.row
    ).join_from(
        takeable,
        reversing,
        and_(takeable.c.reversal_key == reversing.c.reversal_key, takeable.c.place == reversing.c.place),
    )


def _pairings() -> tuple[Update, ...]:
    """Write each match on both its rows."""
    partner = {"partner_load_id": _matches.c.partner_load_id, "partner_row": _matches.c.partner_row}
    return (
        update(incident_rows)
        .values(**partner)
        .where(
            _matches.c.in_refused == false(), _ROW.load_id == _matches.c.load_id, _ROW.row == _matches.c.row
        ),
        update(refused_rows)
        .values(**partner, reason=Reason.REVERSED.value)
        .where(
            _matches.c.in_refused == true(),
            _REFUSED.load_id == _matches.c.load_id,
            _REFUSED.row == _matches.c.row,
        ),
        update(refused_rows)
        .values(partner_load_id=_matches.c.load_id, partner_row=_matches.c.row)
        .where(_REFUSED.load_id == _matches.c.partner_load_id, _REFUSED.row == _matches.c.partner_row),
    )


def _reasons_statement() -> Update:
    """Say for each row that may have changed why it stands or does not."""
    touched = or_(_ROW.key.in_(select(_keys.c.key)), _ROW.reversal_key.in_(select(_reversals.c.reversal_key)))
    taken_back = _ROW.partner_load_id.is_not(None)
    return (
        update(incident_rows)
        .values(
            reason=case(
                (taken_back, Reason.REVERSED.value), (_ROW.duplicate, Reason.DUPLICATE.value), else_=null()
            ),
            detail=case((taken_back, _TAKEN_BACK), (_ROW.duplicate, _ROW.detail), else_=null()),
        )
        .where(touched)
    )
