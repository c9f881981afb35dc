"""The list of a week as files: table, workbook and briefing, made of what was published."""

from __future__ import annotations

import json
from importlib import import_module
from typing import TYPE_CHECKING, Any

from api.answers import table
from api.formats.media import Format
from hotspot.editions import told
from hotspot.model import Label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotspot.store.publications import StoredPublication

XLSX = Format(
    "xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Label("werkmap (XLSX)", "workbook (XLSX)"),
    suffix="xlsx",
)
PDF = Format("pdf", "application/pdf", Label("briefing (PDF)", "briefing (PDF)"), suffix="pdf")

_COLUMNS = (
    "week",
    "theme",
    "kind",
    "grade",
    "rank",
    "previous_rank",
    "neighbourhood",
    "neighbourhood_name",
    "observed",
    "expected",
    "relative_risk",
    "p_value",
    "q_value",
    "recurrence_weeks",
    "baseline",
    "places",
    "largest_pile_up",
    "pile_up",
    "form",
    "score",
    "area_m2",
    "window_start",
    "window_end",
    "id",
    "first_week",
    "weeks_listed",
    "event",
    "gap_weeks",
    "lifecycle",
    "lifecycle_steps.trend",
    "score_lower",
    "score_upper",
    "rank_lower",
    "rank_upper",
    "p_top3",
    "p_top10",
    "tie",
    "too_little_data",
    "harm_score",
    "harm_rank",
    "relative_risk_lower",
    "relative_risk_upper",
    "recurrence_years",
    "repeat_share",
    "sources.citizen",
    "sources.police",
    "sources.unknown",
    "near_repeats.pairs",
    "near_repeats.expected",
    "caveats",
    "counts.weeks_1",
    "counts.weeks_4",
    "counts.weeks_12",
    "counts.weeks_52",
    "hot_times.said.nl",
    "hot_times.said.en",
    "why.nl",
    "why.en",
    "what_changed.nl",
    "what_changed.en",
)
"""What stands in the table: everything of a row that is one value; a dot leads into what it is part of."""


def as_csv(fragments: Sequence[str], *, exact: bool) -> bytes:
    """
    Tell a list as a table, for spreadsheets; what an early edition leaves unsaid is empty.

    Parameters
    ----------
    fragments
        Published features, GeoJSON texts.
    exact
        Whether they are those of the internal level.

    Returns
    -------
    bytes
        CSV.
    """
    return table(*_cells(fragments, exact=exact))


def as_workbook(stored: StoredPublication, fragments: Sequence[str], *, whole: bool, language: str) -> bytes:
    """
    Tell a list as a workbook.

    Parameters
    ----------
    stored
        The edition.
    fragments
        Published features, GeoJSON texts.
    whole
        Whether the edition and its features are those of the internal level: the workbook then says what that
        of `hotspot list` says; else it is the table alone.
    language
        `nl` or `en`.

    Returns
    -------
    bytes
        XLSX.
    """
    # Only whoever asks for a workbook pays for what writes it.
    workbook = import_module("hotspot.report.workbook")
    made: bytes
    if whole:
        made = workbook.as_workbook(_published(stored, fragments), language=language)
    else:
        made = workbook.plain(*_cells(fragments, exact=False), made_at=stored.edition.published_at)
    return made


def as_briefing(
    stored: StoredPublication,
    fragments: Sequence[str],
    areas: Sequence[str],
    *,
    code: str | None,
    language: str,
) -> bytes:
    """
    Make the briefing of an area, or of the municipality.

    Parameters
    ----------
    stored
        The edition, at the internal level.
    fragments
        All its features, GeoJSON texts.
    areas
        Neighbourhoods and districts, GeoJSON texts.
    code
        Code of the area; absent for the municipality.
    language
        `nl` or `en`.

    Returns
    -------
    bytes
        PDF of one A4.
    """
    drawn = [json.loads(area) for area in areas]
    press = import_module("hotspot.report.press")
    made: bytes = press.printed(_published(stored, fragments), drawn, code=code, language=language)
    return made


def _published(stored: StoredPublication, fragments: Sequence[str]) -> Any:  # noqa: ANN401 - imported when asked for
    """Put an edition together as the reports read it, without notes."""
    edition = stored.edition
    features = (json.loads(text) for text in fragments)
    return import_module("hotspot.report.published").PublishedList(
        week=edition.week,
        edition=edition.number,
        content_hash=edition.content_hash,
        published_at=edition.published_at,
        summary=json.loads(stored.summary),
        features=tuple(one | {"properties": told(one)} for one in features),
    )


def properties(fragment: str, *, exact: bool) -> dict[str, Any]:  # Any: JSON.
    """
    Read what a feature tells.

    Parameters
    ----------
    fragment
        A published feature, a GeoJSON text.
    exact
        Whether it is of the internal level; below it, what is left out stays out.

    Returns
    -------
    dict
        Its properties; complete even of an early edition at the internal level.
    """
    feature = json.loads(fragment)
    return told(feature) if exact else dict(feature["properties"])


def _cells(fragments: Sequence[str], *, exact: bool) -> tuple[list[str], list[list[object]]]:
    """Name the columns and fill them; below the internal level only those in which something stands."""
    rows = [properties(fragment, exact=exact) for fragment in fragments]
    filled = [one for one in _COLUMNS if exact or any(_at(row, one) is not None for row in rows)]
    names = [column.replace(".", "_") for column in filled]
    cells = [[_at(row, column) for column in filled] for row in rows]
    if not exact:
        return names, cells
    return [*names, "lon", "lat"], [[*line, *row["centroid"]] for line, row in zip(cells, rows, strict=True)]


def _at(row: Any, path: str) -> object:  # noqa: ANN401 - JSON
    """Find what a path leads to."""
    for name in path.split("."):
        row = None if row is None else row.get(name)
    found: object = row
    return found
