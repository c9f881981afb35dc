"""What a lower level was given of a week is all that it reads, and is given once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hotspot.catalogue import Disclosure
from hotspot.errors import InvalidParameter, NotFound
from hotspot.store import disclosed, listings, publications
from hotspot.store.publications import Conditions
from hotspot.store.secrets import secret
from tests.api.published import EARLIER, WEEK, weeks

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from hotspot.editions import Publication

OPEN, PARTNER, INTERNAL = Disclosure.OPEN, Disclosure.PARTNER, Disclosure.INTERNAL


def lowered(whole: Publication, name: str) -> Publication:
    """The first hotspot alone, under another name and in one area."""
    first = replace(
        whole.features[0],
        id=name,
        areas=("BU01",),
        geojson=whole.features[0].geojson.replace(whole.features[0].id, name),
    )
    return replace(whole, summary='{"told":"little"}', features=(first,), content_hash=f"{name:0>64}")


@pytest.fixture
def published(connection: Connection) -> Connection:
    """Two weeks, of which everybody may see one hotspot each; the newer is corrected."""
    for number, (whole, published_at) in enumerate(weeks()):
        edition = publications.write_publication(connection, whole, published_at=published_at)
        disclosed.write_disclosed(connection, edition, {OPEN: lowered(whole, f"low{number}")})
    return connection


def test_edition__tells_a_level_what_it_was_given(published: Connection) -> None:
    whole = publications.edition(published, WEEK)
    seen = publications.edition(published, WEEK, level=OPEN)
    assert (seen.edition.number, seen.summary) == (2, '{"told":"little"}')
    assert seen.edition.content_hash != whole.edition.content_hash
    assert publications.edition(published, WEEK, 1, level=OPEN).edition.content_hash.endswith("low1")
    with pytest.raises(NotFound, match="has not been published for the level partner"):
        publications.edition(published, WEEK, level=PARTNER)


def test_hotspot_page__of_a_level_has_its_hotspots_alone(published: Connection) -> None:
    def found(level: Disclosure, **wanted: object) -> int:
        conditions = Conditions(**wanted)  # type: ignore[arg-type]
        return publications.hotspot_page(published, conditions, limit=9, level=level).matched

    assert (found(INTERNAL), found(OPEN), found(PARTNER)) == (4, 2, 0)
    assert (found(OPEN, week=WEEK), found(OPEN, area="BU01"), found(OPEN, area="BU02")) == (1, 2, 0)
    assert (found(OPEN, theme="burglary"), found(OPEN, theme="nothing")) == (1, 0)


def test_history__of_a_level_knows_its_own_names_alone(published: Connection) -> None:
    (listed,) = listings.history(published, "low2", level=OPEN)
    assert (listed.week, listed.edition) == (WEEK, 2)
    # Of the corrected week the first edition no longer holds; names of other levels are none.
    for name, level in (("low1", OPEN), ("d1", OPEN), ("low2", PARTNER), ("low2", INTERNAL)):
        with pytest.raises(NotFound):
            listings.history(published, name, level=level)


def test_counts_by_week__are_of_the_level(published: Connection) -> None:
    assert listings.counts_by_week(published, "BU01", level=OPEN) == {WEEK: 1, EARLIER: 1}
    assert listings.counts_by_week(published, "BU01", level=PARTNER) == {WEEK: 0, EARLIER: 0}
    assert listings.counts_by_week(published, "BU01") == {WEEK: 2, EARLIER: 1}


def test_write_disclosed__leaves_what_was_told(published: Connection) -> None:
    edition = publications.edition(published, WEEK).edition
    other = lowered(weeks()[-1][0], "other")
    disclosed.write_disclosed(published, edition, {OPEN: other})
    found = disclosed.find(published, WEEK, OPEN)
    assert found is not None
    assert [feature.id for feature in found.features] == ["low2"]
    assert disclosed.find(published, WEEK, PARTNER) is None
    assert disclosed.find(published, WEEK.plus(1), OPEN) is None


def test_find__gives_back_what_was_written(published: Connection) -> None:
    assert disclosed.find(published, WEEK, OPEN) == lowered(weeks()[-1][0], "low2")


def test_write_disclosed__refuses_the_internal_level_and_what_is_not_published(published: Connection) -> None:
    edition = publications.edition(published, WEEK).edition
    with pytest.raises(InvalidParameter, match="internal level is the edition itself"):
        disclosed.write_disclosed(published, edition, {INTERNAL: weeks()[-1][0]})
    with pytest.raises(NotFound, match="edition 7"):
        disclosed.write_disclosed(published, replace(edition, number=7), {})


def test_secret__is_made_once(connection: Connection) -> None:
    assert secret(connection, "a", lambda: b"first") == b"first"
    assert secret(connection, "a", lambda: b"second") == b"first"
    assert secret(connection, "b", lambda: b"third") == b"third"
