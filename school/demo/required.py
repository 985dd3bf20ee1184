"""How the demo's staff stand with what is asked of them: years of renewals, some late, some void, some not asked."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from simple_history.utils import bulk_create_with_history

from school.core import days
from school.core.ledger import Draft
from school.courses.models import Attainment, AttainmentVoid, Course, CourseVersion
from school.coverage.models import Exemption, Requirement
from school.demo import asked, names
from school.demo.asked import REQUIRED, Required
from school.demo.courses import taught
from school.demo.run import Build, write
from school.demo.staff import make_people
from school.people.models import Absence, JobRole, Person, Post, PostTerm

DAY = timedelta(days=1)
# What is in date of a renewed requirement at an ordinary site, three years ago and today; less at every seventh site.
THEN, NOW, LESS, EVERY = 0.82, 0.95, 0.14, 7
# One in so many never came, and one in so many was recorded weeks later.
NEVER, LATE = 40, 30
# Where somebody began in the last weeks (the first at the personas' own site), and how many days ago.
STARTED = ((0, 16), (3, 30), (9, 44), (15, 51))
# Whose staff was away since how many days, by their number, and why.
AWAY = ((22, 210, "maternity"), (47, 96, "sick"), (81, 150, "maternity"), (104, 44, "sick"), (160, 400, "career_break"))  # fmt: skip
# Of whom what is not asked, since how many days and for how many more.
EXEMPT = (
    (12, "radiation-safety", 200, 165, "Works in the booking office until the end of the project."),
    (63, "conflict-resolution", 120, 245, "Has no contact with the public in this post."),
    (90, "radiation-safety", 60, 120, "Works in the control room only, for now."),
    (133, "fire-safety", 500, -135, "Covered by the course of the trust that lent her."),
)
VOID = "The register of that day names somebody else of the same name."
# What was attended in December 2016 and recorded only in the following year.
FOUND_LATER = (
    (date(2016, 12, 6), date(2017, 2, 3)),
    (date(2016, 12, 6), date(2017, 2, 3)),
    (date(2016, 12, 20), date(2017, 3, 14)),
)


@dataclass(slots=True)
class _Served:
    """Somebody's time in the network, and where they work now."""

    person: Person
    began: date
    until: date | None
    role: str
    site: int


def build_required(run: Build) -> None:
    """Requirements, and for everyone in post over the last years what they attained of them and when."""
    rng = random.Random(f"{run.seed} {run.today} {run.scale} required")
    asked.build_asked(run)
    _starters(run, rng)
    own = set(run.personas.values())
    staff = {draft.fact.post.person for draft in run.terms[0]}  # type: ignore[attr-defined]
    served = _served(run)
    drafts: list[Draft] = []
    for one in REQUIRED:
        version = taught(run, one.course)
        # What today's staff have of dementia training, `learned` has written.
        kept = staff if one.course == asked.TIER_1 else set()
        for number, who in enumerate(served):
            if who.person in kept or (one.roles and who.role not in one.roles):
                continue
            lacks = (number * 7 + len(one.code)) % NEVER == 0 and who.person not in own
            if not lacks:
                drafts += _attained(run, rng, one, version, who)
    drafts += _found_later(run, rng) + _away(run) + _exempt(run)
    write(drafts)
    learned = [draft for draft in drafts if isinstance(draft.fact, Attainment)]
    write([_void(run, draft) for draft in rng.sample(learned, 2)])


def _held(course: Course) -> list[Person]:
    rows = Attainment.objects.filter(course_version__course=course).select_related("person")
    return [row.person for row in rows]


def _served(run: Build) -> list[_Served]:
    """Everybody of the network's first copy who was in post since the requirements began, in the order of their keys."""
    found: dict[int, _Served] = {}
    rows = PostTerm.objects.standing().exclude(entry__about_to__lt=asked.april(run, 4))
    terms = rows.select_related("post__person__book", "entry", "job_role").order_by("entry")
    copies = {draft.fact.post.person for held in run.terms.values() for draft in held} - {  # type: ignore[attr-defined]
        draft.fact.post.person  # type: ignore[attr-defined]
        for draft in run.terms[0]
    }
    place = {site.pk: number for number, site in enumerate(run.sites)}
    for term in terms:
        person, entry = term.post.person, term.entry
        if person in copies:
            continue
        who = found.setdefault(person.pk, _Served(person, entry.about_from, entry.about_to, "", 0))
        who.began = min(who.began, entry.about_from)
        if not who.role or entry.about_to is None:
            who.until, who.role = entry.about_to, term.job_role.code
            who.site = place[term.site_id]
    return [found[key] for key in sorted(found)]


