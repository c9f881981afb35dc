from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import shapely

from hotspot.crs import Plane
from hotspot.errors import InvalidParameter
from hotspot.maps import rows
from hotspot.maps.deck import DASHES, dashed
from hotspot.maps.standalone import standalone_map
from hotspot.model import Form, Level
from hotspot.publication import area_fragments
from tests.api.published import TOWN, areas, detection, hotspot, published, square, weeks
from tests.api.told import told_weeks
from tests.browser import PATIENCE_MS, Record, chromium

if TYPE_CHECKING:
    from hotspot.editions import Publication

STYLE_JS = Path(__file__).parents[2] / "api" / "web" / "style.js"


def neighbourhoods() -> list[str]:
    fragments = area_fragments(areas(), Plane(TOWN.srid))
    return [text for (level, _), text in fragments.items() if level is Level.NEIGHBOURHOOD]


def page(week: Publication | None = None, *, language: str = "en", **summary: Any) -> str:  # noqa: ANN401 - JSON
    shown = weeks()[-1][0] if week is None else week
    return standalone_map(
        [feature.geojson for feature in shown.features],
        neighbourhoods(),
        json.loads(shown.summary) | summary,
        language=language,
    )


def own(text: str) -> str:
    """Leave out of a page what deck.gl is."""
    before, _, rest = text.partition("<script>")
    return before + rest.rpartition("<script>")[2]


def test_standalone_map__tells_the_week_in_both_languages() -> None:
    english, dutch = own(page()), own(page(language="nl"))
    assert "<title>Hotspots in week 30 of 2010 · Maastricht</title>" in english
    assert '<html lang="nl">' in dutch
    assert "Hotspots in week 30 van 2010" in dutch
    assert "12 incidents, 0.7 expected" in english
    assert "12 incidenten, verwacht 0,7" in dutch
    assert "Drug nuisance" in english
    assert "Drugsoverlast" in dutch
    assert "Schematic boundaries" in english


def test_standalone_map__says_what_an_empty_list_means() -> None:
    shown = own(page(published([detection()])))
    assert "No hotspots this week: that is a result." in shown
    assert "<button" not in shown
    assert "Not enough data to point out hotspots. 3 incidents where 50 are needed" in own(page())


def test_standalone_map__gives_letters_only_to_several_themes() -> None:
    assert ">B2</span>" in own(page())
    alone = own(page(published([detection(hotspot("d1"))])))
    assert ">1</span>" in alone


def test_standalone_map__shows_names_as_text_whatever_they_are() -> None:
    nasty = '</script><img src="x" onerror="alert(1)">'
    features = [
        feature.geojson.replace("Wyck", json.dumps(nasty)[1:-1]) for feature in weeks()[-1][0].features
    ]
    summary = json.loads(weeks()[-1][0].summary)
    shown = standalone_map(features, neighbourhoods(), summary, language="en")
    assert "<img" not in own(shown)
    assert shown.count("</script>") == 2


def test_standalone_map__writes_no_risk_where_nothing_was_expected() -> None:
    features = [
        re.sub(r'"relative_risk":[\d.]+', '"relative_risk":null', feature.geojson)
        for feature in weeks()[-1][0].features
    ]
    summary = json.loads(weeks()[-1][0].summary)
    assert "\u2013\u00d7" in own(standalone_map(features, neighbourhoods(), summary, language="en"))


def test_standalone_map__is_the_same_for_the_same_week() -> None:
    assert page() == page()


def test_standalone_map__refuses_what_it_cannot_draw() -> None:
    with pytest.raises(InvalidParameter, match=r"one of \['en', 'nl'\], got 'de'"):
        page(language="de")
    with pytest.raises(InvalidParameter, match="at least one neighbourhood"):
        standalone_map([], [], {}, language="nl")


def test_standalone_map__names_no_address_that_a_browser_would_fetch() -> None:
    shown = page()
    assert re.findall(r"<(?:link|img|iframe|base)\b|<script[^>]*\bsrc", own(shown)) == []
    assert re.findall(r"https?://", own(shown)) == []
    assert "sourceMappingURL" not in shown
    assert "connect-src 'none'" in shown


