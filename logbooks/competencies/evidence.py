"""Evidence as requests and sign-offs keep it: a line for each piece, the UUID of its fact and the hash of its ledger entry."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from logbooks.competencies.lines import joined

# As many lines as the column holds.
MOST = 98


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of evidence as it was when it was given."""

    uuid: UUID
    hash: str

    @property
    def line(self) -> str:
        """As it is kept and signed."""
        return f"{self.uuid} {self.hash}"


def pieces(text: str) -> list[Piece]:
    """The pieces that a text of evidence names, in their order."""
    found = (line.split(" ") for line in text.splitlines())
    return [Piece(UUID(uuid), digest) for uuid, digest in found]


def text_of(given: Iterable[Piece]) -> str:
    """The text of some pieces."""
    return joined(piece.line for piece in given)


def replaced(text: str, before: UUID, after: Iterable[Piece], without: Collection[UUID]) -> str:
    """The text with some pieces in the place of one, or without it when nothing takes its place; and without others."""
    found: list[Piece] = []
    for piece in pieces(text):
        if piece.uuid == before:
            found += after
        elif piece.uuid not in without:
            found.append(piece)
    return text_of(found)
