"""What can be known of a sealed value without opening it: whom it was sealed for, and whether it is sealed at all.

A sealed value is a compact JWE (RFC 7516) by ECDH-ES on P-256 with A256GCM. Nothing but ciphertext may hide in one,
so every part has exactly its length and the header holds exactly four items.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

ALGORITHM, ENCRYPTION = "ECDH-ES", "A256GCM"

# P-256 (FIPS 186-4, D.1.2.3): y² = x³ - 3x + B modulo P.
_P = 2**256 - 2**224 + 2**192 + 2**96 - 1
_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*\Z")
_LEAST_TO_JUDGE = 32
"""Bytes of ciphertext from which on it cannot be readable text by chance."""


class Flaw(StrEnum):
    """Why a value is not sealed as it should be."""

    NOT_SEALED = "not_sealed"
    OTHER_WAY = "other_way"
    OTHER_KEY = "other_key"


def flaw_of(value: str, kid: str) -> Flaw | None:
    """Why `value` is not sealed for the key named `kid`, or None where it is, as far as can be seen from outside."""
    parts = [_decoded(part) for part in value.split(".")]
    header = _header(parts[0]) if len(parts) == 5 else None
    if header is None or None in parts:
        return Flaw.NOT_SEALED
    if header.get("alg") != ALGORITHM or header.get("enc") != ENCRYPTION:
        return Flaw.OTHER_WAY
    _, key, start, text, tag = (part or b"" for part in parts)
    shape = (set(header), len(key), len(start), len(tag)) == ({"alg", "enc", "epk", "kid"}, 0, 12, 16)
    if not shape or not is_public_key(header["epk"]) or not text or _is_readable(text):
        return Flaw.NOT_SEALED
    return None if header["kid"] == kid else Flaw.OTHER_KEY


def is_public_key(jwk: object) -> bool:
    """Whether `jwk` is a public key on the curve P-256 and nothing else."""
    if not isinstance(jwk, Mapping) or set(jwk) != {"kty", "crv", "x", "y"}:
        return False
    numbers = [_decoded(str(jwk[name])) for name in ("x", "y")]
    if (jwk["kty"], jwk["crv"]) != ("EC", "P-256") or any(n is None or len(n) != 32 for n in numbers):
        return False
    x, y = (int.from_bytes(n or b"") for n in numbers)
    return x < _P and y < _P and (y * y - x * x * x + 3 * x - _B) % _P == 0


def thumbprint(jwk: Mapping[str, str]) -> str:
    """The name of a key: the SHA-256 of its public part, as RFC 7638 writes it."""
    required = {name: jwk[name] for name in ("crv", "kty", "x", "y")}
    digest = hashlib.sha256(json.dumps(required, sort_keys=True, separators=(",", ":")).encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _decoded(part: str) -> bytes | None:
    """The bytes of one part, or None where it is not base64url in its one proper spelling."""
    if not _BASE64URL.match(part):
        return None
    try:
        raw = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except binascii.Error:
        return None
    return raw if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() == part else None


def _header(raw: bytes | None) -> Mapping[str, Any] | None:
    try:
        header = json.loads(raw or b"", object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError):
        return None
    return header if isinstance(header, dict) else None


def _without_repeats(pairs: list[tuple[str, Any]]) -> Mapping[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError(pairs)
    return found


def _is_readable(text: bytes) -> bool:
    """Whether `text` is plain text in disguise."""
    if len(text) < _LEAST_TO_JUDGE:
        return False
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
