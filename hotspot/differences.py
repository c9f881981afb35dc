"""
What does a corrected edition of a week say otherwise than the one before? Line by line, for a reader.

Only what a reader sees is compared, and as it is shown: an expectation that moves in its third decimal is no
difference. What an early edition leaves unsaid is none either.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any  # What is published is JSON, of which parts are read.

from hotspot.editions import told
from hotspot.model import Label

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hotspot.geojson import Json


class Change(StrEnum):
    """What became of a line of the list."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Field:
    """
    Something that a reader sees.

    Parameters
    ----------
    label
        How it is called in a sentence.
    decimals
        Decimals with which a number is shown and compared.
    is_share
        Whether a number is a share, shown as a percentage.
    words
        How its values are said, where they are words.
    """

    label: Label
    decimals: int = 0
    is_share: bool = False
    words: Mapping[str, Label] | None = None


_YES_NO = {"True": Label("ja", "yes"), "False": Label("nee", "no")}

SEEN: Mapping[str, Field] = {
    "rank": Field(Label("plaats", "rank")),
    "grade": Field(
        Label("zekerheid", "grade"),
        words={"confirmed": Label("bevestigd", "confirmed"), "likely": Label("waarschijnlijk", "likely")},
    ),
    "kind": Field(
        Label("soort", "kind"),
        words={"acute": Label("acuut", "acute"), "chronic": Label("chronisch", "chronic")},
    ),
    "form": Field(
        Label("vorm", "form"),
        words={
            "dot": Label("één adres", "one address"),
            "line": Label("langs een straat", "along a street"),
            "area": Label("gebied", "area"),
        },
    ),
    "observed": Field(Label("voorvallen", "events")),
    "expected": Field(Label("verwacht", "expected"), decimals=1),
    "relative_risk": Field(Label("keer zo veel", "times as many"), decimals=1),
    "places": Field(Label("adressen", "addresses")),
    "window_weeks": Field(Label("weken", "weeks")),
    "neighbourhood_name": Field(Label("buurt", "neighbourhood")),
    "pile_up": Field(Label("opeenhoping op één punt", "pile-up at one point"), words=_YES_NO),
    "lifecycle": Field(
        Label("verloop", "course"),
        words={
            "new": Label("nieuw", "new"),
            "consecutive": Label("aaneengesloten", "consecutive"),
            "intensifying": Label("toenemend", "intensifying"),
            "persistent": Label("aanhoudend", "persistent"),
            "diminishing": Label("afnemend", "diminishing"),
            "sporadic": Label("af en toe", "sporadic"),
            "oscillating": Label("wisselend", "oscillating"),
            "historical": Label("voorbij", "historical"),
            "none": Label("geen patroon", "no pattern"),
        },
    ),
}
"""What is compared of a hotspot, in the order in which it is said."""

SEEN_OF_THEME: Mapping[str, Field] = {
    "state": Field(
        Label("uitkomst", "outcome"),
        words={
            "hotspots": Label("hotspots", "hotspots"),
            "no_hotspots": Label("geen hotspots", "no hotspots"),
            "not_enough_data": Label("te weinig gegevens", "not enough data"),
        },
    ),
    "window_incidents": Field(Label("incidenten in het venster", "incidents in the window")),
    "completeness": Field(Label("gemeld", "reported"), is_share=True),
}
"""What is compared of a theme, in the order in which it is said."""


@dataclass(frozen=True, slots=True)
class Difference:
    """
    One line of a week's list, or one theme, that a later edition tells otherwise.

    Parameters
    ----------
    kind
        Whether the line came, went or changed.
    theme
        Theme of the line.
    id
        The hotspot; absent for what is said of the theme as a whole.
    rank_before, rank_after
        Its rank in both editions; absent where it is not listed.
    fields
        For a changed line, what a reader sees before and after, by name and in the order of `SEEN`.
    said
        The same in a sentence.
    """

    kind: Change
    theme: str
    id: str | None
    rank_before: int | None
    rank_after: int | None
    fields: Mapping[str, tuple[Json, Json]]
    said: Label


def differences(
    before: Sequence[Mapping[str, Any]],
    after: Sequence[Mapping[str, Any]],
    *,
    summary_before: Mapping[str, Any],
    summary_after: Mapping[str, Any],
) -> tuple[Difference, ...]:
    """
    Compare two editions of a week.

    Parameters
    ----------
    before, after
        The features of the earlier and of the later edition, parsed, in any order.
    summary_before, summary_after
        Their summaries, parsed.

    Returns
    -------
    tuple of Difference
        By theme and rank, what is said of a theme as a whole first; empty if a reader sees no difference.
        Where a line went, its rank before counts.
    """
    old, new = ({line["id"]: line for line in map(told, features)} for features in (before, after))
    found = [*_of_themes(summary_before, summary_after)]
    for name in sorted(old.keys() | new.keys()):
        difference = _of_line(old.get(name), new.get(name))
        if difference is not None:
            found.append(difference)
    return tuple(sorted(found, key=_order))


