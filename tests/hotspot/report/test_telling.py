"""A row in words, and what stands below a list."""

from __future__ import annotations

import datetime as dt
from typing import Any  # JSON.

import pytest

from hotspot.errors import InvalidParameter
from hotspot.notes import Note, Verdict
from hotspot.report import figures, statements, telling
from hotspot.report.words import TEXTS, words
from tests.hotspot.report import published


@pytest.mark.parametrize("language", ["nl", "en"])
def test_words__are_the_same_in_both_languages_and_take_the_same_parts(language: str) -> None:
    other = {"nl": "en", "en": "nl"}[language]
    assert list(TEXTS[language]) == list(TEXTS[other])
    for name, text in TEXTS[language].items():
        parts = sorted(part.split("}")[0] for part in text.split("{")[1:])
        assert parts == sorted(part.split("}")[0] for part in TEXTS[other][name].split("{")[1:]), name


def test_words__of_another_language_are_refused() -> None:
    with pytest.raises(InvalidParameter, match="got 'de'"):
        words("de")


@pytest.mark.parametrize(
    ("value", "decimals", "nl", "en"),
    [
        (1234.56, 1, "1.234,6", "1,234.6"),
        (-0.04, 1, "0,0", "0.0"),
        (-2.0, 0, "\u22122", "\u22122"),
        (None, 1, "\u2013", "\u2013"),
    ],
)
def test_number__is_written_the_readers_way(value: float | None, decimals: int, nl: str, en: str) -> None:
    assert figures.number(value, "nl", decimals=decimals) == nl
    assert figures.number(value, "en", decimals=decimals) == en


def test_expectation__of_hardly_anything_is_not_written_as_nothing() -> None:
    assert figures.expectation(0.01, "nl") == "<\u00a00,1"
    assert figures.expectation(0.0, "en") == "0.0"


@pytest.mark.parametrize(
    ("first", "last", "nl", "en"),
    [
        ((2026, 11, 16), (2026, 11, 22), "16 t/m 22 november 2026", "16 to 22 November 2026"),
        ((2026, 9, 28), (2026, 10, 4), "28 september t/m 4 oktober 2026", "28 September to 4 October 2026"),
        (
            (2026, 12, 28),
            (2027, 1, 3),
            "28 december 2026 t/m 3 januari 2027",
            "28 December 2026 to 3 January 2027",
        ),
    ],
)
def test_days__name_month_and_year_once(
    first: tuple[int, int, int], last: tuple[int, int, int], nl: str, en: str
) -> None:
    assert figures.days(dt.date(*first), dt.date(*last), "nl") == nl
    assert figures.days(dt.date(*first), dt.date(*last), "en") == en


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"previous_rank": 5}, "▲2"),
        ({"previous_rank": 1}, "▼2"),
        ({"previous_rank": 3}, "="),
        ({"previous_rank": None, "event": "new"}, "nieuw"),
        ({"previous_rank": None, "event": "returned"}, "terug"),
        ({"previous_rank": None, "event": "continued"}, "\u2013"),
        ({"previous_rank": 5, "event": "merged"}, "▲2 samengegaan"),
    ],
)
def test_change__is_an_arrow_or_a_word(changes: dict[str, Any], said: str) -> None:
    row = published.hotspot(rank=3, **changes)["properties"]
    assert telling.change(row, "nl") == said


@pytest.mark.parametrize(
    ("peak", "said"),
    [
        ({"weekdays": [5, 6], "start_hour": 22, "hours": 3, "share": 0.4}, "vr\u2013za 22\u201301"),
        ({"weekdays": [7], "start_hour": 9, "hours": 2, "share": 0.4}, "zo 09\u201311"),
        ({"weekdays": None, "start_hour": 23, "hours": 2, "share": 0.4}, "23\u201301"),
        ({"weekdays": [1, 2, 3], "start_hour": 0, "hours": 24, "share": 0.4}, "ma\u2013wo"),
        (None, "\u2013"),
    ],
)
def test_hot_time__names_days_and_hours(peak: dict[str, object] | None, said: str) -> None:
    row = {"hot_times": {"is_pattern": True, "peak": peak}}
    assert telling.hot_time(row, "nl") == said
    row["hot_times"]["is_pattern"] = False
    assert telling.hot_time(row, "nl") == "\u2013"


