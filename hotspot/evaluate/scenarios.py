"""The scenarios of the evaluation: what happens in the background of a world, and what is planted."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hotspot.errors import InvalidParameter

ACUTE_INCIDENTS = (3, 5, 8, 12)
"""Extra incidents of the acute hotspots of a world, one of each size."""
_CLEAR_INCIDENTS = (15, 20)
"""The same where nobody should doubt them."""


class Background(StrEnum):
    """What happens without any hotspot."""

    PLAIN = "plain"
    SEASON = "season"
    CITY_CAMPAIGN = "city_campaign"
    QUARTER_CAMPAIGN = "quarter_campaign"
    TREND = "trend"
    DRIFT_HALF = "drift_half"
    DRIFT_WHOLE = "drift_whole"
    NEAR_REPEATS = "near_repeats"
    DOUBLES = "doubles"
    ALL = "all"


ORDINARY = (
    Background.PLAIN,
    Background.SEASON,
    Background.CITY_CAMPAIGN,
    Background.QUARTER_CAMPAIGN,
    Background.TREND,
)
"""What any week may be like; thresholds are found on these."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """
    A family of worlds.

    Parameters
    ----------
    name
        For the command line and for files.
    backgrounds
        Its backgrounds, in turn.
    acute
        Extra incidents of the acute hotspots that are planted.
    chronic
        Whether chronic ones are planted.
    on_border
        Whether the acute ones lie on borders of neighbourhoods.
    per_week, per_km2
        Least and most incidents in an average week, and on a square kilometre in it.
    """

    name: str
    backgrounds: tuple[Background, ...] = ORDINARY
    acute: tuple[int, ...] = ()
    chronic: bool = False
    on_border: bool = False
    per_week: tuple[float, float] = (20.0, 400.0)
    per_km2: tuple[float, float] = (0.5, 12.0)


_STRESSES = (
    Background.NEAR_REPEATS,
    Background.DOUBLES,
    Background.DRIFT_HALF,
    Background.DRIFT_WHOLE,
)


def _sparse(name: str, backgrounds: tuple[Background, ...], acute: tuple[int, ...] = ()) -> Scenario:
    """Spread fewer incidents over a wider place: what is planted has less to hide in."""
    return Scenario(f"{name}_sparse", backgrounds, acute=acute, per_week=(20.0, 100.0), per_km2=(0.15, 0.6))


CALIBRATION, CLEAR = "calibration", "clear"
SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario(CALIBRATION),
        Scenario("null"),
        Scenario("null_drift_half", (Background.DRIFT_HALF,)),
        Scenario("null_drift_whole", (Background.DRIFT_WHOLE,)),
        Scenario("null_near_repeats", (Background.NEAR_REPEATS,)),
        Scenario("null_doubles", (Background.DOUBLES,)),
        Scenario("acute", acute=ACUTE_INCIDENTS),
        Scenario("acute_drift_half", (Background.DRIFT_HALF,), acute=ACUTE_INCIDENTS),
        Scenario("acute_drift_whole", (Background.DRIFT_WHOLE,), acute=ACUTE_INCIDENTS),
        Scenario("acute_near_repeats", (Background.NEAR_REPEATS,), acute=ACUTE_INCIDENTS),
        Scenario("acute_doubles", (Background.DOUBLES,), acute=ACUTE_INCIDENTS),
        Scenario("border", acute=ACUTE_INCIDENTS, on_border=True),
        Scenario("chronic", chronic=True),
        Scenario(CLEAR, acute=_CLEAR_INCIDENTS),
        Scenario("mixed", (Background.ALL,), acute=ACUTE_INCIDENTS, chronic=True),
        _sparse("null", ORDINARY),
        _sparse("acute", ORDINARY, ACUTE_INCIDENTS),
        *(_sparse(f"null_{stress}", (stress,)) for stress in _STRESSES),
        *(_sparse(f"acute_{stress}", (stress,), ACUTE_INCIDENTS) for stress in _STRESSES),
    )
}
"""By name; `calibration` is `null` with cities and weeks of its own."""


def scenario(name: str) -> Scenario:
    """
    Look up a scenario.

    Parameters
    ----------
    name
        Its name.

    Returns
    -------
    Scenario
        The scenario.

    Raises
    ------
    InvalidParameter
        If there is none of that name.
    """
    if name not in SCENARIOS:
        raise InvalidParameter(f"scenario must be one of {', '.join(SCENARIOS)}, got {name!r}")
    return SCENARIOS[name]
