"""The catalogue describes every collection once, in both languages, and tells little to everybody."""

from __future__ import annotations

import pytest

from hotspot import catalogue
from hotspot.catalogue import COLLECTIONS, Collection, Disclosure, PropertyType

_EXACT = {
    "counts_weeks_1", "expected", "score", "p_value", "places", "largest_pile_up", "pile_up", "form",
    "peak_start_hour", "when_nl", "what_changed_nl", "observed",
}  # fmt: skip


@pytest.mark.parametrize("collection", COLLECTIONS, ids=lambda one: one.id)
def test_collection__says_everything_in_both_languages(collection: Collection) -> None:
    for label in (collection.title, collection.description, *(one.title for one in collection.properties)):
        assert label.nl
        assert label.en
    assert all(one.description.endswith(".") for one in collection.properties)
    names = [one.name for one in collection.properties]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("collection", COLLECTIONS, ids=lambda one: one.id)
def test_collection__tells_lower_levels_no_more(collection: Collection) -> None:
    told = [{one.name for one in collection.told(level)} for level in Disclosure]
    assert told[0] <= told[1] <= told[2] == {one.name for one in collection.properties}


@pytest.mark.parametrize("collection", COLLECTIONS, ids=lambda one: one.id)
def test_collection__has_the_properties_that_it_is_timed_and_told_by(collection: Collection) -> None:
    kinds = {one.name: one.type for one in collection.properties}
    ends = {collection.starts, collection.ends}
    if collection.is_timed:
        assert {kinds[str(one)] for one in ends} <= {PropertyType.DATE, PropertyType.INSTANT}
    else:
        assert ends == {None}
    if collection.only is not None:
        assert collection.only[0] in kinds


def test_catalogue__tells_everybody_no_number_that_could_be_one_person() -> None:
    for name in ("hotspots", "hotspots-latest", "rankings"):
        found = catalogue.collection(name)
        assert found is not None
        assert not _EXACT & {one.name for one in found.told(Disclosure.OPEN)}


def test_catalogue__keeps_incidents_to_those_who_work_with_the_register() -> None:
    assert catalogue.INCIDENTS.levels == catalogue.INTERNAL_ONLY
    assert catalogue.INCIDENTS.told(Disclosure.PARTNER) == ()


def test_catalogue__views_of_the_same_rows_have_the_same_properties() -> None:
    by_rows = {one.rows: one.properties for one in COLLECTIONS}
    assert all(by_rows[one.rows] == one.properties for one in COLLECTIONS)


def test_collection__is_found_by_name_or_not_at_all() -> None:
    assert catalogue.collection("cells") is catalogue.CELLS
    assert catalogue.collection("Cells") is None
