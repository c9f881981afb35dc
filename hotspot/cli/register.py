"""The incidents of many weeks, read once and handed out week by week."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hotspot.model import Reports
from hotspot.sample import taken
from hotspot.store import incidents, municipality

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from hotspot.model import Incidents
    from hotspot.weeks import Week


@dataclass(frozen=True, slots=True)
class Register:
    """
    Incidents of a span of weeks and how each became known, ordered by start and key.

    Parameters
    ----------
    incidents, reports
        What was read.
    zone
        Time zone that bounds the weeks.
    """

    incidents: Incidents
    reports: Reports
    zone: ZoneInfo

    def of(self, first: Week, last: Week) -> tuple[Incidents, Reports]:
        """
        Give the incidents that can have begun in some weeks.

        Parameters
        ----------
        first, last
            The weeks; both are in it, and in what was read.

        Returns
        -------
        tuple of Incidents and Reports
            The same arrays that the store would give.
        """
        since_s, until_s = bounds_s(first, last, self.zone)
        chosen = (self.incidents.started_s < until_s) & (self.incidents.ended_s >= since_s)
        if chosen.all():
            return self.incidents, self.reports
        return (
            taken(self.incidents, chosen),
            Reports(**{one.name: getattr(self.reports, one.name)[chosen] for one in fields(Reports)}),
        )


def bounds_s(first: Week, last: Week, zone: ZoneInfo) -> tuple[int, int]:
    """
    Tell when some weeks begin and end.

    Parameters
    ----------
    first, last
        The weeks.
    zone
        Time zone that bounds them.

    Returns
    -------
    tuple of int
        Seconds since 1970 in UTC: the first instant that is in them, and the first that no longer is.
    """
    return int(first.bounds(zone)[0].timestamp()), int(last.bounds(zone)[1].timestamp())


def read_register(connection: Connection, first: Week, last: Week) -> Register:
    """
    Read the incidents that can have begun in some weeks.

    Parameters
    ----------
    connection
        The open transaction.
    first, last
        The weeks.

    Returns
    -------
    Register
        What the store holds of them.
    """
    zone = ZoneInfo(municipality.read_municipality(connection).time_zone)
    since_s, until_s = bounds_s(first, last, zone)
    return Register(*incidents.read_register(connection, since_s=since_s, until_s=until_s), zone)
