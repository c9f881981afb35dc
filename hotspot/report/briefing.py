"""From a published week to one page: the hotspots of an area, or of the whole municipality."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotspot.errors import InvalidParameter
from hotspot.model import Level
from hotspot.report import clock, figures, look, plan, statements, telling
from hotspot.report.published import MAX_HASH
from hotspot.report.sheet import Backing, Briefing, Item
from hotspot.report.words import DASH, words

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from hotspot.report.published import Json, PublishedList

MOST = 8
"""Hotspots on a page: more and nobody reads the last; fewer where the texts are long."""

MAP_HEIGHT_PX = 420.0
MAP_WIDTHS_PX = (400.0, 540.0)
"""Size of the drawing, which the page scales: as wide as what it shows, within bounds."""

MAX_ACTION = 160
"""Characters of a note on the page; the rest is in the list."""

_MOST_LINES = 3
"""Rises that are named on the page; all are in the list."""


def briefing(
    listed: PublishedList, areas: Sequence[Json], *, code: str | None, language: str, most: int = MOST
) -> Briefing:
    """
    Make the page of an area or of the whole municipality.

    Parameters
    ----------
    listed
        The whole list of the week.
    areas
        Neighbourhoods, at least one, and maybe districts, as GeoJSON features.
    code
        Code of a neighbourhood or district; absent for the municipality.
    language
        `nl` or `en`.
    most
        Hotspots in the table, at most: the first of every theme before any second.

    Returns
    -------
    Briefing
        The page.

    Raises
    ------
    InvalidParameter
        If the language is another, or no neighbourhood has the code.
    """
    said = words(language)
    homes = [one for one in areas if one["properties"]["level"] == Level.NEIGHBOURHOOD]
    here = {
        one["properties"]["code"]: one["properties"]["name"] for one in homes if code in {None, *_codes(one)}
    }
    if not here:
        raise InvalidParameter(f"area must be the code of a neighbourhood or district, got {code!r}")
    chosen = _chosen(listed, None if code is None else set(here))
    shown = sorted(chosen[:most], key=lambda one: (one["properties"]["theme"], one["properties"]["rank"]))
    municipality = listed.summary["municipality"]
    area = municipality["name"] if code is None else _name(areas, code)
    hours = _hours(shown)
    n = sum(of for day in hours for of in day)
    return Briefing(
        language=language,
        kicker=said["whole"] if code is None else municipality["name"],
        area=area,
        code=municipality["code"] if code is None else code,
        title=said["briefing"].format(number=listed.week.number),
        days=figures.days(listed.week.monday, listed.week.sunday, language),
        facts=_facts(listed, language),
        items=tuple(_item(listed, one["properties"], language, is_area=code is not None) for one in shown),
        more=_more(len(chosen), len(shown), language),
        empty=() if chosen else _empty(listed, language, is_area=code is not None),
        lines=_lines(listed, None if code is None else here, code, language),
        legend=_legend(listed, shown, language),
        plan=_plan(listed, homes, chosen, shown, code=code, title=f"{said['map']}: {area}"),
        week_hours=clock.week(hours, language=language, title=said["week_hours"]) if n else "",
        week_hours_said=said["week_hours_said"].format(n=figures.number(n, language))
        if n
        else said["no_hours"],
        backing=_backing(listed, language),
        footnote=_footnote(listed, [one["properties"] for one in shown], language),
        foot=said["page"].format(
            place=area if code is None else f"{municipality['name']} · {area}",
            week=listed.week,
            edition=listed.edition,
        ),
        said=said,
    )


def _codes(area: Json) -> tuple[str, str | None]:
    """Codes under which a neighbourhood is asked for: its own and its district's."""
    return area["properties"]["code"], area["properties"].get("parent_code")


def _name(areas: Sequence[Json], code: str) -> str:
    """Name a neighbourhood or district; one that is not among the areas by its code."""
    names = {one["properties"]["code"]: one["properties"]["name"] for one in areas}
    return str(names.get(code, code))


def _chosen(listed: PublishedList, codes: set[str] | None) -> list[Json]:
    """Pick the hotspots that touch these neighbourhoods, the first of every theme before any second."""
    found = [
        one
        for one in listed.features
        if codes is None or codes & {share["code"] for share in one["properties"]["neighbourhoods"]}
    ]
    return sorted(found, key=lambda one: (one["properties"]["rank"], one["properties"]["theme"]))


