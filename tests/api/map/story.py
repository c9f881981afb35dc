"""
A town with a story of six weeks, made by hand so that everything about it is known.

| week | what is listed |
|---|---|
| 2010-W25 | `hs-a` and `hs-s` (drug nuisance), `hs-c` (burglary, chronic) |
| 2010-W26 | the same; `hs-a` has more |
| 2010-W27 | `hs-s` has split: `hs-t` is new from it |
| 2010-W28 | not enough data for any theme |
| 2010-W29 | nothing: that is a result |
| 2010-W30 | `hs-a` returned, `hs-n` new and likely, `hs-c` likely with too little data; nuisance untested |

`hs-a` has two notes: a verdict and an action.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING, Any

from hotspot.crs import Plane
from hotspot.editions import RankedHotspot
from hotspot.model import AreaShare, Form, Grade, Kind, Label, State
from hotspot.notes import Action, Note, Status, Verdict
from hotspot.publication import area_fragments
from hotspot.store import engine as engines
from hotspot.store.boundaries import write_boundaries
from hotspot.store.municipality import write_municipality
from hotspot.store.notes import add_note
from hotspot.store.publications import write_publication
from hotspot.telling import Telling
from hotspot.weeks import Week
from tests.api.published import (
    CENTRE_M,
    PUBLISHED_AT,
    TOWN,
    areas,
    detection,
    evidence,
    hotspot,
    published,
    serve_to_all,
    square,
)
from tests.api.told import backing, properties, summary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotspot.editions import Publication
    from hotspot.model import Detection, Hotspot

WEEKS = tuple(Week.parse(f"2010-W{number}") for number in range(25, 31))
LABELS = {
    "burglary": Label("Woninginbraak", "Burglary"),
    "drug_nuisance": Label("Drugsoverlast", "Drug nuisance"),
    "nuisance": Label("Overlast", "Nuisance"),
    "dealing": Label("Dealen", "Dealing"),
    "use": Label("Gebruik", "Use"),
}
PLACES_M = {
    "hs-a": CENTRE_M,
    "hs-s": (CENTRE_M[0] - 400.0, CENTRE_M[1] + 200.0),
    "hs-t": (CENTRE_M[0] - 400.0, CENTRE_M[1] - 50.0),
    "hs-c": (CENTRE_M[0] + 300.0, CENTRE_M[1]),
    "hs-n": (CENTRE_M[0] + 300.0, CENTRE_M[1] - 300.0),
}
"""Middle of each hotspot, which is a square of 100 m; there lies its badge."""


def beside_badge(name: str) -> tuple[float, float]:
    """Tell a place in a hotspot that its badge does not cover, from zoom 16 on."""
    x_m, y_m = PLACES_M[name]
    return x_m + 34.0, y_m + 34.0


SAID = "Two doors stand open at night."
"""The words of the verdict on `hs-a`."""
DONE = "Check on Friday and Saturday night"
"""What is to be done about `hs-a`."""


@dataclasses.dataclass(frozen=True)
class Listed:
    """A hotspot of a week as it is told."""

    name: str
    rank: int
    previous: int | None = None
    event: str = "continued"
    observed: int = 12
    lifecycle: str = "consecutive"
    grade: Grade = Grade.CONFIRMED
    came_from: tuple[str, ...] = ()
    more: dict[str, Any] = dataclasses.field(default_factory=dict)  # Any: JSON.

    @property
    def theme(self) -> str:
        """`hs-c` is the burglary."""
        return "burglary" if self.name == "hs-c" else "drug_nuisance"

    def hotspot(self, week: Week) -> Hotspot:
        """Draw it."""
        x_m, y_m = PLACES_M[self.name]
        area = AreaShare("BU02", "Céramique", 1.0) if x_m > CENTRE_M[0] else AreaShare("BU01", "Wyck", 1.0)
        is_chronic = self.theme == "burglary"
        return hotspot(
            self.name,
            theme=self.theme,
            week=week,
            kind=Kind.CHRONIC if is_chronic else Kind.ACUTE,
            grade=self.grade,
            form=Form.LINE if is_chronic else Form.AREA,
            footprint=square(x_m, y_m),
            centroid_xy_m=(x_m, y_m),
            neighbourhoods=(area,),
            evidence=evidence(observed=self.observed, window_weeks=52 if is_chronic else 4),
        )

    def said(self, before: Listed | None) -> dict[str, Any]:
        """Tell its life."""
        usual = properties(
            event=self.event,
            event_from=list(self.came_from),
            gap_weeks=2 if self.event == "returned" else 0,
            lifecycle=self.lifecycle,
            rank_lower=max(1, self.rank - 1),
            rank_upper=self.rank + 2,
        )
        last_week = None
        if before is not None:
            last_week = usual["changes"][0] | {"rank": before.rank, "observed": before.observed}
        return usual | {"changes": [last_week, None]} | self.more


LISTED: dict[Week, tuple[Listed, ...]] = {
    WEEKS[0]: (
        Listed("hs-a", 1, event="new", lifecycle="new"),
        Listed("hs-s", 2, event="new", lifecycle="new"),
        Listed("hs-c", 1, event="new", lifecycle="persistent"),
    ),
    WEEKS[1]: (
        Listed("hs-a", 1, 1, observed=15),
        Listed("hs-s", 2, 2),
        Listed("hs-c", 1, 1, lifecycle="persistent"),
    ),
    WEEKS[2]: (
        Listed("hs-s", 1, 2),
        Listed("hs-a", 2, 1, observed=9),
        Listed("hs-t", 3, event="split", lifecycle="new", came_from=("hs-s",)),
        Listed("hs-c", 1, 1, lifecycle="persistent"),
    ),
    WEEKS[3]: (),
    WEEKS[4]: (),
    WEEKS[5]: (
        Listed("hs-a", 1, event="returned", lifecycle="sporadic"),
        Listed("hs-n", 2, event="new", lifecycle="new", observed=8, grade=Grade.LIKELY),
        Listed("hs-c", 1, lifecycle="persistent", grade=Grade.LIKELY, more={"too_little_data": True}),
    ),
}


def _untested(theme: str, week: Week) -> Detection:
    """Say of a theme that there is too little to tell."""
    why = Label(nl="3 incidenten waar er 50 nodig zijn", en="3 incidents where 50 are needed")
    return dataclasses.replace(detection(theme=theme, week=week), state=State.NOT_ENOUGH_DATA, reason=why)


def _detections(week: Week, found: Sequence[Hotspot]) -> list[Detection]:
    """Say what came of each theme."""
    if week == WEEKS[3]:
        return [_untested(theme, week) for theme in ("burglary", "drug_nuisance")]
    made = [
        detection(*(one for one in found if one.theme == theme), theme=theme, week=week)
        for theme in ("burglary", "drug_nuisance")
    ]
    return [*made, _untested("nuisance", week)] if week == WEEKS[5] else made


def told_week(week: Week) -> Publication:
    """Publish a week of the story."""
    listed = LISTED[week]
    before = {one.name: one for one in LISTED.get(week.plus(-1), ())}
    found = [one.hotspot(week) for one in listed]
    ranked = [
        RankedHotspot(one.rank, 9.0 / one.rank, one.previous, made)
        for one, made in zip(listed, found, strict=True)
    ]
    left = [
        {
            "id": one.name,
            "theme": one.theme,
            "kind": "chronic" if one.theme == "burglary" else "acute",
            "rank": one.rank,
            "neighbourhood_name": "Wyck",
            "event": "continued",
            "into": None,
        }
        for name, one in before.items()
        if name not in {other.name for other in listed}
    ]
    telling = Telling(
        properties={one.name: one.said(before.get(one.name)) for one in listed},
        summary=summary(week, gone=left, backing=[backing(week.plus(-1), theme="all")]),
        names=("dealing", "use"),
    )
    return published(_detections(week, found), ranked=ranked, labels=LABELS, more=telling)


def write_story(store_url: str) -> None:
    """Put the story into a store that has its tables."""
    store = engines.create_engine(store_url)
    with engines.begin(store) as connection:
        write_municipality(connection, TOWN)
        write_boundaries(connection, areas(), area_fragments(areas(), Plane(TOWN.srid)))
        for weeks_ago, week in zip(reversed(range(len(WEEKS))), WEEKS, strict=True):
            told = told_week(week)
            at = PUBLISHED_AT - dt.timedelta(weeks=weeks_ago)
            serve_to_all(connection, told, write_publication(connection, told, published_at=at))
        verdict = Note("hs-a", "Area team East", PUBLISHED_AT, Verdict.CONFIRMED, SAID, None)
        action = Action(DONE, "Enforcement", dt.date(2010, 8, 13), Status.AGREED)
        add_note(connection, verdict)
        later = PUBLISHED_AT + dt.timedelta(hours=1)
        add_note(connection, Note("hs-a", "Area team East", later, None, "", action))
    store.dispose()
