"""
What is allowed at which level, member by member; whatever is not named here is absent.

A table says of each member whether a plain value stands there (`PLAIN`, also a list of plain values) or what
is allowed inside. `ANY` stands for each name of a mapping, such as that from themes to what is said of them.
A list is allowed what each of its members is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from hotspot.catalogue import Disclosure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hotspot.geojson import Json

PLAIN: Final = "plain"
"""A text, a number, a truth value or nothing, or a list of such."""

ANY: Final = "*"
"""Any name."""

Allowed: TypeAlias = "str | Mapping[str, Allowed]"
"""`PLAIN`, or the members that are allowed and what is in each."""

_LABEL: Allowed = {"nl": PLAIN, "en": PLAIN}
_PEAK: Allowed = {
    "is_pattern": PLAIN,
    "peak": {"weekdays": PLAIN, "start_hour": PLAIN, "hours": PLAIN},
}

_OPEN_PLAIN = (
    *("id", "theme", "week", "kind", "grade", "rank", "previous_rank", "neighbourhood", "neighbourhood_name"),
    *("window_weeks", "window_start", "window_end", "first_week", "weeks_listed", "event"),
)
_OPEN_FEATURE: dict[str, Allowed] = {**dict.fromkeys(_OPEN_PLAIN, PLAIN), "why": _LABEL}

_PARTNER_FEATURE: dict[str, Allowed] = _OPEN_FEATURE | {
    "observed": PLAIN,
    "relative_risk": PLAIN,
    "tie": PLAIN,
    "lifecycle": PLAIN,
    "lifecycle_steps": {"trend": PLAIN},
    "gap_weeks": PLAIN,
    "hot_times": _PEAK,
    "neighbourhoods": {"code": PLAIN, "name": PLAIN},
    "caveats": PLAIN,
}

_NUMBERS = ("least_incidents", "least_places", "grid_m", "least_cells", "step")
_RULES: Allowed = dict.fromkeys((*_NUMBERS, "allows_pile_up", "sensitive_by_district"), PLAIN)

_OPEN_SUMMARY: dict[str, Allowed] = {
    "week": PLAIN,
    "window_start": PLAIN,
    "window_end": PLAIN,
    "municipality": {"code": PLAIN, "name": PLAIN, "time_zone": PLAIN},
    "boundaries": {"vintage": PLAIN, "source": PLAIN, "schematic": PLAIN},
    "generator": {"name": PLAIN, "version": PLAIN},
    "parameters": {ANY: PLAIN},
    "disclosure": {
        "level": PLAIN,
        "rules": _RULES,
        "period_weeks": PLAIN,
        "lag_weeks": PLAIN,
        "sensitive_themes": PLAIN,
        "said": _LABEL,
    },
    "labels": {ANY: _LABEL},
    "kinds": {ANY: _LABEL},
    "grades": {ANY: _LABEL},
    "weights": {"name": PLAIN, "version": PLAIN, "source": PLAIN},
    "as_of": PLAIN,
    "completeness": {ANY: {"share": PLAIN, "is_known": PLAIN}},
    "themes": {
        "theme": PLAIN,
        "state": PLAIN,
        "reason": _LABEL,
        "window_weeks": PLAIN,
        "baseline_weeks": PLAIN,
        "hotspots": PLAIN,
        "counts": {ANY: {ANY: PLAIN}},
    },
    "gone": {
        "id": PLAIN,
        "theme": PLAIN,
        "kind": PLAIN,
        "rank": PLAIN,
        "neighbourhood_name": PLAIN,
        "event": PLAIN,
        "into": PLAIN,
    },
    "remembered": {"id": PLAIN, "first_week": PLAIN, "weeks_listed": PLAIN, "last_week": PLAIN},
    "alarms": {
        "q": PLAIN,
        "rows": {"theme": PLAIN, "area": PLAIN, "area_name": PLAIN, "level": PLAIN, "is_alarm": PLAIN},
    },
    "hot_times": {ANY: _PEAK},
}

_PARTNER_SUMMARY: dict[str, Allowed] = _OPEN_SUMMARY | {
    "hotcrimes": {
        "q": PLAIN,
        "rows": {
            "theme": PLAIN,
            "subtheme": PLAIN,
            "area": PLAIN,
            "area_name": PLAIN,
            "level": PLAIN,
            "observed": PLAIN,
            "trend": PLAIN,
        },
    },
}

PROPERTIES: Mapping[Disclosure, Mapping[str, Allowed]] = {
    Disclosure.OPEN: _OPEN_FEATURE,
    Disclosure.PARTNER: _PARTNER_FEATURE,
}
"""What the properties of a hotspot may hold."""

SUMMARY: Mapping[Disclosure, Mapping[str, Allowed]] = {
    Disclosure.OPEN: _OPEN_SUMMARY,
    Disclosure.PARTNER: _PARTNER_SUMMARY,
}
"""What the summary of a week may hold."""


def only(value: Json, allowed: Allowed) -> Json:
    """
    Keep of a value what is allowed.

    Parameters
    ----------
    value
        Any JSON.
    allowed
        What may be there.

    Returns
    -------
    Json
        The same without all else; None where something stands that is neither plain nor as allowed.

    Examples
    --------
    >>> only({"code": "BU01", "share": 0.25}, {"code": PLAIN})
    {'code': 'BU01'}
    """
    if isinstance(value, list | tuple):
        return [only(one, allowed) for one in value if allowed != PLAIN or _is_plain(one)]
    if isinstance(value, dict):
        if isinstance(allowed, str):
            return None
        inner = {name: allowed.get(name, allowed.get(ANY)) for name in value}
        return {name: only(value[name], rule) for name, rule in inner.items() if rule is not None}
    return value if allowed == PLAIN or value is None else None


def _is_plain(value: Json) -> bool:
    """Tell whether a value has no parts."""
    return not isinstance(value, list | tuple | dict)
