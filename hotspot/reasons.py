"""
A hotspot's evidence in two plain sentences, in Dutch and in English: how much and how sure, and what it is.

Nothing is reckoned here; `explain` and the detection give the numbers. Sentences are short, name their window
and what it is compared with, and say "event" for what the detection counts: incidents at one place within six
hours count once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotspot.explain import FEW_EVENTS, Caveat
from hotspot.model import Form, Grade, Kind, Label, Reporter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hotspot.explain import Explanation
    from hotspot.model import Hotspot

CAVEATS: Mapping[Caveat, Label] = {
    Caveat.CAMPAIGN: Label(
        nl="Het thema stijgt in de hele gemeente: door een actie, een nieuwe meldweg of het seizoen?",
        en="The theme is up in the whole municipality: by a campaign, a new way to report or the season?",
    ),
    Caveat.EVENT: Label(
        nl="Het meeste gebeurde bij een evenement.", en="Most of it happened at a planned event."
    ),
    Caveat.PILE_UP: Label(
        nl="Het meeste ligt op één punt: is dat de plek, of zet het register daar wat geen plek heeft?",
        en="Most of it lies at one point: is that the place, or where the register puts what has none?",
    ),
    Caveat.SMALL_NUMBERS: Label(
        nl=f"Kleine aantallen: minder dan {FEW_EVENTS} voorvallen.",
        en=f"Small numbers: fewer than {FEW_EVENTS} events.",
    ),
    Caveat.POLICE_FOUND: Label(
        nl="De politie vond het meeste zelf: het volgt waar zij keek.",
        en="The police found most of it themselves: it follows where they looked.",
    ),
    Caveat.LATE_REPORTS: Label(
        nl="Nog niet alle meldingen van deze week zijn binnen.",
        en="Not all reports of this week have arrived yet.",
    ),
}
"""What each caveat means, in a sentence."""

_GRADES = {
    Grade.CONFIRMED: Label("Bevestigd", "Confirmed"),
    Grade.LIKELY: Label("Waarschijnlijk", "Likely"),
    Grade.NONE: Label("Niet aangetoond", "Not shown"),
}
_YEAR_WEEKS = 52
_WEEK_DAYS = 7
_YEAR_DAYS = 365.25
_MOST_YEARS = 100
"""Years beyond which a recurrence is only called rarer."""
_TEN = 10
"""From here on a decimal says nothing."""
_HALF = 0.5


def why(hotspot: Hotspot, explanation: Explanation, *, labels: Mapping[str, Label]) -> tuple[Label, Label]:
    """
    Say in two sentences why a place is on the list.

    Parameters
    ----------
    hotspot
        The hotspot.
    explanation
        Its evidence.
    labels
        How people read subthemes; one without a label is shown as it is.

    Returns
    -------
    tuple of Label
        How much more than expected, and how sure; then where it lies, what it is and who reported it.
    """
    return _how_much(hotspot), _what(hotspot, explanation, labels)


def place(hotspot: Hotspot) -> str | None:
    """
    Name the neighbourhood that holds most of a hotspot.

    Parameters
    ----------
    hotspot
        The hotspot.

    Returns
    -------
    str or None
        Its name; None where none is known.
    """
    return hotspot.neighbourhoods[0].name if hotspot.neighbourhoods else None


def recurrence(weeks: float) -> Label:
    """
    Say how often chance alone would show as much.

    Parameters
    ----------
    weeks
        Weeks of weekly runs between two times, at least 1.

    Returns
    -------
    Label
        Part of a sentence.

    Examples
    --------
    >>> recurrence(156).en, recurrence(12).nl
    ('by chance once in 3 years', 'bij toeval eens in de 12 weken')
    """
    years = weeks * _WEEK_DAYS / _YEAR_DAYS
    if years > _MOST_YEARS:
        return Label(
            f"bij toeval minder dan eens in de {_MOST_YEARS} jaar",
            f"by chance less than once in {_MOST_YEARS} years",
        )
    if round(weeks) >= _YEAR_WEEKS:
        many = max(1, round(years))
        if many == 1:
            return Label("bij toeval eens per jaar", "by chance once a year")
        return Label(f"bij toeval eens in de {many} jaar", f"by chance once in {many} years")
    many = round(weeks)
    if many <= 1:
        return Label("bij toeval elke week", "by chance every week")
    return Label(f"bij toeval eens in de {many} weken", f"by chance once in {many} weeks")


def _how_much(hotspot: Hotspot) -> Label:
    """Say observed and expected, with window, comparison, ratio and recurrence."""
    evidence, grade = hotspot.evidence, _GRADES[hotspot.grade]
    window, chance = _window(evidence.window_weeks), recurrence(evidence.recurrence_weeks)
    expected = _expected(evidence.expected)
    one = evidence.observed == 1
    if hotspot.kind is Kind.CHRONIC:
        versus = Label(
            f"waar de omgeving er {expected.nl} doet verwachten",
            f"where the surroundings lead to expect {expected.en}",
        )
    else:
        versus = Label(f"waar er {expected.nl} te verwachten waren", f"where {expected.en} were expected")
    nl_many, en_many = _ratio(evidence.relative_risk)
    return Label(
        nl=f"{grade.nl}: {window.nl} {evidence.observed} {'voorval' if one else 'voorvallen'} {versus.nl} "
        f"({nl_many} keer zo veel); {chance.nl}.",
        en=f"{grade.en}: {window.en} {evidence.observed} {'event' if one else 'events'} {versus.en} "
        f"({en_many} times as many); {chance.en}.",
    )


def _what(hotspot: Hotspot, explanation: Explanation, labels: Mapping[str, Label]) -> Label:
    """Form and place, subthemes, sources."""
    parts = [_where(hotspot), _kinds(hotspot, labels), _sources(explanation.sources)]
    said = [part for part in parts if part is not None]
    return Label(nl="; ".join(part.nl for part in said) + ".", en="; ".join(part.en for part in said) + ".")


def _where(hotspot: Hotspot) -> Label:
    """One address, a street or an area, and in which neighbourhood."""
    name = place(hotspot)
    nl_in, en_in = ("", "") if name is None else (f" in {name}", f" in {name}")
    places = hotspot.evidence.places
    if hotspot.form is Form.DOT:
        if hotspot.evidence.places == 1:
            return Label(f"Op één adres{nl_in}", f"At one address{en_in}")
        return Label(f"Vooral op één adres{nl_in}", f"Mostly at one address{en_in}")
    nl_many = "1 adres" if places == 1 else f"{places} adressen"
    en_many = "1 address" if places == 1 else f"{places} addresses"
    if hotspot.form is Form.LINE:
        return Label(f"Langs een straat{nl_in}, op {nl_many}", f"Along a street{en_in}, at {en_many}")
    return Label(f"Verspreid over {nl_many}{nl_in}", f"Spread over {en_many}{en_in}")


def _kinds(hotspot: Hotspot, labels: Mapping[str, Label]) -> Label | None:
    """Say what most of the events are."""
    total = sum(count for _, count in hotspot.subthemes)
    if not total:
        return None
    name, count = hotspot.subthemes[0]
    label = labels.get(name, Label(name, name))
    nl, en = _in_sentence(label.nl), _in_sentence(label.en)
    if count == total:
        return Label(f"alleen {nl}", f"only {en}")
    if count > _HALF * total:
        return Label(f"vooral {nl} ({count} van de {total})", f"mostly {en} ({count} of {total})")
    kinds = len(hotspot.subthemes)
    return Label(
        f"{kinds} soorten, {nl} het meest ({count} van de {total})",
        f"{kinds} kinds, {en} the most ({count} of {total})",
    )


def _sources(sources: Mapping[str, int]) -> Label | None:
    """Who made it known; nothing where that is not known."""
    citizen, police = sources[str(Reporter.CITIZEN)], sources[str(Reporter.POLICE)]
    known = citizen + police
    if not known:
        return None
    if not police:
        return Label("gemeld door burgers", "reported by citizens")
    if not citizen:
        return Label("gevonden door de politie zelf", "found by the police themselves")
    return Label(
        f"{citizen} van de {known} gemeld door burgers, {police} gevonden door de politie zelf",
        f"{citizen} of {known} reported by citizens, {police} found by the police themselves",
    )


def _window(weeks: int) -> Label:
    """Name the time looked at, which ends with the named week."""
    if weeks == 1:
        return Label("in de laatste week", "in the last week")
    if weeks == _YEAR_WEEKS:
        return Label("in het laatste jaar", "in the last year")
    return Label(f"in de laatste {weeks} weken", f"in the last {weeks} weeks")


def _expected(expected: float) -> Label:
    """Write an expectation with one decimal."""
    least = 0.1
    if round(expected, 1) < least:
        return Label("minder dan 0,1", "fewer than 0.1")
    text = f"{expected:.1f}" if expected < _TEN else f"{expected:.0f}"
    return Label(text.replace(".", ","), text)


def _ratio(ratio: float) -> tuple[str, str]:
    """Write how many times as many, as people say it."""
    text = f"{ratio:.1f}" if ratio < _TEN else f"{ratio:.0f}"
    return text.replace(".", ","), text


def _in_sentence(label: str) -> str:
    """Write a label within a sentence: small, unless it begins with an abbreviation or is a name like it."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]
