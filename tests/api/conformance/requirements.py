"""The register of requirements: a function that tries it for each, under the name that the standards give."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tests.api.conformance.service import NothingToTest, Violation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.api.conformance.subject import Subject

FEATURES = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"
CRS = "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/"
FILTER = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/"
CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf/"
SCHEMAS = "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/"
SELECTION = "http://www.opengis.net/spec/ogcapi-features-6/1.0/conf/"
SORTING = "http://www.opengis.net/spec/ogcapi-features-8/1.0/conf/"
TILES = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/"
TMS = "http://www.opengis.net/spec/tms/2.0/conf/"
JSON_FG = "http://www.opengis.net/spec/json-fg-1/1.0/conf/"
COMMON_1 = "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/"
COMMON_2 = "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/"


class Outcome(StrEnum):
    """How a trial ended."""

    KEPT = "kept"
    BROKEN = "BROKEN"
    NOT_DECLARED = "not declared"
    NOTHING = "nothing to test"


@dataclass(frozen=True, slots=True)
class Requirement:
    """
    One thing that a service has to do.

    Parameters
    ----------
    id
        Its name.
    part
        Standard or rule book that it is from.
    needs
        Conformance classes that have to be declared for it to apply, all of them; it exercises them.
    also
        Further classes that it exercises.
    check
        Raises `Violation` or `NothingToTest`.
    """

    id: str
    part: str
    needs: tuple[str, ...]
    also: tuple[str, ...]
    check: Callable[[Subject], None]


@dataclass(frozen=True, slots=True)
class Result:
    """How the service did in one requirement."""

    requirement: Requirement
    outcome: Outcome
    told: str = ""
    requests: int = 0


REGISTER: list[Requirement] = []
"""In the order in which they are tried."""


def requirement(
    name: str, *, part: str, needs: Iterable[str] = (), also: Iterable[str] = ()
) -> Callable[[Callable[[Subject], None]], Callable[[Subject], None]]:
    """Enter a function into the register."""

    def enter(check: Callable[[Subject], None]) -> Callable[[Subject], None]:
        if any(one.id == name for one in REGISTER):
            raise ValueError(f"{name} stands in the register twice")
        REGISTER.append(Requirement(name, part, tuple(needs), tuple(also), check))
        return check

    return enter


def tried(one: Requirement, subject: Subject) -> Result:
    """Try one requirement."""
    before = len(subject.service.log)
    outcome, told = _tried(one, subject)
    return Result(one, outcome, told, len(subject.service.log) - before)


def _tried(one: Requirement, subject: Subject) -> tuple[Outcome, str]:
    """Try one requirement: how it ended, and what there is to tell."""
    try:
        missing = [uri for uri in one.needs if uri not in subject.conforms_to]
        if missing:
            return Outcome.NOT_DECLARED, ", ".join(missing)
        one.check(subject)
    except Violation as violation:
        return Outcome.BROKEN, str(violation)
    except NothingToTest as nothing:
        return Outcome.NOTHING, str(nothing)
    except Exception as error:  # noqa: BLE001 - a document of the wrong form breaks the requirement that reads it
        where = traceback.extract_tb(error.__traceback__)[-1]
        return Outcome.BROKEN, f"{type(error).__name__}: {error} ({where.name}, line {where.lineno})"
    return Outcome.KEPT, ""


def unexercised(results: Iterable[Result], declared: Iterable[str]) -> list[str]:
    """Declared classes of which nothing was tried."""
    ended = {Outcome.KEPT, Outcome.BROKEN}
    exercised = {
        uri
        for one in results
        if one.outcome in ended
        for uri in (*one.requirement.needs, *one.requirement.also)
    }
    return sorted(set(declared) - exercised)
