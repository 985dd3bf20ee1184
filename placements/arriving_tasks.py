"""The daily look ahead: who is told, once, that something is missing before a first day or is there to be read."""

from django.db import transaction
from django.db.models import Q
from django_tasks import task

from placements import arriving_queries as queries
from placements import policies, radiation_queries
from placements.actions.radiation import tell_supervisors
from placements.actions.telling import page
from placements.models import Enrolment
from school.core import days
from school.people import mail
from school.people.addresses import address_of
from school.people.models import Mail, Person
from school.people.queries import grants
from school.people.roles import COORDINATOR


@task()
def look_ahead() -> int:
    """Tell students who lack something, once for each placement, and their coordinators how many; gives the number of messages.

    A site's new radiation protection supervisor, or that of a new placement's site, hears of what stands to be read.
    """
    told = sum(tell_supervisors(fact) for fact in radiation_queries.to_tell())
    lacking = {_key(row): row for row in queries.lacking(Q())}
    known = set(Mail.objects.filter(once_key__in=list(lacking)).values_list("once_key", flat=True))
    # Together: a student who was told would never again be new to those who place them.
    with transaction.atomic():
        fresh = [row for key, row in lacking.items() if key not in known and _tell_student(row)]
        return told + len(fresh) + (_tell_coordinators(fresh) if fresh else 0)


def _key(row: queries.Readiness) -> str:
    return f"not_ready:{row.placement.uuid}"


def _tell_student(row: queries.Readiness) -> bool:
    """Whether this is the first that anybody is told of the placement; without an address it stands in the portal."""
    placed = row.placement
    student = placed.enrolment.person
    missing = "\n".join(f"- {words}" for words in row.missing)
    sent = mail.owe(
        address=address_of(student),
        kind="not_ready",
        subject="Something is missing for your placement",
        body=(
            f"Your placement at {placed.site.name} begins on {days.long_date(placed.starts)}. "
            f"Still missing:\n{missing}\n\nSee what to show, and to whom:\n{page('ready')}"
        ),
        person=student,
        once_key=_key(row),
    )
    return sent is not None


def _tell_coordinators(fresh: list[queries.Readiness]) -> int:
    """Each coordinator hears in one mail of those new now whom they place; gives how many do."""
    told = 0
    keys = [row.placement.enrolment_id for row in fresh]
    people: dict[Person, Q] = {}
    rows = grants().filter(role=COORDINATOR.key, person__user__is_active=True)
    for grant in rows.select_related("person__user", "scope").order_by("pk"):
        condition = people.get(grant.person, Q(pk__in=[]))
        people[grant.person] = condition | policies.in_scope(grant.scope)
    for person, condition in people.items():
        count = Enrolment.objects.filter(condition, pk__in=keys).count()
        if count:
            _tell_coordinator(person, count)
            told += 1
    return told


def _tell_coordinator(person: Person, count: int) -> None:
    students = "1 student" if count == 1 else f"{count} students"
    mail.owe(
        address=address_of(person),
        kind="students_not_ready",
        subject="Students lack something for their placement",
        body=(
            f"{students} whom nobody was told of before {'lacks' if count == 1 else 'lack'} a check or an induction for a "
            f"placement that begins within 14 days or has begun.\n\nSee who and what:\n{page('not_ready')}"
        ),
        person=person,
    )
