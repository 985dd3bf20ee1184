"""Who is told of training that is due: each person of their own, and on Mondays who answers for them; of nothing twice."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.urls import reverse
from django_tasks import task

from school.core import clock, days
from school.coverage import asked_queries, standing, states
from school.coverage.marks import SOON_DAYS
from school.coverage.models import Reminded, Requirement, Satisfied
from school.coverage.over_time import booked
from school.coverage.reminder_words import Due, Names, Step, to_manager, to_person
from school.coverage.renewal import NONE, Rule, window_opens
from school.coverage.states import Line, Narrowed, Question, State
from school.people.addresses import address_of
from school.people.models import Mail, Person, PostTerm, Scope, Site
from school.people.preferences import merged_at
from school.people.queries import grants, is_gone, merges
from school.people.roles import ROLES, Permission
from school.people.telling import tell

OWN, OTHERS = "training_due", "training_digest"

# So long before it lapses somebody is told again,
AGAIN = timedelta(days=30)
# unless they were told within so many days before that.
APART = timedelta(days=7)

Thing = tuple[int, int, str, date | None]
# From who reads it, what is new and of how many things they were told before: the subject, the words, and the address to go to.
Write = Callable[[Person, Sequence[Due], int], tuple[str, str, str]]


@task()
def remind() -> int:
    """Tells people what of theirs is due, and on Mondays who answers for them; gives how many mails are owed just now.

    Run again, or twice at once, it says nothing anew. Who is away for long is told when they are back.
    """
    today = clock.today()
    kept = dict(merges().values_list("merged", "kept"))
    found = due(today)
    own: dict[int, list[Due]] = defaultdict(list)
    for one in found:
        own[one.person].append(one)
    told = _tell(own, OWN, _to_person(), kept)
    if today == days.monday(today):
        watched, leads = _watched(found, today, kept)
        told += _tell(watched, OTHERS, _to_manager(found, leads), kept)
    return told


# What is due ------------------------------------------------------------------------------------


def due(today: date) -> list[Due]:
    """What is due of everybody in post, and not booked; six queries after the kept state is brought up.

    Not of the exempt, of who is away for 28 days or more, or of who has left.
    """
    question = Question(today, today)
    rules = {
        key: standing.renewing(version)
        for key, version in asked_queries.versions(today, today).items()
    }
    until = _furthest(rules.values(), today)
    soon = Narrowed(states=(State.IN_DATE,), away=False, expires_by=until)
    behind = Narrowed(states=(State.EXPIRED, State.MISSING), away=False)
    lines = chain(
        states.lines(question, soon),
        states.lines(replace(question, is_brought_up=True), behind),
    )
    steps = [(line, step) for line in lines if (step := _step(line, rules, today))]
    people = {line.person for line, _ in steps}
    places = booked(question, people)
    left = Person.objects.filter(pk__in=people, left_on__lt=today)
    gone = set(left.values_list("pk", flat=True))
    had = _last_had([line for line, _ in steps if line.state is State.MISSING])
    return [
        Due(
            line.person,
            line.requirement,
            line.site,
            step,
            line.expires or had.get((line.person, line.requirement)),
        )
        for line, step in steps
        if line.person not in gone and not _is_seen_to(line, places)
    ]


def step_of(rule: Rule, expires: date, today: date) -> Step | None:
    """What somebody is told who is in date until a day: that it can be renewed, or that it lapses soon.

    Where the two would come within a week there is only the second.
    """
    opens = _opens(rule, expires)
    soon = max(opens, expires - AGAIN)
    if today >= soon:
        return Step.SOON
    return Step.OPEN if today >= opens and soon - opens > APART else None


def _opens(rule: Rule, expires: date) -> date:
    """From when somebody is told: the window, or 90 days; not in the first half of a shorter period."""
    if rule.window != NONE:
        return window_opens(rule, expires)
    half = (expires - rule.active.before(expires)) // 2 if rule.active else timedelta.max
    return expires - min(timedelta(days=SOON_DAYS), half)


def _step(line: Line, rules: Mapping[int, Rule], today: date) -> Step | None:
    if line.state is State.MISSING:
        return Step.MISSING
    if line.state is State.EXPIRED:
        return Step.LAPSED
    return step_of(rules[line.requirement], line.expires, today) if line.expires else None


def _furthest(rules: Iterable[Rule], today: date) -> date:
    """The last day on which something expires that may be due today; month ends may lie three days apart."""
    windows = (rule.window.after(today) + timedelta(days=3) for rule in rules)
    return max([today + timedelta(days=SOON_DAYS), *windows])


def _is_seen_to(line: Line, places: Mapping[tuple[int, int], date]) -> bool:
    """Whether they have a place, for what they still have before it expires."""
    place = places.get((line.person, line.version))
    if place is None:
        return False
    return line.state is not State.IN_DATE or line.expires is None or place <= line.expires


def _last_had(missing: Sequence[Line]) -> dict[tuple[int, int], date]:
    """Since when people were last known to have what they miss now: it was void, or another course is asked."""
    rows = Satisfied.objects.filter(person__in={line.person for line in missing})
    asked = rows.values_list("person", "version__requirement").order_by()
    return {(person, key): day for person, key, day in asked.annotate(Max("known_from"))}


# Who answers for whom ---------------------------------------------------------------------------


def _watched(
    found: Sequence[Due], today: date, kept: Mapping[int, int]
) -> tuple[dict[int, list[Due]], frozenset[int]]:
    """By reader what has lapsed, lapses soon or is missing: of the posts they manage and the sites they lead.

    Each thing once, and nothing of their own; and which of them are leads.
    """
    terms = PostTerm.objects.standing().filter(
        Q(entry__about_to=None) | Q(entry__about_to__gte=today),
        entry__about_from__lte=today,
        line_manager__isnull=False,
    )
    managers: dict[tuple[int, int], set[int]] = defaultdict(set)
    for person, site, manager in terms.values_list("post__person", "site", "line_manager"):
        managers[kept.get(person, person), site].add(kept.get(manager, manager))
    leads: dict[int, set[int]] = defaultdict(set)
    roles = [role.key for role in ROLES.values() if Permission.SEE_TRAINING in role.permissions]
    held = grants(today).filter(role__in=roles, scope__kind=Scope.Kind.SITE)
    for site, person in held.values_list("scope__site", "person"):
        leads[site].add(kept.get(person, person))
    watched: dict[int, dict[Thing, Due]] = defaultdict(dict)
    for one in found:
        if one.step == Step.OPEN:
            continue
        for reader in managers[one.person, one.site] | leads[one.site]:
            if reader != one.person:
                watched[reader].setdefault(one.thing, one)
    return (
        {reader: list(mine.values()) for reader, mine in watched.items()},
        frozenset(chain.from_iterable(leads.values())),
    )


# Telling ----------------------------------------------------------------------------------------


def _to_person() -> Write:
    names = Names(_requirements(), {}, {})

    def write(reader: Person, new: Sequence[Due], before: int) -> tuple[str, str, str]:
        has_account = reader.user_id is not None
        words = to_person(new, names, has_account=has_account)
        return *words, _page("own_passport") if has_account else ""

    return write


def _to_manager(found: Sequence[Due], leads: Collection[int]) -> Write:
    people = Person.objects.filter(pk__in={one.person for one in found})
    names = Names(
        _requirements(),
        dict(people.values_list("pk", "name")),
        dict(Site.objects.values_list("pk", "name")),
    )

    def write(reader: Person, new: Sequence[Due], before: int) -> tuple[str, str, str]:
        is_lead = reader.pk in leads
        words = to_manager(new, before, names, is_lead=is_lead)
        return *words, _page("coverage_lapses" if is_lead else "staff_bookings")

    return write


def _requirements() -> dict[int, str]:
    return dict(Requirement.objects.values_list("pk", "name"))


def _page(name: str) -> str:
    return f"{settings.WAGTAILADMIN_BASE_URL}{reverse(name)}"


def _tell(
    by_reader: Mapping[int, Sequence[Due]], kind: str, write: Write, kept: Mapping[int, int]
) -> int:
    """Tells each reader what is new to them in one mail; gives how many mails are owed just now."""
    told = _told(by_reader, kept)
    wanted = {
        reader
        for reader, mine in by_reader.items()
        if any(one.thing not in told[reader] for one in mine)
    } | set(_held(kind).values_list("person", flat=True))
    people = Person.objects.filter(pk__in=wanted).select_related("user", "mail_preference")
    return sum(
        _say(person, by_reader.get(person.pk, ()), kind, write, kept)
        for person in people.annotate(is_merged=merged_at("pk")).order_by("pk")
        if address_of(person) and not is_gone(person) and (kind == OWN or person.user_id)
    )


def _say(
    reader: Person, mine: Sequence[Due], kind: str, write: Write, kept: Mapping[int, int]
) -> bool:
    with transaction.atomic():
        # Whoever tells the same reader at the same moment waits here, and finds below what was said.
        list(Person.objects.select_for_update(no_key=True).filter(pk=reader.pk))
        _take_back(reader, kind)
        told = _told([reader.pk], kept)[reader.pk]
        new = list({one.thing: one for one in mine if one.thing not in told}.values())
        if not new:
            return False
        before = len({one.thing for one in mine}) - len(new)
        subject, words, link = write(reader, new, before)
        mail = tell(reader, kind, subject, words, link)
        Reminded.objects.bulk_create(
            Reminded(
                reader=reader,
                person_id=one.person,
                requirement_id=one.requirement,
                step=one.step,
                about=one.about,
                mail=mail,
            )
            for one in new
        )
    return True


def _told(readers: Collection[int], kept: Mapping[int, int]) -> dict[int, set[Thing]]:
    """What readers were told, each thing and reader under the person who is kept of merged ones; one query."""
    keys = {*readers, *(merged for merged, head in kept.items() if head in readers)}
    rows = Reminded.objects.filter(reader__in=keys)
    found: dict[int, set[Thing]] = defaultdict(set)
    for reader, person, *thing in rows.values_list("reader", "person", *COLUMNS):
        found[kept.get(reader, reader)].add((kept.get(person, person), *thing))
    return found


COLUMNS = ("requirement", "step", "about")


def _held(kind: str) -> QuerySet[Mail]:
    """What waits for a digest since an earlier day: it is said anew, without what was booked or done since."""
    today = days.start_of_day(clock.today())
    return Mail.objects.filter(kind=kind, state=Mail.State.HELD, created_at__lt=today)


def _take_back(reader: Person, kind: str) -> None:
    """Deletes what a digest still holds for somebody, and that they were told of it."""
    held = list(_held(kind).filter(person=reader).select_for_update().values_list("pk", flat=True))
    if held:
        Reminded.objects.filter(mail__in=held).delete()
        Mail.objects.filter(pk__in=held).delete()
