"""Claims about the sentences that say why a place is on the list."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.explain import Caveat, Explanation, Geocoding, NearRepeats
from hotspot.model import Form, Grade, Hotspot, Kind, Label
from hotspot.reasons import CAVEATS, place, recurrence, why
from tests import factories

LABELS = {"drug_dealing": Label("Drugshandel", "Drug dealing")}


def explanation(citizen: int = 7, police: int = 2, unknown: int = 0) -> Explanation:
    sources = {"citizen": citizen, "police": police, "unknown": unknown}
    geocoding, repeats = Geocoding(9, 9, 9, 9), NearRepeats(4, 0.6)
    return Explanation("h1", 2.2, 8.2, 3.0, 0.5, sources, geocoding, repeats, (), ())


def said(hotspot: Hotspot, evidence: Explanation | None = None) -> tuple[str, str, str, str]:
    """Both sentences in Dutch, then both in English."""
    first, second = why(hotspot, explanation() if evidence is None else evidence, labels=LABELS)
    return first.nl, second.nl, first.en, second.en


def test_why__of_an_acute_area() -> None:
    told = factories.evidence(recurrence_weeks=156.0)
    assert said(factories.hotspot(evidence_of_it=told)) == (
        (
            "Bevestigd: in de laatste 4 weken 9 voorvallen waar er 1,5 te verwachten waren (6,0 keer zo veel)"
            "; bij toeval eens in de 3 jaar."
        ),
        (
            "Verspreid over 6 adressen in Buurt 1; vooral drugshandel (7 van de 9); 7 van de 9 gemeld "
            "door burgers, 2 gevonden door de politie zelf."
        ),
        (
            "Confirmed: in the last 4 weeks 9 events where 1.5 were expected (6.0 times as many); "
            "by chance once in 3 years."
        ),
        (
            "Spread over 6 addresses in Buurt 1; mostly drug dealing (7 of 9); 7 of 9 reported by citizens, "
            "2 found by the police themselves."
        ),
    )


def test_why__of_a_likely_chronic_dot() -> None:
    told = factories.evidence(
        observed=40, expected=12.3, relative_risk=3.2, recurrence_weeks=20.0, window_weeks=52, places=1
    )
    one = dataclasses.replace(
        factories.hotspot(kind=Kind.CHRONIC, grade=Grade.LIKELY, form=Form.DOT, evidence_of_it=told),
        subthemes=(("drug_dealing", 40),),
    )
    assert said(one, explanation(citizen=40, police=0)) == (
        (
            "Waarschijnlijk: in het laatste jaar 40 voorvallen waar de omgeving er 12 doet verwachten "
            "(3,2 keer zo veel); bij toeval eens in de 20 weken."
        ),
        "Op één adres in Buurt 1; alleen drugshandel; gemeld door burgers.",
        (
            "Likely: in the last year 40 events where the surroundings lead to expect 12 (3.2 times as many)"
            "; by chance once in 20 weeks."
        ),
        "At one address in Buurt 1; only drug dealing; reported by citizens.",
    )


def test_why__of_a_line_in_one_week() -> None:
    told = factories.evidence(observed=3, expected=0.02, relative_risk=6.7, window_weeks=1, places=3)
    one = dataclasses.replace(
        factories.hotspot(form=Form.LINE, evidence_of_it=told, neighbourhoods=()),
        subthemes=(("theft", 1), ("drug_use", 1), ("drug_dealing", 1)),
    )
    first_nl, second_nl, first_en, second_en = said(one, explanation(citizen=0, police=3))
    assert first_nl.startswith("Bevestigd: in de laatste week 3 voorvallen waar er minder dan 0,1 te ver")
    assert first_en.startswith(
        "Confirmed: in the last week 3 events where fewer than 0.1 were expected (6.7 "
    )
    assert second_nl == (
        "Langs een straat, op 3 adressen; 3 soorten, theft het meest (1 van de 3); gevonden door de politie "
        "zelf."
    )
    assert second_en.startswith("Along a street, at 3 addresses; 3 kinds, theft the most (1 of 3); found by")


def test_why__does_not_speak_of_sources_that_are_unknown() -> None:
    second_nl = said(factories.hotspot(), explanation(citizen=0, police=0, unknown=9))[1]
    assert second_nl == "Verspreid over 6 adressen in Buurt 1; vooral drugshandel (7 van de 9)."


def test_why__counts_one_in_the_singular() -> None:
    told = factories.evidence(observed=1, places=1)
    first_nl, second_nl, first_en, second_en = said(factories.hotspot(evidence_of_it=told))
    assert " 1 voorval waar " in first_nl
    assert " 1 event where " in first_en
    assert second_nl.startswith("Verspreid over 1 adres in ")
    assert second_en.startswith("Spread over 1 address in ")


@pytest.mark.parametrize(
    ("weeks", "nl", "en"),
    [
        (1.0, "bij toeval elke week", "by chance every week"),
        (2.2, "bij toeval eens in de 2 weken", "by chance once in 2 weeks"),
        (51.4, "bij toeval eens in de 51 weken", "by chance once in 51 weeks"),
        (52.0, "bij toeval eens per jaar", "by chance once a year"),
        (104.4, "bij toeval eens in de 2 jaar", "by chance once in 2 years"),
        (1000.0, "bij toeval eens in de 19 jaar", "by chance once in 19 years"),
        (1e9, "bij toeval minder dan eens in de 100 jaar", "by chance less than once in 100 years"),
    ],
)
def test_recurrence__is_said_in_weeks_below_a_year(weeks: float, nl: str, en: str) -> None:
    assert recurrence(weeks) == Label(nl, en)


def test_place__is_the_neighbourhood_that_holds_most() -> None:
    assert place(factories.hotspot()) == "Buurt 1"
    assert place(factories.hotspot(neighbourhoods=())) is None


def test_caveats__are_all_explained() -> None:
    assert set(CAVEATS) == set(Caveat)


@given(
    st.sampled_from(Kind),
    st.sampled_from(Grade),
    st.sampled_from(Form),
    st.integers(1, 500),
    st.floats(0, 400),
    st.floats(1, 1e12),
    st.integers(1, 52),
)
def test_why__is_always_two_sentences(
    kind: Kind, grade: Grade, form: Form, observed: int, expected: float, weeks: float, window: int
) -> None:
    told = factories.evidence(
        observed=observed, expected=expected, recurrence_weeks=weeks, window_weeks=window
    )
    for sentence in said(factories.hotspot(kind=kind, grade=grade, form=form, evidence_of_it=told)):
        assert sentence.endswith(".")
        assert sentence[0].isupper()
        assert "  " not in sentence
        assert len(sentence) < 180