def _attained(
    run: Build, rng: random.Random, one: Required, version: CourseVersion, who: _Served
) -> list[Draft]:
    """What somebody attained of a requirement: first soon after they began, then again whenever it ran out."""
    drafts = []
    months = one.months
    begun = asked.april(run, one.years)
    span = 30 * (months or 12)
    # Whoever was there before the requirement began did it at some time in the period before.
    day = who.began + DAY * rng.randrange(5, 50)
    if day < begun:
        day = begun - DAY * rng.randrange(span)
    while day < min(run.today, who.until or run.today):
        known = day + DAY * (
            rng.randrange(20, 90) if rng.randrange(LATE) == 0 else rng.randrange(3)
        )
        drafts.append(_draft(run, who.person, version, day, min(known, run.today)))
        if months is None:
            break
        expires = days.add_months(day, months)
        if rng.random() < 0.4:
            day = max(day + 30 * DAY, expires - DAY * rng.randrange(60))
            continue
        done = (expires - begun) / (run.today - begun)
        share = THEN + (NOW - THEN) * min(1, max(0, done)) - LESS * (who.site % EVERY == 2)
        day = expires + DAY * (1 + int(rng.expovariate(0.6 * share / (span * (1 - share)))))
    return drafts


def _draft(run: Build, person: Person, version: CourseVersion, day: date, known: date) -> Draft:
    source = Attainment.Source.IMPORT
    return Draft(
        fact=Attainment(person=person, course_version=version, source=source),
        book=person.book,
        about_from=day,
        uuid=run.uuid(),
        known_from=known,
    )


def _void(run: Build, made: Draft) -> Draft:
    attainment: Attainment = made.fact  # type: ignore[assignment]
    known = min((made.known_from or made.about_from) + 100 * DAY, run.today)
    return Draft(
        fact=AttainmentVoid(attainment=attainment),
        book=made.book,
        about_from=made.about_from,
        uuid=run.uuid(),
        known_from=known,
        texts={"reason": VOID},
    )


def _found_later(run: Build, rng: random.Random) -> list[Draft]:
    """Three who attended elsewhere in December 2016, of whom the School heard in the following year."""
    version = CourseVersion.objects.get(course__code=asked.SKILLS, number=1)
    came = set(_held(version.course))
    others = [person for person in run.workforce if person not in came]
    late = zip(rng.sample(others, len(FOUND_LATER)), FOUND_LATER, strict=True)
    return [_draft(run, person, version, day, known) for person, (day, known) in late]


def _away(run: Build) -> list[Draft]:
    found = []
    for number, since, reason in AWAY:
        person: Person = run.terms[0][number].fact.post.person  # type: ignore[attr-defined]
        first = run.today - since * DAY
        fact = Absence(person=person, reason=reason)
        found.append(
            Draft(fact=fact, book=person.book, about_from=first, uuid=run.uuid(), known_from=first)
        )
    return found


def _exempt(run: Build) -> list[Draft]:
    requirements = {row.code: row for row in Requirement.objects.all()}
    found = []
    for number, code, since, more, reason in EXEMPT:
        person: Person = run.terms[0][number].fact.post.person  # type: ignore[attr-defined]
        first = run.today - since * DAY
        found.append(
            Draft(
                fact=Exemption(person=person, requirement=requirements[code]),
                book=person.book,
                about_from=first,
                about_to=run.today + more * DAY,
                uuid=run.uuid(),
                known_from=first,
                texts={"reason": reason},
            )
        )
    return found


def _starters(run: Build, rng: random.Random) -> None:
    """A few who began in the last weeks."""
    wanted = [(names.name(rng), f"starter.{number}@demo.example") for number, _ in STARTED]
    people = make_people(run, wanted, accounts=False)
    posts = bulk_create_with_history(
        [Post(uuid=run.uuid(), person=one, reference=f"N-{n}") for n, one in enumerate(people)],
        Post,
    )
    role = JobRole.objects.get(code="pet-ct-radiographer")
    drafts = []
    for post, (number, ago) in zip(posts, STARTED, strict=True):
        began = run.today - ago * DAY
        site = run.sites[(run.home + number) % len(run.sites)]
        fact = PostTerm(post=post, job_role=role, site=site, crew=PostTerm.Crew.STATIC)
        drafts.append(
            Draft(
                fact=fact,
                book=post.person.book,
                about_from=began,
                uuid=run.uuid(),
                known_from=began,
            )
        )
    write(drafts)
