"""What is published stays as it is; a correction is a new edition; pages are exact and totally ordered."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import shapely
from sqlalchemy import delete, exc, func, select, text, update

from hotspot.errors import NotFound
from hotspot.model import Form, Grade, Kind
from hotspot.store import listings, municipality, publications, rankings, runs, tables
from hotspot.store.columns import metadata
from hotspot.store.publications import Conditions
from hotspot.weeks import Week
from tests import factories
from tests.factories import NOW, feature, publication

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from hotspot.store.pages import FeaturePage

W30, W31 = Week(2010, 30), Week(2010, 31)


def _ids(page: FeaturePage) -> list[str]:
    return [json.loads(fragment)["id"] for fragment in page.fragments]


def test_write_publication__numbers_the_editions_of_a_week(connection: Connection) -> None:
    first = publications.write_publication(connection, publication(), published_at=NOW)
    second = publications.write_publication(connection, publication([]), published_at=NOW)
    other = publications.write_publication(connection, publication(week=W31), published_at=NOW)
    assert [(e.week, e.number) for e in (first, second, other)] == [(W30, 1), (W30, 2), (W31, 1)]
    assert publications.editions(connection) == [other, second, first]
    assert first.published_at == NOW


def test_write_publication__what_says_the_same_is_the_same_edition(connection: Connection) -> None:
    first = publications.write_publication(connection, publication(), published_at=NOW)
    again = publications.write_publication(connection, publication(), published_at=NOW.replace(year=2011))
    assert again == first
    assert publications.editions(connection) == [first]


def test_write_publication__returning_to_an_earlier_text_is_a_new_edition(connection: Connection) -> None:
    for published in (publication(), publication([]), publication()):
        last = publications.write_publication(connection, published, published_at=NOW)
    assert last.number == 3


def test_edition__reads_any_edition(connection: Connection) -> None:
    for summary in ('{"n": 1}', '{"n": 2}'):
        publications.write_publication(connection, publication(summary=summary), published_at=NOW)
    assert publications.edition(connection, W30).summary == '{"n": 2}'
    assert publications.edition(connection, W30, 1).summary == '{"n": 1}'
    with pytest.raises(NotFound, match="2010-W30 has not been published in an edition 3"):
        publications.edition(connection, W30, 3)
    with pytest.raises(NotFound, match="2010-W31 has not been published"):
        publications.edition(connection, W31)


@pytest.mark.parametrize("table", ["publications", "published_hotspots", "published_areas", "rankings"])
@pytest.mark.parametrize("act", ["update", "delete"])
def test_published__cannot_be_changed(connection: Connection, table: str, act: str) -> None:
    _publish_run(connection)
    target = metadata.tables[table]
    column = {"publications": "summary", "published_areas": "area_code"}.get(table, "rank")
    change = delete(target) if act == "delete" else update(target).values({column: target.c[column]})
    with (
        pytest.raises(exc.IntegrityError, match="what is published never changes"),
        connection.begin_nested(),
    ):
        connection.execute(change)


def test_published__cannot_be_emptied(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        with pytest.raises(exc.IntegrityError, match="never changes"), connection.begin_nested():
            connection.execute(text("TRUNCATE rankings"))


def test_hotspot_page__shows_the_newest_edition_of_each_week_in_order(connection: Connection) -> None:
    publications.write_publication(connection, publication([feature("old")]), published_at=NOW)
    for week in (W30, W31):
        features = [
            feature(f"{theme}{rank}-{week.number}", theme=theme, rank=rank)
            for theme in ("high_impact_crime", "high_a")
            for rank in (2, 1)
        ]
        publications.write_publication(connection, publication(features, week=week), published_at=NOW)
    page = publications.hotspot_page(connection, Conditions(), limit=100)
    # The underscore comes before the letters, as it does in Python and not in a dictionary.
    of_week = ["high_a1", "high_a2", "high_impact_crime1", "high_impact_crime2"]
    assert _ids(page) == [f"{name}-31" for name in of_week] + [f"{name}-30" for name in of_week]
    parts = [
        publications.hotspot_page(connection, Conditions(), limit=3, offset=offset) for offset in (0, 3, 6)
    ]
    assert [name for part in parts for name in _ids(part)] == _ids(page)
    assert {part.matched for part in parts} == {8}
    assert _ids(publications.hotspot_page(connection, Conditions(W30, edition=1), limit=9)) == ["old"]
    assert publications.hotspot_page(connection, Conditions(W31, edition=9), limit=9).matched == 0


def test_hotspot_page__filters_by_week_theme_kind_grade_and_area(connection: Connection) -> None:
    features = [
        feature("a", areas=["BU01", "WK01"]),
        feature("b", rank=2, grade=Grade.LIKELY, areas=["BU01", "BU09", "WK01", "WK02"]),
        feature("c", theme="nuisance", kind=Kind.CHRONIC, grade=Grade.LIKELY, areas=[]),
    ]
    publications.write_publication(connection, publication(features), published_at=NOW)

    def found(**filters: object) -> list[str]:
        wanted = Conditions(**filters)  # type: ignore[arg-type]  # Each filter has its own type.
        return _ids(publications.hotspot_page(connection, wanted, limit=9))

    assert found(week=W30) == ["a", "b", "c"]
    assert found(week=W31) == []
    assert found(theme="nuisance") == ["c"]
    assert found(kind=Kind.ACUTE) == ["a", "b"]
    assert found(grade=Grade.LIKELY) == ["b", "c"]
    assert found(kind=Kind.CHRONIC, grade=Grade.CONFIRMED) == []
    assert found(area="WK01") == ["a", "b"]
    assert found(area="BU09") == ["b"]
    assert found(area="BU0") == []


TRIANGLE = shapely.Polygon([(5.0, 50.0), (6.0, 50.0), (5.0, 51.0)])


@pytest.mark.parametrize(
    ("bbox_deg", "is_found"),
    [
        ((5.0, 50.0, 6.0, 51.0), True),
        ((5.8, 50.8, 5.9, 50.9), False),  # Inside the triangle's box, outside the triangle.
        ((5.5, 50.5, 5.9, 50.9), True),  # Touches the slope in one point.
        ((5.5000001, 50.5000001, 5.9, 50.9), False),
        ((4.0, 49.0, 5.0, 50.0), True),  # Touches the corner.
        ((4.0, 49.0, 4.9999999, 50.0), False),
        ((5.1, 50.1, 5.1, 50.1), True),  # A point inside.
        ((5.9, 50.9, 5.9, 50.9), False),
        ((5.1, 49.0, 5.1, 52.0), True),  # A line across.
        ((-180.0, -90.0, 180.0, 90.0), True),
        ((170.0, -90.0, -170.0, 90.0), False),  # Across the antimeridian, to Fiji and back.
        ((170.0, -90.0, 5.5, 90.0), True),
    ],
)
def test_hotspot_page__a_box_finds_shapes_and_not_their_boxes(
    connection: Connection, bbox_deg: tuple[float, float, float, float], *, is_found: bool
) -> None:
    publications.write_publication(connection, publication([feature(shape_deg=TRIANGLE)]), published_at=NOW)
    page = publications.hotspot_page(connection, Conditions(bbox_deg=bbox_deg), limit=9)
    assert (page.matched, len(page.fragments)) == (int(is_found), int(is_found))


def test_history__is_that_of_the_newest_edition(connection: Connection) -> None:
    old, new = feature("a"), replace(feature("a"), geojson=feature("a", theme="t").geojson)
    for features in ([old, feature("gone", rank=2)], [new]):
        publications.write_publication(connection, publication(features), published_at=NOW)
    assert [one.geojson for one in listings.history(connection, "a")] == [new.geojson]
    with pytest.raises(NotFound, match="'gone'"):
        listings.history(connection, "gone")


def _publish_run(connection: Connection, names: Sequence[str] = ("h1", "h2")) -> None:
    """Detect and publish a week with these hotspots."""
    municipality.write_municipality(connection, factories.municipality())
    found = [factories.hotspot(name) for name in names]
    run = runs.Run(W30, factories.parameters(), "input", (factories.detection(found),))
    runs.write_run(connection, run, detected_at=NOW)
    features = [feature(name, rank=rank) for rank, name in enumerate(names, start=1)]
    edition = publications.write_publication(connection, publication(features), published_at=NOW)
    rankings.write_rankings(connection, edition, factories.ranked(found))


def test_write_rankings__makes_a_table_that_others_can_read(connection: Connection) -> None:
    _publish_run(connection)
    _publish_run(connection)
    shape = "ST_SRID(geometry)"
    rows = connection.execute(
        text(f"SELECT week, edition, rank, hotspot_id, p_value, {shape} FROM ranked_hotspots ORDER BY rank")  # noqa: S608 -- fixed.
    ).all()
    assert [tuple(row) for row in rows] == [
        ("2010-W30", 1, 1, "h1", 0.001, 28992),
        ("2010-W30", 1, 2, "h2", 0.001, 28992),
    ]


def test_ranked_hotspots__say_what_each_one_is(connection: Connection) -> None:
    municipality.write_municipality(connection, factories.municipality())
    dot = factories.hotspot("h1", kind=Kind.CHRONIC, grade=Grade.LIKELY, form=Form.DOT, pile_up=True)
    run = runs.Run(W30, factories.parameters(), "input", (factories.detection([dot]),))
    runs.write_run(connection, run, detected_at=NOW)
    edition = publications.write_publication(connection, publication(), published_at=NOW)
    rankings.write_rankings(connection, edition, factories.ranked([dot]))
    row = connection.execute(text("SELECT kind, grade, form, pile_up, q_value FROM ranked_hotspots")).one()
    assert tuple(row) == ("chronic", "likely", "dot", True, 0.002)


def test_write_rankings__refuses_what_is_not_stored(connection: Connection) -> None:
    _publish_run(connection, ["h1"])
    (edition,) = publications.editions(connection)
    with pytest.raises(NotFound, match="edition 7"):
        rankings.write_rankings(connection, replace(edition, number=7), [])
    newer = publications.write_publication(connection, publication([]), published_at=NOW)
    with pytest.raises(NotFound, match="no hotspot 'h9'"):
        rankings.write_rankings(connection, newer, factories.ranked([factories.hotspot("h9")]))
    rankings.write_rankings(connection, newer, [])
    assert connection.scalar(select(func.count()).select_from(tables.rankings)) == 1


def test_history__begins_with_the_latest_week(connection: Connection) -> None:
    weeks = (Week(2010, 31), Week(2010, 30))
    for week in weeks:  # The later week first: an old one that is published again is not the latest.
        one = feature("hs-a", rank=week.number)
        publications.write_publication(connection, publication([one], week=week), published_at=NOW)
    listed = listings.history(connection, "hs-a")
    told = [(one.week, one.edition, json.loads(one.geojson)["properties"]["rank"]) for one in listed]
    assert told == [(weeks[0], 1, 31), (weeks[1], 1, 30)]
    with pytest.raises(NotFound, match="hs-b"):
        listings.history(connection, "hs-b")
