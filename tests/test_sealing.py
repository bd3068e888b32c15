"""Sealing: what is sealed only the key opens, and nothing else can pass for sealed."""

from __future__ import annotations

import base64
import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.concatkdf import ConcatKDFHash
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey
from support import KINDS, ROOT

from taizhang.findings.wording import load_table
from taizhang.intake import strict_yaml
from taizhang.intake.envelope import Flaw, flaw_of, is_public_key, thumbprint
from taizhang.intake.kinds import read_payloads
from taizhang.intake.messages import _DEPARTURES
from taizhang.ledger.contacts import Role
from taizhang.sealing.contacts import BadContacts, is_answer, people_in, read_people, receipt, written
from taizhang.sealing.jwe import (
    BadKey,
    NotSealed,
    SealingError,
    Tampered,
    WrongKey,
    is_pair,
    make_key,
    public_part,
    read_key,
    seal,
    unseal,
)

KEY = make_key()
OTHER = make_key()
PUBLIC = public_part(KEY)
PAYLOAD = read_payloads(ROOT / "schemas")["contacts"]
FIELDS = ["name", "unit", "office_phone", "mobile"]
PERSON = {"name": "示例甲", "unit": "示例单位", "office_phone": "0000-0000000", "mobile": "000-00000000"}
PEOPLE = {role.value: PERSON for role in Role}
SEALED = seal(written(PEOPLE), PUBLIC)


def encoded(raw: bytes | Mapping[str, Any]) -> str:
    raw = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@given(st.binary(min_size=1, max_size=2000))
def test_what_was_sealed_is_opened(plain: bytes) -> None:
    sealed = seal(plain, PUBLIC)
    assert unseal(sealed, KEY) == plain
    assert sealed.isascii()
    assert flaw_of(sealed, KEY["kid"]) is None


def test_the_same_text_is_never_sealed_alike() -> None:
    assert seal(b"x", PUBLIC) != seal(b"x", PUBLIC)


def test_the_public_key_seals_and_cannot_open() -> None:
    assert "d" not in PUBLIC
    with pytest.raises(SealingError):
        unseal(SEALED, PUBLIC)


# --- The format is RFC 7516's: written and read here by the algorithms themselves -----------------


def by_hand_seal(plain: bytes, public: Mapping[str, str]) -> str:
    once = ec.generate_private_key(ec.SECP256R1())
    epk = ECKey.import_key(once.public_key()).as_dict(private=False)
    header = {"alg": "ECDH-ES", "enc": "A256GCM", "kid": public["kid"]}
    head = encoded({**header, "epk": {name: epk[name] for name in ("kty", "crv", "x", "y")}})
    key = agreed(once.exchange(ec.ECDH(), ECKey.import_key(dict(public)).public_key))
    start = bytes(range(12))
    mixed = AESGCM(key).encrypt(start, plain, head.encode())
    return ".".join([head, "", encoded(start), encoded(mixed[:-16]), encoded(mixed[-16:])])


def by_hand_unseal(sealed: str, private: Mapping[str, str]) -> bytes:
    head, _, start, text, tag = sealed.split(".")
    secret = ECKey.import_key(dict(private)).private_key
    assert secret
    once = ECKey.import_key(json.loads(decoded(head))["epk"])
    key = agreed(secret.exchange(ec.ECDH(), once.public_key))
    return AESGCM(key).decrypt(decoded(start), decoded(text) + decoded(tag), head.encode())


def agreed(shared: bytes) -> bytes:
    """The key that both sides derive: RFC 7518, 4.6.2, with empty party information."""
    name = b"A256GCM"
    info = len(name).to_bytes(4) + name + bytes(4) + bytes(4) + (256).to_bytes(4)
    return ConcatKDFHash(SHA256(), 32, info).derive(shared)


def test_what_another_implementation_sealed_is_opened() -> None:
    assert unseal(by_hand_seal(b"plain" * 20, PUBLIC), KEY) == b"plain" * 20


def test_another_implementation_opens_what_was_sealed() -> None:
    assert by_hand_unseal(SEALED, KEY) == written(PEOPLE)


