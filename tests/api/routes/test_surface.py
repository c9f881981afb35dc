"""The squares of a week as the collection of cells has them."""

from __future__ import annotations

import shutil
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import ApiSettings
from hotspot.settings import Access
from hotspot.store import engine as engines
from tests.access import kept_key
from tests.api.access import levels

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_Json = dict[str, Any]  # Any: JSON.


@pytest.fixture(scope="module")
def ask(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str, str], _Json]]:
    """Ask a service over the really published town, as somebody of a role."""
    path = shutil.copy(sqlite_template, tmp_path_factory.mktemp("surface") / "town.db")
    engine = engines.create_engine(f"sqlite:///{path}")
    levels.publish_town(engine)
    keys = {
        "analyst": kept_key(engine, "analyst"),
        "system": kept_key(engine, "system"),
        "area_team": kept_key(engine, "area_team", areas=frozenset({levels.AREA})),
    }
    engine.dispose()
    settings = ApiSettings(store_url=f"sqlite:///{path}", access=Access.CONTROLLED, hosts_warmed=0)
    with TestClient(create_app(settings)) as client:

        def answered(role: str, path: str) -> _Json:
            sent = {"X-API-Key": keys[role], "Purpose": "analysis"} if role in keys else {}
            answer = client.get(path, headers=sent)
            assert answer.status_code == 200, answer.text
            told: _Json = answer.json()
            return told

        yield answered


@pytest.mark.parametrize("role", ["analyst", "system", "area_team", "nobody"])
def test_surface__is_what_the_cells_say(ask: Callable[[str, str], _Json], role: str) -> None:
    told = ask(role, "/v1/rankings/latest/surface?theme=drug_nuisance")
    plane = "crs=http://www.opengis.net/def/crs/EPSG/0/28992"
    path = f"/v1/collections/cells/items?week={told['week']}&theme=drug_nuisance&limit=1000&{plane}"
    cells = ask(role, path)["features"]
    squares, on = told["squares"], told["grid"]
    assert told["numberReturned"] == len(cells) == len(squares["column"]) > 0
    assert {one["properties"]["window_start"] for one in cells} == {told["window_start"]}
    sides = squares.get("cells", [1] * len(cells))
    # Every square has its place: counted from the corner, in cells of the grid.
    west = min(x for one in cells for x, _ in one["geometry"]["coordinates"][0])
    south = min(y for one in cells for _, y in one["geometry"]["coordinates"][0])
    expected = Counter(
        (
            round((min(x for x, _ in one["geometry"]["coordinates"][0]) - west) / on["size_m"]),
            round((min(y for _, y in one["geometry"]["coordinates"][0]) - south) / on["size_m"]),
            one["properties"]["size_m"] // on["size_m"],
            one["properties"]["incidents"],
            round(one["properties"]["density_per_km2"], 1),
        )
        for one in cells
    )
    found = zip(
        squares["column"],
        squares["row"],
        sides,
        squares["incidents"],
        squares["density_per_km2"],
        strict=True,
    )
    assert Counter(found) == expected
    lons, lats = zip(*on["corners_deg"], strict=True)
    assert lons[0] < lons[1]
    assert lats[0] < lats[3]


def test_surface__without_a_theme_is_of_the_first_and_of_an_unknown_one_empty(
    ask: Callable[[str, str], _Json],
) -> None:
    assert ask("analyst", "/v1/rankings/latest/surface")["theme"] == "drug_nuisance"
    none = ask("analyst", "/v1/rankings/latest/surface?theme=nothing")
    assert (none["grid"], none["numberReturned"], none["window_start"]) == (None, 0, None)
    assert none["squares"]["column"] == []


def test_areas__are_told_with_figures_to_those_alone_who_may_count(ask: Callable[[str, str], _Json]) -> None:
    path = "/v1/rankings/latest/areas?theme=theft"
    whole, team, below = (ask(role, path)["areas"] for role in ("analyst", "area_team", "nobody"))
    assert whole.keys() == team.keys()
    assert set(below) == {"code", "name", "alarm", "hotspots"}
    assert below["code"] == whole["code"] == sorted(whole["code"])
    own = whole["code"].index(levels.AREA)
    for name in ("observed", "expected", "ratio", "rate", "change_1"):
        assert team[name][own] == whole[name][own], name
        assert [one for number, one in enumerate(team[name]) if number != own] == [None] * (
            len(whole["code"]) - 1
        )
    assert sum(whole["hotspots"]) > 0
    assert whole["hotspots"][own] == team["hotspots"][own] > 0


def test_areas__tell_the_week_and_what_is_different_from_the_one_before(
    ask: Callable[[str, str], _Json],
) -> None:
    path = "/v1/rankings/{}/areas?theme=drug_nuisance"
    newest, earlier = (ask("analyst", path.format(week)) for week in levels.WEEKS[::-1])
    assert newest["before"] == {"week_1": earlier["week"], "week_4": None}
    assert earlier["before"] == {"week_1": None, "week_4": None}
    now, then = newest["areas"], earlier["areas"]
    assert now["change_1"] == [
        one - before for one, before in zip(now["observed"], then["observed"], strict=True)
    ]
    assert set(now["change_4"]) == set(then["change_1"]) == {None}
    for count, people, rate in zip(now["observed"], now["inhabitants"], now["rate"], strict=True):
        assert rate == (None if people is None or people < 100 else round(1000 * count / people, 2))
    # What happened in the neighbourhoods happened in the municipality.
    listed = ask("analyst", f"/v1/rankings/{newest['week']}")["alarms"]["rows"]
    city = next(one for one in listed if one["level"] == "municipality" and one["theme"] == "drug_nuisance")
    assert sum(now["observed"]) >= city["observed"]


@pytest.mark.parametrize(
    "path",
    [
        "surface?edition=1",
        "surface?area=B0404",
        "surface?theme=",
        "areas?limit=3",
        "areas?f=csv",
        "areas?theme=",
    ],
)
def test_what_is_no_parameter__is_refused(client: TestClient, path: str) -> None:
    assert client.get(f"/v1/rankings/latest/{path}").status_code == 400


def test_weeks_that_are_not_published__are_not_found(client: TestClient) -> None:
    for name in ("surface", "areas", "overview"):
        assert client.get(f"/v1/rankings/2009-W01/{name}").status_code == 404


def test_areas__of_weeks_without_figures_tell_none(client: TestClient) -> None:
    told = client.get("/v1/rankings/latest/areas?theme=drug_nuisance").json()["areas"]
    assert set(told["observed"]) == {None}
    assert told["hotspots"] == [2, 2]
