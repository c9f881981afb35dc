"""Tokens of an issuer of our own on 127.0.0.1: taken if they are its own, for us, and of now."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from api.access.issuer_keys import MAX_AGE_S, PAUSE_S, IssuerKeys, public_keys, require_source
from hotspot.errors import InvalidParameter
from hotspot.roles import Role
from tests.api.access.small import ITEMS, Clock, Small

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

ISSUER, AUDIENCE = "https://login.example/realm", "hotspot"


@dataclass
class Issuer:
    """Signs tokens, and tells its public keys to whoever asks."""

    keys: list[Any] = field(default_factory=list)
    asked: int = 0
    is_down: bool = False
    url: str = ""
    text: bytes | None = None

    def rotate(self, name: str, kind: str = "RSA") -> None:
        """Begin to sign with a new key; the old one is no longer told."""
        parameters: Any = {"kid": name}
        new = (
            RSAKey.generate_key(2048, parameters)
            if kind == "RSA"
            else ECKey.generate_key("P-256", parameters)
        )
        self.keys = [new]

    def token(self, *, algorithm: str = "RS256", key: Any = None, header: Any = None, **changes: Any) -> str:  # noqa: ANN401
        """Make a token."""
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": "somebody",
            "exp": 1_800_000_300,
            "roles": ["hs-analyst"],
            "purpose": "analysis",
        } | changes
        used = self.keys[0] if key is None else key
        headers = {"alg": algorithm, "kid": used.kid} if header is None else header
        present = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(headers, present, used, algorithms=[algorithm])


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    """An issuer on a port of its own."""
    own = Issuer()
    own.rotate("first")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            own.asked += 1
            body = (
                json.dumps(KeySet(own.keys).as_dict(private=False)).encode() if own.text is None else own.text
            )
            self.send_response(500 if own.is_down else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    own.url = f"http://127.0.0.1:{server.server_port}/keys"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield own
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def small(store: Engine, issuer: Issuer) -> Small:
    """The small application that takes the issuer's tokens."""
    return with_issuer(store, issuer)


def with_issuer(store: Engine, issuer: Issuer, **settings: Any) -> Small:  # noqa: ANN401 -- one per setting.
    usual = {
        "oidc_issuer": ISSUER,
        "oidc_audience": AUDIENCE,
        "oidc_keys": issuer.url,
        "oidc_roles": {"hs-analyst": Role.ANALYST, "hs-team": Role.AREA_TEAM},
    }
    return Small(store, usual | settings)


def ask(small: Small, token: str, **headers: str) -> Any:  # noqa: ANN401 -- the client's.
    return small.client.get(ITEMS, headers={"Authorization": f"Bearer {token}", **headers})


def test_a_token__makes_a_caller_with_role_purpose_and_entry(small: Small, issuer: Issuer) -> None:
    answer = ask(small, issuer.token())
    assert answer.status_code == 200
    assert answer.json() | {"headers": []} == {
        "name": "somebody",
        "level": "internal",
        "purpose": "analysis",
        "headers": [],
    }
    (one,) = small.entries()
    assert (one.entry.who, one.entry.role, one.entry.key) == ("somebody", "analyst", "somebody")
    assert ask(small, issuer.token(), Purpose="oversight").json()["purpose"] == "oversight"
    assert ask(small, issuer.token(purpose=None)).status_code == 400
    # Keys work beside tokens.
    assert small.get(ITEMS, small.key()).status_code == 200
    assert issuer.asked == 1


def test_a_token__binds_an_area_team_to_its_areas(small: Small, issuer: Issuer) -> None:
    for areas in (["BU1", "BU2"], "BU1 BU2"):
        assert ask(small, issuer.token(roles="hs-team", areas=areas)).status_code == 200
    assert {one.entry.areas for one in small.entries()} == {"BU1 BU2"}
    for wrong in (None, [], ["BU 1"], 5):
        assert ask(small, issuer.token(roles="hs-team", areas=wrong)).status_code == 403
    for roles in (None, [], ["other"], {"hs-analyst": 1}):
        assert ask(small, issuer.token(roles=roles)).status_code == 403


def test_a_token__can_tell_its_role_in_a_claim_within_a_claim(store: Engine, issuer: Issuer) -> None:
    small = with_issuer(store, issuer, oidc_role_claim="realm_access.roles")
    assert ask(small, issuer.token(realm_access={"roles": ["hs-analyst"]})).status_code == 200
    assert ask(small, issuer.token(realm_access="hs-analyst")).status_code == 403


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"aud": "another"}, "aud"),
        ({"aud": ["another"]}, "aud"),
        ({"aud": None}, "missing_claim"),
        ({"iss": "https://other.example"}, "invalid_claim"),
        ({"iss": None}, "missing_claim"),
        ({"exp": None}, "missing_claim"),
        ({"exp": 1_799_999_969}, "expired"),
        ({"exp": "soon"}, "invalid_claim"),
        ({"nbf": 1_800_000_031}, "invalid_"),
        ({"sub": None}, "must be a name"),
        ({"sub": "a\nb"}, "must be a name"),
    ],
)
def test_a_token__of_another_or_for_another_or_of_another_time_is_refused(
    small: Small, issuer: Issuer, changes: dict[str, Any], said: str
) -> None:
    answer = ask(small, issuer.token(**changes))
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="hotspot", error="invalid_token"'
    assert said in answer.json()["detail"] or said == "aud", answer.json()
    assert small.entries() == []


