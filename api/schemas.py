"""The shape of every answer, for the documentation and for those who build one."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic reads the annotations when the module is loaded
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Answer(BaseModel):
    """What all answers share: they are values, and say nothing that is not documented."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    def encoded(self) -> bytes:
        """
        Write the answer as JSON.

        Returns
        -------
        bytes
            The same bytes for the same answer.
        """
        return self.model_dump_json(by_alias=True).encode()


class Link(Answer):
    """Where something related is found."""

    href: str = Field(description="Its address.")
    rel: str = Field(description="How it is related, a name registered with IANA or a URI.")
    type: str = Field(description="Its media type.")
    title: str = Field(description="What it is, for people.")


class Mistake(Answer):
    """One thing that is wrong with a request."""

    parameter: str = Field(description="Name of the parameter.")
    message: str = Field(description="What was required and what came.")


class Problem(Answer):
    """Why a request was not answered (RFC 9457)."""

    type: str = Field(description="`about:blank`: the title says it all.")
    title: str = Field(description="Name of the status.")
    status: int = Field(description="The status, again.")
    detail: str = Field(description="What was required and what came.")
    errors: tuple[Mistake, ...] = Field(description="All that is wrong with the request, at once.")


class Landing(Answer):
    """Where to begin."""

    title: str
    description: str
    links: tuple[Link, ...]


class Conformance(Answer):
    """Which requirements classes are kept in full."""

    conforms_to: tuple[str, ...] = Field(alias="conformsTo", description="URI of each class.")


class Collection(Answer):
    """One set of features."""

    id: str
    title: str
    description: str
    item_type: Literal["feature"] = Field("feature", alias="itemType")
    crs: tuple[str, ...] = Field(description="Systems in which the features can be had.")
    links: tuple[Link, ...]


class Collections(Answer):
    """All sets of features."""

    links: tuple[Link, ...]
    collections: tuple[Collection, ...]


class Geometry(Answer):
    """A shape in longitude and latitude on WGS 84 (RFC 7946)."""

    type: Literal["Polygon", "MultiPolygon"]
    coordinates: list[Any] = Field(description="Rings, the outer one first and counter-clockwise.")


class AreaShare(Answer):
    """A neighbourhood that a hotspot touches."""

    code: str
    name: str
    share: float = Field(description="Share of the hotspot's incidents in it, 0 to 1.")


_UNSAID = " Editions published before this was told leave it out."


class HotspotProperties(Answer):
    """Why a place is on the list of a week."""

    id: str = Field(description="Name that stays the same as long as its input does.")
    theme: str
    week: str = Field(description="Last week of the window, such as `2010-W30`.")
    kind: Literal["acute", "chronic"] = Field(
        "acute",
        description="`acute`: more in the last weeks than its past and the present elsewhere lead to expect; "
        "`chronic`: denser, all year, than its surroundings explain." + _UNSAID,
    )
    grade: Literal["confirmed", "likely"] = Field(
        "confirmed", description="How sure it is; the list states the error rate of each grade." + _UNSAID
    )
    rank: int = Field(
        description="Place in the list of its theme, from 1: acute before chronic, confirmed before likely."
    )
    score: float | None = Field(description="What the order follows within a kind and grade.")
    previous_rank: int | None = Field(
        description="Rank of the hotspot of its kind at this place in the week before, if there was one."
    )
    observed: int = Field(description="Incidents in its window.")
    expected: float | None = Field(
        description="Incidents that its past and the present elsewhere lead to expect; of a chronic hotspot, "
        "that the ring around it leads to expect."
    )
    baseline: int = Field(
        description="Incidents in the baseline; of a chronic hotspot, in the ring around it."
    )
    relative_risk: float | None = Field(description="Rate against the rate expected; absent if that is zero.")
    p_value: float | None = Field(description="Chance that the whole search finds anything this extreme.")
    q_value: float | None = Field(
        None,
        description="Share of false ones to be expected among all candidates of its theme and week that are "
        "at least as extreme; absent in early editions.",
    )
    recurrence_weeks: float | None = Field(
        description="By chance such a hotspot is seen once in so many weeks."
    )
    places: int = Field(description="Distinct places among the incidents.")
    largest_pile_up: int = Field(description="Incidents at the place that has most.")
    pile_up: bool = Field(
        description="Whether most of its incidents share one coordinate: a single address, or where a "
        "register puts what it cannot place."
    )
    form: Literal["dot", "line", "area"] | None = Field(
        None,
        description="One address, along a street, or around; the footprint of a dot is a disc. Absent in "
        "early editions.",
    )
    neighbourhood: str | None = Field(description="Code of the neighbourhood with the largest share.")
    neighbourhood_name: str | None = Field(description="Its name.")
    neighbourhoods: list[AreaShare] = Field(description="All neighbourhoods touched, largest share first.")
    subthemes: dict[str, int] = Field(description="Incidents by subtheme, largest first.")
    window_weeks: int = Field(description="Weeks of its own window, in which it stands out most.")
    window_start: dt.date = Field(description="First local day of that window.")
    window_end: dt.date = Field(description="Last local day of that window.")
    centroid: tuple[float, float] = Field(description="Longitude and latitude of the incidents' mean.")
    area_m2: float = Field(description="Area of the footprint.")


class AreaProperties(Answer):
    """What is known of a neighbourhood or district."""

    code: str
    name: str
    level: Literal["neighbourhood", "district", "municipality"]
    parent_code: str | None = Field(description="Code of the area that holds it.")
    vintage: int = Field(description="Year for which the boundaries hold.")
    area_ha: float = Field(description="Area in hectares.")
    inhabitants: int | None
    # "schematic" says that the shape is a drawing for demonstration and not the real border.
    schematic: bool = Field(description="Whether the shape is a drawing and not the real border.")


