import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot import harm
from hotspot.errors import InvalidFile
from hotspot.model import Incidents, Reports
from hotspot.rows import ABSENT_S
from tests.factories import hotspot

HEAD = b'name = "n"\nversion = "2"\ndate = 2026-01-02\nsource = "us"\n'


def parsed(more: bytes = b"") -> harm.Weights:
    return harm.parse_weights(HEAD + more, origin="w.toml")


def test_harm__weighs_by_subtheme_then_theme_then_as_usual() -> None:
    weights = parsed(b"weight = 2\n[themes.theft]\nweight = 3\n[themes.theft.subthemes]\nbicycle = 5\n")
    assert [weights.of("theft", "bicycle"), weights.of("theft", "shop"), weights.of("fire", "x")] == [5, 3, 2]
    tally = {("bicycle", "citizen"): 2, ("shop", "unknown"): 1}
    assert harm.harm(weights, "theft", tally) == 13


@given(st.integers(0, 50))
def test_harm__never_counts_what_the_police_found(found: int) -> None:
    tally = {("bicycle", "citizen"): 2}
    assert harm.harm(parsed(), "theft", tally | {("bicycle", "police"): found}) == 2


def test_weights__that_ship_are_read() -> None:
    assert harm.shipped_weights() == ("default", "example")
    default, example = harm.read_weights("default"), harm.read_weights("example")
    assert default.is_flat
    assert not default.is_example
    assert example.is_example
    assert not example.is_flat
    assert example.of("high_impact_crime", "burglary_home") == 60
    assert example.date == dt.date(2026, 11, 22)


def test_weights__of_a_path_are_read(tmp_path: object) -> None:
    path = f"{tmp_path}/own.toml"
    with open(path, "wb") as file:  # noqa: PTH123 - a plain file will do.
        file.write(HEAD)
    assert harm.read_weights(path) == parsed()
    assert harm.read_weights(path).is_flat


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (b"weight = -1\n", r"w.toml: weight must be a number of at least 0, got -1"),
        (b"weight = true\n", r"weight must be a number of at least 0, got True"),
        (b"weight = nan\n", r"weight must be a number of at least 0, got nan"),
        (b"weight = inf\n", r"weight must be a number of at least 0, got inf"),
        (b'is_example = "no"\n', r"is_example must be true or false, got 'no'"),
        (b"themes = 3\n", r"themes must be a table, got 3"),
        (b"[themes]\ntheft = 3\n", r"themes.theft must be a table, got 3"),
        (b'[themes.theft]\nweight = "x"\n', r"themes.theft.weight must be a number of at least 0, got 'x'"),
        (b"[themes.theft.subthemes]\nshop = -2\n", r"themes.theft.subthemes.shop must be a number .* got -2"),
        (b"[themes.theft]\nwieght = 2\n", r"themes.theft.wieght must be one of weight, subthemes"),
        (b"wieght = 2\n", r"wieght must be one of name, version"),
        (b"=", r"w.toml: must be TOML in UTF-8, got"),
    ],
)
def test_weights__say_file_key_what_was_required_and_what_came(more: bytes, message: str) -> None:
    with pytest.raises(InvalidFile, match=message):
        parsed(more)


def test_weights__tell_all_mistakes_at_once() -> None:
    with pytest.raises(
        InvalidFile, match=r"name must be a text, got nothing.*date must be a day.*got '2026'"
    ):
        harm.parse_weights(b'version = "1"\nsource = "us"\ndate = "2026"\n', origin="w.toml")


@pytest.mark.parametrize("name", ["none", "/nowhere/none.toml"])
def test_weights__that_do_not_exist_are_told(name: str) -> None:
    with pytest.raises(InvalidFile, match="got"):
        harm.read_weights(name)


@given(st.binary(max_size=60))
def test_weights__any_file_parses_or_raises_our_error(content: bytes) -> None:
    try:
        harm.parse_weights(content, origin="w.toml")
    except InvalidFile as error:
        assert str(error).startswith("w.toml")


def test_tallies__count_members_by_subtheme_and_reporter_in_any_order() -> None:
    n = 6
    some = Incidents(
        key=np.array([9, 3, 1, 2, 5, 4]),
        xy_m=np.zeros((n, 2)),
        started_s=np.zeros(n, np.int64),
        ended_s=np.zeros(n, np.int64),
        precision=np.array(["minute"] * n, object),
        theme=np.array(["theft"] * n, object),
        subtheme=np.array(["x", "shop", "bicycle", "bicycle", "shop", "bicycle"], object),
        neighbourhood=np.array(["B"] * n, object),
    )
    reports = Reports(
        np.full(n, ABSENT_S),
        np.array(["citizen", "citizen", "citizen", "police", "citizen", "citizen"], object),
        np.array([None] * n, object),
    )
    spot = hotspot(members=(1, 2, 3, 4, 5, 77))
    assert harm.tallies([spot], some, reports)[spot.id] == {
        ("bicycle", "citizen"): 2,
        ("bicycle", "police"): 1,
        ("shop", "citizen"): 2,
    }