def test_a_key_is_named_by_its_thumbprint() -> None:
    assert KEY["kid"] == ECKey.import_key({name: KEY[name] for name in ("kty", "crv", "x", "y")}).thumbprint()
    example = {"kty": "EC", "crv": "P-256", "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4"}
    example["y"] = "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"
    assert is_public_key(example), "RFC 7517, A.1"
    assert len(thumbprint(example)) == 43


# --- Errors ----------------------------------------------------------------------------------------


def test_another_key_is_called_so() -> None:
    with pytest.raises(WrongKey):
        unseal(SEALED, OTHER)


@given(st.data())
def test_no_changed_character_goes_unseen(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(SEALED) - 1))
    char = data.draw(st.sampled_from("AQgw-_.0 甲").filter(lambda c: c != SEALED[at]))
    with pytest.raises((Tampered, NotSealed, WrongKey)):
        unseal(SEALED[:at] + char + SEALED[at + 1 :], KEY)


def test_changed_text_is_called_so() -> None:
    head, key, start, text, tag = SEALED.split(".")
    other = ("B" if text[0] == "A" else "A") + text[1:]
    with pytest.raises(Tampered):
        unseal(".".join([head, key, start, other, tag]), KEY)


@pytest.mark.parametrize(
    "value", ["", "示例甲 000-00000000", "a.b.c.d.e", "....", "[" * 1000, SEALED + ".", "." + SEALED]
)
def test_plain_text_is_called_so_and_never_repeated(value: str) -> None:
    with pytest.raises(NotSealed) as error:
        unseal(value, KEY)
    assert str(error.value) == ""


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"{",
        b"[" * 100_000,
        json.dumps(PUBLIC),
        json.dumps({**KEY, "d": OTHER["d"]}),
        json.dumps({**KEY, "x": OTHER["x"]}),
        json.dumps({**KEY, "crv": "P-384"}),
        json.dumps({**KEY, "d": 5}),
        json.dumps({"kty": "oct", "k": "AAAA"}),
    ],
)
def test_what_is_no_private_key_is_refused(text: str | bytes) -> None:
    with pytest.raises(BadKey) as error:
        read_key(text)
    assert str(error.value) == ""


def test_a_key_file_is_read_back() -> None:
    assert read_key(json.dumps(KEY)) == KEY
    assert read_key(json.dumps({**KEY, "kid": "mine", "use": "enc"})) == KEY


def test_nothing_is_sealed_for_a_broken_key() -> None:
    with pytest.raises(BadKey):
        seal(b"x", {**PUBLIC, "y": OTHER["y"]})


# --- What can be seen from outside -----------------------------------------------------------------


def changed(part: int, value: str) -> str:
    parts = SEALED.split(".")
    parts[part] = value
    return ".".join(parts)


HEADER = json.loads(decoded(SEALED.split(".")[0]))
HIDDEN = written(PEOPLE)

FLAWED = {
    "four parts": (SEALED.rpartition(".")[0], Flaw.NOT_SEALED),
    "general JSON": (json.dumps({"ciphertext": "AAAA"}), Flaw.NOT_SEALED),
    "another algorithm": (changed(0, encoded({**HEADER, "alg": "dir"})), Flaw.OTHER_WAY),
    "key wrapping": (changed(0, encoded({**HEADER, "alg": "ECDH-ES+A256KW"})), Flaw.OTHER_WAY),
    "another cipher": (changed(0, encoded({**HEADER, "enc": "A128CBC-HS256"})), Flaw.OTHER_WAY),
    "no algorithm": (changed(0, encoded({"kid": KEY["kid"]})), Flaw.OTHER_WAY),
    "another key": (seal(b"x" * 40, public_part(OTHER)), Flaw.OTHER_KEY),
    "kid is a list": (changed(0, encoded({**HEADER, "kid": [KEY["kid"]]})), Flaw.OTHER_KEY),
    "text in the header": (changed(0, encoded({**HEADER, "note": "示例甲"})), Flaw.NOT_SEALED),
    "text in the ephemeral key": (
        changed(0, encoded({**HEADER, "epk": {**HEADER["epk"], "kid": "示例甲"}})),
        Flaw.NOT_SEALED,
    ),
    "an ephemeral key off the curve": (
        changed(0, encoded({**HEADER, "epk": {**HEADER["epk"], "x": "A" * 43}})),
        Flaw.NOT_SEALED,
    ),
    "an item twice": (
        changed(0, encoded(b'{"kid":"x",' + json.dumps(HEADER).encode()[1:])),
        Flaw.NOT_SEALED,
    ),
    "a header of brackets": (changed(0, encoded(b"[" * 1200)), Flaw.NOT_SEALED),
    "text as wrapped key": (changed(1, encoded(HIDDEN)), Flaw.NOT_SEALED),
    "text as start value": (changed(2, encoded(HIDDEN)), Flaw.NOT_SEALED),
    "text as ciphertext": (changed(3, encoded(HIDDEN)), Flaw.NOT_SEALED),
    "nothing as ciphertext": (changed(3, ""), Flaw.NOT_SEALED),
    "text as tag": (changed(4, encoded(HIDDEN)), Flaw.NOT_SEALED),
    "loose base64": (SEALED + "=", Flaw.NOT_SEALED),
}


