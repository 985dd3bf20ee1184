"""Signed statements of where every record book ended at an instant, kept outside the database."""

import hashlib
import os
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db import connection, transaction

from school.core import canonical, clock, ledger
from school.core.errors import DomainError
from school.core.models import Book, LedgerEntry


class CheckpointRefused(DomainError):
    """A key or a checkpoint file is missing, unreadable or not what was signed."""


@dataclass(frozen=True, slots=True)
class Head:
    """A book's last entry: its place and its hash; place 0 when the book is empty."""

    book: UUID
    seq: int
    hash: str

    def line(self) -> str:
        """The head as a leaf of the tree and as a line of the file."""
        return f"{self.book} {self.seq} {self.hash}"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Every head up to a ledger id, as of an instant (aware, UTC)."""

    made_at: datetime
    watermark: int
    heads: tuple[Head, ...]

    def header(self) -> str:
        """The text that is signed."""
        return (
            "record book checkpoint 1\n"
            f"made at {canonical.plain(self.made_at)}\n"
            f"highest id {self.watermark}\n"
            f"books {len(self.heads)}\n"
            f"root {self.root}\n"
        )

    @property
    def root(self) -> str:
        """The root over all heads, in hexadecimal."""
        return merkle_root([head.line().encode() for head in self.heads]).hex()

    def head_of(self, book: UUID) -> Head | None:
        """Where a book ended; none for one that is younger."""
        return next((head for head in self.heads if head.book == book), None)


FILE = re.compile(
    r"record book checkpoint 1\n"
    r"made at (?P<made_at>[0-9T:.-]+Z)\n"
    r"highest id (?P<watermark>\d+)\n"
    r"books \d+\n"
    r"root [0-9a-f]{64}\n"
    r"signature (?P<signature>[0-9a-f]{128})\n"
    r"\n"
    r"(?P<heads>(?:[0-9a-f-]{36} \d+ [0-9a-f]{64}\n)*)"
)


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The root of RFC 6962, section 2.1: leaves are hashed behind a 0 byte and nodes behind a 1 byte."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    level = [hashlib.sha256(b"\0" + leaf).digest() for leaf in leaves]
    while len(level) > 1:
        # Pairing neighbours and carrying an odd last one up gives the tree that the RFC defines
        # by splitting at the largest power of two.
        paired = [
            hashlib.sha256(b"\1" + left + right).digest()
            for left, right in zip(level[::2], level[1::2], strict=False)
        ]
        level = [*paired, *level[len(paired) * 2 :]]
    return level[0]


def make_checkpoint() -> Path:
    """Signs where every book ends now and writes it to a new file in CHECKPOINT_DIR; its path.

    Raises CheckpointRefused when there is no key to sign with.
    """
    key = _private_key()
    with transaction.atomic():
        watermark = ledger.watermark()
        heads = _heads()
    checkpoint = Checkpoint(clock.now(), watermark, heads)
    folder = Path(settings.CHECKPOINT_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"checkpoint-{checkpoint.made_at:%Y%m%dT%H%M%S.%fZ}.txt"
    header = checkpoint.header()
    lines = "".join(f"{head.line()}\n" for head in checkpoint.heads)
    _write(path, f"{header}signature {key.sign(header.encode()).hex()}\n\n{lines}")
    return path


def read_checkpoint(path: Path) -> Checkpoint:
    """The checkpoint in a file, once its signature and its root are found to be right.

    Raises CheckpointRefused, which says what is wrong.
    """
    try:
        text = path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise CheckpointRefused(f"{path} cannot be read: {error}.") from error
    found = FILE.fullmatch(text)
    if not found:
        raise CheckpointRefused(f"{path} is not a checkpoint, or a part of it is missing.")
    try:
        heads = tuple(
            Head(UUID(book), int(seq), digest)
            for book, seq, digest in (line.split() for line in found["heads"].splitlines())
        )
        made_at = datetime.fromisoformat(found["made_at"])
    except ValueError as error:
        raise CheckpointRefused(f"{path} is not a checkpoint: {error}.") from error
    signed = text[: found.start("signature") - len("signature ")]
    try:
        _public_key().verify(bytes.fromhex(found["signature"]), signed.encode())
    except InvalidSignature as error:
        raise CheckpointRefused(
            f"{path} was changed, or signed with another key: its signature does not fit."
        ) from error
    checkpoint = Checkpoint(made_at, int(found["watermark"]), heads)
    if checkpoint.header() != signed:
        raise CheckpointRefused(
            f"{path} was changed: its books do not give the root that was signed."
        )
    return checkpoint


def newest() -> Checkpoint | None:
    """The last checkpoint that is what was signed; none before the first."""
    for path in sorted(Path(settings.CHECKPOINT_DIR).glob("checkpoint-*.txt"), reverse=True):
        with suppress(CheckpointRefused):
            return read_checkpoint(path)
    return None


def make_key() -> Path:
    """Makes the key that signs checkpoints, for its owner's eyes only, and its public half beside it.

    Raises CheckpointRefused when there is a key already.
    """
    path = Path(settings.CHECKPOINT_KEY_FILE)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = Ed25519PrivateKey.generate()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise CheckpointRefused(f"There is a key already: {path}. It was kept.") from error
    with os.fdopen(handle, "wb") as file:
        file.write(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
    public_file().write_bytes(
        key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
    return path


def public_file() -> Path:
    """Where the public half lies: all that is needed to check a checkpoint on another machine."""
    return Path(settings.CHECKPOINT_KEY_FILE).with_suffix(".pub")


def _private_key() -> Ed25519PrivateKey:
    path = Path(settings.CHECKPOINT_KEY_FILE)
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except FileNotFoundError as error:
        raise CheckpointRefused(
            f"There is no key to sign with at {path}. Make one with manage.py checkpoint --make-key, "
            "and keep a copy of it away from this machine."
        ) from error
    except (OSError, ValueError) as error:
        raise CheckpointRefused(f"The key at {path} cannot be used: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise CheckpointRefused(f"The key at {path} is not an Ed25519 key.")
    return key


def _public_key() -> Ed25519PublicKey:
    path = public_file()
    try:
        key = serialization.load_pem_public_key(path.read_bytes())
    except (OSError, ValueError) as error:
        raise CheckpointRefused(
            f"The public key at {path} cannot be used, so the checkpoint was not checked: {error}"
        ) from error
    if not isinstance(key, Ed25519PublicKey):
        raise CheckpointRefused(f"The key at {path} is not an Ed25519 key.")
    return key


def _heads() -> tuple[Head, ...]:
    entries, books = LedgerEntry._meta.db_table, Book._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT b.uuid, COALESCE(e.seq, 0), COALESCE(e.hash, %s) FROM {books} b "
            f"LEFT JOIN (SELECT book_id, MAX(seq) AS seq FROM {entries} GROUP BY book_id) last "
            f"ON last.book_id = b.id "
            f"LEFT JOIN {entries} e ON e.book_id = b.id AND e.seq = last.seq ORDER BY b.uuid",
            [canonical.GENESIS],
        )
        return tuple(Head(UUID(str(book)), seq, digest) for book, seq, digest in cursor.fetchall())


def _write(path: Path, text: str) -> None:
    """Writes a file that is either whole or not there, even when the machine stops meanwhile."""
    half = path.with_suffix(".part")
    with half.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
