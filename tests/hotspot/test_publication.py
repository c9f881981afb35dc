"""What is published is exact, canonical and the same for the same input."""

from __future__ import annotations

import dataclasses
import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from hotspot import grades
from hotspot.crs import Plane
from hotspot.editions import RankedHotspot
from hotspot.errors import InvalidParameter
from hotspot.model import AreaShare, Form, Grade, Kind, Label, Level, Parameters, State
from hotspot.publication import area_fragments, content_hash
from tests.api import published as town
from tests.api.published import CENTRE_M, WEEK, areas, detection, evidence, hotspot, square

if TYPE_CHECKING:
    from hotspot.editions import Publication
    from hotspot.model import Hotspot


ROWS = [RankedHotspot(1, 9.0, None, hotspot())]


def published(*hotspots: Hotspot, **changes: Any) -> Publication:  # noqa: ANN401 - as in `town.evidence`
    detections = changes.pop("detections", [detection(*hotspots)])
    return town.published(detections, **changes)


def properties(of: Publication, index: int = 0) -> dict[str, Any]:  # Any: JSON.
    read: dict[str, Any] = json.loads(of.features[index].geojson)["properties"]
    return read


def test_publication__is_the_same_bytes_whatever_the_order_of_its_input() -> None:
    one, two = hotspot("a"), hotspot("b", theme="burglary")
    rows = [RankedHotspot(1, 2.0, None, one), RankedHotspot(1, 1.0, 3, two)]
    found = [detection(one), detection(two, theme="burglary")]
    assert published(detections=found, ranked=rows) == published(detections=found[::-1], ranked=rows[::-1])


def test_publication__orders_features_by_theme_and_rank() -> None:
    hotspots = [hotspot("z"), hotspot("y"), hotspot("x", theme="burglary")]
    made = published(
        detections=[detection(*hotspots[:2]), detection(hotspots[2], theme="burglary")],
        ranked=[
            RankedHotspot(2, 1.0, None, hotspots[0]),
            RankedHotspot(1, 2.0, None, hotspots[1]),
            RankedHotspot(1, 1.0, None, hotspots[2]),
        ],
    )
    assert [(one.theme, one.rank, one.id) for one in made.features] == [
        ("burglary", 1, "x"),
        ("drug_nuisance", 1, "y"),
        ("drug_nuisance", 2, "z"),
    ]


def test_publication__says_exactly_these_properties() -> None:
    assert properties(published(hotspot())) == {
        "id": "a",
        "theme": "drug_nuisance",
        "week": "2010-W30",
        "kind": "acute",
        "grade": "confirmed",
        "rank": 1,
        "score": 9.0,
        "previous_rank": None,
        "observed": 12,
        "expected": 0.6667,
        "baseline": 9,
        "relative_risk": 17.3457,
        "p_value": 0.001,
        "q_value": 0.0025,
        "recurrence_weeks": 1000.0,
        "places": 5,
        "largest_pile_up": 6,
        "pile_up": False,
        "form": "area",
        "neighbourhood": "BU01",
        "neighbourhood_name": "Wyck",
        "neighbourhoods": [
            {"code": "BU01", "name": "Wyck", "share": 0.75},
            {"code": "BU02", "name": "Céramique", "share": 0.25},
        ],
        "subthemes": {"dealing": 8, "use": 4},
        "window_weeks": 4,
        "window_start": "2010-07-05",
        "window_end": "2010-08-01",
        "centroid": [5.6924773, 50.8496324],
        "area_m2": 10000.0,
    }


def test_publication__says_what_a_hotspot_is() -> None:
    pile = hotspot(kind=Kind.CHRONIC, grade=Grade.LIKELY, form=Form.DOT, pile_up=True)
    made = published(pile)
    said = properties(made)
    assert [said[name] for name in ("kind", "grade", "form", "pile_up")] == ["chronic", "likely", "dot", True]
    assert (made.features[0].kind, made.features[0].grade) == (Kind.CHRONIC, Grade.LIKELY)


def test_publication__refuses_a_candidate_that_did_not_pass() -> None:
    with pytest.raises(InvalidParameter, match="only what is confirmed or likely"):
        published(hotspot(grade=Grade.NONE))


def test_publication__counts_each_theme_by_kind_and_grade() -> None:
    found = [
        hotspot("a"),
        hotspot("b", grade=Grade.LIKELY),
        hotspot("c", grade=Grade.LIKELY),
        hotspot("d", kind=Kind.CHRONIC),
    ]
    (theme,) = json.loads(published(*found).summary)["themes"]
    assert theme["hotspots"] == 4
    assert theme["counts"] == {
        "acute": {"confirmed": 1, "likely": 2},
        "chronic": {"confirmed": 1, "likely": 0},
    }


