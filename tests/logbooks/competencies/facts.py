"""One fact of every kind of the competency log book, with a row of each of its append-only tables."""

import hashlib
import uuid

from logbooks.competencies import models as competencies
from placements.models import Wording
from school.core.ledger import Draft
from school.core.models import Fact
from tests import records


def make_version(key: str = "") -> competencies.FrameworkVersion:
    """A version of a small framework: a group, a scale of one level and a competency that asks for two examinations."""
    key = key or uuid.uuid4().hex[:8]
    framework, _ = competencies.Framework.objects.get_or_create(
        code=f"framework-{key}", defaults={"name": f"Framework {key}"}
    )
    version = competencies.FrameworkVersion.objects.create(
        framework=framework,
        number=framework.versions.count() + 1,
        published_on=records.DAY,
        title=f"Framework {key}",
        source="a test",
        digest="a" * 64,
    )
    level = competencies.Level.objects.create(
        version=version, position=1, code="able", title="Able under supervision"
    )
    group = competencies.Group.objects.create(
        version=version, identifier=uuid.uuid4(), position=1, code="A", title="Arriving"
    )
    competency = competencies.Competency.objects.create(
        version=version,
        group=group,
        identifier=uuid.uuid4(),
        position=1,
        code="A1",
        title="Finds the way to the scanner",
        year=1,
        level=level,
    )
    examination = competencies.ExaminationType.objects.create(
        code=f"half-body-{uuid.uuid4().hex[:8]}", name="Half body", position=1, source="a test"
    )
    competencies.Tracer.objects.create(
        code=f"fdg-{uuid.uuid4().hex[:8]}", name="FDG", position=1, source="a test"
    )
    competencies.RequiredCount.objects.create(
        competency=competency, examination=examination, role="observed", number=2
    )
    return version


def log_book(network: records.Network) -> list[Fact]:
    """A fact of every kind, in the book of the network's student."""
    version = make_version()
    competency = version.competencies.get()
    enrolment, placement, bob = network.enrolment, network.placement, network.bob
    about = {"enrolment": enrolment, "competency": competency}
    words = f"I saw that this student can do it. {network.key}"
    wording = Wording.objects.create(digest=hashlib.sha256(words.encode()).hexdigest(), text=words)
    request = competencies.SignOffRequest(placement=placement, assessor=bob, **about)
    signed = competencies.SignOff(
        placement=placement,
        outcome="achieved",
        level=competency.level,
        person=bob,
        capacity="practice_educator",
        proof="totp",
        wording=wording,
        request=request,
        **about,
    )
    facts: list[tuple[Fact, dict[str, str]]] = [
        (
            competencies.LogEntry(
                enrolment=enrolment,
                placement=placement,
                examination=competency.counts.get().examination,
                tracer=competencies.Tracer.objects.latest("pk"),
                role="observed",
                operator=bob,
                case_number=enrolment.log_entries.count() + 1,
                touched=competency.code,
                model="what",
            ),
            {"reflection": "The uptake room was cold."},
        ),
        (request, {"note": "You saw me on Tuesday."}),
        (signed, {"feedback": "Calm and clear.", "next_step": "Go on.", "exception": "Alone."}),
        (competencies.Revocation(sign_off=signed, person=bob), {"reason": "Another student."}),
        (competencies.NotApplicable(person=bob, **about), {"reason": "No scanner of this kind."}),
    ]
    return records.write(
        *(
            Draft(fact=fact, book=enrolment.book, about_from=records.DAY, texts=texts)
            for fact, texts in facts
        )
    )
