"""`hotspot differences`: what a corrected edition of a week says otherwise, line by line."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from hotspot.cli.opening import reading
from hotspot.cli.options import Json, Language, LanguageOption, Store
from hotspot.cli.output import Output
from hotspot.cli.weekly import EditionOption, WeekArgument, read_list
from hotspot.differences import differences
from hotspot.errors import InvalidParameter
from hotspot.store.publications import Conditions

if TYPE_CHECKING:
    from hotspot.differences import Difference

_WORDS = {
    Language.EN: {
        "title": "{week}: edition {after} against edition {before}",
        "nothing": "{week}: edition {after} shows a reader what edition {before} did.",
        "first": "{week} has one edition only: nothing was corrected.",
        "columns": ("theme", "hotspot", "#rank before", "#rank now", "what"),
    },
    Language.NL: {
        "title": "{week}: editie {after} naast editie {before}",
        "nothing": "{week}: editie {after} toont een lezer hetzelfde als editie {before}.",
        "first": "{week} heeft één editie: er is niets gecorrigeerd.",
        "columns": ("thema", "hotspot", "#plaats eerder", "#plaats nu", "wat"),
    },
}
"""What a person reads, in both languages."""


def show(
    week: WeekArgument = "latest",
    edition: EditionOption = None,
    against: Annotated[
        int | None,
        typer.Option(
            "--against", min=1, help="The earlier edition; default: the one before.", show_default=False
        ),
    ] = None,
    language: LanguageOption = Language.EN,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """
    Show what a corrected edition of a week says otherwise than an earlier one, line by line.

    Only what a reader sees is compared, and as it is shown.

    Examples: `hotspot differences --week 2026-W46`; `hotspot differences --week 2026-W46 --edition 3
    --against 1 --language nl`
    """
    output, words = Output(as_json), _WORDS[language]
    with reading(store) as connection:
        new = read_list(connection, week, Conditions(edition=edition))
        number = new.stored.edition.number
        earlier = number - 1 if against is None else against
        if against is not None and against >= number:
            raise InvalidParameter(f"--against must be an edition before {number}, got {against}")
        old = None if earlier == 0 else read_list(connection, week, Conditions(edition=earlier))
    named = {"week": new.stored.edition.week, "after": number, "before": earlier}
    found = (
        ()
        if old is None
        else differences(old.features, new.features, summary_before=old.summary, summary_after=new.summary)
    )
    output.result([asdict(one) for one in found])
    if old is None:
        output.say(str(words["first"]).format(**named))
    elif not found:
        output.say(str(words["nothing"]).format(**named))
    output.table(
        str(words["title"]).format(**named),
        list(words["columns"]),
        [_row(one, new.published.label(one.theme, language), language) for one in found],
    )


def _row(one: Difference, theme: str, language: Language) -> list[object]:
    """Write a difference as cells."""
    said = one.said.nl if language is Language.NL else one.said.en
    return [
        theme,
        one.id or "-",
        "-" if one.rank_before is None else one.rank_before,
        "-" if one.rank_after is None else one.rank_after,
        said,
    ]