def test_publication__leaves_out_a_risk_that_is_infinite() -> None:
    nothing_expected = hotspot(evidence=evidence(expected=0.0, relative_risk=math.inf))
    assert properties(published(nothing_expected))["relative_risk"] is None


def test_publication__lets_a_hotspot_be_found_by_its_neighbourhoods_and_their_districts() -> None:
    assert published(hotspot()).features[0].areas == ("BU01", "BU02", "WK01")
    elsewhere = hotspot(neighbourhoods=(AreaShare("BU99", "gone", 1.0),))
    assert published(elsewhere).features[0].areas == ("BU99",)


def test_publication__needs_no_neighbourhood() -> None:
    made = published(hotspot(neighbourhoods=()))
    assert made.features[0].areas == ()
    assert properties(made)["neighbourhood"] is None


def test_publication__says_in_its_summary_what_the_list_cannot() -> None:
    empty = dataclasses.replace(
        detection(),
        state=State.NOT_ENOUGH_DATA,
        reason=Label(nl="12 incidenten, 50 nodig", en="12 incidents, 50 needed"),
        window_incidents=3,
    )
    assert json.loads(published(detections=[empty], ranked=[]).summary) == {
        "week": "2010-W30",
        "window_start": "2010-07-05",
        "window_end": "2010-08-01",
        "municipality": {"code": "GM0935", "name": "Maastricht", "time_zone": "Europe/Amsterdam"},
        "boundaries": {"vintage": 2024, "source": "drawn for a test", "schematic": True},
        "generator": {"name": "hotspot", "version": "0.1.0"},
        "parameters": dataclasses.asdict(Parameters()),
        "input_hash": "0" * 64,
        "labels": {"drug_nuisance": {"nl": "Drugsoverlast", "en": "Drug nuisance"}},
        "kinds": {str(kind): dataclasses.asdict(said) for kind, said in grades.KINDS.items()},
        "grades": {
            "confirmed": {
                "nl": "Bevestigd: van de weken zonder hotspots toont per thema en soort hooguit "
                "5\u00a0% er toch een.",
                "en": "Confirmed: of the weeks without hotspots, at most 5% show any, per theme and kind.",
            },
            "likely": {
                "nl": "Waarschijnlijk: van alle hotspots in de lijst, de bevestigde meegeteld, is naar "
                "verwachting hooguit 1 op de 10 vals.",
                "en": "Likely: of all hotspots listed, the confirmed included, at most 1 in 10 is expected "
                "to be false.",
            },
        },
        "themes": [
            {
                "theme": "drug_nuisance",
                "state": "not_enough_data",
                "reason": {"nl": "12 incidenten, 50 nodig", "en": "12 incidents, 50 needed"},
                "window_incidents": 3,
                "baseline_incidents": 400,
                "window_weeks": 4,
                "baseline_weeks": 52,
                "candidates": 7,
                "hotspots": 0,
                "counts": {
                    "acute": {"confirmed": 0, "likely": 0},
                    "chronic": {"confirmed": 0, "likely": 0},
                },
            }
        ],
    }


def test_publication__has_another_hash_when_anything_it_says_differs() -> None:
    usual = published(hotspot()).content_hash
    others = [
        published(hotspot("b")),
        published(hotspot(footprint=square(half_m=50.01))),
        published(hotspot(), input_hash="1" * 64),
        published(),
    ]
    assert len({usual, *(other.content_hash for other in others)}) == 5


def test_content_hash__is_that_of_the_texts_line_by_line() -> None:
    assert content_hash("{}", ()) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"detections": []}, "one week, got 0"),
        ({"detections": [detection(), detection(theme="b", week=WEEK.plus(1))], "ranked": []}, "got 2"),
        ({"detections": [detection(), detection()], "ranked": []}, "each theme once"),
        ({"detections": [detection()], "ranked": ROWS}, "each hotspot found once"),
        ({"detections": [detection(hotspot())], "ranked": []}, "each hotspot found once"),
    ],
)
def test_publication__refuses_what_is_not_one_whole_week(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidParameter, match=told):
        published(**changes)


def test_publication__refuses_the_same_hotspot_under_two_themes() -> None:
    twice = [detection(hotspot()), detection(hotspot(), theme="b")]
    rows = [RankedHotspot(1, 1.0, None, hotspot())] * 2
    with pytest.raises(InvalidParameter, match="once"):
        published(detections=twice, ranked=rows)


def exterior_is_anticlockwise(rings: list[list[list[float]]]) -> bool:
    outer, *holes = (shapely.LinearRing(ring) for ring in rings)
    return bool(outer.is_ccw) and not any(hole.is_ccw for hole in holes)


