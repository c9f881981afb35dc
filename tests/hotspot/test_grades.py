"""Each grade states its own error rate, as it was asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hotspot.grades import KINDS, error_rates
from hotspot.model import Grade, Kind, Parameters


def test_error_rates__are_said_of_each_grade_that_is_shown() -> None:
    said = error_rates(Parameters())
    assert set(said) == set(Grade) - {Grade.NONE}
    assert (
        said[Grade.CONFIRMED].en
        == "Confirmed: of the weeks without hotspots, at most 5% show any, per theme and kind."
    )
    assert "hooguit 5\u00a0% er toch een" in said[Grade.CONFIRMED].nl
    assert "at most 1 in 10 is expected to be false" in said[Grade.LIKELY].en
    assert "hooguit 1 op de 10 vals" in said[Grade.LIKELY].nl


@pytest.mark.parametrize(
    ("share", "nl", "en"),
    [(0.2, "1 op de 5", "1 in 5"), (0.15, "15\u00a0%", "15%"), (0.075, "7,5\u00a0%", "7.5%")],
)
def test_error_rates__follow_the_parameters(share: float, nl: str, en: str) -> None:
    said = error_rates(replace(Parameters(), false_share=share, alpha=0.01))[Grade.LIKELY]
    assert nl in said.nl
    assert en in said.en
    assert "at most 1% show" in error_rates(replace(Parameters(), alpha=0.01))[Grade.CONFIRMED].en


def test_kinds__are_all_explained() -> None:
    assert set(KINDS) == set(Kind)
