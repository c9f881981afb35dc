"""Damaged names come out right, and right names come out as they went in."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.ingest.mojibake import is_lost, mended

LETTERS = {
    "Dutch": "áéíóúàèëïöüĳÁÉÍÓÚÈËÏÖÜ",
    "French": "àâæçéèêëîïôœùûüÿÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸ",
    "German": "äöüßÄÖÜẞ",
    "Portuguese": "ãõáâàçéêíóôúÃÕÁÂÀÇÉÊÍÓÔÚ",
    "Spanish": "áéíñóúüÁÉÍÑÓÚÜ",
    "Nordic": "åäöæøðþýÅÄÖÆØÐÞÝ",
    "Estonian and Sámi": "äõöüšžčđŋŧÄÕÖÜŠŽČĐŊŦ",
    "Polish": "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ",
    "Czech and Slovak": "áäčďéěíľĺňóôřŕšťúůýžÁÄČĎÉĚÍĽĹŇÓÔŘŔŠŤÚŮÝŽ",
    "Turkish": "çğıöşüâîûÇĞİÖŞÜÂÎÛ",
    "Romanian": "ăâîșțĂÂÎȘȚ",
    "Greek": "αβγδεζηθάέήίόύώΑΒΓΔ",
}
MARKS = " -'\u2019.()/&,"
names = st.sampled_from(sorted(LETTERS)).flatmap(
    lambda language: st.text(string.ascii_letters + string.digits + MARKS + LETTERS[language], max_size=20)
)


@pytest.mark.parametrize(
    ("damaged", "meant"),
    [
        ("BelvÃ©dÃ¨re", "Belvédère"),
        ("StraÃŸe", "Straße"),
        ("â€™s-Hertogenbosch", "\u2019s-Hertogenbosch"),
        ("BelvÃƒÂ©dÃƒÂ¨re", "Belvédère"),  # Damaged twice.
        ("Belvédère-BelvÃ©dÃ¨re", "Belvédère-Belvédère"),  # Damaged in part.
        ("\u00c3\u008d", "Í"),  # As Latin-1, where Windows-1252 has no character.
    ],
)
def test_mended__puts_damaged_names_right(damaged: str, meant: str) -> None:
    assert mended(damaged) == meant


def test_mended__leaves_what_may_be_estonian_and_what_would_be_no_text() -> None:
    assert mended("KÄŽU") == "KÄŽU"
    assert mended("\u00c2\u0080") == "\u00c2\u0080"


@given(names)
def test_mended__leaves_right_names_alone(name: str) -> None:
    assert mended(name) == name


@given(st.text())
def test_mended__takes_any_text_and_is_done_after_one_go(text: str) -> None:
    assert mended(mended(text)) == mended(text)


@given(st.text(string.ascii_letters + MARKS + "áéíóúàèëïöüçñßøåäâêîôûæ", max_size=20))
def test_mended__undoes_the_damage_of_a_wrong_reading(name: str) -> None:
    shown = "".join(bytes([byte]).decode("cp1252", errors="ignore") or chr(byte) for byte in name.encode())
    assert mended(shown) == name
    assert mended(name.encode().decode("latin-1")) == name


def test_is_lost__tells_what_cannot_be_put_right() -> None:
    assert is_lost("Belv\N{REPLACEMENT CHARACTER}dere")
    assert not is_lost("Belvédère")
