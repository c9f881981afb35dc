"""
What a level may know of the weeks before: only what the same level was told in them.

A place that was listed and hidden must look like one that was not listed. So what a row says of its past, and
which rows are gone, follows from the publications of the level itself; each carries what the next one needs.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any  # What is published is JSON, of which parts are read.

from hotspot.weeks import Week

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from hotspot.editions import Publication
    from hotspot.geojson import Json

REMEMBERED_WEEKS = 52
"""Weeks after which a place that is not seen is forgotten; when it is seen again it counts as new."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """
    What a level has seen.

    Parameters
    ----------
    is_known
        Whether there is a past to speak of.
    places
        First week, number of weeks and last week of each place that may return, by its name.
    listed
        Properties of what was listed the week before, by name.
    """

    is_known: bool
    places: Mapping[str, tuple[Week, int, Week]]
    listed: Mapping[str, Mapping[str, Any]]

    def of(self, name: str, week: Week) -> dict[str, Json]:
        """
        Tell the past of a place.

        Parameters
        ----------
        name
            Its name at the level.
        week
            The week in which it is listed now.

        Returns
        -------
        dict
            Its first week, weeks, event, gap and rank of the week before; nothing if there is no past to
            speak of.
        """
        if not self.is_known:
            return {}
        first, weeks, last = self.places.get(name, (week, 0, week))
        gap = max(week.ordinal - last.ordinal - 1, 0)
        event = "new" if weeks == 0 else "returned" if gap else "continued"
        return {
            "previous_rank": self.listed[name]["rank"] if name in self.listed else None,
            "first_week": str(first),
            "weeks_listed": weeks + 1,
            "event": event,
            "gap_weeks": gap,
        }

    def gone(self, names: Collection[str]) -> list[Json]:
        """
        List what was listed the week before and is not now.

        Parameters
        ----------
        names
            What is listed now.

        Returns
        -------
        list
            In the order of the list before.
        """
        return [
            {
                "id": name,
                "theme": was["theme"],
                "kind": was["kind"],
                "rank": was["rank"],
                "neighbourhood_name": was["neighbourhood_name"],
                "event": "ended",
                "into": None,
            }
            for name, was in self.listed.items()
            if name not in names
        ]

    def after(self, names: Collection[str], week: Week) -> list[Json]:
        """
        Write what the next week needs to know.

        Parameters
        ----------
        names
            What is listed now.
        week
            The week.

        Returns
        -------
        list
            Places that may still return under their name, ordered by it.
        """
        places = {
            name: place
            for name, place in self.places.items()
            if week.ordinal - place[2].ordinal < REMEMBERED_WEEKS and name not in names
        }
        for name in names:
            first, weeks, _ = self.places.get(name, (week, 0, week))
            places[name] = (first, weeks + 1, week)
        return [
            {"id": name, "first_week": str(first), "weeks_listed": weeks, "last_week": str(last)}
            for name, (first, weeks, last) in sorted(places.items())
        ]


def remembered(before: Publication | None, *, week: Week) -> Remembered:
    """
    Read what a level has seen.

    Parameters
    ----------
    before
        What it saw last; absent if nothing.
    week
        The week that follows; no later than places are remembered.

    Returns
    -------
    Remembered
        Its past.
    """
    if before is None or not 1 <= week.ordinal - before.week.ordinal <= REMEMBERED_WEEKS:
        return Remembered(is_known=False, places={}, listed={})
    told = json.loads(before.summary).get("remembered", ())
    places = {
        one["id"]: (Week.parse(one["first_week"]), int(one["weeks_listed"]), Week.parse(one["last_week"]))
        for one in told
    }
    is_last = week.ordinal - before.week.ordinal == 1
    listed = [json.loads(feature.geojson)["properties"] for feature in before.features] if is_last else []
    return Remembered(is_known=True, places=places, listed={one["id"]: one for one in listed})
