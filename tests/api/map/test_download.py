"""Files of what is shown: exactly the rows that pass the filters, with the exact shapes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.api.map.conftest import Visits
    from tests.api.map.services import Service

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def saved(page: Page, name: str) -> tuple[str, bytes]:
    """Press a button of the tool; give the name and the content of what is saved."""
    tool = page.locator("[data-tool=download]")
    if tool.get_attribute("aria-expanded") == "false":
        tool.click()
    with page.expect_download() as coming:
        page.get_by_role("button", name=name).click()
    return coming.value.suggested_filename, Path(coming.value.path()).read_bytes()


def test_download__has_exactly_the_rows_that_pass_the_filters(visit: Visits, story: Service) -> None:
    page = visit(960, 600, "en", "week=2010-W30&theme=drug_nuisance&area=BU01", fresh=True)
    shown = [row.get_attribute("data-id") for row in page.locator(".row").all()]
    assert shown
    name, table = saved(page, "Table (CSV)")
    assert name == "hotspots-2010-W30-drug_nuisance-BU01.csv"
    assert table.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))
    assert [row["id"] for row in rows] == shown
    name, text = saved(page, "Map layer (GeoJSON)")
    assert name == "hotspots-2010-W30-drug_nuisance-BU01.geojson"
    collection = json.loads(text)
    exact = page.request.get(f"{story.address}v1/rankings/2010-W30?f=geojson").json()
    wanted = [one for one in exact["features"] if one["properties"]["id"] in shown]
    assert collection["features"] == wanted
    expect(page.locator(".flyout-said:visible")).to_contain_text("Saved as hotspots-2010-W30")


def test_download__of_the_service_s_own_files_carries_the_sign_in(visit: Visits, controlled: Service) -> None:
    key = controlled.key("analyst")
    kept = json.dumps({"secret": key, "purpose": "analysis"})
    page = visit(
        at="controlled",
        language="nl",
        before=lambda page: page.add_init_script(f"sessionStorage.setItem('hotspot.session', {kept!r})"),
    )
    expect(page.locator(".session summary")).to_contain_text("Analist")
    with page.expect_request(lambda request: "f=xlsx" in request.url) as asked:
        name, workbook = saved(page, "Werkmap (XLSX)")
    assert name.endswith("-nl.xlsx")
    assert workbook.startswith(b"PK")
    assert asked.value.headers["authorization"] == f"Bearer {key}"
    assert asked.value.headers["purpose"] == "analysis"
