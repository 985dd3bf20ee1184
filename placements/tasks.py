"""Recurring work about hours: the mail that tells practice educators what is new."""

from django.db.models import Q
from django_tasks import task

from placements import cover_queries, lines, policies
from placements.actions.cover import tell_stand_in
from placements.actions.telling import send_digest
from placements.models import CurrentShift, Supervision
from school.core import clock
from school.people.models import Mail, Person
from school.people.queries import grants, identity, merges
from school.people.roles import SITE_LEAD


@task()
def digest() -> int:
    """Tell each practice educator with new items, at most once a day; gives how many were told."""
    told = 0
    seen: set[int] = set()
    for person in _educators():
        if person.pk in seen:
            continue
        seen |= set(identity(person))
        told += _tell(person)
    return told


def _educators() -> list[Person]:
    """Those with an account who supervise a placement with something that waits, and the site leads."""
    today = clock.today()
    supervising = Supervision.objects.standing().filter(
        Q(entry__about_to=None) | Q(entry__about_to__gte=today),
        placement__current_shifts__state__in=CurrentShift.WAITING,
    )
    leads = grants().filter(role=SITE_LEAD.key)
    through = merges().filter(merged__in=supervising.values("person"))
    standing_in = policies.covers_today().values("stand_in")
    return list(
        Person.objects.filter(
            Q(left_on=None) | Q(left_on__gte=today),
            Q(pk__in=supervising.values("person"))
            | Q(pk__in=through.values("kept"))
            | Q(pk__in=leads.values("person"))
            | Q(pk__in=standing_in)
            | Q(pk__in=merges().filter(merged__in=standing_in).values("kept")),
            user__is_active=True,
        )
        .select_related("user")
        .order_by("pk")
    )


@task()
def cover_begins() -> int:
    """Tell those who stand in for a practice educator from today on; gives how many were told."""
    today = policies.covers_today().filter(entry__about_from=clock.today())
    covers = today.select_related("person", "stand_in__user")
    return sum(tell_stand_in(cover=cover) is not None for cover in covers)


def _tell(person: Person) -> bool:
    me = identity(person)
    led = policies.led_by(me)
    waiting = policies.waiting_for(me, led).filter(state=CurrentShift.State.AWAITING)
    told = Mail.objects.filter(person=person, kind="hours_digest").order_by("-created_at")
    last, gone_out = (
        mails.values_list("created_at", flat=True).first()
        for mails in (told, told.exclude(state=Mail.State.HELD))
    )
    rows = cover_queries.arrivals(waiting, me, led)
    if not any(last is None or since > last for since, _ in rows):
        return False
    # What a digest still holds is said anew, with what has come since.
    new = sum(1 for since, _ in rows if gone_out is None or since > gone_out)
    gone = lines.days_waited(rows[0][1])
    oldest = f"The oldest has waited {lines.working_days(gone)}." if gone else ""
    sent = send_digest(
        person=person, new=new, waiting=len(rows), oldest=oldest, day=clock.today().isoformat()
    )
    return sent is not None
