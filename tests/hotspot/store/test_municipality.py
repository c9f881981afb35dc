"""A store is about one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hotspot.errors import InvalidParameter, StoreNotReady
from hotspot.store import boundaries, municipality
from tests import factories
from tests.hotspot.store.fragments import fragments

if TYPE_CHECKING:
    from sqlalchemy import Connection


def test_municipality__asks_for_init_where_none_was_written(connection: Connection) -> None:
    assert municipality.find_municipality(connection) is None
    with pytest.raises(StoreNotReady, match="hotspot init"):
        municipality.read_municipality(connection)


def test_municipality__is_read_as_it_was_written(connection: Connection) -> None:
    place = factories.municipality(name="'s-Hertogenbosch", srid=26915, time_zone="America/Chicago")
    municipality.write_municipality(connection, factories.municipality())
    municipality.write_municipality(connection, place)
    assert municipality.read_municipality(connection) == place


def test_municipality__cannot_change_its_plane_once_something_lies_in_it(connection: Connection) -> None:
    municipality.write_municipality(connection, factories.municipality())
    areas = factories.boundaries()
    boundaries.write_boundaries(connection, areas, fragments(areas))
    municipality.write_municipality(connection, factories.municipality(name="Another name"))
    with pytest.raises(InvalidParameter, match=r"EPSG:28992.*cannot become.*EPSG:26915"):
        municipality.write_municipality(connection, factories.municipality(srid=26915))
