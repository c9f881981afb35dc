"""How long the briefings of a municipality take: a PDF for each of 44 neighbourhoods and one for the city."""

from __future__ import annotations

import time

import pytest

from hotspot.report.pdf import Press
from tests.hotspot.report import published

pytestmark = pytest.mark.benchmark

WITHIN_S = 60.0
"""Bound for 45 pages."""


def test_briefings__of_44_neighbourhoods_with_264_hotspots_take_less_than_a_minute() -> None:
    areas = published.areas()
    found = [
        published.hotspot(theme, rank, area=area["properties"]["code"], place=(60.0 * shift, 40.0 * shift))
        for rank, area in enumerate(areas, start=1)
        for shift, theme in enumerate(("assault", "burglary", "drug_nuisance") * 2)
    ]
    week, press = published.week(found), Press()
    start = time.perf_counter()
    for code in (None, *(area["properties"]["code"] for area in areas)):
        page = press.fitting(week, areas, code=code, language="nl")
        press.pdf(page, published_at=published.PUBLISHED_AT)
    assert len(areas) == 44
    assert time.perf_counter() - start < WITHIN_S
