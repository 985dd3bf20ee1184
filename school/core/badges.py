"""The School's signature on Open Badges: an Ed25519 key outside the database, and every public key that it ever signed with.

A badge names the key that signed it by the key's own words, and finds it in the School's public document
of keys (did:web). A new key is put before the old ones there, so that old badges go on holding.
"""

import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from school.core.errors import DomainError

NAME = "School of Oncology"
# How many badges share a list, so that asking for one entry does not say which badge is looked at.
LIST_SIZE = 131_072
# How long a copy of a list may be held for the newest.
FRESH = timedelta(days=2)

_PEM = "-----BEGIN PUBLIC KEY-----"


class BadgeRefused(DomainError):
    """The key that signs badges is missing, or cannot be used."""


# Keys -------------------------------------------------------------------------------------------


def public_file() -> Path:
    """Where the public keys lie: the first is that of the key in use, those below it are of earlier keys."""
    return Path(settings.BADGE_KEY_FILE).with_suffix(".pub")


def make_key() -> Path:
    """Makes the key that signs badges, for its owner's eyes only. Raises BadgeRefused when there is one."""
    path = Path(settings.BADGE_KEY_FILE)
    if path.exists():
        raise BadgeRefused(f"There is a key already: {path}. It was kept.")
    return renew_key()


def renew_key() -> Path:
    """Makes a new key that signs badges from now on; those signed before hold by the public keys that stay."""
    path = Path(settings.BADGE_KEY_FILE)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    earlier = public_file().read_bytes() if public_file().exists() else b""
    half = path.with_suffix(".part")
    half.unlink(missing_ok=True)
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
    # The public key first: a badge must never be signed by a key that nobody finds.
    beside = public_file().with_suffix(".part-pub")
    beside.write_bytes(public + earlier)
    beside.replace(public_file())
    half.replace(path)
    return path


def _public_keys() -> list[str]:
    try:
        text = public_file().read_text(encoding="ascii")
    except FileNotFoundError as error:
        raise BadgeRefused(
            f"There are no public keys of badges at {public_file()}. Bring back the kept copy, or make a "
            "key with manage.py prepare."
        ) from error
    return [_PEM + part for part in text.split(_PEM)[1:]]


def _words_of(pem: str) -> str:
    from openbadgeslib.ob3 import multikey_from_pem

    return str(multikey_from_pem(pem))


# The School as an issuer ------------------------------------------------------------------------


def issuer_id() -> str:
    """The School's did:web: its document of keys is read from our own address."""
    host = quote(urlsplit(settings.WAGTAILADMIN_BASE_URL).netloc, safe="")
    return f"did:web:{host}:badges"


def controller_document() -> dict[str, Any]:
    """The School's public document of keys: the one in use and every earlier one."""
    me = issuer_id()
    methods = [
        {
            "id": f"{me}#{words}",
            "type": "Multikey",
            "controller": me,
            "publicKeyMultibase": words,
        }
        for words in map(_words_of, _public_keys())
    ]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": me,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


# Signing ----------------------------------------------------------------------------------------


def sign(document: dict[str, Any], *, at: datetime) -> dict[str, Any]:
    """The credential with the School's proof on it (Data Integrity, eddsa-rdfc-2022); no network is asked.

    Raises BadgeRefused when there is no key to sign with.
    """
    from openbadgeslib.errors import LibOpenBadgesException
    from openbadgeslib.ob3 import add_data_integrity_proof

    path = Path(settings.BADGE_KEY_FILE)
    try:
        pem = path.read_bytes()
    except FileNotFoundError as error:
        raise BadgeRefused(
            f"There is no key to sign badges with at {path}, so none was signed. Bring back the kept "
            "copy, or make one with manage.py prepare."
        ) from error
    method = f"{issuer_id()}#{_words_of(_public_half(pem))}"
    try:
        return dict(add_data_integrity_proof(document, pem, method, created=at))
    except LibOpenBadgesException as error:
        raise BadgeRefused(f"The badge could not be signed: {error}") from error


def _public_half(pem: bytes) -> str:
    key = serialization.load_pem_private_key(pem, password=None)
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return public.decode("ascii")


def status_entry(url: str, index: int) -> dict[str, Any]:
    """Where a credential says that its revocation would stand."""
    from openbadgeslib.ob3 import status_entry as entry

    return dict(entry(url, "revocation", index))


def status_list(url: str, revoked: Sequence[int], *, at: datetime) -> dict[str, Any]:
    """The signed list of LIST_SIZE places in which those of revoked badges are set."""
    from openbadgeslib.ob3 import build_status_list_credential

    document = build_status_list_credential(
        issuer_id(), url, "revocation", revoked, LIST_SIZE, issued=at, valid_until=at + FRESH
    )
    return sign(document, at=at)