@pytest.mark.parametrize("case", FLAWED)
def test_what_is_not_sealed_for_the_key_is_seen_from_outside(case: str) -> None:
    value, flaw = FLAWED[case]
    assert flaw_of(value, KEY["kid"]) is flaw


@given(st.text(max_size=300))
def test_no_text_passes_for_sealed(text: str) -> None:
    assert flaw_of(text, KEY["kid"]) is Flaw.NOT_SEALED


@given(st.integers(0, 2**256 - 1), st.integers(0, 2**256 - 1))
def test_points_off_the_curve_are_no_keys(x: int, y: int) -> None:
    jwk = {"kty": "EC", "crv": "P-256", "x": encoded(x.to_bytes(32)), "y": encoded(y.to_bytes(32))}
    assert not is_public_key(jwk)


def test_points_on_the_curve_are_keys() -> None:
    for _ in range(20):
        made = make_key()
        assert is_public_key({name: made[name] for name in ("kty", "crv", "x", "y")})
        assert not is_public_key(made), "a private key is no public key"


# --- What is inside ----------------------------------------------------------------------------------


@pytest.mark.requirement("A66")
def test_the_payload_is_three_roles_with_four_fields() -> None:
    roles = PAYLOAD.schema["properties"]
    assert [roles[role]["title"] for role in roles] == ["分管领导", "科室负责人", "联络员"]
    assert list(roles) == [role.value for role in Role]
    for role in roles.values():
        titles = {name: field["title"] for name, field in role["properties"].items()}
        assert [titles[name] for name in role["required"]] == ["姓名", "单位", "办公电话", "手机号码"]
        assert [titles[name] for name in titles if name not in role["required"]] == ["电子邮箱"]
        assert role["required"] == FIELDS
    assert PAYLOAD.schema["required"] == list(roles)