def test_colours__are_those_of_the_map_page() -> None:
    style = STYLE_JS.read_text(encoding="utf-8")
    listed = style.partition("THEME_COLOURS")[2].partition("]);")[0]
    listed_colours = re.findall(r"\[(\d+), (\d+), (\d+)\]", listed)
    assert tuple(tuple(map(int, row)) for row in listed_colours) == rows.THEME_COLOURS
    steps = re.findall(r"from: (\d+), fillAlpha: (\d+), line_px: ([\d.]+)", style)
    assert tuple((int(a), int(b), float(c)) for a, b, c in steps) == rows.STRENGTHS
    looks = re.findall(r"(\w+): { fillShare: ([\d.]+), dashes: (\d+)", style)
    assert {grade: float(share) for grade, share, _ in looks} == rows.FILL_SHARES
    assert {grade: int(count) for grade, _, count in looks} == {"confirmed": 0, "likely": DASHES}


def test_standalone_map__groups_by_kind_and_states_the_error_rate_of_each_grade() -> None:
    english, dutch = own(page(weeks()[-1][0])), own(page(weeks()[-1][0], language="nl"))
    for said in (
        "<h3>Chronic: all year</h3>",
        "<h3>Acute: the last weeks</h3>",
        '<span class="tag tag-likely">likely</span><span class="tag tag-form">hot area</span>',
        '<span class="tag tag-confirmed">confirmed</span><span class="tag tag-form">hot line</span>',
        "Confirmed: of the weeks without hotspots, at most 5% show any, per theme and kind.",
        "at most 1 in 10 is expected to be false.",
    ):
        assert said in english
    for said in ("Chronisch: het hele jaar", "waarschijnlijk", "hot lijn", "hooguit 1 op de 10 vals"):
        assert said in dutch


def test_standalone_map__says_that_a_hot_dot_is_a_pile() -> None:
    dot = hotspot(form=Form.DOT, pile_up=True)
    assert '<span class="tag tag-form">hot dot</span><span class="tag mind">pile at one place</span>' in own(
        page(published([detection(dot)]))
    )


def test_standalone_map__says_why_where_the_list_does() -> None:
    told = told_weeks()[-1][0]
    english, dutch = own(page(told)), own(page(told, language="nl"))
    assert '<small class="why">Confirmed: 12 events where 0.7 were expected.</small>' in english
    assert '<small class="why">Verspreid over 5 adressen.</small>' in dutch
    assert 'class="why"' not in own(page())


def test_standalone_map__of_an_early_edition_states_no_rates() -> None:
    week = published([detection(hotspot())])
    early = json.loads(week.features[0].geojson)
    early["properties"] = {k: v for k, v in early["properties"].items() if k not in {"kind", "grade", "form"}}
    summary = {k: v for k, v in json.loads(week.summary).items() if k not in {"kinds", "grades"}}
    shown = own(standalone_map([json.dumps(early)], neighbourhoods(), summary, language="en"))
    assert "Acute: the last weeks" in shown
    assert (
        '<span class="tag tag-confirmed">confirmed</span><span class="tag tag-form">hot area</span>' in shown
    )
    assert "5%" not in shown


def test_dashed__is_half_of_each_ring() -> None:
    holed = square(half_m=80.0).difference(square(half_m=20.0))
    lines = shapely.from_geojson(json.dumps(dashed(json.loads(shapely.to_geojson(holed)))))
    assert len(shapely.get_parts(lines)) == 2 * DASHES
    assert lines.length == pytest.approx(holed.length / 2)
    assert holed.boundary.buffer(1e-6).covers(lines)


@pytest.mark.browser
def test_standalone_map__draws_offline_and_asks_nobody(tmp_path: Path) -> None:
    path = tmp_path / "map.html"
    path.write_text(page(), encoding="utf-8")
    record = Record()
    with chromium() as browser:
        shown = browser.new_page(viewport={"width": 1200, "height": 800})
        shown.set_default_timeout(PATIENCE_MS)
        record.follow(shown)
        shown.goto(path.as_uri())
        shown.wait_for_selector("#map canvas")
        row = shown.locator("button[data-lon]").first
        row.click()
        tip = shown.locator(".deck-tooltip")
        box = shown.locator("#map").bounding_box()
        assert box is not None
        for step in range(100):
            # The badge lies in the middle once the map has come there; each move asks deck.gl again.
            shown.mouse.move(box["x"] + box["width"] / 2 + step % 2, box["y"] + box["height"] / 2)
            shown.wait_for_timeout(100)
            if "incidents" in (tip.text_content() or ""):
                break
        else:
            pytest.fail("there is no hotspot where the list says")
    assert record.complaints == []
    assert [url for url in record.requests if not url.startswith(("file:", "data:", "blob:"))] == []
