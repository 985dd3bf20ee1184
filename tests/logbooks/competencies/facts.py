"""One fact of every kind of the competency log book, with a row of each of its append-only tables."""

import hashlib
import uuid
from typing import Any

from logbooks.competencies import models as competencies
from logbooks.competencies.assessments import canonical, digest_of
from placements.models import StageTask, Wording
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
    logged = competencies.LogEntry(
        enrolment=enrolment,
        placement=placement,
        examination=competency.counts.get().examination,
        tracer=competencies.Tracer.objects.latest("pk"),
        role="observed",
        operator=bob,
        case_number=enrolment.log_entries.count() + 1,
        touched=competency.code,
        model="what",
    )
    shown = competencies.EvidenceFile(
        examination=logged, digest="b" * 64, content_type="image/png", size=1
    )
    facts: list[tuple[Fact, dict[str, str]]] = [
        (logged, {"reflection": "The uptake room was cold."}),
        (shown, {}),
        (request, {"note": "You saw me on Tuesday."}),
        (signed, {"feedback": "Calm and clear.", "next_step": "Go on.", "exception": "Alone."}),
        (competencies.Revocation(sign_off=signed, person=bob), {"reason": "Another student."}),
        (competencies.NotApplicable(person=bob, **about), {"reason": "No scanner of this kind."}),
    ]
    facts += assessed(network, wording)
    facts += staged(network, version, wording)
    copy = competencies.LogBookCopy(
        enrolment=enrolment,
        code=f"L-{network.key}",
        reflections=True,
        head_seq=3,
        head_digest="0" * 64,
        pdf_digest="1" * 64,
        json_digest="2" * 64,
        csv_digest="3" * 64,
    )
    facts.append((copy, {}))
    return records.write(
        *(
            Draft(fact=fact, book=enrolment.book, about_from=records.DAY, texts=texts)
            for fact, texts in facts
        )
    )


def staged(
    network: records.Network, version: competencies.FrameworkVersion, wording: Wording
) -> list[tuple[Fact, dict[str, str]]]:
    """A competency signed on paper, a result from elsewhere, a stage signed and revoked, and a move to another version, to be written."""
    enrolment, bob = network.enrolment, network.bob
    paper = competencies.SignOff(
        enrolment=enrolment,
        competency=make_version().competencies.get(),
        outcome="achieved",
        person=bob,
        capacity="sighted",
        proof="paper",
        wording=wording,
        site=network.site,
        scan="d" * 64,
    )
    task, _ = StageTask.objects.get_or_create(
        stage=network.stage, code="osce", defaults={"position": 9, "title": "OSCE"}
    )
    result = competencies.ExternalResult(
        enrolment=enrolment, task=task, outcome="achieved", document="e" * 64, sighted_by=bob
    )
    stage = competencies.StageSignOff(
        enrolment=enrolment,
        stage=network.stage,
        framework_version=version,
        placement=network.placement,
        person=bob,
        capacity="assessor",
        proof="totp",
        wording=wording,
        minutes=480,
        rests_on=f"{uuid.uuid4()} {'f' * 64}",
    )
    revoked = competencies.StageRevocation(sign_off=stage, person=bob)
    moved = competencies.VersionMove(
        enrolment=enrolment, former=version, framework_version=make_version(), person=bob
    )
    return [
        (paper, {"assessor": "Dr Q", "feedback": "Neat."}),
        (result, {"what": "OSCE of June", "place": "The university", "reason": "A slip."}),
        (stage, {"exception": "Alone.", "feedback": "Well done."}),
        (revoked, {"reason": "Another student."}),
        (moved, {"reason": "Began again after a year."}),
    ]


def make_form(code: str = "") -> competencies.AssessmentForm:
    """A published form of two items, the first of them critical."""
    document = FORM | {"code": code or f"form-{uuid.uuid4().hex[:8]}"}
    content = canonical(document)
    return competencies.AssessmentForm.objects.create(
        code=document["code"],
        number=1,
        published_on=records.DAY,
        title="Half-body",
        source="a test",
        content=content,
        digest=digest_of(content),
    )


FORM: dict[str, Any] = {
    "code": "form",
    "number": 1,
    "published_on": records.DAY.isoformat(),
    "title": "Half-body",
    "about": "One examination.",
    "source": "a test",
    "scale": [
        {"code": "met", "title": "Met", "meets": True},
        {"code": "not_met", "title": "Not met", "meets": False},
    ],
    "judgements": [
        {"code": "not_yet", "title": "Not yet", "passes": False},
        {"code": "ready", "title": "Ready", "passes": True},
    ],
    "groups": [
        {
            "title": "Before",
            "items": [
                {
                    "code": "identity",
                    "title": "Asks who it is",
                    "source": "a test",
                    "critical": "The wrong person.",
                    "may_be_unseen": False,
                },
                {
                    "code": "glucose",
                    "title": "Measures glucose",
                    "source": "a test",
                    "critical": "",
                    "may_be_unseen": True,
                },
            ],
        }
    ],
}


def assessed(network: records.Network, wording: Wording) -> list[tuple[Fact, dict[str, str]]]:
    """An attempt with two assessors that the student has read, to be written."""
    about = {
        "enrolment": network.enrolment,
        "placement": network.placement,
        "form": make_form(),
        "attempt": 1,
        "capacity": "assessor",
        "proof": "totp",
        "wording": wording,
        "ratings": "identity met; glucose not_seen",
        "judgement": "ready",
        "passed": True,
    }
    first = competencies.Assessment(assessor=network.bob, moderated=True, **about)
    second = competencies.Assessment(assessor=network.alice, moderates=first, **about)
    read = competencies.AssessmentAcknowledgement(
        assessment=first, person=network.alice, proof="totp", wording=wording
    )
    return [(first, {"feedback": "Calm."}), (second, {"feedback": "Clear."}), (read, {})]
