"""What students say they need on placement, for themselves and for those to whom they consent that it is shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from placements import policies
from placements.models import Enrolment, Placement, ReasonableAdjustment
from placements.taking_part import supervised
from school.core import clock, ledger
from school.people.middleware import Viewer
from school.people.models import Person
from school.people.roles import SITE_LEAD, Permission

SUPERVISORS = "those who supervise your placements"
SITE = "the lead of your site"
UNIVERSITY = "your university tutor and programme lead"


@dataclass(frozen=True, slots=True)
class Version:
    """What a student wrote once, and whom they let read it."""

    uuid: UUID
    words: str
    shown_to: str
    at: datetime
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Need:
    """Something that a student needs, with what they wrote before, for the student alone."""

    now: Version
    earlier: tuple[Version, ...]


def shown_to(fact: ReasonableAdjustment) -> str:
    """Who reads it, as the student reads it."""
    groups = [
        words
        for told, words in (
            (fact.for_supervisors, SUPERVISORS),
            (fact.for_site, SITE),
            (fact.for_university, UNIVERSITY),
        )
        if told
    ]
    return ", ".join(groups) or "nobody but you"


def needs(*enrolments: Enrolment) -> list[Need]:
    """Everything that a student wrote down on their enrolments, what stands first, in two queries."""
    facts = list(ReasonableAdjustment.objects.filter(enrolment__in=enrolments).order_by("entry"))
    texts = ledger.private_texts(facts, "words")
    lines: dict[int, list[Version]] = {}
    for fact in facts:
        before = lines.pop(fact.supersedes_id, []) if fact.supersedes_id else []
        version = Version(
            fact.entry.uuid,
            texts.get(fact.pk, ""),
            shown_to(fact),
            fact.entry.recorded_at,
            fact.withdrawn,
        )
        lines[fact.pk] = [version, *before]
    found = [Need(line[0], tuple(line[1:])) for line in lines.values()]
    return sorted(found, key=lambda need: (need.now.withdrawn, -need.now.at.timestamp()))


def readable(viewer: Viewer) -> QuerySet[ReasonableAdjustment]:
    """What stands of other people's, in a group to which the student consents that the viewer is in it.

    Those who supervise a placement that goes on or is to come, the lead of its site, and the
    university's tutor and programme lead; no other role opens one.
    """
    if viewer.person is None:
        return ReasonableAdjustment.objects.none()
    me = viewer.me
    there = Placement.objects.filter(
        enrolment=OuterRef("enrolment"), ends__gte=clock.today()
    ).exclude(state=Placement.State.WITHDRAWN)
    allowed = Q(Exists(there.filter(supervised(me))), for_supervisors=True)
    led = [hat.scope.pk for hat in viewer.hats if hat.role == SITE_LEAD]
    if led:
        allowed |= Q(Exists(there.filter(site__scope__in=led)), for_site=True)
    if viewer.may(Permission.FOLLOW_STUDENTS):
        followed = policies.enrolments_with(viewer, Permission.FOLLOW_STUDENTS)
        allowed |= Q(enrolment__in=followed, for_university=True)
    rows: QuerySet[ReasonableAdjustment] = (
        ReasonableAdjustment.objects.standing()
        .filter(allowed, withdrawn=False)
        .exclude(enrolment__person__in=me)
    )
    return rows


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody needs, for a reader to whom they consent."""

    person: Person
    words: list[str]


def of_people(viewer: Viewer, people: Iterable[UUID]) -> dict[UUID, Shown]:
    """What the viewer may read of what some persons need, by the person's UUID, in one query."""
    facts = (
        readable(viewer)
        .filter(enrolment__person__uuid__in=list(people), entry__private_texts__name="words")
        .select_related("enrolment__person")
        .annotate(words=F("entry__private_texts__text"))
        .order_by("entry__seq")
    )
    found: dict[UUID, Shown] = {}
    for fact in facts:
        person = fact.enrolment.person
        found.setdefault(person.uuid, Shown(person, [])).words.append(fact.words)
    return found
