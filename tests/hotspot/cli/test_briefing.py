"""The briefing as a command: which pages it writes, where, and what it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hotspot.cli import briefing
from hotspot.cli.briefing import Format
from hotspot.cli.opening import opened, transaction
from hotspot.cli.options import Language
from hotspot.cli.weekly import read_list
from hotspot.errors import InvalidParameter, NotFound
from hotspot.store.publications import Conditions
from tests.api.published import WEEK, write_town

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def town(sqlite_url: str) -> str:
    """Address of a store with two weeks and a few neighbourhoods."""
    write_town(sqlite_url)
    return sqlite_url


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """An empty folder; the store lies beside it."""
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def test_briefing__without_an_area_is_of_the_municipality(town: str, out: Path) -> None:
    briefing.write_briefings(output=out, store=town)
    (path,) = out.iterdir()
    assert path.name == f"briefing-{WEEK}-GM0935-en.pdf"
    assert path.read_bytes().startswith(b"%PDF-")


def test_briefing__of_an_area_in_html_and_dutch(town: str, out: Path) -> None:
    codes = _neighbourhoods(town)
    briefing.write_briefings(area=codes[0], language=Language.NL, form=Format.HTML, output=out, store=town)
    (path,) = out.iterdir()
    assert path.name == f"briefing-{WEEK}-{codes[0]}-nl.html"
    assert "Intern" in path.read_text("utf-8")


def test_briefing__of_all_is_one_page_each_and_one_of_the_municipality(town: str, out: Path) -> None:
    briefing.write_briefings(everything=True, form=Format.HTML, output=out, store=town)
    names = {f"briefing-{WEEK}-{code}-en.html" for code in ("GM0935", *_neighbourhoods(town))}
    assert {path.name for path in out.iterdir()} == names


def test_briefing__is_the_same_bytes_each_time_in_every_form_and_language(town: str, out: Path) -> None:
    with opened(town) as store:
        with transaction(store) as connection:
            edition = read_list(connection, "latest", Conditions()).stored.edition
        written = []
        for folder in (out / "one", out / "two"):
            n = briefing.write_all(store, edition, folder=folder, languages=tuple(Language))
            assert n == len(list(folder.iterdir())) == 4 * (1 + len(_neighbourhoods(town)))
            written.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert written[0] == written[1]


def test_briefing__says_what_is_wrong(town: str, out: Path) -> None:
    with pytest.raises(InvalidParameter, match="not both"):
        briefing.write_briefings(area="BU01", everything=True, output=out, store=town)
    with pytest.raises(InvalidParameter, match="existing folder"):
        briefing.write_briefings(output=out / "none", store=town)
    with pytest.raises(InvalidParameter, match="got 'BU99'"):
        briefing.write_briefings(area="BU99", output=out, store=town)
    with pytest.raises(NotFound, match="not been published"):
        briefing.write_briefings(week="1999-W01", output=out, store=town)
    assert list(out.iterdir()) == []


def _neighbourhoods(town: str) -> list[str]:
    """Codes of the neighbourhoods of the town."""
    with opened(town) as store, transaction(store) as connection:
        _, areas = briefing._read(connection, "latest", None)
    told = [area["properties"] for area in areas]
    return [one["code"] for one in told if one["level"] == "neighbourhood"]
