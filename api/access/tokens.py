"""Bearer tokens of an OpenID Connect issuer: checked with its public keys, and turned into a caller."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from joserfc import jws, jwt
from joserfc.errors import ExpiredTokenError, JoseError

from api.access.callers import Caller
from api.access.issuer_keys import IssuerKeys
from hotspot.errors import Forbidden, InvalidParameter, Unauthenticated
from hotspot.notes import MAX_NAME
from hotspot.roles import SCOPES, level_of, require_areas

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from api.settings import AccessSettings
    from hotspot.roles import Role

_PARTS = 3
"""Parts of a signed token; one with five is encrypted, which is not what we take."""

_MAX_LENGTH = 16_384
"""Characters of a token; the servers take no longer headers."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """
    Whose tokens are taken, and what their claims mean.

    Parameters
    ----------
    name
        What `iss` must say.
    audience
        What `aud` must say or hold.
    keys
        With which tokens are signed.
    algorithms
        Signatures that are taken.
    leeway_s
        Seconds by which the clocks may differ.
    roles
        Our role for each value of the role claim, the first that fits.
    role_claim, areas_claim, name_claim, purpose_claim
        Names of the claims; a dot goes into a claim that holds others.
    """

    name: str
    audience: str
    keys: IssuerKeys
    algorithms: tuple[str, ...]
    leeway_s: int
    roles: Mapping[str, Role]
    role_claim: str
    areas_claim: str
    name_claim: str
    purpose_claim: str

    async def holder(self, token: str, *, now_s: float) -> Caller:
        """
        Tell who holds a token.

        Parameters
        ----------
        token
            What was sent.
        now_s
            The time, in seconds since 1970.

        Returns
        -------
        Caller
            The holder.

        Raises
        ------
        Unauthenticated
            If the token is not one of this issuer's for us, or holds no longer.
        Forbidden
            If it is, but gives no role here.
        """
        claims = await self._claims(token, int(now_s))
        name = _claim(claims, self.name_claim)
        if not isinstance(name, str) or not 1 <= len(name) <= MAX_NAME or not name.isprintable():
            raise _refused(f"its claim {self.name_claim} must be a name")
        values = set(_texts(_claim(claims, self.role_claim)))
        role = next((ours for theirs, ours in self.roles.items() if theirs in values), None)
        if role is None:
            raise Forbidden(f"This token gives no role here: its claim {self.role_claim} must name one.")
        areas = frozenset(_texts(_claim(claims, self.areas_claim))) or None
        try:
            require_areas(role, areas)
        except InvalidParameter as error:
            raise Forbidden(f"This token gives no areas: {self.areas_claim} must list some.") from error
        purpose = _claim(claims, self.purpose_claim)
        return Caller(
            name=name,
            role=role,
            level=level_of(SCOPES[role]),
            scopes=SCOPES[role],
            areas=areas,
            key=str(claims.get("sub", name))[:MAX_NAME],
            purpose=purpose if isinstance(purpose, str) else None,
            expires_at_s=float(claims["exp"]),
        )

    async def _claims(self, token: str, now_s: int) -> dict[str, Any]:
        """Check a token, and give what it says."""
        if len(token) > _MAX_LENGTH or token.count(".") != _PARTS - 1:
            raise _refused("it is neither a key nor a signed token")
        try:
            named = jws.extract_compact(token.encode()).headers().get("kid")
        except (JoseError, ValueError, TypeError, RecursionError, AttributeError) as error:
            raise _refused("it is neither a key nor a signed token") from error
        key = await self.keys.find(named if isinstance(named, str) else None)
        if key is None:
            if not self.keys.are_there:
                raise _refused("it cannot be checked at the moment: the keys of its issuer cannot be had")
            raise _refused("its issuer has no such key")
        try:
            # The list of algorithms is ours: what the token names is only ever compared with it.
            decoded = jwt.decode(token, key, algorithms=list(self.algorithms))
            self._registry(now_s).validate(decoded.claims)
        except ExpiredTokenError as error:
            raise _refused("it has expired") from error
        except JoseError as error:
            # Its class says what is wrong; its text may hold parts of the token.
            raise _refused(f"it is not one of the issuer's for this service ({error.error})") from error
        except (ValueError, TypeError, RecursionError, AttributeError) as error:
            raise _refused("it cannot be read") from error
        return dict(decoded.claims)

    def _registry(self, now_s: int) -> jwt.JWTClaimsRegistry:
        """Say what the claims must hold."""
        return jwt.JWTClaimsRegistry(
            now=now_s,
            leeway=self.leeway_s,
            iss={"essential": True, "value": self.name},
            aud={"essential": True, "value": self.audience},
            exp={"essential": True},
        )


def issuer(settings: AccessSettings, monotonic: Callable[[], float]) -> Issuer | None:
    """
    Make the issuer that the settings name.

    Parameters
    ----------
    settings
        What may be set.
    monotonic
        Gives seconds that never go back.

    Returns
    -------
    Issuer or None
        Absent where none is named.
    """
    if settings.oidc_issuer is None:
        return None
    keys = IssuerKeys(
        str(settings.oidc_keys),
        lifetime_s=settings.oidc_keys_lifetime.total_seconds(),
        monotonic=monotonic,
    )
    return Issuer(
        name=settings.oidc_issuer,
        audience=str(settings.oidc_audience),
        keys=keys,
        algorithms=settings.oidc_algorithms,
        leeway_s=int(settings.oidc_leeway.total_seconds()),
        roles=settings.oidc_roles,
        role_claim=settings.oidc_role_claim,
        areas_claim=settings.oidc_areas_claim,
        name_claim=settings.oidc_name_claim,
        purpose_claim=settings.oidc_purpose_claim,
    )


def _claim(claims: Mapping[str, Any], name: str) -> object:
    """Find a claim, by its name or by a path of names."""
    if name in claims:
        return claims[name]
    found: object = claims
    for part in name.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def _texts(value: object) -> list[str]:
    """Read a list of words, written as one or with blanks between."""
    if isinstance(value, str):
        return value.split()
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _refused(reason: str) -> Unauthenticated:
    """Refuse a token."""
    return Unauthenticated(f"The bearer token was not accepted: {reason}.", was_refused=True)