def test_row__of_an_early_edition_is_told_with_dashes() -> None:
    row = published.early_week().rows[0]
    assert not published.early_week().is_tied(row)
    assert telling.rank(row, is_tied=False) == "1"
    assert telling.grade(row, "en") == "confirmed"
    assert {telling.counts(row), telling.lifecycle(row, "en"), telling.hot_time(row, "en")} == {"\u2013"}
    assert telling.state_of_action(row, {}, "en") == "\u2013"
    assert statements.below(published.early_week(), "en")[0] == "Published 23 November 2026, 06:00."


@pytest.mark.parametrize(
    ("rank", "tie", "said"),
    [(2, 2, "2= (1\u20134)"), (3, 2, "2= (2\u20135)")],
)
def test_rank__that_is_shared_is_that_of_the_first_with_a_mark(rank: int, tie: int, said: str) -> None:
    row = published.hotspot(rank=rank, tie=tie)["properties"]
    assert telling.rank(row, is_tied=True) == said
    assert telling.rank(row, is_tied=False) == said.replace("2=", str(rank))


def test_ties__are_of_one_theme_and_outlast_a_cut() -> None:
    week = published.week()
    assert week.all_ties() == {("drug_nuisance", 4)}
    tied = [(row["theme"], row["rank"]) for row in week.rows if week.is_tied(row)]
    assert tied == [("drug_nuisance", 4), ("drug_nuisance", 5)]
    cut = week.part([one for one in week.features if one["properties"]["rank"] <= 4])
    assert [row["rank"] for row in cut.rows if cut.is_tied(row)] == [4]
    assert cut.of_theme("drug_nuisance").is_tied(cut.rows[-1])
    assert published.early_week().all_ties() == frozenset()


def test_below__says_what_the_mark_means_where_it_is_shown() -> None:
    said = {"nl": "Een = achter de rang", "en": "A = after the rank"}
    for language, start in said.items():
        assert statements.below(published.week(), language)[0].startswith(start)
        assert not statements.below(published.week().of_theme("burglary"), language)[0].startswith(start)


@pytest.mark.parametrize(("language", "said"), [("nl", "weinig gegevens"), ("en", "few data")])
def test_grade__says_where_data_are_few(language: str, said: str) -> None:
    few = published.hotspot(too_little_data=True)["properties"]
    assert telling.grade(few, language).endswith(f", {said}")
    assert telling.few_data(few, language) == said
    assert telling.few_data(published.hotspot()["properties"], language) == ""


def test_window__is_that_of_the_hotspot() -> None:
    row = published.hotspot(kind="chronic", window_weeks=52, observed=38, expected=12.81)["properties"]
    assert f"{telling.against(row, 'nl')} {telling.window(row, 'nl')}" == "38 / 12,8 in 52 wk"


def test_action__is_told_with_its_verdict_and_day_on_one_line() -> None:
    notes = published.notes()
    row = published.hotspot("drug_nuisance", 1)["properties"]
    told = telling.state_of_action(row, notes, "nl")
    assert told == "herkend, afgesproken: avondronde op vrijdag (team Centrum), uiterlijk 4 december 2026"
    remark = Note("x", "team", published.PUBLISHED_AT, Verdict.REMARK, "two\nlines", None)
    assert telling.action([remark], "en") == "remark: two lines"


def test_action__that_nobody_took_ages_by_the_week() -> None:
    row = published.hotspot(rank=2)["properties"]
    assert telling.open_weeks(row, {}) == 9
    assert telling.state_of_action(row, {}, "nl") == "9 weken zonder actie"
    fresh = published.hotspot(rank=2, first_week=str(published.WEEK))["properties"]
    assert telling.state_of_action(fresh, {}, "en") == "no action yet"
    rejected = published.hotspot("assault", 1)["properties"]
    assert telling.state_of_action(rejected, published.notes(), "en") == "not recognised"