def fields(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for inner in node.get("properties", {}).values():
        yield inner
        yield from fields(inner)


def test_the_payload_is_written_as_every_schema_and_wholly_sealed() -> None:
    for node in fields(PAYLOAD.schema):
        assert node["x-visibility"] == "sealed"
        assert node["title"].strip()
        assert node["description"].strip()
        assert node["type"] in load_table("taizhang.findings", "phrases.yml")["wanted"]
        about = {"type", "title", "description", "x-visibility", "properties", "required", "additionalProperties"}
        assert set(node) <= about | set(_DEPARTURES)
    file = ROOT / "schemas" / "sealed" / "contacts.json"
    text = file.read_text(encoding="utf-8")
    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n"


def test_the_payload_is_no_kind_of_record() -> None:
    assert PAYLOAD.place == "sealed"
    assert all(kind.place != "sealed" for kind in KINDS.values())


def test_the_longest_payload_fits_its_field() -> None:
    longest = {name: "字" * PAYLOAD.field(("liaison", name))["maxLength"] for name in ("name", "unit")}
    person = {**longest, "office_phone": "0" * 25, "mobile": "0" * 25}
    sealed = seal(written({role.value: person for role in Role}), PUBLIC)
    assert PAYLOAD.is_valid({role.value: person for role in Role})
    for kind in ("contacts", "contact-changes"):
        assert len(sealed) <= KINDS[kind].schema["properties"]["people"]["maxLength"]


def test_the_same_people_are_the_same_bytes() -> None:
    turned = {role: dict(reversed(PERSON.items())) for role in reversed(PEOPLE)}
    assert written(turned) == written(PEOPLE)
    assert read_people(written(PEOPLE), PAYLOAD) == PEOPLE


@pytest.mark.parametrize(
    "plain",
    [
        b"",
        b"\xff",
        b"[]",
        b"[" * 2000,
        written({"liaison": PERSON}),
        written({**PEOPLE, "liaison": {**PERSON, "mobile": ""}}),
        written({**PEOPLE, "liaison": {**PERSON, "name": "甲\x1b[2J"}}),
        written({**PEOPLE, "liaison": {**PERSON, "name": "甲\u202e乙"}}),
        written({**PEOPLE, "driver": PERSON}),
    ],
)
def test_what_was_sealed_otherwise_is_not_shown(plain: bytes) -> None:
    with pytest.raises(BadContacts):
        read_people(plain, PAYLOAD)


def test_people_are_read_before_they_are_sealed_or_what_is_wrong_is_said() -> None:
    assert people_in(json.dumps(PEOPLE).encode(), "people.json", PAYLOAD) == PEOPLE
    for raw, code in (
        (b"liaison:\n  name: @x\n", "E-MARK"),
        (b"liaison:\n  name: x\n", "E-LENGTH"),
    ):
        found = people_in(raw, "people.yml", PAYLOAD)
        assert not isinstance(found, Mapping)
        assert code in {item.code for item in found}
        assert {item.file for item in found} == {"people.yml"}


@pytest.mark.parametrize(
    ("name", "text", "fits"),
    [("mobile", "000-00000000", True), ("mobile", "没有", False), ("name", "", False), ("name", "甲\u202e乙", False)],
)
def test_an_answer_is_held_against_its_field_alone(name: str, text: str, fits: bool) -> None:
    assert is_answer(text, PAYLOAD, "liaison", name) is fits


def test_a_receipt_is_a_record_of_its_kind() -> None:
    record = strict_yaml.load(receipt(SEALED, '示例"旗', date(2023, 5, 24)).encode())
    assert KINDS["contacts"].is_valid(record.data)
    assert (record.data["region_or_department"], record.data["people"]) == ('示例"旗', SEALED)
    assert record.data["roles"] == [role.value for role in Role]


def test_a_key_and_its_public_part_are_a_pair() -> None:
    assert is_pair(KEY, PUBLIC)
    assert not is_pair(OTHER, PUBLIC)
    assert not is_pair(KEY, {})


# --- The repository holds neither key nor plain text ---------------------------------------------------


def texts() -> Iterator[tuple[str, str]]:
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True).stdout
    for name in listed.decode().split("\0"):
        file = ROOT / name
        if name and file.is_file():
            yield name, file.read_text(encoding="utf-8", errors="replace")


PRIVATE = re.compile(r"[\"']?\bd[\"']?\s*:\s*[\"']?[A-Za-z0-9_-]{43}\b|PRIVATE" + " KEY")


def test_a_private_key_would_be_found() -> None:
    assert PRIVATE.search(json.dumps(KEY))
    assert PRIVATE.search(f"d: {KEY['d']}")
    assert not PRIVATE.search(json.dumps(PUBLIC))


def test_no_private_key_is_in_the_repository() -> None:
    assert [name for name, text in texts() if PRIVATE.search(text)] == []


def test_no_plain_text_is_where_it_should_be_sealed() -> None:
    """Every sealed field of the sample is sealed for its campaign; no field of the receipt stands open anywhere."""
    campaigns = dict[str, str]()
    for file in (ROOT / "submissions").glob("*/campaign.yml"):
        match = re.search(r'^  kid: "(.{43})"$', file.read_text(encoding="utf-8"), re.MULTILINE)
        campaigns[file.parent.name] = match[1] if match else ""
    values = 0
    for name, text in texts():
        if not name.startswith("submissions/"):
            continue
        assert not re.search(r"office_phone|mobile|示例[甲乙丙丁戊]", text), name
        for value in re.findall(r"^people:(.*)", text, re.MULTILINE):
            assert flaw_of(value.strip(), campaigns[Path(name).parts[1]]) is None, name
            values += 1
    assert values >= 20
