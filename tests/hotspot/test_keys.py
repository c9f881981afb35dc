"""Keys are recognised by a salted hash, and hold no longer than they should."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot import keys
from hotspot.errors import InvalidParameter
from tests.access import key_of

NOW = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)


def test_make__gives_a_key_that_is_recognised() -> None:
    text, key = key_of()
    found = keys.parts(text)
    assert found is not None
    assert found[0] == key.id
    assert key.is_of(found[1])
    assert not key.is_of("0" * 64)
    assert found[1] not in key.digest + key.salt
    assert key.digest == keys.digest(key.salt, found[1])
    assert keys.make(secrets.token_bytes).salt != key.salt


@given(st.text())
def test_parts__takes_any_text(text: str) -> None:
    assert keys.parts(text) is None


KEY = "hsk_0123456789ab_" + "f" * 64


@pytest.mark.parametrize("wrong", ["", KEY[:4], KEY[:17], KEY.upper(), f"{KEY}\n", f"{KEY}0", f" {KEY}"])
def test_parts__refuses_what_is_no_key(wrong: str) -> None:
    assert keys.parts(KEY) is not None
    assert keys.parts(wrong) is None


def test_key__holds_until_it_expires_or_is_taken_back() -> None:
    _, key = key_of(made_at=NOW, expires_at=NOW + dt.timedelta(seconds=10))
    assert key.holds(NOW.timestamp())
    assert key.holds(NOW.timestamp() + 9.9)
    assert not key.holds(NOW.timestamp() + 10)
    assert not key_of(revoked_at=NOW)[1].holds(NOW.timestamp())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": " "}, "the name must have 1 to 100 printable characters"),
        ({"name": "a\nb"}, "printable"),
        ({"role": "anonymous"}, "the role must be one of area_team"),
        ({"role": "area_team"}, "must have areas"),
        ({"expires_at": dt.datetime(2000, 1, 1, tzinfo=dt.UTC)}, "must expire after"),
    ],
)
def test_key__refuses_what_would_be_none(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidParameter, match=said):
        key_of(**changes)
