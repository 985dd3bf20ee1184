"""What was signed and assessed, told to whoever notices what people do.

Who signs or assesses is told of no student, and the student of no assessment that waits for a second assessor.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from logbooks.competencies.assessing_queries import opened
from logbooks.competencies.models import Assessment, Revocation, SignOff, StageSignOff
from school.core.registries import Done


def signed(facts: Sequence[UUID]) -> list[Done]:
    """Who signed a competency and who achieved it, by sign-offs."""
    rows = SignOff.objects.filter(entry__uuid__in=facts)
    return _signed(set(rows.values_list("enrolment", "competency")))


def revoked(facts: Sequence[UUID]) -> list[Done]:
    """The same, by revocations."""
    rows = Revocation.objects.filter(entry__uuid__in=facts)
    return _signed(set(rows.values_list("sign_off__enrolment", "sign_off__competency")))


def _signed(of: Collection[tuple[int, int]]) -> list[Done]:
    """By whole lines: the sign-offs of a competency of an enrolment are one line, with one achievement of the student."""
    lines: dict[tuple[int, int], list[SignOff]] = {pair: [] for pair in of}
    near = SignOff.objects.filter(
        enrolment__in={enrolment for enrolment, _ in of},
        competency__in={competency for _, competency in of},
    )
    for row in near.select_related("entry", "competency", "enrolment", "revocation").order_by("pk"):
        if (row.enrolment_id, row.competency_id) in lines:
            lines[row.enrolment_id, row.competency_id].append(row)
    return [done for line in lines.values() for done in (*_signatures(line), *_achieved(line))]


def _signatures(line: Sequence[SignOff]) -> list[Done]:
    """Each was work of its own, and stays so when it is revoked; paper was signed by somebody else."""
    return [
        Done(
            person=row.person_id,
            key=row.entry.uuid,
            kind="mentoring",
            title=f"Signed a competency: {row.competency.code}",
            day=row.entry.about_from,
        )
        for row in line
        if row.proof != SignOff.Proof.PAPER
    ]


def _achieved(line: Sequence[SignOff]) -> list[Done]:
    first, newest = line[0], line[-1]
    if all(row.outcome != SignOff.Outcome.ACHIEVED for row in line):
        return []
    return [
        Done(
            person=newest.enrolment.person_id,
            key=first.entry.uuid,
            kind="competency",
            title=f"{newest.competency.code} {newest.competency.title}",
            day=newest.entry.about_from,
            holds=newest.outcome == SignOff.Outcome.ACHIEVED and not hasattr(newest, "revocation"),
        )
    ]


def stages_signed(facts: Sequence[UUID]) -> list[Done]:
    """Who signed a whole stage; revoked or not, it was work."""
    rows = StageSignOff.objects.filter(entry__uuid__in=facts).select_related("entry", "stage")
    return [
        Done(
            person=row.person_id,
            key=row.entry.uuid,
            kind="mentoring",
            title=f"Signed year {row.stage.year} of a student",
            day=row.entry.about_from,
        )
        for row in rows
    ]


def assessed(facts: Sequence[UUID]) -> list[Done]:
    """Who assessed, by assessments, and whose attempt it was once they may read of it; nothing of what came of it."""
    told = list(Assessment.objects.filter(entry__uuid__in=facts).select_related("entry", "form"))
    assessors = [
        Done(
            person=row.assessor_id,
            key=row.entry.uuid,
            kind="assessing",
            title=f"Assessed a student: {row.form.title}",
            day=row.entry.about_from,
        )
        for row in told
    ]
    firsts = Assessment.objects.filter(
        opened(), pk__in={row.moderates_id or row.pk for row in told}
    )
    students = [
        Done(
            person=row.enrolment.person_id,
            key=row.entry.uuid,
            kind="assessment",
            title=row.form.title,
            day=row.entry.about_from,
        )
        for row in firsts.select_related("entry", "form", "enrolment")
    ]
    return [*assessors, *students]
