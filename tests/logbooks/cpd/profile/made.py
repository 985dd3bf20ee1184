"""Somebody on a register with activities, evidence and a draft, whose profiles are printed by a stand-in."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings

from logbooks.cpd.actions.profiles import choose, freeze, write
from logbooks.cpd.files import EVIDENCE_FOLDER
from logbooks.cpd.learning import Learning
from logbooks.cpd.measure import Measure, measure
from logbooks.cpd.models import Activity, Evidence, Profile, ProfileDraft, Registration
from logbooks.cpd.profile import pages, queries
from logbooks.cpd.profile.document import Document
from school.core import clock, documents, ledger, seal
from school.core.codes import new_code
from school.core.ledger import Draft
from school.people.models import Person
from tests.factories import make_person
from tests.pdfs import kept_pdf

PROFILE, CHOOSE, WRITE, CHECK = (
    f"/cpd/profile/{page}" for page in ("", "choose/", "write/", "check/")
)
SUMMARY = "I am a PET-CT radiographer.\n\nI work at Elm Hospital."
STATEMENT = "I learned to hold the arms up.\n\nPatients wait less."


@dataclass
class Writer:
    """Alice, a radiographer, and her activities, the oldest first."""

    person: Person
    activities: list[Activity] = field(default_factory=list)

    @property
    def me(self) -> list[int]:
        return [self.person.pk]

    @property
    def by(self) -> Measure:
        return measure(self.me, clock.today())

    @property
    def draft(self) -> ProfileDraft | None:
        return queries.draft_of(self.me, self.by.period)

    @property
    def said(self) -> Document:
        """What her profile would say now."""
        made_of = queries.material(self.person, self.me, self.by, self.draft, clock.today())
        return queries.said(made_of)[0]

    def learns(self, title: str, days_ago: int = 1, **values: Any) -> Activity:
        """An activity of one day."""
        day = clock.today() - timedelta(days=days_ago)
        wanted = {
            "learning": Learning.WORK,
            "minutes": 60,
            "practice": "Better.",
            "benefit": "Faster.",
        }
        wanted |= {"starts_on": day, "ends_on": day, **values}
        made = Activity.objects.create(person=self.person, title=title, **wanted)
        self.activities.append(made)
        return made

    def shows(self, activity: Activity, title: str = "Certificate", data: bytes = b"") -> Evidence:
        """A file of evidence, as it is kept."""
        data = data or kept_pdf(title)
        made = Evidence.objects.create(
            activity=activity,
            title=title,
            digest=documents.digest(data),
            content_type="application/pdf",
            size=len(data),
        )
        documents.keep(EVIDENCE_FOLDER, str(made.uuid), data)
        return made

    def chooses(self, *activities: Activity) -> ProfileDraft:
        return choose(
            by=self.person,
            period=self.by.period,
            chosen=[one.pk for one in activities],
            seen=queries.choice_mark(queries.chosen_keys(self.draft)),
        )

    def writes(self, summary: str = SUMMARY, statement: str = STATEMENT) -> ProfileDraft:
        return write(
            by=self.person,
            period=self.by.period,
            texts={"summary": summary, "statement": statement},
            seen=queries.words_mark(self.draft),
        )

    def freezes(self, **values: Any) -> Profile:
        wanted = {"said": self.said, "until": clock.today(), "uuid": uuid4(), **values}
        return freeze(by=self.person, **wanted)


def make_writer(name: str = "Alice Amber", registered_on: date | None = None) -> Writer:
    """Alice with four activities of two types, the first two with evidence."""
    person = make_person(name)
    Registration.objects.create(
        person=person, profession="radiographers", registered_on=registered_on
    )
    made = Writer(person)
    for number, title in enumerate(("Arms up", "Study day", "New protocol", "Journal club")):
        learning = Learning.FORMAL if number == 1 else Learning.WORK
        made.learns(title, 40 - 10 * number, learning=learning, learned=f"About {title.lower()}.")
    made.shows(made.activities[0])
    made.shows(made.activities[1], "Slides")
    return made


def ready(writer: Writer) -> Writer:
    """Four activities chosen, and both parts written."""
    writer.chooses(*writer.activities)
    writer.writes()
    return writer


@pytest.fixture
def here(
    db: None, settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Writer:
    """Alice, ready to freeze; to print a profile takes a second."""
    settings.SEAL_KEY_FILE = tmp_path / "keys" / "seal.pem"
    settings.MEDIA_ROOT = tmp_path / "media"
    seal.make_key()
    monkeypatch.setattr(pages, "pdf", lambda said: b"%PDF-1.7 " + said["frozen"]["code"].encode())
    monkeypatch.setattr(documents, "sealed", lambda pdf, reason: pdf)
    return ready(make_writer())


def bring(person: Person, digest: str) -> Profile:
    """A frozen profile as somebody brings it from another portal, or makes it up."""
    fact = Profile(
        person=person,
        scheme="hcpc 2018-01-01",
        code=new_code(),
        json_digest=digest,
        pdf_digest=digest,
        zip_digest=digest,
    )
    first, last = clock.today() - timedelta(days=700), clock.today()
    draft = Draft(fact=fact, book=person.book, about_from=first, about_to=last, known_from=first)
    with ledger.writing(person.book) as pen:
        pen.append([draft], by=person.uuid)
    return fact


def hidden(answer: Any, *names: str) -> dict[str, str]:
    """What the hidden fields of a page hold, to be sent with what is typed."""
    return {name: str(answer.context["form"][name].value()) for name in names}
