"""The files of a frozen profile that somebody brings: whoever brings them may have made them, and others read them."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, ValidationError, model_validator

from logbooks.cpd.profile.document import FORMAT
from logbooks.cpd.schemes import Kind
from school.core import pdfs

CHANGED = "A file is not the one that was frozen."
UNREADABLE = "Its document is none that this portal can show."


def _day(text: str) -> str:
    date.fromisoformat(text)
    return text


Day = Annotated[str, AfterValidator(_day)]


class _Person(BaseModel):
    name: str
    regulator: str
    registration_number: str


class _Period(BaseModel):
    first: Day
    last: Day


class _Part(BaseModel):
    key: str
    title: str
    heading: str
    kind: Kind
    most_words: int | None


class _Activity(BaseModel):
    uuid: str
    title: str
    type: str
    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    minutes: Annotated[int, Field(ge=0)] | None
    chosen: bool


class _Gap(BaseModel):
    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    reasons: list[str]


class _Piece(BaseModel):
    uuid: str
    activity: str
    title: str
    sha256: str
    bytes: int
    file: str
    missing: bool


class _Document(BaseModel):
    """As much of a profile's document as pages say of it."""

    format: str
    person: _Person
    profession: str
    scheme: dict[str, str]
    period: _Period
    parts: list[_Part]
    texts: dict[str, str]
    activities: list[_Activity]
    gaps: list[_Gap]
    evidence: list[_Piece]

    @model_validator(mode="after")
    def _shows_what_is_there(self) -> "_Document":
        if self.format != FORMAT:
            raise ValueError("this is a document of another kind")
        if {one.activity for one in self.evidence} - {one.uuid for one in self.activities}:
            raise ValueError("a file shows no activity of the profile")
        written = [one for one in self.parts if one.kind is Kind.WORDS]
        if any(one.most_words is None or one.key not in self.texts for one in written):
            raise ValueError("a part has no words or no limit of them")
        return self


def document_fault(data: bytes) -> str:
    """What is wrong with the JSON of a profile, as a sentence; empty when pages can show it."""
    try:
        _Document.model_validate_json(data, strict=True)
    except ValidationError:
        return UNREADABLE
    return ""


def pdf_fault(data: bytes) -> str:
    """What is wrong with the PDF of a profile, as a sentence; empty for one without scripts and programs."""
    try:
        pdfs.cleaned(data)
    except pdfs.Unfit as error:
        return str(error)
    return ""


# By how the names of the files end; the ZIP is opened by nobody here.
FAULTS: Mapping[str, Callable[[bytes], str]] = {"json": document_fault, "pdf": pdf_fault}
