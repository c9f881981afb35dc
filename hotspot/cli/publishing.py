"""`hotspot publish`: follow, rank, explain and publish the detected weeks, each as an immutable edition."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated

import typer

from hotspot import harm, publication, served
from hotspot.cli import detection, disclosing
from hotspot.cli.detection import WeekOption, WeeksOption, parse_weeks
from hotspot.cli.opening import opened, transaction
from hotspot.cli.options import Json, Store
from hotspot.cli.output import Output
from hotspot.cli.register import read_register
from hotspot.errors import NotFound, StoreNotReady, Unsuitable
from hotspot.listing import Setting
from hotspot.model import Parameters
from hotspot.past import NOTHING, named
from hotspot.store import (
    area_figures,
    boundaries,
    disclosed,
    loads,
    municipality,
    overviews,
    publications,
    rankings,
    runs,
    serving,
    serving_incidents,
)
from hotspot.tally import HISTORY_WEEKS
from hotspot.telling import telling
from hotspot.weekly import ground, weekly

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import shapely
    from sqlalchemy import Connection, Engine

    from hotspot.catalogue import Disclosure
    from hotspot.cli.register import Register
    from hotspot.editions import Edition, Publication
    from hotspot.harm import Weights
    from hotspot.past import Past
    from hotspot.same_place import Place
    from hotspot.sheet import Sheet
    from hotspot.weekly import Ground, WeeklyList
    from hotspot.weeks import Week

DEFAULT_WEIGHTS = "default"

WeightsOption = Annotated[
    str,
    typer.Option(
        "--weights",
        metavar="NAME|FILE",
        help="Weights by harm: a TOML file or a shipped one.",
    ),
]


def publish(
    week: WeekOption = None,
    weeks: WeeksOption = None,
    weights: WeightsOption = DEFAULT_WEIGHTS,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """
    Publish the newest run of a week: an immutable edition with its hash.

    Each hotspot keeps its id through the weeks; the list says how sure each rank is, what changed, why, at
    what hours, and how the list of the week before did. What has not changed since the newest edition is not
    published again; a correction becomes the next edition and the earlier one stays readable.

    Examples: `hotspot publish --week 2010-W30`; `hotspot publish --week 2010-W30 --weeks 8`
    """
    output = Output(as_json)
    chosen = parse_weeks(week, weeks)
    read = harm.read_weights(weights)
    with opened(store) as engine:
        editions = publish_weeks(engine, chosen, output, weights=read)
    rows = [
        [e.week, e.number, e.published_at.isoformat(timespec="seconds"), e.content_hash] for e in editions
    ]
    output.result(
        [
            dict(zip(("week", "edition", "published_at", "content_hash"), map(str, row), strict=True))
            for row in rows
        ]
    )
    output.table("Published", ["week", "#edition", "published", "content hash"], rows)


def publish_weeks(
    engine: Engine, weeks: Sequence[Week], output: Output, *, weights: Weights | None = None
) -> list[Edition]:
    """
    Publish week by week, each in a transaction of its own.

    Parameters
    ----------
    engine
        The store.
    weeks
        The weeks, in the order of time.
    output
        Where progress is shown.
    weights
        What incidents weigh by harm; absent for all alike.

    Returns
    -------
    list of Edition
        The newest edition of each week.
    """
    editions = []
    chosen = harm.read_weights(DEFAULT_WEIGHTS) if weights is None else weights
    with transaction(engine) as connection:
        _require_runs(connection, weeks)
        past = _past(connection, weeks[0])
        material = _Material(
            read_register(connection, weeks[0].plus(1 - HISTORY_WEEKS), weeks[-1]),
            Setting(
                municipality=municipality.read_municipality(connection),
                boundaries=boundaries.read_boundaries(connection),
                parameters=Parameters(),
                labels=loads.labels(connection),
                weights=chosen,
            ),
            serving_incidents.Outstanding(weeks[0], weeks[-1]),
        )
        asked = _asked(connection, weeks[0])
    # While the database takes in what is served of a week, the list of the next one is made.
    with output.progress("publish", len(weeks)) as step, ThreadPoolExecutor(1) as beside:
        coming = beside.submit(_list, asked, past, material)
        with transaction(engine) as connection:
            serving.read_ahead(connection, weeks[0], ground=material.place, outstanding=material.outstanding)
        for following in (*weeks[1:], None):
            made = coming.result()
            with transaction(engine) as connection:
                asked = _asked(connection, made.run.week)
                if asked != made.asked:
                    # Somebody else has written since it was made.
                    made = _list(asked, past, material)
                edition, published = _publish(connection, made)
                past = made.weekly.named.past
                if following is not None:
                    coming = beside.submit(_list, _asked(connection, following), past, material)
                _serve(connection, edition, published, made, material)
            editions.append(edition)
            step()
    return editions


@dataclass(frozen=True, slots=True)
class _Asked:
    """
    What the store says of a week before its list is made.

    Parameters
    ----------
    run
        What was detected.
    boundaries
        Hash of the areas in force.
    published
        Places of the week under the names with which it was published before.
    handed_out
        Footprints of the list of the week before, as it was published first.
    """

    run: runs.Run
    boundaries: str
    published: Sequence[Place]
    handed_out: Mapping[str, Sequence[shapely.Polygon]] | None


@dataclass(frozen=True, slots=True)
class _Made:
    """
    A list, and what it was made from.

    Parameters
    ----------
    asked
        What the store said of the week.
    weekly
        The list.
    cells
        Its surface of density by level; absent where the week has been published before, since what has not
        changed is not served again.
    """

    asked: _Asked
    weekly: WeeklyList
    cells: Mapping[Disclosure, Sheet] | None

    @property
    def run(self) -> runs.Run:
        """What was detected."""
        return self.asked.run


@dataclass(frozen=True, slots=True)
class _Material:
    """What the lists of some weeks are made from; put in order once for all that have the same window."""

    register: Register
    setting: Setting
    outstanding: serving_incidents.Outstanding
    by_window: dict[int, Ground] = field(default_factory=dict)
    surfaces_by_window: dict[int, disclosing.Surfaces] = field(default_factory=dict)
    laid: serving.Laid = field(default_factory=serving.Laid)

    @property
    def place(self) -> served.Ground:
        """What rows are laid out on."""
        return served.Ground(self.setting.municipality, self.setting.boundaries)

    def ground(self, setting: Setting) -> Ground:
        """Give the register in order."""
        weeks = setting.parameters.window_weeks
        if weeks not in self.by_window:
            self.by_window[weeks] = ground(self.register.incidents, self.register.reports, setting)
        return self.by_window[weeks]

    def surfaces(self, setting: Setting) -> disclosing.Surfaces:
        """Give what the surfaces of density have in common."""
        weeks = setting.parameters.window_weeks
        if weeks not in self.surfaces_by_window:
            ledger = self.ground(setting).ledger
            self.surfaces_by_window[weeks] = disclosing.Surfaces(setting, ledger)
        return self.surfaces_by_window[weeks]


def _require_runs(connection: Connection, weeks: Sequence[Week]) -> None:
    """Refuse weeks that have not been detected before anything is published."""
    detected = set(runs.weeks(connection))
    missing = next((week for week in weeks if week not in detected), None)
    if missing is not None:
        raise NotFound(f"{missing} has not been detected; run `hotspot detect --week {missing}` first")


def _past(connection: Connection, week: Week) -> Past:
    """Follow all weeks that were detected before one."""
    past = NOTHING
    for earlier in runs.weeks(connection):
        if earlier < week:
            found = runs.read_run(connection, earlier).detections
            places = rankings.published_places(connection, earlier)
            past = named(past, earlier, found, published=places).past
    return past


def _asked(connection: Connection, week: Week) -> _Asked:
    """Ask the store what the list of a week rests on; the list of the week before has been written."""
    return _Asked(
        runs.read_run(connection, week),
        boundaries.content_hash(connection),
        rankings.published_places(connection, week),
        rankings.first_listed(connection, week.plus(-1)),
    )


def _list(asked: _Asked, past: Past, material: _Material) -> _Made:
    """Make the list of one week."""
    run = asked.run
    setting = replace(material.setting, parameters=run.parameters)
    _require_fresh(run, asked.boundaries, material.register)
    if not len(material.register.of(run.week, run.week)[0]):
        raise Unsuitable(f"the store holds no incident of {run.week}: an empty list of it would be untrue")
    made = weekly(
        run.week,
        run.detections,
        past,
        material.ground(setting),
        setting,
        published=asked.published,
        handed_out=asked.handed_out,
    )
    cells = None if asked.published else disclosing.cells_by_level(made, material.surfaces(setting))
    return _Made(asked, made, cells)


def _require_fresh(run: runs.Run, boundaries_hash: str, register: Register) -> None:
    """Refuse a run whose incidents have changed since: its counts would be old and all else new."""
    if detection.input_hash(run.week, run.parameters, register, boundaries_hash) != run.input_hash:
        raise StoreNotReady(
            f"the incidents or boundaries that {run.week} rests on have changed since it was detected; "
            f"run `hotspot detect --week {run.week}` first"
        )


def _publish(connection: Connection, made: _Made) -> tuple[Edition, Publication]:
    """Write one week's list as an edition, unless it says what the newest one does."""
    listed, setting = made.weekly, made.weekly.setting
    ranked = [row.ranked for row in listed.rows]
    value = publication.publication(
        listed.named.detections,
        ranked,
        municipality=setting.municipality,
        boundaries=setting.boundaries,
        parameters=setting.parameters,
        labels=setting.labels,
        input_hash=made.run.input_hash,
        version=version("hotspot"),
        more=telling(listed),
    )
    edition = publications.write_publication(connection, value, published_at=dt.datetime.now(dt.UTC))
    detected_as = {row.hotspot.id: row.entry.hotspot_id for row in listed.rows}
    rankings.write_rankings(connection, edition, ranked, detected_as=detected_as)
    return edition, value


def _serve(
    connection: Connection, edition: Edition, published: Publication, made: _Made, material: _Material
) -> None:
    """Serve an edition to each level, unless it is."""
    listed, setting = made.weekly, made.weekly.setting
    levels = {}
    if not serving.is_served(connection, edition):
        cells = made.cells
        if cells is None:
            cells = disclosing.cells_by_level(listed, material.surfaces(setting))
        levels = disclosing.by_level(connection, published, listed, cells)
    disclosed.write_disclosed(connection, edition, disclosing.below(levels))
    overviews.write(connection, edition)
    area_figures.write(connection, edition, listed.alarms.rows)
    serving.serve(
        connection,
        edition,
        levels,
        ground=material.place,
        laid=material.laid,
        outstanding=material.outstanding,
    )
