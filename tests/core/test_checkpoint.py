"""Checkpoints: the tree, the key, the signature, and files that were tampered with."""

import hashlib
import json
import re
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from school.core import canonical, checkpoint
from school.core.checkpoint import CheckpointRefused
from school.core.models import Book, LedgerEntry
from tests import records
from tests.records import Network

pytestmark = pytest.mark.engine


@pytest.fixture
def keyless(settings: LazySettings, tmp_path: Path) -> Path:
    """A place for a key and for checkpoints, both empty."""
    settings.CHECKPOINT_KEY_FILE = tmp_path / "keys" / "checkpoint.pem"
    settings.CHECKPOINT_DIR = tmp_path / "checkpoints"
    return tmp_path


@pytest.fixture
def keyed(keyless: Path) -> Path:
    checkpoint.make_key()
    return keyless


@pytest.fixture
def made(db: None, keyed: Path) -> Path:
    """A checkpoint of two books with facts and some without."""
    network = Network()
    records.write(network.shift(), network.day_note())
    records.write(Network().shift())
    return checkpoint.make_checkpoint()


def by_the_book(leaves: Sequence[bytes]) -> bytes:
    """RFC 6962, section 2.1, as it is written there."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = by_the_book(leaves[:split]), by_the_book(leaves[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


# The leaves and roots that Certificate Transparency's implementations test each other with.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "", "00", "10", "2021", "3031", "40414243",
        "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


@pytest.mark.parametrize("count", sorted(ROOTS))
def test_root_of_published_trees(count: int) -> None:
    assert checkpoint.merkle_root(LEAVES[:count]).hex() == ROOTS[count]


@given(st.lists(st.binary(max_size=8), max_size=40))
def test_root_is_that_of_the_definition(leaves: list[bytes]) -> None:
    assert checkpoint.merkle_root(leaves) == by_the_book(leaves)


def test_key_is_its_owners_alone(keyless: Path) -> None:
    path = checkpoint.make_key()
    assert path.stat().st_mode & 0o777 == 0o600
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    assert isinstance(key, Ed25519PrivateKey)


def test_key_is_never_made_twice(keyed: Path) -> None:
    before = (keyed / "keys" / "checkpoint.pem").read_bytes()
    with pytest.raises(CheckpointRefused, match="There is a key already"):
        checkpoint.make_key()
    assert (keyed / "keys" / "checkpoint.pem").read_bytes() == before


@pytest.mark.django_db
def test_without_a_key_nothing_is_signed(keyless: Path) -> None:
    with pytest.raises(CommandError, match=r"manage\.py checkpoint --make-key"):
        call_command("checkpoint")
    assert list(keyless.iterdir()) == []


@pytest.mark.django_db
def test_command_makes_the_key_and_then_the_file(keyless: Path) -> None:
    out = StringIO()
    call_command("checkpoint", make_key=True, stdout=out)
    call_command("checkpoint", stdout=out)
    (path,) = (keyless / "checkpoints").iterdir()
    assert re.fullmatch(r"checkpoint-\d{8}T\d{6}\.\d{6}Z\.txt", path.name)
    assert out.getvalue().splitlines()[-1] == f"Wrote {path}."


def test_checkpoint_holds_every_head(made: Path) -> None:
    read = checkpoint.read_checkpoint(made)
    expected = set()
    for book in Book.objects.all():
        last = book.entries.order_by("seq").last()
        expected.add(
            (book.uuid, last.seq, last.hash) if last else (book.uuid, 0, canonical.GENESIS)
        )
    assert {(head.book, head.seq, head.hash) for head in read.heads} == expected
    assert len(read.heads) == Book.objects.count()
    assert read.watermark == LedgerEntry.objects.latest("pk").pk


def test_heads_stand_in_the_order_of_their_books(made: Path) -> None:
    books = [str(head.book) for head in checkpoint.read_checkpoint(made).heads]
    assert books == sorted(books)


def test_only_the_public_half_is_needed_to_check(made: Path, keyed: Path) -> None:
    (keyed / "keys" / "checkpoint.pem").unlink()
    assert checkpoint.read_checkpoint(made).heads


def changed(path: Path, old: str, new: str) -> Path:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return path


def test_altered_header_is_refused(made: Path) -> None:
    watermark = checkpoint.read_checkpoint(made).watermark
    changed(made, f"highest id {watermark}", f"highest id {watermark + 1}")
    with pytest.raises(CheckpointRefused, match="its signature does not fit"):
        checkpoint.read_checkpoint(made)


def test_altered_head_is_refused(made: Path) -> None:
    head = max(checkpoint.read_checkpoint(made).heads, key=lambda head: head.seq)
    changed(made, head.line(), head.line().replace(head.hash, "0" * 64))
    with pytest.raises(CheckpointRefused, match="do not give the root that was signed"):
        checkpoint.read_checkpoint(made)


def test_left_out_head_is_refused(made: Path) -> None:
    head = checkpoint.read_checkpoint(made).heads[-1]
    changed(made, f"{head.line()}\n", "")
    with pytest.raises(CheckpointRefused, match="do not give the root that was signed"):
        checkpoint.read_checkpoint(made)


def test_checkpoint_of_another_key_is_refused(made: Path, keyed: Path) -> None:
    for path in (keyed / "keys").iterdir():
        path.unlink()
    checkpoint.make_key()
    with pytest.raises(CheckpointRefused, match="signed with another key"):
        checkpoint.read_checkpoint(made)


@pytest.mark.parametrize("text", ["", "record book checkpoint 1\n", json.dumps({"a": 1})])
def test_file_that_is_no_checkpoint_is_refused(keyed: Path, text: str) -> None:
    path = keyed / "other.txt"
    path.write_text(text)
    with pytest.raises(CheckpointRefused, match="is not a checkpoint"):
        checkpoint.read_checkpoint(path)


def test_missing_file_is_refused(keyed: Path) -> None:
    with pytest.raises(CheckpointRefused, match="cannot be read"):
        checkpoint.read_checkpoint(keyed / "none.txt")


def test_verify_refuses_a_tampered_checkpoint(made: Path) -> None:
    changed(made, "books ", "books 1")
    with pytest.raises(CommandError, match="its signature does not fit"):
        call_command("verify_records", against=made)


def test_nothing_half_written_is_left(made: Path) -> None:
    assert [path.name for path in made.parent.iterdir()] == [made.name]


@pytest.mark.django_db
def test_empty_ledger_can_be_signed(keyed: Path) -> None:
    read = checkpoint.read_checkpoint(checkpoint.make_checkpoint())
    assert read.watermark == 0
    assert [head.seq for head in read.heads] == [0] * Book.objects.count()
