"""The School's seal on a PDF: a signature inside the file, by a key that lies outside the database."""

import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from school.core import clock
from school.core.errors import DomainError

OWNER = "School of Oncology"
FIELD = "Seal"
LIFE = timedelta(days=30 * 365)


class SealRefused(DomainError):
    """The key of the seal or its certificate is missing, or cannot be used."""


def seal(pdf: bytes, *, reason: str) -> bytes:
    """The same document with the School's seal on it; nothing can be added afterwards unnoticed.

    Raises SealRefused when there is no key to seal with.
    """
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    about = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        name=OWNER,
        reason=reason,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        subfilter=SigSeedSubFilter.PADES,
    )
    # Nothing is drawn, and a reader that speaks must not stop at it: PDF/UA wants it hidden.
    field = SigFieldSpec(
        FIELD,
        invis_sig_settings=InvisSigSettings(set_print_flag=False, set_hidden_flag=True),
    )
    try:
        sealed = signers.sign_pdf(writer, about, _signer(), new_field_spec=field)
    except (SigningError, PdfError) as error:
        raise SealRefused(f"The document could not be sealed: {error}") from error
    return bytes(sealed.getvalue())


def is_sealed(pdf: bytes) -> bool:
    """Whether a document bears the School's seal and is what was sealed.

    The certificates that the School keeps are trusted as they are, also when they have run out, and no
    other machine is asked. The room in the
    file that the signature left empty is not covered by it: compare digests to know the file itself.
    Raises SealRefused when there is no certificate.
    """
    trusted = ValidationContext(trust_roots=_certificates(), allow_fetching=False)
    try:
        [found] = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures
        status = validate_pdf_signature(found, trusted)
    except Exception:  # a file that was tampered with makes its reader fail in any way there is
        return False
    return bool(status.bottom_line) and status.coverage == SignatureCoverageLevel.ENTIRE_FILE


def make_key() -> Path:
    """Makes the key of the seal, for its owner's eyes only, and a certificate that it signs itself.

    Raises SealRefused when there is a key already.
    """
    path = Path(settings.SEAL_KEY_FILE)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = ec.generate_private_key(ec.SECP256R1())
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise SealRefused(f"There is a key already: {path}. It was kept.") from error
    with os.fdopen(handle, "wb") as file:
        file.write(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
    certificate_file().write_bytes(_certified(key).public_bytes(serialization.Encoding.PEM))
    return path


def certificate_file() -> Path:
    """Where the certificates lie: the first is the key's own, those below it are of earlier keys."""
    return Path(settings.SEAL_KEY_FILE).with_suffix(".crt")


def _certified(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, OWNER),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{OWNER}, seal"),
        ]
    )
    now = clock.now()
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        # A clock that is a little behind must not find the newest document too early.
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=True,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=False,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _signer() -> signers.SimpleSigner:
    path = Path(settings.SEAL_KEY_FILE)
    own, *_ = _certificates()
    try:
        key = load_private_key_from_pemder_data(path.read_bytes(), passphrase=None)
    except FileNotFoundError as error:
        raise SealRefused(
            f"There is no key to seal with at {path}, so nothing was sealed. Bring back the kept copy, "
            "or make one with manage.py prepare."
        ) from error
    except (OSError, ValueError) as error:
        raise SealRefused(f"The key at {path} cannot be used: {error}") from error
    return signers.SimpleSigner(
        signing_cert=own, signing_key=key, cert_registry=SimpleCertificateStore()
    )


def _certificates() -> list[object]:
    path = certificate_file()
    try:
        found = list(load_certs_from_pemder_data(path.read_bytes()))
    except FileNotFoundError as error:
        raise SealRefused(
            f"There is no certificate of the seal at {path}. Bring back the kept copy, or make a key "
            "and a certificate with manage.py prepare."
        ) from error
    except (OSError, ValueError) as error:
        raise SealRefused(f"The certificate at {path} cannot be used: {error}") from error
    if not found:
        raise SealRefused(f"There is no certificate in {path}.")
    return found
