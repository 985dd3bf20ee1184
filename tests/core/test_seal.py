"""The School's seal: its key and certificate, what it covers, and what it refuses."""

import stat
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
import time_machine
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import LazySettings

from school.core import clock, seal
from school.core.seal import SealRefused


@pytest.fixture
def keyless(settings: LazySettings, tmp_path: Path) -> Path:
    settings.SEAL_KEY_FILE = tmp_path / "keys" / "seal.pem"
    return tmp_path


@pytest.fixture
def keyed(keyless: Path) -> Path:
    return seal.make_key()


def a_pdf() -> bytes:
    made = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(made)
    return made.getvalue()


def test_sealed_document_is_known_and_another_is_not(keyed: Path) -> None:
    plain = a_pdf()
    sealed = seal.seal(plain, reason="a test")
    assert [seal.is_sealed(pdf) for pdf in (sealed, plain, b"", b"%PDF-1.7", sealed[:-40])] == [
        True, False, False, False, False,
    ]  # fmt: skip
    assert sealed.startswith(plain)


def test_seal_breaks_at_every_fifth_byte_of_what_was_sealed(keyed: Path) -> None:
    plain = a_pdf()
    sealed = bytearray(seal.seal(plain, reason="a test"))
    still = []
    for place in range(0, len(plain), 5):
        sealed[place] ^= 1
        still += [place] if seal.is_sealed(bytes(sealed)) else []
        sealed[place] ^= 1
    assert still == []
    assert seal.is_sealed(bytes(sealed))


def test_what_is_added_behind_the_seal_is_seen(keyed: Path) -> None:
    sealed = seal.seal(a_pdf(), reason="a test")
    with pikepdf.open(BytesIO(sealed)) as pdf:
        pdf.add_blank_page()
        again = BytesIO()
        pdf.save(again)
    assert [seal.is_sealed(again.getvalue()), seal.is_sealed(sealed + b"\n%%EOF\n")] == [
        False,
        False,
    ]


def test_document_stays_sealed_when_its_certificate_has_run_out(keyed: Path) -> None:
    sealed = seal.seal(a_pdf(), reason="a test")
    with time_machine.travel(clock.now() + seal.LIFE + timedelta(days=1)):
        assert seal.is_sealed(sealed)


def test_seal_of_another_key_is_not_ours(
    keyed: Path, settings: LazySettings, tmp_path: Path
) -> None:
    sealed = seal.seal(a_pdf(), reason="a test")
    settings.SEAL_KEY_FILE = tmp_path / "other.pem"
    seal.make_key()
    assert not seal.is_sealed(sealed)


def test_document_of_an_earlier_key_stays_sealed_while_its_certificate_is_kept(
    keyed: Path, settings: LazySettings, tmp_path: Path
) -> None:
    before = seal.seal(a_pdf(), reason="a test")
    earlier = seal.certificate_file().read_bytes()
    settings.SEAL_KEY_FILE = tmp_path / "newer.pem"
    seal.make_key()
    own = seal.certificate_file()
    own.write_bytes(own.read_bytes() + earlier)
    assert [seal.is_sealed(before), seal.is_sealed(seal.seal(a_pdf(), reason="a test"))] == [
        True,
        True,
    ]


def test_certificate_that_somebody_else_issued_serves_as_well(keyed: Path) -> None:
    issuer = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "An authority")])
    own = x509.load_pem_x509_certificate(seal.certificate_file().read_bytes())
    issued = (
        x509.CertificateBuilder(extensions=list(own.extensions))
        .subject_name(own.subject)
        .issuer_name(name)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(own.not_valid_before_utc)
        .not_valid_after(own.not_valid_after_utc)
        .sign(issuer, hashes.SHA256())
    )
    seal.certificate_file().write_bytes(issued.public_bytes(Encoding.PEM))
    assert seal.is_sealed(seal.seal(a_pdf(), reason="a test"))


def test_key_is_for_its_owner_only_and_made_once(keyed: Path) -> None:
    kept = keyed.read_bytes()
    assert stat.S_IMODE(keyed.stat().st_mode) == 0o600
    with pytest.raises(SealRefused, match="It was kept"):
        seal.make_key()
    assert keyed.read_bytes() == kept
    certificate = x509.load_pem_x509_certificate(seal.certificate_file().read_bytes())
    certificate.verify_directly_issued_by(certificate)
    assert (
        certificate.subject.rfc4514_string() == "CN=School of Oncology\\, seal,O=School of Oncology"
    )


def test_missing_key_is_refused_with_what_to_do(keyed: Path) -> None:
    keyed.unlink()
    with pytest.raises(SealRefused, match=r"There is no key to seal with at .* manage\.py prepare"):
        seal.seal(a_pdf(), reason="a test")


def test_missing_certificate_is_refused_with_what_to_do(keyless: Path) -> None:
    with pytest.raises(SealRefused, match="There is no certificate of the seal at"):
        seal.seal(a_pdf(), reason="a test")
    with pytest.raises(SealRefused, match="There is no certificate of the seal at"):
        seal.is_sealed(a_pdf())


@pytest.mark.parametrize("spoilt", ["key", "certificate"])
def test_spoilt_key_or_certificate_is_refused(keyed: Path, spoilt: str) -> None:
    (keyed if spoilt == "key" else seal.certificate_file()).write_text("spoilt")
    with pytest.raises(SealRefused, match=f"{spoilt} (at|in)|no certificate in"):
        seal.seal(a_pdf(), reason="a test")