def _order(difference: Difference) -> tuple[str, int, str]:
    """Sort by theme, rank and id."""
    rank = difference.rank_before if difference.rank_after is None else difference.rank_after
    return difference.theme, 0 if rank is None else rank, difference.id or ""


def _of_line(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Difference | None:
    """Compare one line, of which one edition may know nothing."""
    if old is None and new is not None:
        return Difference(Change.ADDED, new["theme"], new["id"], None, new["rank"], {}, _came(new))
    if new is None and old is not None:
        return Difference(Change.REMOVED, old["theme"], old["id"], old["rank"], None, {}, _went(old))
    if old is None or new is None:
        return None
    fields = _compared(old, new, SEEN)
    if not fields:
        return None
    name_nl, name_en = _names(new)
    changes_nl, changes_en = _changes(fields, SEEN)
    said = Label(
        nl=f"Plaats {new['rank']}{name_nl}: {changes_nl}.", en=f"Rank {new['rank']}{name_en}: {changes_en}."
    )
    return Difference(Change.CHANGED, new["theme"], new["id"], old["rank"], new["rank"], fields, said)


def _of_themes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[Difference]:
    """Compare what is said of each theme that both editions know."""
    old, new = _themes(before), _themes(after)
    for theme in sorted(old.keys() & new.keys()):
        fields = _compared(old[theme], new[theme], SEEN_OF_THEME)
        if fields:
            nl, en = _changes(fields, SEEN_OF_THEME)
            said = Label(nl=f"Het hele thema: {nl}.", en=f"The whole theme: {en}.")
            yield Difference(Change.CHANGED, theme, None, None, None, fields, said)


def _themes(summary: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Read what a summary says of each theme; early ones know no completeness."""
    themes = {theme["theme"]: dict(theme) for theme in summary.get("themes", ())}
    for theme, complete in summary.get("completeness", {}).items():
        if theme in themes and complete.get("is_known"):
            themes[theme]["completeness"] = complete.get("share")
    return themes


def _compared(
    old: Mapping[str, Any], new: Mapping[str, Any], seen: Mapping[str, Field]
) -> dict[str, tuple[Json, Json]]:
    """Give what is shown otherwise; what either edition leaves unsaid is not compared."""
    fields: dict[str, tuple[Json, Json]] = {}
    for name, field in seen.items():
        if name in old and name in new and _shown(old[name], field) != _shown(new[name], field):
            fields[name] = (old[name], new[name])
    return fields


def _changes(fields: Mapping[str, tuple[Json, Json]], seen: Mapping[str, Field]) -> tuple[str, str]:
    """List the changes in Dutch and in English."""
    nl, en = [], []
    for name, (old, new) in fields.items():
        was, now = _shown(old, seen[name]), _shown(new, seen[name])
        nl.append(f"{seen[name].label.nl} van {was.nl} naar {now.nl}")
        en.append(f"{seen[name].label.en} from {was.en} to {now.en}")
    return ", ".join(nl), ", ".join(en)


def _shown(value: Json, field: Field) -> Label:
    """Write a value as a reader sees it."""
    if value is None:
        return Label("onbekend", "unknown")
    if field.words is not None:
        return field.words.get(str(value), Label(str(value), str(value)))
    if isinstance(value, (int, float)):
        if field.is_share:
            percent = f"{100 * value:.0f}"
            return Label(f"{percent}\u00a0%", f"{percent}%")
        # Adding zero turns the negative zero that rounding may leave into zero.
        text = f"{round(float(value), field.decimals) + 0.0:.{field.decimals}f}"
        return Label(text.replace(".", ","), text)
    return Label(str(value), str(value))


def _names(line: Mapping[str, Any]) -> tuple[str, str]:
    """Name the neighbourhood of a line, where it is known."""
    name = line.get("neighbourhood_name")
    return ("", "") if name is None else (f", {name}", f", {name}")


def _came(line: Mapping[str, Any]) -> Label:
    """Say that a line is new in this edition."""
    name_nl, name_en = _names(line)
    counts_nl, counts_en = _counts(line)
    return Label(
        nl=f"Plaats {line['rank']}{name_nl}: stond niet in de eerdere editie{counts_nl}.",
        en=f"Rank {line['rank']}{name_en}: was not in the earlier edition{counts_en}.",
    )


def _went(line: Mapping[str, Any]) -> Label:
    """Say that a line is no longer in this edition."""
    name_nl, name_en = _names(line)
    counts_nl, counts_en = _counts(line)
    return Label(
        nl=f"Eerder plaats {line['rank']}{name_nl}: vervalt{counts_nl}.",
        en=f"Earlier rank {line['rank']}{name_en}: is dropped{counts_en}.",
    )


def _counts(line: Mapping[str, Any]) -> tuple[str, str]:
    """Say observed and expected, where both are told."""
    if line.get("observed") is None or line.get("expected") is None:
        return "", ""
    observed = _shown(line["observed"], SEEN["observed"])
    expected = _shown(line["expected"], SEEN["expected"])
    one = line["observed"] == 1
    return (
        f" ({observed.nl} {'voorval' if one else 'voorvallen'}, {expected.nl} verwacht)",
        f" ({observed.en} {'event' if one else 'events'}, {expected.en} expected)",
    )
