"""The record of a person's CPD as a document: the same record gives the same bytes, whichever portal writes it."""

import json
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from logbooks.cpd.learning import Learning

FORMAT = "School of Oncology CPD record"
VERSION = 1

# How the names of a frozen profile's files end, and those of evidence.
ENDINGS = frozenset({"json", "pdf", "zip"})
TYPES = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


class Unreadable(ValueError):
    """This is no record, or one of another version; the words say which."""


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("this holds a character that no text holds")
    return text


def _universal(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2100, 12, 31))]
Instant = Annotated[
    AwareDatetime,
    Field(ge=datetime(1900, 1, 1, tzinfo=UTC), le=datetime(2100, 12, 31, tzinfo=UTC)),
    AfterValidator(_universal),
]
Words = Annotated[str, Field(max_length=200_000), AfterValidator(_storable)]
Title = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_storable)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Key = Annotated[str, Field(pattern=r"^[a-z0-9_-]{0,40}$")]
PartKey = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,39}$")]


class Part(BaseModel):
    """A part of the document: what it does not name it may not hold."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class EvidencePart(Part):
    """A file of evidence. `file` is its place in the ZIP; none when the portal did not have it any more."""

    uuid: UUID
    title: Title
    digest: Digest
    content_type: Literal["application/pdf", "image/png", "image/jpeg"]
    size: int = Field(ge=1, le=10 * 1024 * 1024)
    taken_back_at: Instant | None
    file: str | None

    @model_validator(mode="after")
    def _at_its_place(self) -> "EvidencePart":
        if self.file not in (None, f"evidence/{self.uuid}.{TYPES[self.content_type]}"):
            raise ValueError("the file is at another place")
        return self


class ActivityPart(Part):
    """An activity with its evidence."""

    uuid: UUID
    title: Title
    learning: Learning
    starts_on: Day
    ends_on: Day
    minutes: int | None
    learned: Words
    practice: Words
    benefit: Words
    recorded_at: Instant
    taken_back_at: Instant | None
    # As many as a ZIP has parts: what was taken back is here as well, however often that was.
    evidence: list[EvidencePart] = Field(max_length=20_000)


class GapPart(Part):
    """Why there is no activity between two days."""

    uuid: UUID
    first: Day
    last: Day
    words: Annotated[str, Field(max_length=500), AfterValidator(_storable)]


class DraftPart(Part):
    """A profile that is being written; `texts` by the keys of its parts."""

    uuid: UUID
    first: Day
    last: Day
    texts: dict[PartKey, Words] = Field(max_length=50)
    chosen: list[UUID] = Field(max_length=50_000)


class ProfilePart(Part):
    """A frozen profile, and the day on which it was frozen. `files` are the endings of those that are in the ZIP."""

    uuid: UUID
    scheme: str = Field(pattern=r"^[A-Za-z0-9 ._-]{1,60}$")
    code: str = Field(pattern=r"^[0-9A-Z]{1,20}$")
    first: Day
    last: Day
    recorded_on: Day
    json_digest: Digest
    pdf_digest: Digest
    zip_digest: Digest
    files: list[str] = Field(max_length=3)

    @model_validator(mode="after")
    def _known_files(self) -> "ProfilePart":
        if sorted(set(self.files) & ENDINGS) != sorted(self.files):
            raise ValueError("the files are others than a profile has")
        return self

    @property
    def places(self) -> dict[str, str]:
        """The places of its files in the ZIP, each with its digest."""
        return {f"profiles/{self.code}.{one}": getattr(self, f"{one}_digest") for one in self.files}


class MappingPart(Part):
    """How the columns and words of a file of another tool were read."""

    uuid: UUID
    name: Annotated[str, Field(max_length=100), AfterValidator(_storable)]
    headings: list[Words] = Field(max_length=200)
    columns: dict[Key, Words]
    types: dict[Words, Key] = Field(max_length=200)
    sent_at: Instant
    written_at: Instant


class RegistrationPart(Part):
    """What a person's CPD is measured by."""

    profession: Key
    registered_on: Day | None


class Record(Part):
    """All of it."""

    format: Literal["School of Oncology CPD record"] = "School of Oncology CPD record"
    version: Literal[1] = 1
    registration: RegistrationPart | None
    activities: list[ActivityPart] = Field(max_length=50_000)
    gaps: list[GapPart] = Field(max_length=1_000)
    drafts: list[DraftPart] = Field(max_length=1_000)
    profiles: list[ProfilePart] = Field(max_length=1_000)
    mappings: list[MappingPart] = Field(max_length=1_000)


def in_order(record: Record) -> Record:
    """The record with each of its lists in the one order that it is written in."""
    lists: dict[str, list[Any]] = {
        "activities": [
            one.model_copy(update={"evidence": sorted(one.evidence, key=lambda e: str(e.uuid))})
            for one in sorted(record.activities, key=lambda one: (one.starts_on, str(one.uuid)))
        ],
        "gaps": sorted(record.gaps, key=lambda one: (one.first, str(one.uuid))),
        "drafts": [
            one.model_copy(update={"chosen": sorted(one.chosen, key=str)})
            for one in sorted(record.drafts, key=lambda one: (one.first, str(one.uuid)))
        ],
        "profiles": sorted(record.profiles, key=lambda one: (one.recorded_on, one.code)),
        "mappings": sorted(record.mappings, key=lambda one: (one.sent_at, str(one.uuid))),
    }
    return record.model_copy(update=lists)


def written(record: Record) -> bytes:
    """The document: JSON in UTF-8 with its keys in order."""
    text = json.dumps(
        in_order(record).model_dump(mode="json"), ensure_ascii=False, indent=1, sort_keys=True
    )
    return f"{text}\n".encode()


def read(data: bytes) -> Record:
    """The record that a document holds. Raises Unreadable with a sentence."""
    try:
        head = _Head.model_validate_json(data)
    except ValidationError:
        raise Unreadable("The file record.json in it is not a CPD record.") from None
    if head.format != FORMAT:
        raise Unreadable("The file record.json in it is not a CPD record.")
    if head.version != VERSION:
        raise Unreadable(
            f"The record is of version {head.version}; this portal reads version {VERSION}. "
            "Ask the School to bring the portal up to date."
        )
    try:
        record = Record.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        where = ", ".join(_place(part) for part in first["loc"])
        raise Unreadable(f"The record cannot be read at {where}: {first['msg']}.") from None
    rule_named_once(record)
    return record


class _Head(BaseModel):
    format: str
    version: int


def _place(part: int | str) -> str:
    return f"number {part + 1}" if isinstance(part, int) else f"“{part[:60]}”"


def rule_named_once(record: Record) -> None:
    """No two things of a record have one UUID, and no two frozen profiles one code."""
    lists: tuple[list[Any], ...] = (
        record.activities, record.gaps, record.drafts, record.profiles, record.mappings,
        [evidence for one in record.activities for evidence in one.evidence],
    )  # fmt: skip
    keys = [one.uuid for parts in lists for one in parts]
    codes = [one.code for one in record.profiles]
    if any(len(set(found)) != len(found) for found in (keys, codes)):
        raise Unreadable("The record names one thing twice.")
