"""
Statements that are compiled once, and then only filled with values.

To put a statement together and find it among those that were compiled takes the library several times as long
as the database takes to answer a short one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple  # Any: parameters and rows are of the driver's types.

from hotspot.store.engine import renew

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Compiled, Connection, Select


@dataclass(frozen=True, slots=True)
class Mold:
    """
    A statement without its values.

    Parameters
    ----------
    text
        As the driver takes it.
    constants
        Parameters that are the same for all selections of the form.
    slots
        Which value goes into which other parameter.
    positions
        Names of the parameters in order, where the driver takes them so.
    """

    text: str
    constants: Mapping[str, Any]
    slots: Mapping[str, int]
    positions: tuple[str, ...] | None

    def run(self, connection: Connection, values: Sequence[object]) -> list[tuple[Any, ...]]:
        """
        Fill it and run it.

        Parameters
        ----------
        connection
            The open transaction.
        values
            The values of a selection.

        Returns
        -------
        list of tuple
            The rows that it finds.
        """
        return self.run_named(connection, self.named(values))

    def named(self, values: Sequence[object]) -> dict[str, object]:
        """
        Give values their names.

        Parameters
        ----------
        values
            The values of a selection.

        Returns
        -------
        dict
            By the names of the parameters.
        """
        return {name: values[slot] for name, slot in self.slots.items()}

    def run_named(self, connection: Connection, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
        """
        Fill it by the names of its parameters, and run it.

        Parameters
        ----------
        connection
            The open transaction.
        values
            The values that are not the same for all.

        Returns
        -------
        list of tuple
            The rows that it finds.
        """
        filled = {**self.constants, **values}
        if self.positions is None:
            return _run(connection, self.text, filled)
        return _run(connection, self.text, tuple(filled[name] for name in self.positions))


class Question(NamedTuple):
    """
    A statement with its values.

    Parameters
    ----------
    mold
        The statement.
    values
        Values by the names of its parameters, those aside that are the same for all.
    """

    mold: Mold
    values: Mapping[str, object]


def _run(
    connection: Connection, text: str, values: Mapping[str, object] | Sequence[object]
) -> list[tuple[Any, ...]]:
    """Run a statement as the driver does: the library's own way takes a short one three times as long."""
    renew(connection)
    driver: Any = connection.connection.dbapi_connection  # Any: of the one driver or the other.
    found: list[tuple[Any, ...]] = driver.execute(text, values).fetchall()
    return found


def cast(compiled: Compiled, constants: Mapping[str, Any], slots: Mapping[str, int]) -> Mold:
    """
    Keep what a compiled statement says.

    Parameters
    ----------
    compiled
        The statement.
    constants, slots
        As in `Mold`.

    Returns
    -------
    Mold
        The statement without its values.
    """
    positions = getattr(compiled, "positiontup", None)
    return Mold(str(compiled), constants, slots, None if positions is None else tuple(positions))


_fixed: dict[object, Mold] = {}


def fixed(
    connection: Connection, key: str, build: Callable[[], Select[*tuple[Any, ...]]], **values: object
) -> list[tuple[Any, ...]]:
    """
    Run a statement that is always the same but for values, which it names itself.

    Parameters
    ----------
    connection
        The open transaction.
    key
        Its name.
    build
        Makes it; each value is a `bindparam`.
    **values
        The values by their names.

    Returns
    -------
    list of tuple
        The rows that it finds.
    """
    mold = known(key, connection.dialect.name)
    if mold is None:
        compiled = build().compile(connection)
        mold = _fixed[key, connection.dialect.name] = cast(compiled, compiled.params, {})
    return mold.run_named(connection, values)


def known(key: str, dialect_name: str) -> Mold | None:
    """
    Find a statement that is always the same, if it was run before.

    Parameters
    ----------
    key
        Its name.
    dialect_name
        The database.

    Returns
    -------
    Mold or None
        The statement without its values.
    """
    return _fixed.get((key, dialect_name))
