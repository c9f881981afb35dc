"""Keys, the audit, and where the service may be served, as a person meets them."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn

from hotspot.store import audit
from hotspot.store import engine as engines
from tests.hotspot.test_audit import entry
from tests.served import prepare

if TYPE_CHECKING:
    from tests.hotspot.cli.conftest import Run

NOVEMBER_MS = 1_795_000_000_000


@pytest.fixture
def store(sqlite_url: str) -> str:
    """A store with three entries in its audit."""
    engine = engines.create_engine(sqlite_url)
    with engines.begin_audit(engine) as connection:
        audit.append(
            connection,
            [
                entry(at_ms=NOVEMBER_MS, query="=1+1"),
                entry(at_ms=NOVEMBER_MS, records=None),
                entry(at_ms=NOVEMBER_MS + 86_400_000, who="é"),
            ],
        )
    engine.dispose()
    return sqlite_url


def test_a_key__is_shown_once_and_can_be_taken_back(run: Run, store: str) -> None:
    made = run(
        "key", "create", "--name", "East", "--role", "area_team", "--areas", "WK1, BU2", "--store", store
    )
    assert made.code == 0
    (key,) = [line.split()[-1] for line in made.out.splitlines() if line.startswith("key:")]
    listed = run("key", "list", "--store", store)
    assert (key in listed.out, key.split("_")[1] in listed.out) == (False, True)
    (told,) = run("key", "list", "--store", store, "--json").json
    assert told | {"made_at": "", "expires_at": ""} == {
        "id": key.split("_")[1],
        "name": "East",
        "role": "area_team",
        "areas": "BU2,WK1",
        "scopes": "notes,read:internal",
        "made_at": "",
        "expires_at": "",
        "state": "holds",
    }
    assert run("key", "revoke", told["id"], "--store", store).code == 0
    assert run("key", "list", "--store", store, "--json").json[0]["state"].startswith("revoked 20")
    assert run("key", "revoke", "nothing", "--store", store).code == 3


def test_a_key__can_have_other_scopes_and_another_end(run: Run, store: str) -> None:
    given = ("--scopes", "read:internal,incidents", "--expires", "2090-06-30")
    made = run("key", "create", "--name", "map", "--role", "system", *given, "--store", store, "--json").json
    assert made["key"].startswith(f"hsk_{made['id']}_")
    assert (made["scopes"], made["expires_at"], made["areas"]) == (
        "incidents,read:internal",
        "2090-06-30",
        "all",
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--name", "x", "--role", "king"), "--role must be one of area_team"),
        (("--name", "x", "--role", "anonymous"), "--role must be one of area_team"),
        (("--name", "x", "--role", "analyst", "--scopes", "all"), "--scopes must be among read:partner"),
        (
            ("--name", "x", "--role", "taskforce", "--scopes", "incidents"),
            "scopes of taskforce must be among",
        ),
        (("--name", "x", "--role", "area_team"), "an area team must have areas"),
        (("--name", " ", "--role", "analyst"), "the name must have 1 to 100"),
        (("--name", "x", "--role", "analyst", "--expires", "2020-01-01"), "must expire after it is made"),
    ],
)
def test_a_key__that_would_be_none_is_not_made(
    run: Run, store: str, given: tuple[str, ...], said: str
) -> None:
    outcome = run("key", "create", *given, "--store", store)
    assert (outcome.code, said in outcome.err) == (2, True), outcome.err
    assert run("key", "list", "--store", store, "--json").json == []


def test_verify__tells_whether_the_audit_is_whole_and_gives_an_anchor(run: Run, store: str) -> None:
    assert "3 entries, the chain is whole" in run("audit", "verify", "--store", store).out
    told = run("audit", "verify", "--store", store, "--json").json
    assert (told["entries"], told["is_whole"], told["faults"]) == (3, True, [])
    assert run("audit", "verify", "--anchor", told["anchor"], "--store", store).code == 0
    assert run("audit", "verify", "--anchor", "3", "--store", store).code == 2
    later = told["anchor"].replace("3:", "9:", 1)
    cut = run("audit", "verify", "--anchor", later, "--store", store)
    assert (cut.code, "the end was cut off" in cut.err) == (4, True)


def test_verify__tells_what_was_changed(run: Run, store: str) -> None:
    engine = engines.create_engine(store)
    with engines.begin(engine) as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_entries_never_update")
        connection.exec_driver_sql("UPDATE audit_entries SET who = 'nobody' WHERE number = 2")
    engine.dispose()
    outcome = run("audit", "verify", "--store", store)
    assert (outcome.code, "entry 2 was changed" in outcome.err) == (4, True)
    told = run("audit", "verify", "--store", store, "--json")
    assert (told.code, told.json["is_whole"]) == (4, False)


def test_verify__of_an_empty_audit_is_whole(run: Run, sqlite_url: str) -> None:
    assert "0 entries" in run("audit", "verify", "--store", sqlite_url).out


def test_export__writes_a_table_or_lines(run: Run, store: str) -> None:
    rows = list(csv.DictReader(io.StringIO(run("audit", "export", "--store", store).out)))
    assert [row["number"] for row in rows] == ["1", "2", "3"]
    # What somebody asked is not to run in a spreadsheet.
    assert (rows[0]["query"], rows[1]["records"]) == ("'=1+1", "")
    assert rows[0]["at"].startswith("2026-11-1")
    day = rows[0]["at"][:10]
    lines = run("audit", "export", "--from", day, "--to", day, "--format", "json", "--store", store).out
    told = [json.loads(line) for line in lines.splitlines()]
    assert [one["number"] for one in told] == [1, 2]
    assert told[0]["query"] == "=1+1"
    assert list(told[0]) == list(rows[0])


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "example.nl"])  # noqa: S104 -- refused.
def test_serve__refuses_to_be_reached_by_others_unconfigured(run: Run, store: str, host: str) -> None:
    outcome = run("serve", "--host", host, "--store", store)
    assert outcome.code == 2
    assert "HOTSPOT_API_ACCESS=controlled" in outcome.err


@pytest.mark.parametrize(
    ("host", "access"),
    [("127.0.0.1", "local"), ("localhost", "local"), ("::1", "local"), ("0.0.0.0", "controlled")],  # noqa: S104
)
def test_serve__begins_on_this_machine_or_where_access_is_controlled(
    run: Run, store: str, host: str, access: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[Any] = []
    monkeypatch.setattr(uvicorn, "run", lambda *_, **options: served.append(options["host"]))
    monkeypatch.setenv("HOTSPOT_API_ACCESS", access)
    assert run("serve", "--host", host, "--store", store).code == 0
    assert served == [host]


def test_a_key__is_for_areas_that_there_are(run: Run, sqlite_url: str) -> None:
    engine = engines.create_engine(sqlite_url)
    with engines.begin(engine) as connection:
        prepare(connection)
    engine.dispose()
    given = ("key", "create", "--name", "East", "--role", "area_team", "--store", sqlite_url, "--areas")
    refused = run(*given, "BU01,BU99")
    assert refused.code == 2
    assert "--areas must be codes of areas in the store, got BU99" in refused.err
    assert run("key", "list", "--store", sqlite_url, "--json").json == []
    assert run(*given, "BU01").code == 0
