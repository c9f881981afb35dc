"""
A weekly list as JSON: what each published hotspot and the summary of its week say beside the detection.

Numbers are rounded here, once, by `geojson.number`; nothing is reckoned.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hotspot.geojson import number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hotspot.backing import Backing, Caught
    from hotspot.changes import Change
    from hotspot.explain import Explanation
    from hotspot.geojson import Json
    from hotspot.hot_times import HotTimes
    from hotspot.hotcrimes import HotCrimes
    from hotspot.lateness import Completeness
    from hotspot.listing import Life, Row
    from hotspot.model import Label
    from hotspot.rises import Alarms
    from hotspot.shifts import Displaced, Shifts
    from hotspot.week_concentration import Spread, WeekConcentration
    from hotspot.weekly import Left, WeeklyList

DECIMALS = 4
"""Decimals of shares, rates and expectations: more than anyone may conclude from."""
P_VALUE_DECIMALS = 6
METRE_DECIMALS = 1
_DIRECTIONS = {1: "up", -1: "down", 0: "none"}
_SHORT, _MONTH, _SEASON, _YEAR = 1, 4, 12, 52


@dataclass(frozen=True, slots=True)
class Telling:
    """
    What a publication says of a list beside the detections.

    Parameters
    ----------
    properties
        Properties of each hotspot by its id.
    summary
        Members of the summary.
    names
        Themes and subthemes that it names, for their labels.
    """

    properties: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    summary: Mapping[str, Json] = field(default_factory=dict)
    names: tuple[str, ...] = ()


NOTHING_MORE = Telling()
"""Of a list that is only detected."""


def telling(weekly: WeeklyList) -> Telling:
    """
    Write a list as JSON.

    Parameters
    ----------
    weekly
        The list.

    Returns
    -------
    Telling
        What is published of it.
    """
    weights = weekly.setting.weights
    return Telling(
        properties={row.hotspot.id: _row(row) for row in weekly.rows},
        summary={
            "as_of": None if weekly.as_of_s is None else _instant(weekly.as_of_s),
            "completeness": {theme: _completeness(one) for theme, one in weekly.completeness.items()},
            "gone": [_left(one) for one in weekly.gone],
            "alarms": _alarms(weekly.alarms),
            "shifts": _shifts(weekly.shifts, weekly),
            "hotcrimes": _hotcrimes(weekly.hotcrimes),
            "concentration": [_concentration(one) for one in weekly.concentration],
            "backing": [_backing(one) for one in weekly.backing],
            "hot_times": {theme: _times(one) for theme, one in weekly.times.items()},
            "weights": {"name": weights.name, "version": weights.version, "source": weights.source},
        },
        names=tuple(sorted({row.subtheme for row in weekly.hotcrimes.rows})),
    )


def _row(row: Row) -> dict[str, Json]:
    """Write a hotspot."""
    ranked, entry, why = row.ranked, row.entry, row.why
    return {
        "first_week": str(entry.first_week),
        "weeks_listed": entry.weeks_listed,
        "event": str(entry.event),
        "event_from": list(entry.event_from),
        "gap_weeks": entry.gap_weeks,
        **_life(row.life),
        "changes": [None if one is None else _change(one) for one in row.changes],
        "score_lower": _rounded(ranked.score_lower),
        "score_upper": _rounded(ranked.score_upper),
        "rank_lower": ranked.rank_lower,
        "rank_upper": ranked.rank_upper,
        "p_top3": _rounded(ranked.p_top3),
        "p_top10": _rounded(ranked.p_top10),
        "tie": ranked.tie,
        "too_little_data": ranked.too_little_data,
        "harm_score": _rounded(ranked.harm_score),
        "harm_rank": ranked.harm_rank,
        **_explanation(row.explanation),
        "why": {"nl": [one.nl for one in why], "en": [one.en for one in why]},
        "what_changed": _label(row.what_changed),
        "counts": {
            f"weeks_{weeks}": sum(row.weekly_counts[-weeks:]) for weeks in (_SHORT, _MONTH, _SEASON, _YEAR)
        },
        "weekly_counts": list(row.weekly_counts),
        "hot_times": _times(row.times),
    }


def _life(life: Life) -> dict[str, Json]:
    """Write the course over the year."""
    return {
        "lifecycle": str(life.category),
        "lifecycle_steps": {
            "weeks": life.step_weeks,
            "counts": list(life.counts),
            "expected": [number(value, DECIMALS) for value in life.expected],
            "hot": list(life.states),
            "trend": _DIRECTIONS[life.direction],
            "slope_per_step": _rounded(life.slope_per_step),
            "trend_p_value": _rounded(life.p_value, P_VALUE_DECIMALS),
        },
    }


def _change(change: Change) -> dict[str, Json]:
    """Write what changed since an earlier week."""
    return {
        "weeks_ago": change.weeks_ago,
        "rank": change.before.rank,
        "observed": change.before.observed,
        "expected": number(change.before.expected, DECIMALS),
        "area_m2": number(change.before.area_m2, METRE_DECIMALS),
        "shift_m": number(change.shift.distance_m, METRE_DECIMALS),
        # No direction, which is no number, where nothing moved.
        "shift_bearing_deg": number(change.shift.bearing_deg, METRE_DECIMALS),
        "peak_start_hour": change.before.peak_start_hour,
        "peak_hours": change.before.peak_hours,
    }


def _explanation(told: Explanation) -> dict[str, Json]:
    """Write the evidence beside that of the detection."""
    return {
        "relative_risk_lower": number(told.relative_risk_lower, DECIMALS),
        "relative_risk_upper": number(told.relative_risk_upper, DECIMALS),
        "recurrence_years": number(told.recurrence_years, DECIMALS),
        "repeat_share": number(told.repeat_share, DECIMALS),
        "sources": dict(told.sources),
        "geocoding": dataclasses.asdict(told.geocoding),
        "near_repeats": {
            "pairs": told.near_repeats.pairs,
            "expected": number(told.near_repeats.expected, DECIMALS),
        },
        "nearby": [
            {"id": one.id, "distance_m": number(one.distance_m, METRE_DECIMALS), "theme": one.theme}
            for one in told.nearby
        ],
        "caveats": [str(caveat) for caveat in told.caveats],
    }


def _times(times: HotTimes) -> dict[str, Json]:
    """Write when incidents happen."""
    peak = times.peak
    return {
        "incidents": times.incidents,
        "left_out": times.left_out,
        "hours": [[number(value, DECIMALS) for value in day] for day in times.hours.tolist()],
        "p_value": number(times.p_value, P_VALUE_DECIMALS),
        "is_pattern": times.is_pattern,
        "peak": None
        if peak is None
        else {
            "weekdays": None if peak.weekdays is None else list(peak.weekdays),
            "start_hour": peak.start_hour,
            "hours": peak.hours,
            "share": number(peak.share, DECIMALS),
        },
        "said": _label(times.said),
    }


def _completeness(told: Completeness) -> dict[str, Json]:
    """Write which share of a week has been reported."""
    return {
        "share": _rounded(told.share),
        "lower": _rounded(told.lower),
        "upper": _rounded(told.upper),
        "is_known": told.is_known,
        "said": _label(told.said),
    }


def _left(left: Left) -> dict[str, Json]:
    """Write a hotspot that is listed no longer."""
    foremost = left.hotspot.neighbourhoods[0] if left.hotspot.neighbourhoods else None
    return {
        "id": left.hotspot.id,
        "theme": left.hotspot.theme,
        "kind": str(left.hotspot.kind),
        "rank": left.rank,
        "neighbourhood_name": None if foremost is None else foremost.name,
        "event": str(left.event),
        "into": left.into,
    }


def _alarms(alarms: Alarms) -> dict[str, Json]:
    """Write the rises of the week; of tests without alarm only the city's are told."""
    told = [row for row in alarms.rows if row.is_alarm or row.level == "municipality"]
    return {
        "q": alarms.q,
        "tests": alarms.tests,
        "threshold": number(alarms.threshold, P_VALUE_DECIMALS),
        "expected_false": number(alarms.expected_false, DECIMALS),
        "untested": list(alarms.untested),
        "said": _label(alarms.said),
        "rows": [
            {
                "theme": row.theme,
                "area": row.area,
                "area_name": row.area_name,
                "level": str(row.level),
                "observed": row.observed,
                "expected": number(row.expected, DECIMALS),
                **_ratio(row.ratio, row.ratio_lower, row.ratio_upper),
                "p_value": number(row.p_value, P_VALUE_DECIMALS),
                "q_value": number(row.q_value, P_VALUE_DECIMALS),
                "is_alarm": row.is_alarm,
                "ears": row.ears,
                "cusum": row.cusum,
                "beyond_city": row.beyond_city,
                "said": _label(row.said),
            }
            for row in told
        ],
    }


