"""Nothing above the open level leaves without a known caller, a purpose and an entry in the audit."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import pytest
from starlette.requests import Request

from api.access.callers import ANONYMOUS, caller
from api.access.matrix import typical
from hotspot.audit import Act, verify
from hotspot.catalogue import collection
from hotspot.errors import AccessNotConfigured, TooManyRequests
from hotspot.roles import Role
from hotspot.store import engine as engines
from tests.api.access.small import BROKEN, ITEMS, OPEN, STREAM, Small

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from starlette.types import Message


async def receive() -> Message:
    """Say nothing, and never go away."""
    await asyncio.Event().wait()
    raise AssertionError


@pytest.fixture
def small(engine: Engine) -> Small:
    """The small application over either store."""
    return Small(engine)


@pytest.fixture
def embedded(store: Engine) -> Small:
    """The small application over an embedded store."""
    return Small(store)


def test_an_answer_above_open__is_written_down_with_its_records(small: Small) -> None:
    key = small.key("area_team", areas=frozenset({"BU2", "BU1"}), name="area team East")
    answer = small.get(f"{ITEMS}?limit=10", key)
    assert (answer.status_code, answer.json()["level"], answer.json()["purpose"]) == (
        200,
        "internal",
        "analysis",
    )
    (one,) = small.entries()
    entry = one.entry
    assert (entry.who, entry.role, entry.level, entry.areas) == (
        "area team East",
        "area_team",
        "internal",
        "BU1 BU2",
    )
    assert (entry.purpose, entry.method, entry.path, entry.query) == ("analysis", "GET", ITEMS, "limit=10")
    assert (entry.status, entry.records, entry.act) == (200, 3, Act.ANSWERED)
    assert entry.at_ms == 1_800_000_000_000
    assert entry.key == key.split("_")[1]
    assert verify(small.entries()).faults == ()


def test_what_is_open__is_not_written_down(embedded: Small) -> None:
    assert embedded.get(ITEMS).json()["level"] == "open"
    assert embedded.get(OPEN, embedded.key()).json()["level"] == "open"
    # What cannot be cut to areas is told to an area team as to everybody.
    assert (
        embedded.get("/v1/weeks", embedded.key("area_team", areas=frozenset({"BU1"}))).json()["level"]
        == "open"
    )
    assert embedded.get(ITEMS, embedded.key("system", scopes=frozenset())).json()["level"] == "open"
    assert embedded.entries() == []


def test_a_purpose__is_needed_and_must_be_known(embedded: Small) -> None:
    key = embedded.key()
    for headers in ({}, {"Purpose": "curiosity"}, {"Purpose": ""}):
        answer = embedded.client.get(ITEMS, headers={"X-API-Key": key, **headers})
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["parameter"] == "Purpose"
        assert "area_work, analysis, coordination, evaluation, oversight" in answer.json()["detail"]
        assert "curiosity" not in answer.text
    assert embedded.client.get(OPEN, headers={"X-API-Key": key}).status_code == 200
    assert embedded.entries() == []


def test_a_key__may_be_sent_in_two_ways_but_not_in_both(embedded: Small) -> None:
    key = embedded.key()
    purpose = {"Purpose": "analysis"}
    assert (
        embedded.client.get(ITEMS, headers={"Authorization": f"bearer {key}", **purpose}).status_code == 200
    )
    for headers in (
        {"Authorization": f"Bearer {key}", "X-API-Key": key},
        {"Authorization": f"Basic {key}"},
        {"Authorization": "Bearer"},
        {"Authorization": key},
        {"X-API-Key": ""},
        {"X-API-Key": "é"},
        [("X-API-Key", key), ("X-API-Key", key)],
    ):
        listed = [*(headers.items() if isinstance(headers, dict) else headers), *purpose.items()]
        pairs = [(name.encode(), value.encode()) for name, value in listed]
        assert embedded.client.get(ITEMS, headers=pairs).status_code == 401, headers
    assert len(embedded.entries()) == 1


def test_a_refusal__of_a_known_caller_is_written_down(embedded: Small) -> None:
    answer = embedded.get("/v1/collections/incidents/items", embedded.key("taskforce"))
    assert answer.status_code == 403
    (one,) = embedded.entries()
    assert (one.entry.status, one.entry.level, one.entry.records) == (403, "open", None)


def test_an_answer_in_parts__is_written_down_before_its_first_and_before_its_last_part(small: Small) -> None:
    key = small.key()
    assert small.get(STREAM, key).text == "part\n" * 3
    begun, ended = (one.entry for one in small.entries())
    assert (begun.act, begun.records, ended.act, ended.records) == (Act.BEGUN, 1, Act.ENDED, 3)
    assert begun.request == ended.request


def test_an_answer_in_parts__that_breaks_is_written_down_as_far_as_it_came(embedded: Small) -> None:
    key = embedded.key()
    embedded.get(f"{STREAM}?break", key)
    begun, ended = (one.entry for one in embedded.entries())
    assert (begun.act, ended.act, ended.records) == (Act.BEGUN, Act.ENDED, 1)


def test_nothing_leaves__before_its_entry_is_kept(embedded: Small) -> None:
    key = embedded.key()
    order: list[str] = []
    ledger = embedded.guard.ledger
    write = ledger.write

    async def slow(entry: Any) -> None:  # noqa: ANN401 -- as the ledger has it.
        await asyncio.sleep(0)
        await write(entry)
        order.append(entry.act)

    ledger.write = slow  # type: ignore[method-assign]  # It is watched, not replaced.

    async def send(message: Message) -> None:
        order.append(message["type"].rpartition(".")[2])

    for path in (ITEMS, STREAM):
        headers = [(b"x-api-key", key.encode()), (b"purpose", b"analysis")]
        scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": headers}
        asyncio.run(embedded.app(scope, receive, send))
    assert order[:3] == ["answered", "start", "body"]
    assert order[3:5] == ["begun", "start"]
    assert order[-2:] == ["ended", "body"]


def test_nothing_leaves__if_its_entry_cannot_be_kept(
    embedded: Small, caplog: pytest.LogCaptureFixture
) -> None:
    embedded.settings["key_lifetime"] = 300
    embedded.__post_init__()
    key = embedded.key()
    assert embedded.get(ITEMS, key).status_code == 200
    with engines.begin(embedded.engine) as connection:
        connection.exec_driver_sql("ALTER TABLE audit_entries RENAME TO gone")
    for path in (ITEMS, STREAM):
        answer = embedded.get(path, key)
        assert answer.status_code == 503
        assert "internal" not in answer.text
        assert "part" not in answer.text
    assert embedded.get(ITEMS).status_code == 200


def test_many_at_once__make_one_chain_in_few_transactions(small: Small) -> None:
    key = small.key()

    async def ask_all() -> None:
        async def send(message: Message) -> None:
            pass

        headers = [(b"x-api-key", key.encode()), (b"purpose", b"analysis")]
        scope = {"type": "http", "method": "GET", "path": ITEMS, "query_string": b"", "headers": headers}
        await asyncio.gather(*(small.app({**scope}, receive, send) for _ in range(60)))

    asyncio.run(ask_all())
    found = verify(one for one in small.entries())
    assert (found.entries, found.faults) == (60, ())


def test_an_answer__above_open_is_kept_by_nobody_and_shown_by_no_other_page(embedded: Small) -> None:
    origin = {"Origin": "https://elsewhere.example"}
    known = embedded.get(ITEMS, embedded.key(), **origin)
    assert known.headers["Cache-Control"] == "private, no-store"
    assert "Access-Control-Allow-Origin" not in known.headers
    anonymous = embedded.get(ITEMS, **origin)
    assert anonymous.headers["Cache-Control"] == "public, max-age=60"
    assert anonymous.headers["Access-Control-Allow-Origin"] == "*"
    for answer in (known, anonymous):
        assert {"Authorization", "X-API-Key"} <= set(answer.headers["Vary"].split(", "))
    assert embedded.get(OPEN, embedded.key()).headers["Cache-Control"] == "public, max-age=60"


def test_origins__that_are_configured_may_send_keys_and_show_answers(store: Engine) -> None:
    small = Small(store, {"origins": ("https://map.example",)})
    asking = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "x-api-key, purpose"}
    allowed = small.client.options(ITEMS, headers={"Origin": "https://map.example", **asking})
    assert allowed.status_code == 204
    assert allowed.headers["Access-Control-Allow-Origin"] == "https://map.example"
    assert "X-API-Key" in allowed.headers["Access-Control-Allow-Headers"]
    other = small.client.options(ITEMS, headers={"Origin": "https://other.example", **asking})
    assert other.status_code == 204
    assert "X-API-Key" not in other.headers["Access-Control-Allow-Headers"]
    key = small.key()
    shown = small.get(ITEMS, key, Origin="https://map.example")
    assert shown.headers["Access-Control-Allow-Origin"] == "https://map.example"
    assert "Origin" in shown.headers["Vary"]
    refused = small.get(ITEMS, key[:-4] + "0000", Origin="https://map.example")
    assert (refused.status_code, refused.headers["Access-Control-Allow-Origin"]) == (
        401,
        "https://map.example",
    )


def test_rates__are_limited_per_key_and_per_address(store: Engine) -> None:
    small = Small(store, {"burst": 3, "rate_per_minute": 60, "anonymous_rate_per_minute": 30})
    one, other = small.key(), small.key()
    for left in (2, 1, 0):
        answer = small.get(ITEMS, one)
        assert answer.headers["RateLimit"] == f'"caller";r={left}'
        assert answer.headers["RateLimit-Policy"] == '"caller";q=3;w=3'
    refused = small.get(ITEMS, one)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "1"
    assert refused.headers["RateLimit"] == '"caller";r=0;t=1'
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert small.get(ITEMS, other).status_code == 200
    assert [small.get(ITEMS).status_code for _ in range(4)] == [200, 200, 200, 429]
    # Tries with wrong keys are counted as the stranger's.
    assert small.get(ITEMS, one[:-4] + "0000").status_code == 429
    small.clock.now_s += 1
    assert small.get(ITEMS, one).status_code == 200
    assert len(small.entries()) == 5


def test_a_revoked_key__stops_within_the_lifetime_of_the_list(store: Engine) -> None:
    small = Small(store, {"key_lifetime": 5})
    key = small.key()
    assert small.get(ITEMS, key).status_code == 200
    with engines.begin(store) as connection:
        connection.exec_driver_sql("UPDATE api_keys SET revoked_at_s = 1")
    small.clock.now_s += 4.9
    assert small.get(ITEMS, key).status_code == 200
    small.clock.now_s += 0.1
    assert small.get(ITEMS, key).status_code == 401


def test_credentials__are_nowhere(
    store: Engine, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = Small(store)
    caplog.set_level(logging.DEBUG)
    # What this test itself sends is logged by its own client.
    monkeypatch.setattr(logging.getLogger("httpx2"), "disabled", True)
    key = small.key()
    secret = key.rpartition("_")[2]
    said = []
    for path in (ITEMS, STREAM, BROKEN, OPEN, "/v1/nothing", f"/v1/{key}", f"{ITEMS}?limit={key}"):
        for sent in (key, f"{key[:-4]}0000"):
            for headers in ({"X-API-Key": sent}, {"Authorization": f"Bearer {sent}"}, {}, {"Purpose": key}):
                answer = small.client.get(path, headers={"Purpose": "analysis", **headers})
                said.append(answer.text + str(answer.headers))
    broken = small.get(f"{BROKEN}?a={key}", key)
    assert broken.status_code == 500
    said += [broken.text, str(small.entries())]
    assert secret[:-4] not in "".join(said)
    assert secret[:-4] not in caplog.text


def test_the_local_user__needs_a_purpose_only_where_that_is_set(store: Engine) -> None:
    small = Small(store, {"access": "local"})
    answer = small.get(ITEMS, Origin="https://elsewhere.example")
    assert (answer.json()["name"], answer.json()["level"]) == ("local", "internal")
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert small.get("/v1/collections/incidents/items").status_code == 404
    assert small.entries() == []
    strict = Small(store, {"access": "local", "local_purpose": True})
    assert strict.get(ITEMS).status_code == 400
    assert strict.get(OPEN).status_code == 200
    assert strict.get(ITEMS, Purpose="analysis").status_code == 200
    assert [one.entry.who for one in strict.entries()] == ["local"]


def test_a_known_caller__is_known_in_local_mode_too(store: Engine) -> None:
    small = Small(store, {"access": "local"})
    assert small.get(ITEMS, small.key(name="someone")).json()["name"] == "someone"
    assert small.get(ITEMS, "nonsense").status_code == 401


def test_other_protocols__pass(embedded: Small) -> None:
    with embedded.client:
        pass


def test_files_of_the_page__are_not_counted(store: Engine) -> None:
    small = Small(store, {"burst": 3, "rate_per_minute": 60, "anonymous_rate_per_minute": 30})
    assert 429 not in [small.get("/web/main.js").status_code for _ in range(8)]
    assert [small.get(ITEMS).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_admit__is_for_those_who_answer_before_the_door_and_counts_once(store: Engine) -> None:
    small = Small(store, {"burst": 1, "anonymous_rate_per_minute": 60})
    scope: dict[str, Any] = {
        "type": "http",
        "headers": [],
        "client": ("2001:db8::1", 1),
        "server": ("::1", 80),
    }
    assert small.guard.admit(scope) is None
    assert small.guard.admit(scope) is None
    # The next address of the same subscriber, and one that is none.
    assert isinstance(
        small.guard.admit({**scope, "state": {}, "client": ("2001:db8::2", 1)}), TooManyRequests
    )
    assert small.guard.admit({**scope, "state": {}, "client": ("odd:name", 1)}) is None
    assert small.guard.admit({**scope, "state": {}, "client": None}) is None
    # What the service asks itself is asked by nobody.
    assert small.guard.admit({**scope, "state": {"warming": True}}) is None
    local = Small(store, {"access": "local"})
    assert isinstance(local.guard.admit({**scope, "state": {}}), AccessNotConfigured)


def test_caller__is_anonymous_where_there_is_no_door() -> None:
    assert caller(Request({"type": "http", "state": {"caller": "somebody"}})) is ANONYMOUS
    assert caller(Request({"type": "http"})) is ANONYMOUS


def test_callers__see_the_collections_of_their_level_and_scopes() -> None:
    incidents, cells = collection("incidents"), collection("cells")
    assert incidents is not None
    assert cells is not None
    analyst, taskforce = typical(Role.ANALYST), typical(Role.TASKFORCE)
    assert (analyst.may_see(incidents), taskforce.may_see(incidents), ANONYMOUS.may_see(incidents)) == (
        True,
        False,
        False,
    )
    assert all(who.may_see(cells) for who in (analyst, taskforce, ANONYMOUS))
