"""What a list says beside its rows: how complete it is, what is gone, which rises, was it right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotspot.report import figures
from hotspot.report.words import DASH, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotspot.report.published import Json, PublishedList

ALL_THEMES = "all"
"""What the summary calls all themes together."""


def below(listed: PublishedList, language: str) -> list[str]:
    """
    Write all that stands below a list.

    Parameters
    ----------
    listed
        The list.
    language
        `nl` or `en`.

    Returns
    -------
    list of str
        One statement a line; early editions leave most of them unsaid.
    """
    return [
        *ties(listed, listed.rows, language),
        *state(listed, language),
        *completeness(listed, language),
        *gone(listed, language),
        *alarms(listed, language),
        *backing(listed, language),
        *error_rates(listed, language),
        *without_hotspots(listed, language),
    ]


def ties(listed: PublishedList, rows: Sequence[Json], language: str) -> list[str]:
    """
    Say what the mark of a shared place means.

    Parameters
    ----------
    listed
        The list.
    rows
        Properties of the hotspots that are shown.
    language
        `nl` or `en`.

    Returns
    -------
    list of str
        One line; none where no hotspot that is shown shares its place.
    """
    return [words(language)["tied"]] if any(listed.is_tied(row) for row in rows) else []


def state(listed: PublishedList, language: str) -> list[str]:
    """
    Write up to when reports were in and when the edition was published.

    Parameters
    ----------
    listed
        The list.
    language
        `nl` or `en`.

    Returns
    -------
    list of str
        One line.
    """
    said, as_of = words(language), listed.as_of(language)
    parts = [] if as_of is None else [said["as_of"].format(moment=as_of)]
    return [" ".join([*parts, said["published_at"].format(moment=listed.published(language))])]


def completeness(listed: PublishedList, language: str) -> list[str]:
    """
    Write for each theme which share of the week's incidents is in.

    Parameters
    ----------
    listed
        The list.
    language
        `nl` or `en`.

    Returns
    -------
    list of str
        One line for all themes of which it is known, and one for all others of which the same is said, which
        names them unless they are all there are; none in editions that do not tell.
    """
    themes: Json = listed.summary.get("completeness", {})
    shares: list[str] = []
    unknown: dict[str, list[str]] = {}
    for theme, told in sorted(themes.items()):
        name = listed.label(theme, language)
        if not told.get("is_known") or told.get("share") is None:
            unknown.setdefault(told["said"][language], []).append(name)
            continue
        low, high = (
            figures.number(100 * told.get(end, told["share"]), language) for end in ("lower", "upper")
        )
        shares.append(f"{name} {figures.percent(told['share'], language)} ({low}{DASH}{high})")
    line = [words(language)["completeness"].format(shares=", ".join(shares))] if shares else []
    return line + [
        why if 1 < len(names) == len(themes) else f"{', '.join(names)}: {why}"
        for why, names in unknown.items()
    ]


def gone(listed: PublishedList, language: str) -> list[str]:
    """
    Write which hotspots of last week are no longer listed.

    Parameters
    ----------
    listed
        The list.
    language
        `nl` or `en`.

    Returns
    -------
    list of str
        One line; none in editions that do not tell.
    """
    if "gone" not in listed.summary:
        return []
    said = words(language)
    names = gone_names(listed, listed.summary["gone"], language)
    return [said["gone"].format(names="; ".join(names)) if names else said["none_gone"]]


def gone_names(listed: PublishedList, rows: Sequence[Json], language: str) -> list[str]:
    """
    Name hotspots that are no longer listed.

    Parameters
    ----------
    listed
        The list.
    rows
        Those hotspots, as the summary tells them.
    language
        `nl` or `en`.

    Returns
    -------
    list of str
        A name for each, with its theme and last rank.
    """
    said = words(language)
    return [
        said["merged_into" if row.get("event") == "merged" else "was_rank"].format(
            name=row.get("neighbourhood_name") or said["nowhere"],
            theme=listed.label(row["theme"], language),
            rank=row["rank"],
        )
        for row in sorted(rows, key=lambda row: (row["theme"], row["rank"], row["id"]))
    ]


def alarms(listed: PublishedList, language: str) -> list[str]:
    """
    Write which rises were found, and how many of them chance is expected to have made.

    Parameters
    ----------
    listed
        The list.
    language
        `nl` or `en`.

    Returns
    -------
    list of str
        A line of counts and a line for each rise; none in editions that do not tell.
    """
    told = listed.summary.get("alarms")
    if told is None:
        return []
    said, rows = words(language), [row for row in told["rows"] if row["is_alarm"]]
    themes = set(listed.themes)
    head = said["alarms" if rows else "no_alarms"].format(
        alarms=len(rows),
        tests=told["tests"],
        false=figures.number(told["expected_false"], language, decimals=1),
    )
    return [head, *(f"  {row['said'][language]}" for row in rows if row["theme"] in themes)]


def backing(listed: PublishedList, language: str) -> list[str]:
    """
    Write how the list of the week before did, beside both naive ones.

    Parameters
    ----------
    listed
        The list.
    language
        `nl` or `en`.

    Returns
    -------
    list of str
        One line a theme; none in editions that do not tell.
    """
    said = words(language)
    lines = []
    for row in sorted(listed.summary.get("backing", ()), key=lambda row: str(row["theme"])):
        theme = theme_name(listed, row["theme"], language)
        if row.get("hit_rate") is None:
            lines.append(said["no_backing"].format(theme=theme))
            continue
        rates = {name: hit_rate(row.get(name), language) for name in ("naive_12", "naive_52")}
        week = row.get("listed_week") or DASH
        rates |= {"rate": hit_rate(row, language), "n": figures.number(row["incidents"], language)}
        lines.append(said["backing"].format(theme=theme, week=week, **rates))
    return lines


def theme_name(listed: PublishedList, theme: str, language: str) -> str:
    """
    Name a theme, or all of them together.

    Parameters
    ----------
    listed
        The list.
    theme
        A theme, or `all`.
    language
        `nl` or `en`.

    Returns
    -------
    str
        The name.
    """
    return words(language)["all_themes"] if theme == ALL_THEMES else listed.label(theme, language)


def hit_rate(told: Json | None, language: str) -> str:
    """
    Write a hit rate with its interval.

    Parameters
    ----------
    told
        A hit rate with its interval; absent where there was nothing to count.
    language
        `nl` or `en`.

    Returns
    -------
    str
        Such as `31% (24-39)`, or a dash.
    """
    if told is None or told.get("hit_rate") is None:
        return DASH
    bounds = (figures.number(100 * told[end], language) for end in ("lower", "upper"))
    return f"{figures.percent(told['hit_rate'], language)} ({DASH.join(bounds)})"


def error_rates(listed: PublishedList, language: str) -> list[str]:
    """
    Write how often each grade in the list errs.

    Parameters
    ----------
    listed
        The list.
    language
        `nl` or `en`.

    Returns
    -------
    list of str
        One line for each grade shown; none in early editions, which have none.
    """
    shown = {row["grade"] for row in listed.rows}
    told = listed.summary.get("grades", {})
    return [said[language] for grade, said in told.items() if grade in shown]


def without_hotspots(listed: PublishedList, language: str) -> list[str]:
    """
    Write which themes have no hotspots, and which lack data and why.

    Parameters
    ----------
    listed
        The list.
    language
        `nl` or `en`.

    Returns
    -------
    list of str
        One line for each such theme.
    """
    lines = []
    for entry in listed.summary["themes"]:
        if entry["hotspots"] == 0:
            reason = "" if entry["reason"] is None else f" ({entry['reason'][language]})"
            lines.append(
                f"{listed.label(entry['theme'], language)}: {words(language)[entry['state']]}{reason}"
            )
    return lines
