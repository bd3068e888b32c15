"""Sealing: what only the holder of the office's private key may read, as compact JWE (RFC 7516).

ECDH-ES on P-256 with A256GCM. The public key stands in `campaign.yml`; the private key never enters the repository,
and destroying it erases everything sealed for it, Git history included. Notice A66: 联系人回执 holds personal data.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import ClassVar

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from taizhang.intake.envelope import ALGORITHM, ENCRYPTION, Flaw, flaw_of, is_public_key, thumbprint

Jwk = Mapping[str, str]
"""A key as RFC 7517 writes it. A public one has kty, crv, x, y and kid; a private one has d as well."""

_PUBLIC = ("kty", "crv", "x", "y")
_ALLOWED = (ALGORITHM, ENCRYPTION)


class SealingError(Exception):
    """Something cannot be sealed or opened. No message repeats a key or a text; `label` says why in a clerk's words."""

    label: ClassVar[str]


class BadKey(SealingError):
    """This is not a key of the kind that is used here, or it lacks its private part."""

    label = "私钥不对"


class NotSealed(SealingError):
    """This is not a sealed value."""

    label = "不是加密后的内容"


class WrongKey(SealingError):
    """The value was sealed for another key."""

    label = "是用另一把公钥加密的"


class Tampered(SealingError):
    """The value names this key and cannot be opened with it: something in it was changed."""

    label = "打不开：内容被改动过"


def make_key() -> Jwk:
    """A new private key; `kid` is its thumbprint."""
    made = ECKey.generate_key("P-256").as_dict(private=True)
    key = {name: str(made[name]) for name in (*_PUBLIC, "d")}
    return {**key, "kid": thumbprint(key)}


def public_part(key: Jwk) -> Jwk:
    """What of a key may be told to everybody: the block `sealing_key` of `campaign.yml`."""
    return {**{name: key[name] for name in _PUBLIC}, "kid": thumbprint(key)}


def read_key(text: str | bytes) -> Jwk:
    """The private key in a key file. Raises BadKey."""
    try:
        data = json.loads(text)
        key = {name: data[name] for name in (*_PUBLIC, "d")}
        _imported(key)
    except (ValueError, TypeError, KeyError, RecursionError):
        raise BadKey from None
    return {**key, "kid": thumbprint(key)}


def is_pair(private: Jwk, public: Jwk) -> bool:
    """Whether the private key opens what was sealed for the public one."""
    return private["kid"] == public.get("kid")


def seal(plain: bytes, public: Jwk) -> str:
    """`plain` as compact JWE for the key `public`. Sealing twice gives two values. Raises BadKey."""
    header = {"alg": ALGORITHM, "enc": ENCRYPTION, "kid": public_part(public)["kid"]}
    key = _imported({name: public[name] for name in _PUBLIC})
    return jwe.encrypt_compact(header, plain, key, _ALLOWED)


def unseal(sealed: str, private: Jwk) -> bytes:
    """What was sealed. Raises NotSealed, WrongKey, Tampered or BadKey."""
    flaw = flaw_of(sealed, thumbprint(private))
    if flaw is Flaw.OTHER_KEY:
        raise WrongKey
    if flaw:
        raise NotSealed
    try:
        plain = jwe.decrypt_compact(sealed, _imported(private), _ALLOWED).plaintext
    except (JoseError, ValueError):
        raise Tampered from None
    return plain or b""


def _imported(key: Jwk) -> ECKey:
    if not is_public_key({name: key.get(name) for name in _PUBLIC}):
        raise BadKey
    try:
        return ECKey.import_key(dict(key))
    except (JoseError, ValueError):
        raise BadKey from None
