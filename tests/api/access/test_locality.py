"""Where access is not controlled, only this machine's own user is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from api.access.locality import HANDED_ON, require_local
from hotspot.errors import AccessNotConfigured
from tests.api.access.small import ITEMS, Small

if TYPE_CHECKING:
    from sqlalchemy import Engine

HERE = ("127.0.0.1", 8000)


def scope(server: Any, client: Any, host: str = "localhost:8000", **headers: str) -> dict[str, Any]:  # noqa: ANN401
    sent = [(b"host", host.encode())]
    sent += [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "server": server, "client": client, "headers": sent}


@pytest.mark.parametrize(
    ("server", "client", "host"),
    [
        (HERE, ("127.0.0.1", 5), "127.0.0.1:8000"),
        (HERE, ("127.0.0.1", 5), "LOCALHOST"),
        (HERE, ("127.8.9.1", 5), "map.localhost:80"),
        (("::1", 8000), ("::1", 5), "[::1]:8000"),
        (("::ffff:127.0.0.1", 8000), ("::ffff:127.0.0.1", 5), "localhost."),
        # A part of this very process.
        (("testserver", 80), ("testclient", 5), "testserver"),
    ],
)
def test_this_machine__is_answered(server: object, client: object, host: str) -> None:
    require_local(scope(server, client, host))


@pytest.mark.parametrize(
    ("server", "client", "host", "said"),
    [
        (("192.0.2.1", 8000), ("192.0.2.7", 5), "192.0.2.1", "another machine"),
        (("192.0.2.1", 8000), ("192.0.2.1", 5), "localhost", "another machine"),
        (HERE, ("192.0.2.7", 5), "localhost", "another machine"),
        (("2001:db8::1", 8000), ("2001:db8::2", 5), "localhost", "another machine"),
        (HERE, None, "localhost", "another machine"),
        (HERE, ("name", 5), "localhost", "another machine"),
        (None, None, "localhost", "others may stand behind"),
        (HERE, ("127.0.0.1", 5), "rebound.example", "another name"),
        (HERE, ("127.0.0.1", 5), "localhost.example", "another name"),
        (HERE, ("127.0.0.1", 5), "", "another name"),
        (HERE, ("127.0.0.1", 5), "192.0.2.1", "another name"),
    ],
)
def test_others__are_not_answered(server: object, client: object, host: str, said: str) -> None:
    with pytest.raises(AccessNotConfigured, match=said):
        require_local(scope(server, client, host))


@pytest.mark.parametrize("header", sorted(HANDED_ON))
def test_what_came_through_a_proxy__is_not_answered(header: bytes) -> None:
    with pytest.raises(AccessNotConfigured, match="through a proxy"):
        require_local(scope(HERE, ("127.0.0.1", 5), **{header.decode(): "127.0.0.1"}))


def test_others__get_a_problem_that_says_what_to_do(store: Engine) -> None:
    small = Small(store, {"access": "local"})
    answer = small.get(ITEMS, X_Forwarded_For="192.0.2.1")
    assert answer.status_code == 503
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "HOTSPOT_API_ACCESS=controlled" in answer.json()["detail"]
    assert small.get(ITEMS, small.key(), Forwarded="for=192.0.2.1").status_code == 503