def test_below__tells_state_gone_alarms_hit_rate_and_errors() -> None:
    said = "\n".join(statements.below(published.week(), "nl")).replace("\u00a0", " ")
    for part in (
        "Stand van 23 november 2026, 05.00 uur.",
        "Drugsoverlast 95 % (90\u201396)",
        "Binnenstad (Woninginbraak, was 4)",
        "samengegaan met een andere",
        "Stijgingen: 1 van 264 toetsen; daarvan naar verwachting 1,3 vals.",
        "34 % (26\u201343) van de 61 nieuwe incidenten",
        "van 12 weken 27 % (19\u201336), van 52 weken 23 %",
        "Bevestigd:",
        "Overlast jeugd: geen hotspots: dat is een uitkomst",
        "Vernieling: te weinig gegevens (er zijn 3 weken, er zijn er 16 nodig)",
    ):
        assert part in said, part


def test_below__of_one_theme_tells_of_no_other() -> None:
    said = "\n".join(statements.below(published.week().of_theme("burglary"), "en"))
    assert "Burglary" in said
    for other in ("Assault", "Drug nuisance", "Youth nuisance", "Vandalism"):
        assert other not in said


def test_backing__without_a_list_to_judge_says_so() -> None:
    row = {"theme": "burglary", "incidents": 4, "hit_rate": None, "naive_12": None, "naive_52": None}
    assert statements.backing(published.week(backing=[row]), "en") == [
        "Hit rate Burglary: there was no list last week to check."
    ]
    row |= {"hit_rate": 0.25, "lower": 0.1, "upper": 0.5, "listed_week": "2026-W46"}
    (said,) = statements.backing(published.week(backing=[row]), "en")
    assert "25% (10\u201350)" in said
    assert "of 12 weeks \u2013" in said


def test_gone_and_alarms__that_are_none_are_told_as_none() -> None:
    week = published.week(gone=[], alarms={"tests": 12, "expected_false": 0.0, "rows": []})
    assert statements.gone(week, "en") == ["Off the list since last week: none."]
    assert statements.alarms(week, "en") == ["Rises: none, of 12 tests."]


def test_action__in_short_is_its_status_or_the_weeks_without() -> None:
    notes = published.notes()
    rows = [
        published.hotspot(theme, rank)["properties"]
        for theme, rank in (("drug_nuisance", 1), ("assault", 1), ("burglary", 2))
    ]
    assert [telling.action_in_short(row, notes, "nl") for row in rows] == [
        "afgesproken",
        "niet herkend",
        "9 wkn open",
    ]
    assert telling.action_in_short(published.early_week().rows[0], {}, "nl") == "\u2013"


def test_completeness__that_is_not_known_says_why() -> None:
    why = {"nl": "nog niet bekend", "en": "not known yet"}
    told = {"burglary": {"share": None, "is_known": False, "said": why}}
    assert statements.completeness(published.week(completeness=told), "en") == ["Burglary: not known yet"]


def test_completeness__of_which_all_themes_say_the_same_is_said_once() -> None:
    def unknown(why: str) -> dict[str, Any]:
        return {"share": None, "is_known": False, "said": {"nl": why, "en": why}}

    def said(told: dict[str, Any]) -> list[str]:
        return statements.completeness(published.week(completeness=told), "en")

    same = {theme: unknown("Not known: too few reports.") for theme in published.LABELS}
    assert said(same) == ["Not known: too few reports."]
    assert said(same | {"assault": unknown("Not known: no reports.")}) == [
        "Assault: Not known: no reports.",
        "Burglary, Drug nuisance, Youth nuisance, Vandalism: Not known: too few reports.",
    ]
    known = {"share": 0.93, "lower": 0.9, "upper": 0.96, "is_known": True}
    first, second = said(same | {"assault": known})
    assert first == "Completeness of the week: Assault 93% (90\u201396)."
    assert second.startswith("Burglary, Drug nuisance, ")


def test_backing__of_all_themes_together_has_a_name_of_its_own() -> None:
    row = {"theme": "all", "incidents": 4, "hit_rate": None, "naive_12": None, "naive_52": None}
    assert statements.backing(published.week(backing=[row]), "nl")[0].startswith("Trefkans Alle thema's:")
