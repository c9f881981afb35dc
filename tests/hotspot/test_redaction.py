"""No credential survives, however it was written."""

from __future__ import annotations

import secrets
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot import keys
from hotspot.redaction import PLACEHOLDER, redacted

KEY = keys.make(secrets.token_bytes).text
SIGNED = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"
OTHER = "opaque-token-of-another-kind"


@pytest.mark.parametrize(
    "text",
    [
        KEY,
        f"limit={KEY}&bbox=1",
        f"/v1/{KEY}/items",
        "".join(f"%{ord(letter):02x}" for letter in KEY),
        quote(f"a b {KEY}"),
        SIGNED,
        f"access_token={SIGNED}",
        f"Authorization: Bearer {OTHER}",
        f"authorization=bearer%20{OTHER}&x=1",
    ],
    # A key is made anew in each process, and tests must have the same names in all of them.
    ids=range(9),
)
def test_redacted__has_no_credential(text: str) -> None:
    said = redacted(text)
    assert PLACEHOLDER in said
    for secret in (KEY, KEY[-64:], SIGNED, OTHER):
        assert secret not in said


@given(st.text())
def test_redacted__leaves_other_texts_or_is_steady(text: str) -> None:
    assert redacted(redacted(text)) == redacted(text)


@pytest.mark.parametrize("text", ["", "limit=10&bbox=1,2", "name LIKE 'a%25'", "the bearer of it", "100%"])
def test_redacted__leaves_what_is_none(text: str) -> None:
    assert redacted(text) == text
