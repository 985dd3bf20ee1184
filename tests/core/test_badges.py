"""The key that signs badges, the document of public keys, and lists of what is revoked."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import LazySettings
from openbadgeslib.ob3 import OB3VerificationError, decode_encoded_list, verify_data_integrity_proof

from school.core import badges
from school.core.badges import BadgeRefused

AT = datetime(2026, 11, 3, 12, tzinfo=UTC)
URL = "https://portal.example/badges/status/0/"


@pytest.fixture(autouse=True)
def key(settings: LazySettings, tmp_path: Path) -> Path:
    """A key of the test's own."""
    settings.BADGE_KEY_FILE = tmp_path / "keys" / "badges.pem"
    return badges.make_key()


def test_key_is_for_its_owners_eyes_only_and_is_never_overwritten(key: Path) -> None:
    assert key.stat().st_mode & 0o777 == 0o600
    before = key.read_bytes()
    with pytest.raises(BadgeRefused, match="It was kept"):
        badges.make_key()
    assert key.read_bytes() == before


def test_list_is_signed_and_says_which_places_are_revoked() -> None:
    signed = badges.status_list(URL, [3, 131_071], at=AT)
    verify_data_integrity_proof(signed, badges._public_keys()[0])
    bits = decode_encoded_list(signed["credentialSubject"]["encodedList"])
    assert (len(bits), bits[0], bits[-1], sum(bits)) == (16_384, 0x10, 0x01, 0x11)
    assert (signed["validFrom"], signed["validUntil"]) == (
        "2026-11-03T12:00:00Z",
        "2026-11-05T12:00:00Z",
    )


def test_new_key_signs_from_now_on_and_the_old_one_stays_known() -> None:
    old = badges.status_list(URL, [], at=AT)
    badges.renew_key()
    new = badges.status_list(URL, [], at=AT)
    methods = [one["id"] for one in badges.controller_document()["verificationMethod"]]
    assert methods == [one["proof"]["verificationMethod"] for one in (new, old)]
    for signed, pem in zip((new, old), badges._public_keys(), strict=True):
        verify_data_integrity_proof(signed, pem)
    with pytest.raises(OB3VerificationError):
        verify_data_integrity_proof(json.loads(json.dumps(old)), badges._public_keys()[0])


def test_missing_key_is_said(key: Path) -> None:
    key.unlink()
    with pytest.raises(BadgeRefused, match=r"manage\.py prepare"):
        badges.status_list(URL, [], at=AT)
    badges.public_file().unlink()
    with pytest.raises(BadgeRefused, match=r"manage\.py prepare"):
        badges.controller_document()
