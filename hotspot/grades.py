"""How sure is a hotspot, and of what: each grade in words with its error rate, and each kind in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotspot.model import Grade, Kind, Label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hotspot.model import Hotspot, Parameters

KINDS: Mapping[Kind, Label] = {
    Kind.ACUTE: Label(
        nl="Acuut: de laatste weken meer incidenten dan het eigen verleden van deze plek en wat er nu elders "
        "in de gemeente gebeurt, doen verwachten.",
        en="Acute: in the last weeks more incidents than this place's own past and what happens elsewhere in "
        "the municipality now lead to expect.",
    ),
    Kind.CHRONIC: Label(
        nl="Chronisch: het hele jaar door meer incidenten dan de omgeving verklaart.",
        en="Chronic: all year more incidents than the surroundings explain.",
    ),
}
"""What is asked of a hotspot of each kind."""


SHOWN = (Grade.CONFIRMED, Grade.LIKELY)
"""Grades that people see, the surer first."""


def counts(hotspots: Sequence[Hotspot]) -> dict[Kind, dict[Grade, int]]:
    """
    Count hotspots by kind and grade.

    Parameters
    ----------
    hotspots
        What was found.

    Returns
    -------
    dict
        For each kind and each grade that people see a number, maybe 0.
    """
    return {
        kind: {grade: sum(one.kind is kind and one.grade is grade for one in hotspots) for grade in SHOWN}
        for kind in Kind
    }


def error_rates(parameters: Parameters) -> dict[Grade, Label]:
    """
    Say of each grade that is shown how often it errs.

    Parameters
    ----------
    parameters
        What the detection was told: `alpha` bounds the confirmed, `false_share` all that are listed.

    Returns
    -------
    dict of Label
        A sentence for each grade, in both languages.

    Examples
    --------
    >>> from hotspot.model import Parameters
    >>> error_rates(Parameters())[Grade.LIKELY].en
    'Likely: of all hotspots listed, the confirmed included, at most 1 in 10 is expected to be false.'
    """
    percent_nl, percent_en = _percent(parameters.alpha)
    often_nl, often_en = _one_in(parameters.false_share)
    return {
        Grade.CONFIRMED: Label(
            nl=f"Bevestigd: van de weken zonder hotspots toont per thema en soort hooguit {percent_nl} er "
            "toch een.",
            en=f"Confirmed: of the weeks without hotspots, at most {percent_en} show any, per theme and "
            "kind.",
        ),
        Grade.LIKELY: Label(
            nl=f"Waarschijnlijk: van alle hotspots in de lijst, de bevestigde meegeteld, is naar verwachting "
            f"hooguit {often_nl} vals.",
            en=f"Likely: of all hotspots listed, the confirmed included, at most {often_en} is expected to "
            "be false.",
        ),
    }


def _one_in(share: float) -> tuple[str, str]:
    """Write a share as people say it: one in so many, or a percentage where that is no whole number."""
    many = round(1 / share) if share > 0 else 0
    if many and abs(share * many - 1) < 1e-9:  # noqa: PLR2004 -- what is left of a division.
        return f"1 op de {many}", f"1 in {many}"
    return _percent(share)


def _percent(share: float) -> tuple[str, str]:
    """Write a share as a percentage, in Dutch and in English."""
    percent = f"{100 * share:g}"
    return f"{percent.replace('.', ',')}\u00a0%", f"{percent}%"
