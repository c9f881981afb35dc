"""
API keys: long random texts of which only a salted hash is kept.

A key reads `hsk_<name>_<secret>`. The name, 12 hexadecimal digits, tells which key it is and may be shown;
the secret, 256 random bits, is shown once. So much randomness cannot be guessed, whatever is known of the
hash: a slow hash would only cost time on each request.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotspot.errors import InvalidParameter
from hotspot.notes import MAX_NAME
from hotspot.roles import GIVEN, Role, Scope, require_areas, scopes_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

MARK = "hsk_"
"""How each key begins, so that people and scanners know one when they see it."""

_ID_BYTES, _SECRET_BYTES, _SALT_BYTES = 6, 32, 16
"""Bytes of a key's name, of its secret (256 bits) and of its salt."""

_KEY = re.compile(MARK + r"([0-9a-f]{12})_([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Key:
    """
    What is kept of an API key.

    Parameters
    ----------
    id
        Its name: tells which key it is, and is no secret.
    name
        Who holds it: a team or a system.
    role
        What the holder may do by itself.
    areas
        Codes of the areas to which the holder is bound; absent for all.
    scopes
        What the holder may do.
    salt, digest
        With which it is recognised, hexadecimal.
    made_at, expires_at
        From and until when it holds.
    revoked_at
        When it was taken back; absent if it was not.
    """

    id: str
    name: str
    role: Role
    areas: frozenset[str] | None
    scopes: frozenset[Scope]
    salt: str
    digest: str
    made_at: dt.datetime
    expires_at: dt.datetime
    revoked_at: dt.datetime | None = None

    def __post_init__(self) -> None:
        """Refuse what would be no key, or one that may do more than its role."""
        if not 1 <= len(self.name.strip()) <= MAX_NAME or not self.name.isprintable():
            raise InvalidParameter(
                f"the name must have 1 to {MAX_NAME} printable characters, got {len(self.name)}"
            )
        if self.role not in GIVEN:
            raise InvalidParameter(f"the role must be one of {', '.join(GIVEN)}; got {self.role}")
        require_areas(self.role, self.areas)
        scopes_of(self.role, self.scopes)
        if self.expires_at <= self.made_at:
            raise InvalidParameter(f"a key must expire after it is made, got {self.expires_at.isoformat()}")

    def holds(self, now_s: float) -> bool:
        """
        Tell whether the key may be used.

        Parameters
        ----------
        now_s
            The time, in seconds since 1970.

        Returns
        -------
        bool
            False once it has expired or was taken back.
        """
        return self.revoked_at is None and now_s < self.expires_at.timestamp()

    def is_of(self, secret: str) -> bool:
        """
        Tell whether a secret is this key's, in a time that tells nothing.

        Parameters
        ----------
        secret
            What was sent.

        Returns
        -------
        bool
            Whether it is the one.
        """
        return hmac.compare_digest(digest(self.salt, secret), self.digest)


@dataclass(frozen=True, slots=True)
class Made:
    """
    What makes a new key.

    Parameters
    ----------
    text
        The key, to be shown once and kept nowhere.
    id, salt, digest
        What is kept of it.
    """

    text: str
    id: str
    salt: str
    digest: str


def make(random_bytes: Callable[[int], bytes]) -> Made:
    """
    Make a key.

    Parameters
    ----------
    random_bytes
        Gives as many bytes as are asked for that nobody can foresee: `secrets.token_bytes`.

    Returns
    -------
    Made
        The key and what is kept of it.
    """
    name, secret, salt = (random_bytes(size).hex() for size in (_ID_BYTES, _SECRET_BYTES, _SALT_BYTES))
    return Made(f"{MARK}{name}_{secret}", name, salt, digest(salt, secret))


def digest(salt: str, secret: str) -> str:
    """
    Give what is kept of a secret.

    Parameters
    ----------
    salt
        Hexadecimal digits of this key alone.
    secret
        The secret.

    Returns
    -------
    str
        HMAC-SHA256, hexadecimal.
    """
    return hmac.new(bytes.fromhex(salt), secret.encode(), hashlib.sha256).hexdigest()


def parts(text: str) -> tuple[str, str] | None:
    """
    Take a key apart.

    Parameters
    ----------
    text
        What was sent.

    Returns
    -------
    tuple of str or None
        Its name and its secret; absent if it cannot be a key.
    """
    found = _KEY.fullmatch(text)
    return None if found is None else (found[1], found[2])
