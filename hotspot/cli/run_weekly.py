"""`hotspot run-weekly`: Monday's work in one command, for cron or a timer."""

from __future__ import annotations

import datetime as dt
import os
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any  # What is published is JSON, of which parts are read.
from zoneinfo import ZoneInfo

import typer

from hotspot import harm
from hotspot.cli import briefing, detection, incidents, publishing
from hotspot.cli.opening import opened
from hotspot.cli.options import Json, Language, Store
from hotspot.cli.output import Output
from hotspot.cli.register import read_register
from hotspot.cli.weekly import read_list
from hotspot.errors import HotspotError, InvalidParameter, Unsuitable
from hotspot.report import statements
from hotspot.settings import DetectionSettings
from hotspot.store import engine as engines
from hotspot.store import municipality, publications
from hotspot.store.publications import Conditions
from hotspot.weeks import Week, week_range

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Engine

    from hotspot.editions import Edition
    from hotspot.harm import Weights
    from hotspot.report.published import PublishedList

_LANGUAGES = tuple(Language)


@dataclass(slots=True)
class Steps:
    """What was done, how it ended and how long it took."""

    output: Output
    done: list[dict[str, Any]] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[dict[str, Any]]:
        """
        Do one step.

        Parameters
        ----------
        name
            What is done.

        Yields
        ------
        dict
            Takes what there is to say of it under `outcome`.
        """
        entry: dict[str, Any] = {"step": name, "outcome": "failed"}
        self.done.append(entry)
        start = time.perf_counter()
        try:
            yield entry
        except Exception as error:
            entry["outcome"] = f"failed: {error}"
            raise
        finally:
            entry["seconds"] = round(time.perf_counter() - start, 1)


def run_weekly(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE...]", help="Incident files that have come in.", show_default=False),
    ] = None,
    mapping: Annotated[
        str | None,
        typer.Option("--mapping", metavar="NAME|FILE", help="Mapping of the files.", show_default=False),
    ] = None,
    week: Annotated[
        str | None,
        typer.Option("--week", help="ISO week; default: the last one that has ended.", show_default=False),
    ] = None,
    corrected_weeks: Annotated[
        int,
        typer.Option(
            min=0, max=52, help="Weeks before it that are done again, for reports that came in late."
        ),
    ] = 1,
    briefings: Annotated[
        Path | None,
        typer.Option(help="Folder for the briefings of the week; none are made without.", show_default=False),
    ] = None,
    language: Annotated[
        list[Language] | None,
        typer.Option("--language", help="Language of the briefings; default: both.", show_default=False),
    ] = None,
    weights: publishing.WeightsOption = publishing.DEFAULT_WEIGHTS,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """
    Load, detect, follow, rank, publish and brief: the whole of a Monday morning, safe to repeat.

    A second run does only what has changed; a run that was broken off is continued by the same command. If a
    step fails, the lists that are published stay as they are, the exit code tells the kind of failure, and
    nothing is half done.

    Examples: `hotspot run-weekly incoming/2026-W47.csv --mapping dutch_generic --briefings briefings`;
    `hotspot run-weekly --week 2026-W47`
    """
    output = Output(as_json)
    steps = Steps(output)
    if files and mapping is None:
        raise InvalidParameter("files need --mapping, the mapping that reads them")
    read = harm.read_weights(weights)
    _require_writable(briefings)
    with opened(store) as engine:
        chosen = _week(engine, week)
        try:
            edition = _run(
                engine,
                week_range(chosen.plus(-corrected_weeks), chosen),
                files=files or [],
                mapping=mapping,
                briefings=briefings,
                languages=language or _LANGUAGES,
                weights=read,
                steps=steps,
            )
        except Exception:
            # Whatever it was: first say what was done and which list holds.
            _show(chosen, steps)
            with suppress(HotspotError):
                output.say(_in_place(engine))
            raise
        with engines.read(engine) as connection:
            listed = read_list(connection, str(edition.week), Conditions(edition=edition.number)).published
    shown = (language or [Language.EN])[0]
    output.result({"week": str(chosen), "edition": edition.number, "steps": steps.done, **_counts(listed)})
    _show(chosen, steps)
    for line in [_headline(listed), *statements.below(listed, shown)]:
        output.say(line)


def _require_writable(folder: Path | None) -> None:
    """Refuse a folder that cannot be written before anything is done."""
    if folder is None:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        is_writable = os.access(folder, os.W_OK)
    except OSError:
        is_writable = False
    if not is_writable:
        raise InvalidParameter(f"--briefings must be a folder that can be written, got {folder}")