def test_publication__keeps_holes_and_turns_rings_the_right_way() -> None:
    holed = square(half_m=80.0).difference(square(half_m=20.0))
    for footprint in (holed, shapely.reverse(holed)):
        geometry = json.loads(published(hotspot(footprint=footprint)).features[0].geojson)["geometry"]
        assert geometry["type"] == "Polygon"
        assert len(geometry["coordinates"]) == 2
        assert exterior_is_anticlockwise(geometry["coordinates"])


@given(
    xy_m=st.lists(
        st.tuples(st.integers(-900, 900), st.integers(-900, 900)), min_size=3, max_size=12, unique=True
    ),
    scale=st.sampled_from([0.01, 0.1, 1.0]),
)
def test_publication__serves_a_valid_shape_of_seven_decimals_in_its_bbox(
    xy_m: list[tuple[int, int]], scale: float
) -> None:
    points = shapely.MultiPoint(np.array(xy_m) * scale + CENTRE_M).buffer(0.05, quad_segs=3)
    footprint = points.union(shapely.MultiPoint(np.array(xy_m) * scale + CENTRE_M).convex_hull.buffer(0.02))
    parts = sorted(shapely.get_parts(footprint), key=lambda part: -part.area)
    feature = json.loads(published(hotspot(footprint=parts[0])).features[0].geojson)
    served = shapely.geometry.shape(feature["geometry"])
    assert served.is_valid
    assert tuple(feature["bbox"]) == served.bounds
    for lon, lat in shapely.get_coordinates(served).tolist():
        assert (round(lon, 7), round(lat, 7)) == (lon, lat)
    back = shapely.transform(served, Plane().to_metres)
    assert back.symmetric_difference(parts[0]).area <= 0.02 * parts[0].length


def test_publication__mends_a_shape_that_rounding_would_break() -> None:
    # A spike of three millimetres folds onto itself at seven decimals.
    x_m, y_m = CENTRE_M
    spike = shapely.Polygon(
        [(x_m, y_m), (x_m + 30, y_m), (x_m + 30, y_m + 30), (x_m + 0.001, y_m + 0.001), (x_m, y_m + 30)]
    )
    shape = spike.union(shapely.box(x_m - 20, y_m + 0.001, x_m + 1, y_m + 0.002))
    feature = json.loads(published(hotspot(footprint=shape)).features[0].geojson)
    assert shapely.geometry.shape(feature["geometry"]).is_valid


def test_publication__refuses_a_shape_without_area() -> None:
    with pytest.raises(InvalidParameter, match="must have an area"):
        published(hotspot(footprint=square(half_m=0.001)))


def test_publication__refuses_a_place_without_longitude() -> None:
    with pytest.raises(InvalidParameter, match="where its plane is defined"):
        published(hotspot(centroid_xy_m=(math.inf, 0.0)))


def test_area_fragments__say_exactly_these_things() -> None:
    fragments = area_fragments(areas(), Plane())
    assert list(fragments) == [
        (Level.NEIGHBOURHOOD, "BU01"),
        (Level.NEIGHBOURHOOD, "BU02"),
        (Level.DISTRICT, "WK01"),
    ]
    feature = json.loads(fragments[Level.NEIGHBOURHOOD, "BU01"])
    assert feature["id"] == "BU01"
    assert feature["properties"] == {
        "code": "BU01",
        "name": "Wyck",
        "level": "neighbourhood",
        "parent_code": "WK01",
        "vintage": 2024,
        "area_ha": 100.0,
        "inhabitants": None,
        "schematic": True,
    }
    assert feature["geometry"]["type"] == "MultiPolygon"
    assert [exterior_is_anticlockwise(rings) for rings in feature["geometry"]["coordinates"]] == [True]
    assert tuple(feature["bbox"]) == shapely.geometry.shape(feature["geometry"]).bounds


def test_area_fragments__of_neighbours_share_their_border_exactly() -> None:
    fragments = area_fragments(areas(), Plane())
    west, east = (
        shapely.geometry.shape(json.loads(fragments[Level.NEIGHBOURHOOD, code])["geometry"])
        for code in ("BU01", "BU02")
    )
    assert west.intersection(east).area == 0
    assert west.intersection(east).length > 0.001


def test_area_fragments__keep_their_kind_when_rounding_leaves_one_part() -> None:
    splinter = square(CENTRE_M[0] + 900.0, half_m=0.001)
    (first, *others) = areas().areas
    shape = shapely.MultiPolygon([*first.geometry.geoms, splinter])
    splintered = dataclasses.replace(areas(), areas=(dataclasses.replace(first, geometry=shape), *others))
    geometry = json.loads(area_fragments(splintered, Plane())[Level.NEIGHBOURHOOD, "BU01"])["geometry"]
    assert geometry["type"] == "MultiPolygon"
    assert len(geometry["coordinates"]) == 1
