"""One page per area: what stands on it, that it is one page, and that both forms say the same."""

from __future__ import annotations

import dataclasses
import html
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from hotspot.errors import InvalidParameter
from hotspot.model import Level
from hotspot.report.briefing import MAX_ACTION, MOST, briefing
from hotspot.report.page import as_html
from hotspot.report.pdf import Press
from tests.hotspot.report import published

if TYPE_CHECKING:
    from hotspot.report.sheet import Briefing

PRESS = Press()
AREAS = published.areas() + published.areas(Level.DISTRICT)


def page(code: str | None = None, *, language: str = "nl", **changes: Any) -> Briefing:  # noqa: ANN401 -- JSON
    return briefing(published.week(**changes), AREAS, code=code, language=language)


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


def pdf_of(made: Briefing) -> bytes:
    return PRESS.pdf(made, published_at=published.PUBLISHED_AT)


class _Text(HTMLParser):
    """The text of a page, without its style."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.tags: list[str] = []
        self.silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.silent = tag == "style"
        assert not {"src", "href", "onclick", "onload"} & {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        self.silent = False

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data)


def text_of(made: Briefing) -> str:
    reader = _Text()
    reader.feed(as_html(made).decode())
    assert not {"script", "link", "img", "iframe"} & set(reader.tags)
    return " ".join("".join(reader.parts).split())


def test_page__of_an_area_has_its_hotspots_and_no_other() -> None:
    made = page(published.CENTRE)
    assert (made.kicker, made.area, made.code) == ("Maastricht", "Binnenstad", published.CENTRE)
    assert [one.name for one in made.items] == ["Mishandeling", "Woninginbraak", *["Drugsoverlast"] * 3]
    assert made.more == (
        "en nog 5 in de lijst",
        *(f"en nog {n} in de lijst" for n in (4, 3, 2)),
        "en nog 1 in de lijst",
        "",
    )


def test_page__of_the_municipality_has_the_first_of_every_theme_before_any_second() -> None:
    made = briefing(published.week(), AREAS, code=None, language="en", most=4)
    assert [one.rank.split()[0] for one in made.items] == ["1", "2", "1", "1"]
    assert [theme for _, _, theme in made.legend] == ["Assault", "Burglary", "Drug nuisance"]
    assert made.more[-1] == "and 9 more in the list"
    assert len(page().items) == MOST


def test_page__of_a_district_has_the_hotspots_of_its_neighbourhoods() -> None:
    district = AREAS[0]["properties"]["parent_code"]
    made = page(district)
    assert made.area == next(
        one["properties"]["name"] for one in AREAS if one["properties"]["code"] == district
    )
    assert len(made.items) > len(page(published.CENTRE).items)


def test_page__of_an_unknown_area_is_refused() -> None:
    with pytest.raises(InvalidParameter, match="got 'BU0'"):
        page("BU0")


def test_head__tells_as_of_completeness_edition_and_level() -> None:
    made = page()
    assert made.facts == (
        ("stand", "23 november 2026, 05.00\u00a0uur"),
        ("volledigheid", "91\u00a0% \u2013 97\u00a0%"),
        ("editie", "2, 23 november 2026, 06.00\u00a0uur"),
    )
    assert "Intern" in text_of(made)
    unknown = {"burglary": {"share": None, "is_known": False, "said": {"nl": "", "en": ""}}}
    assert page(completeness=unknown).facts[1] == ("volledigheid", "niet bekend")
    assert [name for name, _ in page(completeness={}).facts] == ["stand", "editie"]


def test_lines__tell_the_rises_and_what_is_gone_here() -> None:
    here = page(published.CENTRE).lines
    assert here == (
        "Stijging: Drugsoverlast in Binnenstad: 21 meldingen, 9,5 verwacht.",
        "Van de lijst af sinds vorige week: Binnenstad (Woninginbraak, was 4).",
    )
    assert page("BU09350300").lines == ()


def test_action__stands_with_its_hotspot_and_what_is_open_is_marked() -> None:
    items = {one.name + one.rank[0]: one for one in page(published.CENTRE).items}
    assert items["Drugsoverlast1"].action.startswith("herkend, afgesproken: avondronde")
    assert not items["Drugsoverlast1"].is_open
    assert items["Drugsoverlast2"].action == "9 weken zonder actie"
    assert items["Drugsoverlast2"].is_open
    assert not items["Mishandeling1"].is_open


def test_action__that_is_too_long_is_cut_visibly() -> None:
    notes = published.notes()
    note = notes["dr10000"][0]
    assert note.action is not None
    long = dataclasses.replace(note, action=dataclasses.replace(note.action, what="loop " * 100))
    week = dataclasses.replace(published.week(), notes={"dr10000": (long,)})
    made = briefing(week, AREAS, code=published.CENTRE, language="nl")
    action = next(one.action for one in made.items if one.name == "Drugsoverlast" and one.rank[0] == "1")
    assert len(action) <= MAX_ACTION
    assert action.endswith("\u2026")


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("code", [None, published.CENTRE, "BU09350300"])
def test_pdf__is_one_page_with_the_same_bytes_each_time(code: str | None, language: str) -> None:
    made = page(code, language=language)
    first = pdf_of(made)
    assert pages(first) == 1
    assert Press().pdf(made, published_at=published.PUBLISHED_AT) == first


def test_pdf__of_long_texts_shows_fewer_hotspots_and_stays_one_page() -> None:
    found = published.features()
    for one in found:
        why = {"nl": ["Er is hier veel meer dan verwacht. " * 8] * 2, "en": ["Much more. " * 8]}
        one["properties"] |= {"why": why, "neighbourhood_name": "Overlast door personen met verward gedrag"}
    week = published.week(found)
    made = PRESS.fitting(week, AREAS, code=None, language="nl")
    assert 1 <= len(made.items) < MOST
    assert PRESS.capacity(made) == len(made.items)
    assert made.more[len(made.items)] == f"en nog {13 - len(made.items)} in de lijst"
    assert pages(pdf_of(made)) == 1
    assert made.more[len(made.items)] in text_of(made)


def test_pdf__of_one_endless_text_is_still_one_page() -> None:
    endless = published.hotspot(why={"nl": ["woord " * 3000], "en": ["word"]})
    made = PRESS.fitting(published.week([endless]), AREAS, code=None, language="nl")
    assert made.items == ()
    assert pages(pdf_of(made)) == 1


def test_empty_week__is_a_briefing() -> None:
    made = briefing(published.week([]), AREAS, code="BU09350300", language="nl")
    assert made.empty[0] == "Geen hotspots: dat is een uitkomst."
    assert "Vernieling" in made.empty[1]
    assert "Geen hotspots: dat is een uitkomst." in text_of(made)
    assert pages(pdf_of(made)) == 1


def test_empty_week__of_which_too_little_is_known_does_not_claim_a_result() -> None:
    week = published.week([])
    themes = [entry | {"state": "not_enough_data"} for entry in week.summary["themes"]]
    made = briefing(published.week([], themes=themes), AREAS, code=None, language="en")
    assert made.empty == ("Not enough data.",)


def test_early_edition__makes_a_page_too() -> None:
    made = briefing(published.early_week(), AREAS, code=None, language="en")
    assert made.backing == ()
    assert made.week_hours == ""
    assert "There is no earlier list to check yet." in text_of(made)
    assert pages(pdf_of(made)) == 1


@pytest.mark.parametrize("language", ["nl", "en"])
def test_html__says_all_that_stands_on_the_page(language: str) -> None:
    made = page(published.CENTRE, language=language)
    said = text_of(made)
    for one in made.items:
        shown = (one.name, one.about, one.rank, one.change, one.counts, one.against, one.window, one.hot_time)
        for part in shown:
            assert " ".join(part.split()) in said
        for part in (one.why, one.changed, one.action):
            assert " ".join(part.split()) in said
    for part in (*made.lines, *made.footnote, made.foot, made.days, *(text for _, text in made.facts)):
        assert " ".join(part.split()) in said
    for row in made.backing:
        assert " ".join(row.ours.split()) in said


def test_html__writes_names_as_text_and_forbids_every_request() -> None:
    name = '<script>alert("1")</script>'
    week = published.week([published.hotspot(neighbourhood_name=name)])
    content = as_html(briefing(week, AREAS, code=None, language="nl")).decode()
    assert html.escape(name, quote=True).replace("&quot;", "&#34;") in content
    assert name not in content
    assert "default-src 'none'" in content


def test_footnote__tells_method_error_rates_and_that_borders_are_drawn() -> None:
    said = " ".join(page().footnote).replace("\u00a0", " ")
    for part in (
        "(hooguit 4) tegen de 52",
        "90 % kans",
        "hooguit 1 op de 10 vals",
        "1,3 vals",
        "Schematische grenzen",
    ):
        assert part in said


def test_item__tells_its_own_window_and_that_it_rests_on_few_data() -> None:
    found = [
        published.hotspot("assault", 1, kind="chronic", window_weeks=52, too_little_data=True),
        published.hotspot("assault", 2),
    ]
    first, second = briefing(published.week(found), AREAS, code=None, language="nl").items
    assert (first.against, first.window) == ("12 / 1,1", "in 52 wk")
    assert first.about == "Mishandeling, chronisch, hot gebied, weinig gegevens"
    assert second.window == "in 4 wk"
    assert "weinig" not in second.about


@pytest.mark.parametrize("language", ["nl", "en"])
def test_item__that_shares_its_place_is_marked_and_the_footnote_says_what_that_means(language: str) -> None:
    found = [published.hotspot("assault", 1), published.hotspot("assault", 2, tie=1)]
    made = briefing(published.week(found), AREAS, code=None, language=language)
    assert [one.rank for one in made.items] == ["1= (1\u20133)", "1= (1\u20134)"]
    meaning = {"nl": "Een = achter de rang: gedeelde plaats", "en": "A = after the rank: a shared place"}
    assert meaning[language] in made.footnote[0]
    alone = briefing(published.week(found[:1]), AREAS, code=None, language=language)
    assert alone.items[0].rank == "1 (1\u20133)"
    assert meaning[language] not in alone.footnote[0]


def test_item__of_an_area_shares_its_place_with_one_elsewhere() -> None:
    found = [published.hotspot("assault", 1), published.hotspot("assault", 2, area="BU09350300", tie=1)]
    (here,) = briefing(published.week(found), AREAS, code=published.CENTRE, language="nl").items
    assert here.rank.startswith("1= ")


def test_png__is_a_picture_of_an_a4() -> None:
    content = PRESS.png(page(), pixels_per_inch=50.0)
    assert content.startswith(b"\x89PNG")
    wide, high = (int.from_bytes(content[at : at + 4], "big") for at in (16, 20))
    assert (wide, high) == pytest.approx((50 * 210 / 25.4, 50 * 297 / 25.4), abs=1)