class Feature(Answer):
    """A GeoJSON feature of either kind."""

    type: Literal["Feature"]
    id: str
    bbox: tuple[float, float, float, float] = Field(description="West, south, east, north.")
    geometry: Geometry
    properties: HotspotProperties | AreaProperties


class LinkedFeature(Feature):
    """A single feature with its links."""

    links: tuple[Link, ...]


class FeatureCollection(Answer):
    """A page of features."""

    type: Literal["FeatureCollection"]
    number_matched: int = Field(alias="numberMatched", description="Features on all pages.")
    number_returned: int = Field(alias="numberReturned", description="Features on this page.")
    time_stamp: dt.datetime | None = Field(
        None, alias="timeStamp", description="When what is served was published; only of hotspots."
    )
    links: tuple[Link, ...]
    features: list[Feature]


class EditionLine(Answer):
    """One publication of a week."""

    edition: int = Field(description="1 for the first, then one more for each correction.")
    content_hash: str = Field(description="Editions with the same hash say the same.")
    published_at: dt.datetime
    links: tuple[Link, ...]


class PublishedWeek(Answer):
    """A week with all its editions."""

    week: str
    first_day: dt.date
    last_day: dt.date
    editions: tuple[EditionLine, ...] = Field(description="The latest, which holds, first.")


class Weeks(Answer):
    """All published weeks, the latest first."""

    links: tuple[Link, ...]
    weeks: tuple[PublishedWeek, ...]


class MunicipalityLine(Answer):
    """The place that the list is about."""

    code: str
    name: str
    time_zone: str


class BoundariesLine(Answer):
    """The borders that the list goes by."""

    vintage: int
    source: str
    schematic: bool


class Generator(Answer):
    """The program that made the list."""

    name: str
    version: str


class LabelPair(Answer):
    """How people read a name."""

    nl: str
    en: str


class GradeCounts(Answer):
    """Hotspots of one kind by grade."""

    confirmed: int
    likely: int


class KindCounts(Answer):
    """Hotspots by kind and grade."""

    acute: GradeCounts
    chronic: GradeCounts


class KindTexts(Answer):
    """What is asked of a hotspot of each kind."""

    acute: LabelPair
    chronic: LabelPair


class GradeTexts(Answer):
    """The error rate of each grade, in words."""

    confirmed: LabelPair
    likely: LabelPair


class ThemeState(Answer):
    """What the search for one theme came to."""

    theme: str
    state: Literal["hotspots", "no_hotspots", "not_enough_data"]
    reason: LabelPair | None = Field(description="Why there was not enough data; null otherwise.")
    window_incidents: int
    baseline_incidents: int
    window_weeks: int
    baseline_weeks: int
    candidates: int = Field(description="Dense places that were tested.")
    hotspots: int = Field(description="Those that passed.")
    counts: KindCounts | None = Field(
        None, description="Those that passed, by kind and grade; absent in early editions."
    )


class RankingRow(HotspotProperties):
    """A row of the list: what the hotspot's feature says, and where that feature is."""

    links: tuple[Link, ...]


class Ranking(Answer):
    """The list of one week."""

    edition: int
    content_hash: str
    published_at: dt.datetime
    week: str
    window_start: dt.date
    window_end: dt.date
    municipality: MunicipalityLine
    boundaries: BoundariesLine
    generator: Generator
    parameters: dict[str, float] = Field(description="What the detection was told, units in the names.")
    input_hash: str
    labels: dict[str, LabelPair]
    kinds: KindTexts | None = Field(None, description="What is asked of each kind; absent in early editions.")
    grades: GradeTexts | None = Field(
        None,
        description="The error rate of each grade under the list's parameters; absent in early editions.",
    )
    themes: list[ThemeState] = Field(description="All themes, also those without a row.")
    number_matched: int = Field(alias="numberMatched", description="Rows that meet the conditions.")
    number_returned: int = Field(alias="numberReturned", description="Rows told here.")
    links: tuple[Link, ...]
    items: list[RankingRow]


class ActionLine(Answer):
    """What is done about a hotspot."""

    what: str = Field(description="What is done.")
    who: str = Field(description="The team or function that does it.")
    due: dt.date | None = Field(default=None, description="Day by which.")
    status: Literal["signalled", "interpreted", "agreed", "under_way", "evaluated", "closed"] = Field(
        description="How far it is; it goes forward only, or from closed to signalled."
    )


class NewNote(Answer):
    """A note that is added: a verdict, an action, or both."""

    verdict: Literal["confirmed", "rejected", "remark"] | None = Field(
        default=None, description="What the author makes of the hotspot."
    )
    text: str = Field(default="", description="The author's words; required where there is no action.")
    action: ActionLine | None = Field(default=None, description="What is done, as it stands from now on.")


class NoteLine(Answer):
    """A note that was added."""

    author: str = Field(description="Who wrote it: the name that belongs to the token.")
    written_at: dt.datetime = Field(description="When.")
    verdict: Literal["confirmed", "rejected", "remark"] | None
    text: str
    action: ActionLine | None


class HotspotNotes(Answer):
    """All that was written about a hotspot, and how it stands."""

    hotspot_id: str = Field(description="Id of the hotspot.")
    verdict: Literal["confirmed", "rejected", "remark"] | None = Field(
        description="The latest verdict that is more than a remark."
    )
    action: ActionLine | None = Field(description="The action as it stands.")
    notes: tuple[NoteLine, ...] = Field(description="The notes, the oldest first.")
    links: tuple[Link, ...]


class Health(Answer):
    """Whether the service can answer."""

    status: Literal["ok"]
    store: Literal["reachable"]
    latest_week: str | None = Field(description="Newest published week, if there is any.")
    edition: int | None
    published_at: dt.datetime | None