def _week(engine: Engine, week: str | None) -> Week:
    """Read the week, or take the last one that has ended where the municipality is."""
    with engines.read(engine) as connection:
        zone = ZoneInfo(municipality.read_municipality(connection).time_zone)
    now = dt.datetime.now(zone)
    last = Week.containing(now.date()).plus(-1)
    chosen = last if week is None else Week.parse(week)
    if last < chosen:
        raise InvalidParameter(f"a week must have ended to be listed, got {chosen}; the last is {last}")
    return chosen


def _run(
    engine: Engine,
    weeks: Sequence[Week],
    *,
    files: Sequence[Path],
    mapping: str | None,
    briefings: Path | None,
    languages: Sequence[Language],
    weights: Weights,
    steps: Steps,
) -> Edition:
    """Do one step after the other; each is kept before the next begins."""
    output = steps.output
    if files and mapping is not None:
        with steps.step("load") as told:
            outcomes = incidents.load_files(
                engine, files, mapping=mapping, outside_m=incidents.OUTSIDE_M, output=output
            )
            new = [one.load for one in outcomes if not one.unchanged]
            told["outcome"] = f"{len(new)} of {len(outcomes)} files new, " + _rows(new)
    with steps.step("detect") as told:
        weeks = _with_data(engine, weeks)
        found = detection.detect_weeks(engine, weeks, DetectionSettings().parameters(), output)
        unchanged = sum(one.unchanged for one in found)
        told["outcome"] = f"{len(found)} weeks, {unchanged} unchanged"
    with steps.step("follow, rank, publish") as told:
        before = _editions(engine)
        editions = publishing.publish_weeks(engine, weeks, output, weights=weights)
        fresh = [one for one in editions if (one.week, one.number) not in before]
        told["outcome"] = ", ".join(f"{one.week} edition {one.number}" for one in fresh) or "nothing new"
    if briefings is not None:
        with steps.step("brief") as told:
            written = briefing.write_all(engine, editions[-1], folder=briefings, languages=languages)
            told["outcome"] = f"{written} files in {briefings}"
    return editions[-1]


def _rows(loads: Sequence[Any]) -> str:
    """Count rows of loads."""
    accepted, read = sum(load.rows_accepted for load in loads), sum(load.rows_read for load in loads)
    return f"{accepted} of {read} rows accepted"


def _with_data(engine: Engine, weeks: Sequence[Week]) -> list[Week]:
    """Leave out earlier weeks without any incident, and refuse if the week itself has none."""
    with engines.read(engine) as connection:
        register = read_register(connection, weeks[0], weeks[-1])
    held = [week for week in weeks if len(register.of(week, week)[0])]
    if weeks[-1] not in held:
        # The file has not come, and an empty list would be untrue.
        raise Unsuitable(f"the store holds no incident of {weeks[-1]}: load its file first")
    return held


def _editions(engine: Engine) -> set[tuple[Week, int]]:
    """List what is published."""
    with engines.read(engine) as connection:
        return {(one.week, one.number) for one in publications.editions(connection)}


def _in_place(engine: Engine) -> str:
    """Say which list holds now."""
    with engines.read(engine) as connection:
        found = publications.editions(connection)
    if not found:
        return "Nothing is published yet."
    return f"The list of {found[0].week}, edition {found[0].number}, is the newest and stays in place."


def _counts(listed: PublishedList) -> dict[str, Any]:
    """Count what a machine asks of a run."""
    told = listed.summary
    return {
        "hotspots": len(listed.rows),
        "new": sum(row.get("event") == "new" for row in listed.rows),
        "gone": len(told.get("gone", ())),
        "alarms": sum(row["is_alarm"] for row in told.get("alarms", {}).get("rows", ())),
        "as_of": told.get("as_of"),
    }


def _headline(listed: PublishedList) -> str:
    """Say in one line what the list holds."""
    counts = _counts(listed)
    return (
        f"{listed.week}, edition {listed.edition}: {counts['hotspots']} hotspots, {counts['new']} of them "
        f"new, {counts['gone']} gone since last week, {counts['alarms']} alarms."
    )


def _show(week: Week, steps: Steps) -> None:
    """Print the steps."""
    steps.output.table(
        f"Weekly run of {week}",
        ["step", "outcome", "#seconds"],
        [[entry["step"], entry["outcome"], entry["seconds"]] for entry in steps.done],
    )