def _facts(listed: PublishedList, language: str) -> tuple[tuple[str, str], ...]:
    """Tell up to when reports were in, how complete the week is, and which edition this is."""
    said, facts = words(language), []
    as_of = listed.as_of(language)
    if as_of is not None:
        facts.append((said["state"], as_of))
    told = listed.summary.get("completeness", {}).values()
    if told:
        facts.append((said["complete"], _completeness(told, language)))
    facts.append((said["edition"], f"{listed.edition}, {listed.published(language)}"))
    return tuple(facts)


def _completeness(told: Collection[Json], language: str) -> str:
    """Write how complete the themes are, from the least to the most."""
    shares = [one["share"] for one in told if one.get("is_known") and one.get("share") is not None]
    if not shares:
        return words(language)["unknown"]
    low, high = (figures.percent(end(shares), language) for end in (min, max))
    return low if low == high else f"{low} {DASH} {high}"


def _item(listed: PublishedList, row: Json, language: str, *, is_area: bool) -> Item:
    """Write one hotspot."""
    why, changed = row.get("why") or {}, row.get("what_changed") or {}
    where, theme = telling.where(row, language), listed.label(row["theme"], language)
    name, other = (theme, where) if is_area else (where, theme)
    action, is_open = _action(listed, row, language)
    return Item(
        sign=plan.sign_alone(_mark(listed, {"properties": row})),
        name=name,
        about=", ".join(
            part
            for part in (other, telling.kind_and_form(row, language), telling.few_data(row, language))
            if part
        ),
        rank=telling.rank(row, is_tied=listed.is_tied(row)),
        change=telling.change(row, language),
        counts=telling.counts(row),
        against=telling.against(row, language),
        window=telling.window(row, language),
        lifecycle=telling.lifecycle(row, language),
        hot_time=telling.hot_time(row, language),
        strip=_strip(row, language),
        why=" ".join(why.get(language, ())),
        changed=changed.get(language, ""),
        action=action,
        is_open=is_open,
    )


def _action(listed: PublishedList, row: Json, language: str) -> tuple[str, bool]:
    """Tell what is done about a hotspot, or for how long nothing has been; what is too long is cut."""
    text = telling.state_of_action(row, listed.notes, language)
    is_open = "first_week" in row and telling.open_weeks(row, listed.notes) > 0
    if text == DASH:
        return "", is_open
    return (text if len(text) <= MAX_ACTION else text[: MAX_ACTION - 1].rstrip() + "\u2026"), is_open


def _strip(row: Json, language: str) -> str:
    """Draw the hours of a hotspot; only hours that are a pattern are marked."""
    told = row.get("hot_times")
    if not told or not told.get("incidents"):
        return ""
    peak = told["peak"] if told.get("is_pattern") else None
    whole_day = 24
    named = None if peak is None or peak["hours"] >= whole_day else (peak["start_hour"], peak["hours"])
    return clock.strip(told["hours"], peak=named, title=words(language)["hours"])


def _mark(listed: PublishedList, feature: Json, *, with_sign: bool = True) -> plan.Mark:
    """Give a hotspot its sign and colour."""
    row, themes = feature["properties"], listed.themes
    return plan.Mark(feature, look.sign(row, themes) if with_sign else "", look.colour(row["theme"], themes))


def _legend(listed: PublishedList, shown: Sequence[Json], language: str) -> tuple[tuple[str, str, str], ...]:
    """Say which letter and colour is which theme."""
    themes = listed.themes
    in_table = {one["properties"]["theme"] for one in shown}
    return tuple(
        (_letter(theme, themes), look.colour(theme, themes), listed.label(theme, language))
        for theme in themes
        if theme in in_table
    )


def _letter(theme: str, themes: Sequence[str]) -> str:
    """Give the letter of a theme."""
    return look.sign({"theme": theme, "rank": ""}, themes)


def _plan(
    listed: PublishedList,
    areas: Sequence[Json],
    chosen: Sequence[Json],
    shown: Sequence[Json],
    *,
    code: str | None,
    title: str,
) -> str:
    """Draw the map; what is not in the table is drawn without a sign."""
    names = {one["properties"]["id"] for one in shown}
    marks = [_mark(listed, one, with_sign=one["properties"]["id"] in names) for one in chosen]
    return plan.plan(areas, marks, code=code, title=title, widths_px=MAP_WIDTHS_PX, height_px=MAP_HEIGHT_PX)


