"""A person's record of CPD with something of everything, and another portal to bring it to."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import LazySettings
from django.db import transaction
from PIL import Image

from logbooks.cpd import files
from logbooks.cpd.leaving import packed, record
from logbooks.cpd.leaving.gathered import record_of
from logbooks.cpd.leaving.unpacked import Archive, unpacked
from logbooks.cpd.models import (
    Activity,
    Evidence,
    GapReason,
    ImportedFile,
    Profile,
    ProfileDraft,
    Registration,
)
from logbooks.cpd.profile.document import FORMAT, Document, canonical
from school.core import clock, documents, evidence, ledger
from school.core.codes import new_code
from school.core.ledger import Draft
from school.people.models import Person
from tests.pdfs import kept_pdf

FIRST, LAST = date(2026, 1, 1), date(2026, 10, 31)


class Elsewhere(Exception):
    """Everything since is undone: what was made was made in another portal."""


@contextmanager
def another_portal(settings: LazySettings, media: Path) -> Iterator[None]:
    """What is made inside was made elsewhere: no row of it and no file of it is here afterwards."""
    here = settings.MEDIA_ROOT
    try:
        with transaction.atomic():
            settings.MEDIA_ROOT = media
            yield
            raise Elsewhere
    except Elsewhere:
        pass
    finally:
        settings.MEDIA_ROOT = here


def activity(person: Person, title: str = "Journal club", **more: Any) -> Activity:
    """An activity of a person."""
    values = {
        "learning": "work-based",
        "starts_on": date(2026, 3, 3),
        "ends_on": date(2026, 3, 4),
        "minutes": 90,
        "learned": "How uptake time changes\nwhat is seen.",
    }
    return Activity.objects.create(person=person, title=title, **values | more)


def evidence_of(activity: Activity, data: bytes | None = None, title: str = "Slides") -> Evidence:
    """A file beside an activity."""
    data = data or kept_pdf()
    kind = evidence.kind_of(data)
    assert kind is not None
    made = Evidence.objects.create(
        activity=activity,
        title=title,
        digest=documents.digest(data),
        content_type=kind[0],
        size=len(data),
    )
    documents.keep(files.EVIDENCE_FOLDER, str(made.uuid), data)
    return made


def picture(colour: str = "teal") -> bytes:
    """A picture as it is kept."""
    made = BytesIO()
    Image.new("RGB", (20, 10), colour).save(made, format="png")
    return evidence.taken_in(made.getvalue())


def document(code: str, **other: Any) -> Document:
    """What a frozen profile says, with its evidence."""
    activity = {"uuid": code, "title": "Journal club", "type": "work-based learning", "minutes": 90}
    days = {"from": FIRST.isoformat(), "to": LAST.isoformat()}
    piece = {"uuid": code, "activity": code, "title": "Slides", "sha256": "0" * 64, "bytes": 9}
    part = {"key": "summary", "title": "Summary", "heading": "Summary", "kind": "words"}
    return {
        "format": FORMAT,
        "person": {"name": "Alice Amber", "regulator": "", "registration_number": ""},
        "profession": "",
        "scheme": {"key": "hcpc", "from": "2018-01-01", "name": "HCPC", "regulator": "HCPC"},
        "period": {"first": FIRST.isoformat(), "last": LAST.isoformat()},
        "parts": [part | {"most_words": 500}],
        "texts": {"summary": "I scan."},
        "activities": [activity | days | {"chosen": True}],
        "gaps": [days | {"reasons": ["Parental leave"]}],
        "evidence": [piece | {"file": "evidence/01-slides.pdf", "missing": False}],
        **other,
    }


def frozen(person: Person, *, known_from: date | None = None, code: str = "") -> Profile:
    """A frozen profile with its three files."""
    code = code or new_code()
    parts = {"json": canonical(document(code)), "pdf": kept_pdf(code), "zip": code.encode()}
    for ending, data in parts.items():
        documents.keep(files.PROFILE_FOLDER, f"{code}.{ending}", data)
    fact = Profile(
        person=person,
        scheme="hcpc 2018-01-01",
        code=code,
        **{f"{ending}_digest": documents.digest(data) for ending, data in parts.items()},
    )
    draft = Draft(
        fact=fact, book=person.book, about_from=FIRST, about_to=LAST, known_from=known_from
    )
    with ledger.writing(person.book) as pen:
        pen.append([draft], by=person.uuid)
    return fact


def everything(person: Person) -> None:
    """Something of everything that a person can have."""
    Registration.objects.create(person=person, profession="radiographers", registered_on=FIRST)
    club = activity(person)
    day = activity(
        person,
        "Día de “física” 放射線 🙂",
        learning="formal",
        minutes=None,
        practice="=SUM(A1)",
        benefit="Ça va\r\nmieux.",
    )
    activity(person, "A slip", taken_back_at=clock.now())
    evidence_of(club)
    evidence_of(club, picture(), "Photograph of the board")
    gone = evidence_of(day, picture("red"), "Certificate")
    documents.remove(files.EVIDENCE_FOLDER, str(gone.uuid))
    GapReason.objects.create(person=person, first=FIRST, last=LAST, words="Parental leave")
    draft = ProfileDraft.objects.create(
        person=person,
        first=FIRST,
        last=LAST,
        texts={"summary": "I scan.", "statement": "I learned.", "of_before": "Another shape's."},
    )
    draft.chosen.set([club, day])
    frozen(person)
    half = frozen(person)
    documents.remove(files.PROFILE_FOLDER, f"{half.code}.zip")
    ImportedFile.objects.create(
        person=person,
        name="cpd.csv",
        headings=["Event", "Date", "Kind"],
        columns={"title": "Event", "starts": "Date", "learning": "Kind"},
        types={"reading": "self-directed", "": "other"},
        written_at=clock.now(),
    )


def taken_away(person: Person) -> bytes:
    """The ZIP of a person's record, with a stand-in for the PDF, which takes half a second to make."""
    made = io.BytesIO()
    packed.pack(record_of([person.pk]), person, made)
    return made.getvalue()


def no_pdf(_record: record.Record, _person: Person) -> bytes:
    """A stand-in for `paper.pdf`."""
    return b"%PDF-1.7 stand-in"


@contextmanager
def opened(folder: Path, data: bytes) -> Iterator[Archive]:
    """A ZIP as it is read."""
    path = folder / f"{uuid4()}.zip"
    path.write_bytes(data)
    with unpacked(path) as archive:
        yield archive


def parts_of(data: bytes) -> dict[str, bytes]:
    """The parts of a ZIP."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: dict[str, bytes]) -> bytes:
    """Parts as a ZIP."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return made.getvalue()
