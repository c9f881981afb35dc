"""A town whose weeks are really published at all levels, who asks for it, and what gives a level away."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from sqlalchemy import select

from hotspot.catalogue import COLLECTIONS, Disclosure
from hotspot.cli import detection, publishing
from hotspot.cli.output import Output
from hotspot.model import Parameters
from hotspot.notes import Note, Verdict
from hotspot.simulate import Planted, history
from hotspot.store import engine as engines
from hotspot.store import notes, tables
from hotspot.store.served_tables import SERVED
from hotspot.weeks import Week, week_range
from tests import factories, small_town, stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray
    from sqlalchemy import Connection, Engine, RowMapping

BEGINS = Week(2025, 8)
WEEKS = week_range(BEGINS.plus(1), BEGINS.plus(2))
SAID = "Seen behind the third garage."
"""What a note says."""

AREA = "B0404"
"""Where the area team works: a hotspot that all levels see; others, elsewhere, only the internal one sees."""

Level = Disclosure


def publish_town(engine: Engine, *, weeks: int | None = None) -> None:
    """Publish two weeks of the small town, with more hotspots than usual; or more from a week earlier on."""
    listed = WEEKS if weeks is None else week_range(BEGINS, BEGINS.plus(weeks - 1))
    town, silent = small_town.town(), Output(as_json=True)
    truth = [
        _spot("drug_nuisance", 0, radius_m=70, incidents=16),
        _spot("drug_nuisance", 10, radius_m=40, incidents=6),
        # All at one address: it is nobody's but of those who work with the register.
        _spot("theft", 5, radius_m=1, incidents=12),
        _spot("theft", 15, radius_m=60, incidents=14),
    ]
    lived = history(
        town,
        (small_town.DRUGS, small_town.THEFT),
        first=small_town.LAST.plus(-69),
        weeks=70,
        truth=truth,
        zone=small_town.ZONE,
        rng=np.random.default_rng(21),
    )
    stored.store_town(engine, town.areas, stored.rows_of(lived))
    detection.detect_weeks(engine, listed, Parameters(replicates=99), silent)
    publishing.publish_weeks(engine, listed, silent)
    with engines.begin(engine) as connection:
        for name in sorted(hotspot_ids(connection, Level.INTERNAL)):
            note = Note(name, "the analyst", factories.NOW, Verdict.CONFIRMED, SAID, None)
            notes.add_note(connection, note)


def _spot(theme: str, quarter: int, *, radius_m: float, incidents: int) -> Planted:
    """Plant a hotspot in the middle of a quarter."""
    town = small_town.town()
    middle = town.areas[quarter].geometry.centroid
    # Not in the very middle, which is told of each quarter.
    near = np.hypot(*(town.xy_m - [middle.x + 90, middle.y + 60]).T)
    x_m, y_m = town.xy_m[np.flatnonzero(town.area == quarter)][near[town.area == quarter].argmin()].tolist()
    return Planted(theme, (x_m, y_m), radius_m, BEGINS, 2, incidents)


def hotspot_ids(connection: Connection, level: Disclosure) -> set[str]:
    """Names of the hotspots of a level."""
    column = SERVED["hotspots"].c
    return set(connection.scalars(select(column.hotspot_id).where(column.level == str(level))))


@dataclass(frozen=True)
class Asker:
    """Somebody who asks: name, role of the key, level, and the areas to which answers are cut."""

    name: str
    role: str | None
    level: Disclosure
    areas: frozenset[str] | None = None
    scopes: frozenset[Any] | None = None


ANYBODY = Asker("anybody", None, Level.OPEN)
PARTNER = Asker("partner", "system", Level.PARTNER)
PARTNER_THERE = Asker("partner there", "system", Level.PARTNER, frozenset({AREA}))
TEAM = Asker("team", "area_team", Level.INTERNAL, frozenset({AREA}))
ANALYST = Asker("analyst", "analyst", Level.INTERNAL)
ASKERS = (ANYBODY, PARTNER, PARTNER_THERE, TEAM, ANALYST)

_NAME = re.compile(r"hs-[0-9a-f]{12}|in-[0-9a-f]{16}|\b[0-9a-f]{64}\b|\w+-c\d+-\d+-\d+-\d{4}-W\d\d")
_NUMBER = re.compile(r"-?\d+\.\d+(?:[eE][+-]?\d+)?")
_DIGITS = 5
"""Digits from which on a number with decimals occurs nowhere else by chance."""


@dataclass(frozen=True)
class Signs:
    """What can be recognised wherever it stands: names, hashes and texts; and numbers."""

    texts: frozenset[str]
    numbers: frozenset[float]

    def __sub__(self, other: Signs) -> Signs:
        return Signs(self.texts - other.texts, self.numbers - other.numbers)


NONE = Signs(frozenset(), frozenset())


def together(found: Iterable[Signs]) -> Signs:
    """Put signs together."""
    listed = list(found)
    texts = frozenset().union(*(one.texts for one in listed))
    return Signs(texts, frozenset().union(*(one.numbers for one in listed)))


def signs(text: str) -> Signs:
    """Find the names and the numbers in a text."""
    numbers = {one for one in _NUMBER.findall(text) if len(one.lstrip("-0.").replace(".", "")) >= _DIGITS}
    return Signs(frozenset(_NAME.findall(text)), frozenset(map(float, numbers)))


@dataclass(frozen=True)
class Held:
    """Something that the store holds: for which level, of which kind, and which areas it touches."""

    level: Disclosure
    kind: str
    areas: frozenset[str] | None
    signs: Signs
    shape: Signs = NONE
    name: str = ""

    @property
    def secret(self) -> Signs:
        """What gives it away. The corners of squares do not: the middle of one is a corner of others."""
        is_exact = self.level is Level.INTERNAL and self.kind != "cells"
        return together((self.signs, self.shape)) if is_exact else self.signs

    def is_for(self, asker: Asker) -> bool:
        """Tell whether somebody may see it."""
        if self.level is Level.OPEN:
            return True
        if self.level is not asker.level or (self.kind == "incidents" and asker is not ANALYST):
            return False
        return asker.areas is None or (self.areas is not None and bool(asker.areas & self.areas))


_SENTENCES = ("why_nl", "why_en", "what_changed_nl", "what_changed_en", "when_nl", "when_en")


def _row(kind: str, row: RowMapping) -> Held:
    """Read a row that is served."""
    areas = frozenset(code for code in row["areas"].split("|") if code)
    level, name, said = Level(row["level"]), row["feature_id"], json.loads(row["properties_json"])
    told = signs(f"{name} {row['properties_json']}")
    sentences = {said.get(name) for name in _SENTENCES} - {None}
    of_texts = Signs(frozenset(one for one in sentences if re.search(r"\d", one)), frozenset())
    shapes = [shapely.from_wkb(bytes(row[name].data)) for name in ("geometry_plane", "geometry_mercator")]
    of_plane = Signs(frozenset(), frozenset(shapely.get_coordinates(shapes).ravel().tolist()))
    shape = together((signs(row["geometry_json"]), of_plane))
    return Held(level, kind, areas, together((told, of_texts)), shape, name)


def _summary(level: Disclosure, content_hash: str, text: str) -> Iterator[Held]:
    """Read what is told of a week beside its list: some of it is about areas."""
    summary = json.loads(text)
    for name in ("hotcrimes", "alarms"):
        for row in (summary.pop(name, None) or {}).get("rows", ()):
            yield Held(level, "summary", frozenset({row["area"]}), signs(json.dumps(row)))
    yield Held(level, "summary", None, signs(f"{content_hash} {json.dumps(summary)}"))


def held(connection: Connection) -> list[Held]:
    """Read all that the store holds."""
    found = [
        _row(kind, row)
        for kind, table in SERVED.items()
        for row in connection.execute(select(table)).mappings()
    ]
    whole, below, seen = tables.publications.c, tables.disclosed_publications.c, tables.disclosed_hotspots.c
    for content_hash, summary in connection.execute(select(whole.content_hash, whole.summary)):
        found += _summary(Level.INTERNAL, content_hash, summary)
    for level, content_hash, summary in connection.execute(
        select(below.level, below.content_hash, below.summary)
    ):
        found += _summary(Level(level), content_hash, summary)
    touched = {one.name: one.areas for one in found if one.kind == "hotspots"}
    for (text,) in connection.execute(select(tables.published_hotspots.c.geojson)):
        name = json.loads(text)["id"]
        found.append(Held(Level.INTERNAL, "published", touched[name], signs(text)))
    for level, text in connection.execute(select(seen.level, seen.geojson)):
        name = json.loads(text)["id"]
        found.append(Held(Level(level), "published", touched.get(name), NONE, signs(text)))
    return found


def hidden_from(asker: Asker, held_there: Sequence[Held]) -> Signs:
    """What somebody may not see, and could be recognised by."""
    every = together(one.secret for one in held_there)
    own = [one for one in held_there if one.is_for(asker)]
    hidden = every - together(one.signs for one in own) - together(one.shape for one in own)
    secrets = frozenset() if asker.level is Level.INTERNAL else frozenset({SAID})
    return Signs(hidden.texts | secrets, hidden.numbers)


def found_in(body: bytes, hidden: Signs, numbers: NDArray[np.float64]) -> list[str | float]:
    """
    Find in an answer what is hidden, in whichever way it is written.

    `numbers` are those of `hidden`, sorted.
    """
    parts = [body]
    if body.startswith(b"PK"):
        archive = zipfile.ZipFile(io.BytesIO(body))
        parts = [archive.read(name) for name in archive.namelist()]
    found: set[str | float] = set()
    for part in parts:
        text = part.decode("utf-8", "replace")
        told = signs(text)
        sentences = {one for one in hidden.texts if " " in one and (one in text or _quoted(one) in text)}
        found |= (told.texts & hidden.texts) | (told.numbers & hidden.numbers) | sentences
        if b"\x00" in part:
            found |= set(_doubles(part, numbers))
    return sorted(found, key=str)


def _quoted(text: str) -> str:
    return json.dumps(text)[1:-1]


def _doubles(body: bytes, numbers: NDArray[np.float64]) -> Iterator[float]:
    """Find numbers that stand somewhere as the eight bytes of the machine, in either order."""
    for offset in range(8):
        cut = body[offset : offset + (len(body) - offset) // 8 * 8]
        for order in ("<f8", ">f8"):
            values = np.frombuffer(cut, order)
            at = np.searchsorted(numbers, values).clip(max=len(numbers) - 1)
            yield from values[numbers[at] == values].tolist()


def untold(level: Disclosure) -> frozenset[str]:
    """Names of properties that some collection has and none tells at a level."""
    listed = [one for one in COLLECTIONS if level in one.levels]
    every = {one.name for collection in listed for one in collection.properties}
    told = {one.name for collection in listed for one in collection.told(level)}
    return frozenset() if level is Level.INTERNAL else frozenset(every - told) | _NEVER


_NEVER = frozenset(
    {"input_hash", "concentration", "shifts", "members", "subthemes", "centroid", "harm_ranking"}
)
"""Names in publications that no collection has, none of them below the internal level."""


def members(value: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 -- JSON.
    """Every member in a JSON, however deep, that holds something."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if inner is not None:
                yield name, inner
            # The peak of a theme is told to everybody, under names that hotspots have as well.
            if name != "hot_times":
                yield from members(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from members(inner)
