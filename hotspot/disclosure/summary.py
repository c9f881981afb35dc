"""
What partners, and what everybody, may see of the summary of a week.

Weekly counts are told to partners only, in one table, each in it once; everybody gets none. What is said of
the list is said of the list that the level sees.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from typing import TYPE_CHECKING, Any  # What is published is JSON, of which parts are read.

from hotspot import grades
from hotspot.catalogue import Disclosure
from hotspot.disclosure.suppression import told
from hotspot.model import Kind, Level
from hotspot.weeks import Week

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hotspot.disclosure.remembering import Remembered
    from hotspot.disclosure.rules import LevelRules, Rules
    from hotspot.editions import PublishedFeature
    from hotspot.geojson import Json
    from hotspot.model import Boundaries

_SHARE_STEP = 20
"""Shares are rounded down to one in so many: a share of few incidents would tell how many they are."""

_AS_THEY_ARE = (
    *("week", "window_start", "window_end", "municipality", "boundaries", "generator", "parameters"),
    *("kinds", "grades", "weights"),
)
"""Members that follow from settings and the calendar and from no incident."""


def summary(
    exact: Mapping[str, Any],
    features: Sequence[PublishedFeature],
    *,
    level: Disclosure,
    rules: Rules,
    boundaries: Boundaries,
    past: Remembered,
) -> dict[str, Json]:
    """
    Summarise a week for a level.

    Parameters
    ----------
    exact
        The internal summary.
    features
        What the level sees of the list.
    level
        The level.
    rules
        What may be seen.
    boundaries
        All areas, also those of which the summary says nothing.
    past
        What the level saw before.

    Returns
    -------
    dict
        The summary; `allowed` has the last word.
    """
    own, names = rules.of(level), [feature.id for feature in features]
    crimes = _hotcrimes(exact.get("hotcrimes"), own, boundaries)
    themes = [entry["theme"] for entry in exact["themes"]]
    subthemes = [row["subtheme"] for row in crimes["rows"]] if level is Disclosure.PARTNER else []
    said: dict[str, Json] = {name: exact[name] for name in _AS_THEY_ARE if name in exact}
    said |= {
        "disclosure": _disclosure(level, rules),
        "labels": {
            name: label
            for name, label in exact.get("labels", {}).items()
            if name in themes or name in subthemes
        },
        "as_of": _day(exact.get("as_of")),
        "completeness": {theme: _share(one) for theme, one in exact.get("completeness", {}).items()},
        "themes": [_theme(entry, features) for entry in exact["themes"]],
        "remembered": past.after(names, Week.parse(exact["week"])),
        "alarms": _alarms(exact.get("alarms"), own, rules),
        "hot_times": {theme: peak(times) for theme, times in exact.get("hot_times", {}).items()},
        "hotcrimes": crimes,
    }
    return said | ({"gone": past.gone(names)} if past.is_known else {})


def peak(times: Mapping[str, Any]) -> dict[str, Json]:
    """
    Keep of the hours only when most happens, and only where that is a pattern.

    Parameters
    ----------
    times
        What the internal publication says; may be empty.

    Returns
    -------
    dict
        Whether there is a pattern, and its days and hours without their share.
    """
    is_pattern, found = bool(times.get("is_pattern")), times.get("peak")
    told_peak = None
    if is_pattern and found is not None:
        told_peak = {name: found.get(name) for name in ("weekdays", "start_hour", "hours")}
    return {"is_pattern": is_pattern, "peak": told_peak}


def _disclosure(level: Disclosure, rules: Rules) -> dict[str, Json]:
    """Say by which rules the list was made."""
    own = rules.of(level)
    return {
        "level": str(level),
        "rules": dataclasses.asdict(own),
        "period_weeks": rules.period_weeks,
        "lag_weeks": rules.lag_weeks,
        "sensitive_themes": sorted(rules.sensitive_themes),
        "said": {
            "nl": f"Getoond is alleen wat op minstens {own.least_incidents} incidenten op minstens "
            f"{own.least_places} adressen rust, in vierkanten van minstens {own.grid_m} m. Wat hier niet "
            "staat, kan er toch zijn.",
            "en": f"Only what rests on at least {own.least_incidents} incidents at at least "
            f"{own.least_places} addresses is shown, in squares of at least {own.grid_m} m. What is not "
            "shown may still be there.",
        },
    }


def _day(instant: str | None) -> str | None:
    """Keep the day of an instant: the moment of the newest report is that of one incident."""
    return None if instant is None else f"{instant[:10]}T00:00:00Z"


def _share(told_share: Mapping[str, Any]) -> dict[str, Json]:
    """Round a share down."""
    share = told_share.get("share")
    # What is added is far below any digit of a share and far above what a product may lose.
    rounded = None if share is None else int(share * _SHARE_STEP + 1e-9) / _SHARE_STEP
    return {"share": rounded, "is_known": bool(told_share.get("is_known"))}


def _theme(entry: Mapping[str, Any], features: Sequence[PublishedFeature]) -> dict[str, Json]:
    """Say of a theme what is shown of it; why nothing is must not tell which of the reasons it is."""
    shown = [feature for feature in features if feature.theme == entry["theme"]]
    nothing: dict[str, Json] = {
        "nl": "geen hotspot die hier getoond mag worden, of te weinig gegevens om dat te zeggen",
        "en": "no hotspot that may be shown here, or too little data to tell",
    }
    return {
        "theme": entry["theme"],
        "state": "hotspots" if shown else "no_hotspots",
        "reason": None if shown else nothing,
        "window_weeks": entry.get("window_weeks"),
        "baseline_weeks": entry.get("baseline_weeks"),
        "hotspots": len(shown),
        "counts": {
            str(kind): {
                str(grade): sum(one.kind is kind and one.grade is grade for one in shown)
                for grade in grades.SHOWN
            }
            for kind in Kind
        },
    }


def _alarms(told_alarms: Mapping[str, Any] | None, own: LevelRules, rules: Rules) -> dict[str, Json] | None:
    """List where a theme rose, without numbers; what rests on too few is absent, risen or not."""
    if told_alarms is None:
        return None
    names = ("theme", "area", "area_name", "level", "is_alarm")
    return {
        "q": told_alarms.get("q"),
        "rows": [
            {name: row.get(name) for name in names}
            for row in told_alarms["rows"]
            if row["observed"] >= own.least_incidents and not _is_too_fine(row, own, rules)
        ],
    }


def _is_too_fine(row: Mapping[str, Any], own: LevelRules, rules: Rules) -> bool:
    """Tell whether something sensitive is said of less than a district."""
    is_sensitive = row["theme"] in rules.sensitive_themes
    return own.sensitive_by_district and is_sensitive and row["level"] == Level.NEIGHBOURHOOD


def _hotcrimes(matrix: Mapping[str, Any] | None, own: LevelRules, boundaries: Boundaries) -> dict[str, Any]:
    """
    Tell the counts of the week that may be told: subthemes by neighbourhood, and their totals.

    There is no second margin and no other table of the same incidents: each subtheme is a sum of its own.
    """
    if matrix is None:
        return {"q": None, "rows": []}
    rows: dict[tuple[str, str], dict[str, Mapping[str, Any]]] = defaultdict(dict)
    for row in matrix["rows"]:
        rows[row["theme"], row["subtheme"]][row["area"]] = row
    areas = [area.code for area in boundaries.of(Level.NEIGHBOURHOOD)]
    kept = [row for _, by_area in sorted(rows.items()) for row in _told_rows(by_area, areas, own)]
    return {"q": matrix.get("q"), "rows": kept}


def _told_rows(
    by_area: Mapping[str, Mapping[str, Any]], areas: Sequence[str], own: LevelRules
) -> list[dict[str, Json]]:
    """Tell of one subtheme what may be told, the total first."""
    # An area that the matrix leaves out had no incident: it is a part like the others.
    counts = [int(by_area[code]["observed"]) if code in by_area else 0 for code in areas]
    chosen = told(counts, least=own.least_incidents)
    codes = [code for code, is_told in zip(areas, chosen.parts, strict=True) if is_told]
    total = [code for code, row in by_area.items() if row["level"] == Level.MUNICIPALITY and chosen.total]
    names = ("theme", "subtheme", "area", "area_name", "level", "observed", "trend")
    return [{name: by_area[code].get(name) for name in names} for code in (*total, *codes)]
