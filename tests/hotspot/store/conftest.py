"""What tests of filters share."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.hotspot.store.small_table import Stores

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from tests.hotspot.store.filtering import Filtered


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Stores]:
    """Opens each store when it is first asked for; what is loaded into it is rolled back in the end."""
    with ExitStack() as opened:
        yield Stores(opened, tmp_path_factory, request)


@pytest.fixture
def small(stores: Stores, store_kind: str) -> tuple[Connection, Filtered]:
    return stores.of(store_kind)
