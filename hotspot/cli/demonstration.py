"""`hotspot demo`: the main job, from nothing to a served map, on a demonstration city or on real data."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer

from hotspot import demo as demonstration
from hotspot import grades, schematic
from hotspot.cli import boundaries as boundaries_cli
from hotspot.cli import detection, incidents, publishing, service, setup
from hotspot.cli.opening import opened, transaction
from hotspot.cli.options import Json, Store
from hotspot.cli.output import Output
from hotspot.errors import NotFound
from hotspot.ingest import boundaries as boundary_files
from hotspot.model import Kind
from hotspot.places import Place, read_place
from hotspot.settings import DetectionSettings
from hotspot.weeks import week_range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from hotspot.cli.detection import Found
    from hotspot.demo import Finding
    from hotspot.model import Grade

FOLDER = Path(".demo")
"""Where the demonstration keeps its files and its store; nothing else is touched."""


_SEED = 2026
"""Start of the synthetic incidents' random numbers."""


@dataclass
class Steps:
    """Seconds of each step, told as they pass."""

    output: Output
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """
        Time one step.

        Parameters
        ----------
        name
            What is done.
        """
        start = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - start, 2)
        self.output.say(f"  {name}: {self.seconds[name]:.1f} s")


def demo(
    data: Annotated[
        Path | None,
        typer.Option(
            help="Folder with real data of a known place, such as ../shared/data/st_louis_2010.",
            show_default=False,
        ),
    ] = None,
    place: Annotated[
        str | None,
        typer.Option(help="Shipped place or place file; default: the folder's name.", show_default=False),
    ] = None,
    port: Annotated[int, typer.Option(min=1, max=65_535, help="Port of the map.")] = 8000,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve the map at the end.")] = True,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """
    Show the whole way from an incident file to a published week on a map.

    Without options: 60 weeks of labelled synthetic incidents on a schematic Maastricht, with hotspots planted
    on purpose. With `--data`: the same on real files of a known place. A second run does
    only what has changed.

    Examples: `hotspot demo`; `hotspot demo --data ../shared/data/st_louis_2010`;
    `hotspot demo --data my/folder --place my/place.toml --no-serve`
    """
    output = Output(as_json)
    chosen = _place(data, place)
    folder = FOLDER / chosen.name
    folder.mkdir(parents=True, exist_ok=True)
    store_url = store if store is not None else f"sqlite:///{folder}/hotspot.db"
    steps = Steps(output)
    output.say(f"{chosen.municipality.name}, store {store_url}")
    with steps.step("prepare the store"):
        setup.initialise(chosen.municipality, store_url)
    with opened(store_url) as engine:
        data_folder = data if data is not None else _synthetic(engine, chosen, folder, steps)
        found = _run(engine, chosen, data_folder, steps, output)
    all_found = [detection for one in found for detection in one.detections]
    planted = demonstration.findings(folder, all_found) if data is None else ()
    output.result(
        {
            "place": chosen.name,
            "store": store_url,
            "seconds": steps.seconds,
            "weeks": _counts(found),
            "planted": [asdict(finding.truth) | {"found_in": finding.found_in} for finding in planted],
        }
    )
    _tell(chosen, found, planted, output)
    if serve and not as_json:
        service.run(host="127.0.0.1", port=port, store_url=store_url)


def _place(data: Path | None, place: str | None) -> Place:
    """Choose the place that the options name."""
    if data is not None and not data.is_dir():
        raise NotFound(f"--data must be a folder, got {data}")
    if data is None and place is not None:
        raise NotFound("--place needs --data, the folder with its files")
    if data is None:
        return read_place("maastricht_demo")
    return read_place(place if place is not None else data.resolve().name)


def _synthetic(engine: Engine, place: Place, folder: Path, steps: Steps) -> Path:
    """Make the synthetic incidents and load the schematic boundaries."""
    with steps.step("draw synthetic incidents"):
        demonstration.write_incidents(folder, place, np.random.default_rng(_SEED))
    with steps.step("load schematic boundaries"), transaction(engine) as connection:
        boundaries_cli.write(connection, schematic.read())
    return folder


def _run(engine: Engine, place: Place, folder: Path, steps: Steps, output: Output) -> list[Found]:
    """Load, detect and publish."""
    if place.boundaries is not None:
        with steps.step("load boundaries"), transaction(engine) as connection:
            wanted = place.boundaries
            reading = boundary_files.read_boundaries(
                folder / wanted.file,
                municipality=place.municipality,
                vintage=wanted.vintage,
                source=wanted.source,
                code_column=wanted.code_column,
                name_column=wanted.name_column,
                district_column=wanted.district_column,
            )
            boundaries_cli.write(connection, reading.boundaries)
    paths = sorted(folder.glob(place.incident_files))
    if not paths:
        raise NotFound(f"no file {place.incident_files!r} in {folder}")
    with steps.step("load incidents"):
        outcomes = incidents.load_files(
            engine, paths, mapping=place.mapping, outside_m=incidents.OUTSIDE_M, output=output
        )
    incidents.show_loads(outcomes, output)
    weeks = week_range(place.week.plus(1 - place.weeks), place.week)
    with steps.step(f"detect {len(weeks)} weeks"):
        found = detection.detect_weeks(engine, weeks, DetectionSettings().parameters(), output)
    with steps.step("publish"):
        publishing.publish_weeks(engine, weeks, output)
    return found


def _counts(found: list[Found]) -> dict[str, dict[str, dict[Kind, dict[Grade, int]]]]:
    """Count hotspots per week and theme by kind and grade."""
    return {str(one.week): {d.theme: grades.counts(d.hotspots) for d in one.detections} for one in found}


def _tell(place: Place, found: list[Found], planted: tuple[Finding, ...], output: Output) -> None:
    """Say what was found and what to look at."""
    themes = sorted({d.theme for one in found for d in one.detections})
    for kind in Kind:
        cells = [{d.theme: detection.confirmed_and_likely(d, kind) for d in one.detections} for one in found]
        output.table(
            f"{kind.capitalize()} hotspots: confirmed + likely",
            ["week", *(f"#{theme}" for theme in themes)],
            [
                [one.week, *(row.get(theme, "-") for theme in themes)]
                for one, row in zip(found, cells, strict=True)
            ],
        )
    if planted:
        output.table(
            "Planted on purpose, and where it was found",
            ["theme", "kind", "weeks", "neighbourhood", "#incidents", "#radius (m)", "found in"],
            [
                [
                    finding.truth.theme,
                    finding.truth.kind,
                    f"{finding.truth.first_week}..{finding.truth.last_week}",
                    finding.truth.neighbourhood,
                    finding.truth.incidents,
                    f"{finding.truth.radius_m:.0f}",
                    ", ".join(finding.found_in) or "nowhere",
                ]
                for finding in planted
            ],
        )
        lists = sum(len(one.detections) for one in found)
        output.say(
            f"Of {lists} lists about {lists * DetectionSettings().alpha:.0f} may show a confirmed hotspot "
            "that chance made: alpha is the share of lists with a false one."
        )
    for said in grades.error_rates(DetectionSettings().parameters()).values():
        output.say(said.en)
    if not any(detection.hotspots for one in found for detection in one.detections):
        output.say("No hotspots in these weeks: that is a result. `hotspot detect` looks at others.")
        return
    output.say(
        f"Look at {place.week}: the list beside the map, the number on each hotspot, its panel; "
        "then go back week by week."
    )
