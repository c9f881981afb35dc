"""Options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

Store = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="URL",
        help="Database: sqlite:///FILE or postgresql://USER@HOST/NAME. Default: HOTSPOT_STORE_URL, then sqlite:///hotspot.db.",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines and nothing else.")]
Mapping = Annotated[
    str,
    typer.Option(
        "--mapping",
        metavar="NAME|FILE",
        help="A shipped mapping (see `hotspot mapping list`) or a TOML file.",
    ),
]


class Language(StrEnum):
    """Languages that people read."""

    NL = "nl"
    EN = "en"


LanguageOption = Annotated[Language, typer.Option("--language", help="Language of headings and names.")]