def _ratio(ratio: float, lower: float, upper: float) -> dict[str, Json]:
    """Write a ratio with its interval."""
    return {
        "ratio": number(ratio, DECIMALS),
        "ratio_lower": number(lower, DECIMALS),
        "ratio_upper": number(upper, DECIMALS),
    }


def _shifts(shifts: Shifts, weekly: WeeklyList) -> list[Json]:
    """Write the shifts of the week."""
    return [
        {
            "theme": weekly.themes[row.theme],
            "kind": str(row.kind),
            "place": row.place,
            "place_name": row.place_name,
            "from": _part(row.away_from, row, weekly),
            "to": _part(row.to, row, weekly),
            "fall": number(row.fall, DECIMALS),
            "rise": number(row.rise, DECIMALS),
            "p_value": number(row.p_value, P_VALUE_DECIMALS),
            "q_value": number(row.q_value, P_VALUE_DECIMALS),
            "said": _label(row.said),
        }
        for row in shifts.rows
    ]


def _part(name: str, row: Displaced, weekly: WeeklyList) -> str:
    """Name a subtheme; a place, a ring or a part of the day has a name already."""
    return weekly.subthemes[int(name)] if row.kind == "subtheme" else name


def _hotcrimes(matrix: HotCrimes) -> dict[str, Json]:
    """Write the matrix; cells in which nothing happened and that do not stand out are left out."""
    return {
        "q": matrix.q,
        "tests": matrix.tests,
        "expected_false": number(matrix.expected_false, DECIMALS),
        "rows": [
            {
                "theme": row.theme,
                "subtheme": row.subtheme,
                "area": row.area,
                "area_name": row.area_name,
                "level": str(row.level),
                "observed": row.observed,
                "expected": number(row.expected, DECIMALS),
                **_ratio(row.ratio, row.ratio_lower, row.ratio_upper),
                "trend": str(row.trend),
                "p_value": _rounded(row.p_value, P_VALUE_DECIMALS),
                "q_value": _rounded(row.q_value, P_VALUE_DECIMALS),
                "is_alarm": row.is_alarm,
                "too_little_data": row.too_little_data,
            }
            for row in matrix.rows
            if row.observed or row.is_alarm or row.trend != "none"
        ],
    }