def test_a_token__within_the_leeway_is_taken(small: Small, issuer: Issuer) -> None:
    assert ask(small, issuer.token(exp=1_799_999_980, nbf=1_800_000_020)).status_code == 200
    assert ask(small, issuer.token(aud=["other", AUDIENCE])).status_code == 200


def test_algorithms__are_not_the_tokens_to_choose(small: Small, issuer: Issuer) -> None:
    public = issuer.keys[0].as_pem(private=False)
    head, body, _ = issuer.token().split(".")
    # The public key, taken for a shared secret.
    hs256 = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"first"}').decode().rstrip("=")
    mac = hmac.new(public, f"{hs256}.{body}".encode(), hashlib.sha256).digest()
    confused = f"{hs256}.{body}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"
    assert ask(small, confused).status_code == 401
    none = base64.urlsafe_b64encode(b'{"alg":"none","kid":"first"}').decode().rstrip("=")
    for forged in (f"{none}.{body}.", f"{head}.{body}.", f"{head}.{body}.AAAA", f"{none}.{body}.AAAA"):
        assert ask(small, forged).status_code == 401
    # Known to the issuer, but not on our list.
    assert ask(small, issuer.token(algorithm="RS512")).status_code == 401
    stranger = RSAKey.generate_key(2048, {"kid": "first"})
    assert ask(small, issuer.token(key=stranger)).status_code == 401


def test_keys__are_read_again_when_the_issuer_changes_them_but_not_for_every_stranger(
    small: Small, issuer: Issuer
) -> None:
    old = issuer.token()
    assert ask(small, old).status_code == 200
    issuer.rotate("second", "EC")
    new = issuer.token(algorithm="ES256")
    assert ask(small, new).status_code == 401
    small.clock.now_s += PAUSE_S
    assert ask(small, new).status_code == 200
    assert ask(small, old).status_code == 401
    asked = issuer.asked
    stranger = RSAKey.generate_key(2048, {"kid": "made up"})
    for _ in range(5):
        assert ask(small, issuer.token(key=stranger)).status_code == 401
    assert issuer.asked <= asked + 1


def test_keys__at_hand_serve_while_the_issuer_is_down(small: Small, issuer: Issuer) -> None:
    issuer.is_down = True
    answer = ask(small, issuer.token())
    assert answer.status_code == 401
    assert "cannot be checked at the moment" in answer.json()["detail"]
    issuer.is_down = False
    small.clock.now_s += PAUSE_S
    assert ask(small, issuer.token()).status_code == 200
    issuer.is_down = True
    small.clock.now_s += 3600
    later = int(small.clock.now_s)
    assert ask(small, issuer.token(exp=later + 60)).status_code == 200
    small.clock.now_s += MAX_AGE_S
    assert ask(small, issuer.token(exp=later + MAX_AGE_S + 60)).status_code == 401


def test_keys__can_be_a_file(issuer: Issuer, tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    keys = IssuerKeys(str(file), lifetime_s=60, monotonic=(clock := Clock()))
    assert asyncio.run(keys.find("first")) is None
    file.write_text(json.dumps(KeySet(issuer.keys).as_dict(private=False)), "utf-8")
    clock.now_s += PAUSE_S
    found = asyncio.run(keys.find("first"))
    assert found is not None
    assert asyncio.run(keys.find(None)) is found


NO_KEYS = (
    b"",
    b"[]",
    b"{}",
    b'{"keys": 5}',
    b'{"keys": [{}]}',
    b'{"keys": [1]}',
    b'{"keys": []}',
    b'{"keys": [{"kty": "oct", "k": "AAAA"}]}',
    b'{"keys": [{"kty": "RSA", "n": 1}]}',
    b"\xff",
)


@pytest.mark.parametrize("text", NO_KEYS)
def test_public_keys__refuses_what_has_none(text: bytes) -> None:
    with pytest.raises(InvalidParameter, match="a set of keys must"):
        public_keys(text)


@given(st.binary())
def test_public_keys__any_bytes_parse_or_raise_our_error(text: bytes) -> None:
    with pytest.raises(InvalidParameter):
        public_keys(text)


def test_public_keys__leaves_out_what_is_not_for_signatures(issuer: Issuer) -> None:
    told = KeySet(issuer.keys).as_dict(private=False)
    other = {**told["keys"][0], "use": "enc", "kid": "x"}
    strange = {"kty": "AKP", "kid": "y"}
    found = public_keys(json.dumps({"keys": [other, strange, *told["keys"]]}).encode())
    assert [key.kid for key in found] == ["first"]


def test_a_set_of_keys__that_is_endless_is_not_read(small: Small, issuer: Issuer) -> None:
    issuer.text = b" " * 1_000_001
    assert ask(small, issuer.token()).status_code == 401


@pytest.mark.parametrize(
    "source",
    ["http://login.example/keys", "ftp://login.example/keys", "https:///keys", "file:///etc/keys"],
)
def test_a_source__that_others_could_change_is_refused(source: str) -> None:
    with pytest.raises(InvalidParameter, match="https"):
        require_source(source)


@pytest.mark.parametrize(
    "token", ["a", "a.b", "a.b.c", "..", "a.b.c.d.e", "é.b.c", "e30.e30.e30", "x" * 20_000]
)
def test_what_is_no_token__is_refused(small: Small, token: str) -> None:
    pairs = [(b"authorization", b"Bearer " + token.encode())]
    assert small.client.get(ITEMS, headers=pairs).status_code == 401
