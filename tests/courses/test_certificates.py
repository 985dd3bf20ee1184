"""The printed certificate, and its badge as read by an implementation that is not ours."""

import copy
import json
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pikepdf
import pytest
from openbadgeslib.ob3.contexts import bundled_contexts

from school.core import badges, clock, days, seal
from school.core.codes import grouped
from school.courses import attained_queries, certificates
from school.courses.actions.certifying import revoke_certificate
from school.courses.models import Certificate
from tests import factories as make
from tests.courses import making
from tests.courses.attained import DAY, attain, blank, certify, keys

__all__ = ["blank", "keys"]
pytestmark = pytest.mark.django_db

TOOL = Path(__file__).resolve().parent.parent / "tools" / "badges"
LIST = certificates.list_address


def certified(**columns: Any) -> Certificate:
    """Alice's certificate of a course."""
    version = making.make_version("Seminar for senior clinicians", **columns)
    return certify(attain(make.make_person("Alice Amber", email="alice@trust.example"), version))


@pytest.mark.usefixtures("keys")
def test_pdf_is_tagged_sealed_and_says_what_was_attained(tmp_path: Path) -> None:
    certificate = certified(published_on=DAY, valid_months=24)
    pdf = certificates.kept_pdf(certificate)
    assert pdf is not None
    assert seal.is_sealed(pdf)
    path = tmp_path / "certificate.pdf"
    path.write_bytes(pdf)
    with pikepdf.open(path) as read, read.open_metadata() as about:
        assert read.check_pdf_syntax() == []
        assert (str(read.Root.Lang), read.Root.MarkInfo.Marked) == ("en-GB", True)
        assert about["pdfuaid:part"] == "1"
        assert about["dc:title"] == "Certificate: Alice Amber, Seminar for senior clinicians"
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    said = " ".join(done.stdout.decode().split())
    for words in (
        "certifies that Alice Amber completed and passed Seminar for senior clinicians on 3 November 2026",
        "6 hours of learning",
        "Valid until The end of 3 November 2028",
        "Knows the way a tracer takes.",
        f"Certificate {grouped(certificate.code)}",
    ):
        assert words in said


@pytest.mark.usefixtures("keys")
def test_certificate_without_a_printed_expiry_names_none() -> None:
    certificate = certified()
    words = certificates.words(certificate.attainment, certificate.code, clock.now())
    assert words["expires"] == ""


@pytest.mark.usefixtures("blank")
def test_file_that_is_gone_or_altered_is_not_handed_out(keys: Path) -> None:
    certificate = certified()
    path = keys / "media" / "certificates" / f"{certificate.code}.json"
    path.write_bytes(path.read_bytes() + b" ")
    assert certificates.kept_badge(certificate) is None
    path.unlink()
    assert certificates.kept_badge(certificate) is None


@pytest.mark.usefixtures("blank")
def test_badge_bears_the_name_and_no_address(settings: Any) -> None:
    certificate = certified()
    text = (certificates.kept_badge(certificate) or b"").decode()
    badge = json.loads(text)
    assert "alice@trust.example" not in text
    subject = badge["credentialSubject"]
    assert subject["identifier"][0]["identityHash"] == "Alice Amber"
    assert subject["achievement"]["name"] == "Seminar for senior clinicians"
    assert badge["id"] == certificates.address(certificate.code)
    assert "validUntil" not in badge


# By an implementation that is not ours


def checked(folder: Path, badge: dict[str, Any]) -> dict[str, Any]:
    """What the independent program says of a badge, with what stands at our addresses today and no network."""
    if not (TOOL / "node_modules").is_dir():
        pytest.skip("npm could not fetch the independent program: make test-all says why")
    controller = badges.controller_document()
    revoked = attained_queries.revoked_in(0, badges.LIST_SIZE)
    documents = bundled_contexts() | {
        controller["id"]: controller,
        LIST(0): badges.status_list(LIST(0), revoked, at=clock.now()),
    }
    documents["https://www.w3.org/ns/did/v1"] = {"@context": DID_CONTEXT}
    for method in controller["verificationMethod"]:
        documents[method["id"]] = {"@context": "https://w3id.org/security/multikey/v1", **method}
    (folder / "badge.json").write_text(json.dumps(badge))
    (folder / "documents.json").write_text(json.dumps(documents))
    command = ["node", "verify.mjs", str(folder / "badge.json"), str(folder / "documents.json")]
    done = subprocess.run(command, cwd=TOOL, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


# What the DID context says of the terms of the School's document.
DID_CONTEXT = {
    "@protected": True,
    "id": "@id",
    "type": "@type",
    "assertionMethod": {
        "@id": "https://w3id.org/security#assertionMethod",
        "@type": "@id",
        "@container": "@set",
    },
    "verificationMethod": {
        "@id": "https://w3id.org/security#verificationMethod",
        "@type": "@id",
    },
}


@pytest.mark.slow
@pytest.mark.usefixtures("blank")
def test_badge_verifies_elsewhere_until_it_is_altered_or_revoked(tmp_path: Path) -> None:
    certificate = certified()
    badge = json.loads(certificates.kept_badge(certificate) or b"")
    assert checked(tmp_path, badge) == {"verified": True, "revoked": False, "errors": []}
    altered = copy.deepcopy(badge)
    altered["credentialSubject"]["identifier"][0]["identityHash"] = "Bob Birch"
    said = checked(tmp_path, altered)
    assert (said["verified"], "Invalid signature." in said["errors"]) == (False, True)
    badges.renew_key()
    assert checked(tmp_path, badge)["verified"] is True
    revoke_certificate(
        by=making.make_teacher("Gwen Other"), certificate=certificate, reason="No.", uuid=uuid4()
    )
    assert checked(tmp_path, badge) == {"verified": True, "revoked": True, "errors": []}


@pytest.mark.slow
@pytest.mark.usefixtures("blank")
def test_expired_badge_is_reported_as_such_elsewhere(tmp_path: Path) -> None:
    person = make.make_person("Alice Amber")
    version = making.make_version(valid_months=1)
    past = days.add_months(clock.today(), -1) - timedelta(days=2)
    badge = json.loads(certificates.kept_badge(certify(attain(person, version, day=past))) or b"")
    said = checked(tmp_path, badge)
    assert said["verified"] is False
    assert "validUntil" in " ".join(said["errors"])