def _concentration(told: WeekConcentration) -> dict[str, Json]:
    """Write how few addresses hold the window's events."""
    return {
        "theme": told.theme,
        "places": told.places,
        "incidents": told.incidents,
        **({} if told.observed is None else _spread(told.observed)),
        "by_chance": None if told.by_chance is None else _spread(told.by_chance),
        "p_value": _rounded(told.p_value, P_VALUE_DECIMALS),
    }


def _spread(spread: Spread) -> dict[str, Json]:
    """Write how events are spread."""
    return {name: number(value, DECIMALS) for name, value in dataclasses.asdict(spread).items()}


def _backing(row: Backing) -> dict[str, Json]:
    """Write how a list did."""
    return {
        "theme": row.theme,
        "listed_week": str(row.listed_week),
        "incidents": row.incidents,
        **(dict.fromkeys(_CAUGHT) if row.listed is None else _caught(row.listed)),
        "area_m2": number(row.area_m2, METRE_DECIMALS),
        "city_m2": number(row.city_m2, METRE_DECIMALS),
        "naive_12": None if row.naive_12 is None else _caught(row.naive_12),
        "naive_52": None if row.naive_52 is None else _caught(row.naive_52),
        "said": _label(row.said),
    }


_CAUGHT = ("hits", "hit_rate", "lower", "upper", "pai")


def _caught(caught: Caught) -> dict[str, Json]:
    """Write what a selection caught."""
    return {name: number(getattr(caught, name), DECIMALS) for name in _CAUGHT}


def _label(label: Label) -> dict[str, Json]:
    """Write a text in both languages."""
    return {"nl": label.nl, "en": label.en}


def _instant(since_1970_s: int) -> str:
    """Write an instant."""
    return dt.datetime.fromtimestamp(since_1970_s, dt.UTC).isoformat().replace("+00:00", "Z")


def _rounded(value: float | None, decimals: int = DECIMALS) -> float | None:
    """Round what there is."""
    return None if value is None else number(value, decimals)