def _hours(shown: Sequence[Json]) -> list[list[float]]:
    """Add up the hours of all hotspots on the page."""
    week = [[0.0] * 24 for _ in range(7)]
    for one in shown:
        for place, of_day in enumerate((one["properties"].get("hot_times") or {}).get("hours", ())):
            week[place] = [sum(pair) for pair in zip(week[place], of_day, strict=True)]
    return week


def _more(found: int, given: int, language: str) -> tuple[str, ...]:
    """Say how many are left out, by the number that is shown."""
    said = words(language)
    left = [found - shown for shown in range(given + 1)]
    return tuple("" if n == 0 else said["one_more"] if n == 1 else said["more"].format(n=n) for n in left)


def _empty(listed: PublishedList, language: str, *, is_area: bool) -> tuple[str, ...]:
    """Say that nothing stands out, and where too little is known to tell."""
    said = words(language)
    unknown = [
        listed.label(entry["theme"], language)
        for entry in listed.summary["themes"]
        if entry["state"] == "not_enough_data"
    ]
    if len(unknown) == len(listed.summary["themes"]):
        return (said["not_enough_data"].capitalize() + ".",)
    lacking = [said["empty_unknown"].format(themes=", ".join(unknown))] if unknown else []
    return (said["empty"], " ".join([said["empty_here" if is_area else "empty_said"], *lacking]))


def _lines(
    listed: PublishedList, here: Mapping[str, str] | None, code: str | None, language: str
) -> tuple[str, ...]:
    """Tell which rises there are here, and what has left the list."""
    said = words(language)
    codes, names = (None, None) if here is None else ({*here, code}, set(here.values()))
    rises = [
        row
        for row in (listed.summary.get("alarms") or {}).get("rows", ())
        if row["is_alarm"] and (codes is None or row["area"] in codes)
    ]
    told = [f"{said['alarms_here']}: {row['said'][language]}" for row in rises[:_MOST_LINES]]
    # The list names the neighbourhood that a hotspot was in; its code is not told of what is gone.
    gone = [
        row for row in listed.summary.get("gone", ()) if names is None or row["neighbourhood_name"] in names
    ]
    left = statements.gone_names(listed, gone, language)
    if left:
        told.append(said["gone"].format(names="; ".join(left)))
    return tuple(told)


def _backing(listed: PublishedList, language: str) -> tuple[Backing, ...]:
    """Tell for each theme how complete the week is and how last week's list did."""
    told = {row["theme"]: row for row in listed.summary.get("backing", ())}
    complete = listed.summary.get("completeness", {})
    themes = listed.themes
    rows = []
    for theme in (*themes, statements.ALL_THEMES) if told or complete else ():
        row, share = told.get(theme, {}), complete.get(theme, {})
        is_one = theme in themes
        if not is_one and not row:
            continue
        rows.append(
            Backing(
                letter=_letter(theme, themes) if is_one else "",
                colour=look.colour(theme, themes) if is_one else look.INK,
                theme=statements.theme_name(listed, theme, language),
                complete=figures.percent(share.get("share") if share.get("is_known") else None, language),
                ours=statements.hit_rate(row, language),
                naive_12=figures.percent((row.get("naive_12") or {}).get("hit_rate"), language),
                naive_52=figures.percent((row.get("naive_52") or {}).get("hit_rate"), language),
            )
        )
    return tuple(rows)


def _footnote(listed: PublishedList, rows: Sequence[Json], language: str) -> tuple[str, ...]:
    """Say how it was made, how often it errs and where it comes from."""
    said, summary = words(language), listed.summary
    parameters, boundaries = summary["parameters"], summary["boundaries"]
    alarms = summary.get("alarms")
    method = said["method_said"].format(
        window=parameters.get("window_weeks", DASH),
        baseline=parameters.get("baseline_weeks", DASH),
        hard="\u00a0" if language == "nl" else "",
    )
    method = " ".join([method, *statements.ties(listed, rows, language)])
    errors = [text[language] for text in summary.get("grades", {}).values()]
    if alarms is not None:
        errors.append(statements.alarms(listed, language)[0])
    drawn = [said["schematic"]] if boundaries["schematic"] else []
    source = said["boundaries"].format(source=boundaries["source"], vintage=boundaries["vintage"])
    content = said["made"].format(hash=listed.content_hash[:MAX_HASH])
    return (method, " ".join(errors), " ".join([said["figures_of"], *drawn, source, f"{content}."]))
