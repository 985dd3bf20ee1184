"""The demo's workforce of late 2016, most of it on mobile units then, and what became of it since."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from simple_history.utils import bulk_create_with_history

from school.core.ledger import Draft
from school.demo import names
from school.demo.run import Build, write
from school.demo.staff import make_people
from school.people.models import JobRole, Person, Post, PostTerm, Site

# The network's own figures: 150 at the end of 2016, a quarter more than when the year began.
PEOPLE, BEFORE = 150, 120
# Of these, so many are still there in the demo.
STAYED = 65
YEAR = date(2016, 1, 1)
# From mobile units to static centres, a few sites a month from February to November.
FIRST_TURNED, LAST_TURNED = date(2017, 2, 1), date(2017, 11, 1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Career:
    """Somebody of the workforce of then: their post, its kind and site, since when, when the site turned, and the last day."""

    person: Person
    post: Post
    role: JobRole
    site: Site
    began: date
    turned: date
    until: date


def build_workforce(run: Build, copy: int) -> list[Person]:
    """Everybody who worked in the network at the end of 2016, with their posts; the personas of then first."""
    rng = random.Random(f"{run.seed} {run.today} {run.scale} {copy} workforce")
    held = run.terms[copy]
    there = [draft for draft in held if draft.about_from <= date(YEAR.year, 12, 31)]
    later = [draft for draft in held if draft.about_from > LAST_TURNED + DAY]
    careers = []
    wanted = PEOPLE - len(there)
    own = [draft for draft in later if draft.fact.post.person in run.personas.values()]  # type: ignore[attr-defined]
    others = [draft for draft in later if draft not in own]
    stayed = [*own, *rng.sample(others, min(STAYED, len(others)))][:wanted]
    began = [
        YEAR - timedelta(days=30 + rng.randrange(2500))
        if number < BEFORE - len(there)
        else YEAR + timedelta(days=3 + rng.randrange(240))
        for number in range(wanted)
    ]
    for draft, since in zip(stayed, began, strict=False):
        term: PostTerm = draft.fact  # type: ignore[assignment]
        careers.append(
            Career(
                term.post.person,
                term.post,
                term.job_role,
                term.site,
                since,
                _turned(run, term.site),
                draft.about_from - DAY,
            )
        )
    careers += _who_left(run, copy, rng, began[len(stayed) :])
    write([draft for career in careers for draft in _terms(run, career)])
    return [*(career.person for career in careers), *(draft.fact.post.person for draft in there)]  # type: ignore[attr-defined]


def _who_left(run: Build, copy: int, rng: random.Random, began: list[date]) -> list[Career]:
    """Those who went elsewhere between the year after and two months ago."""
    roles = list(JobRole.objects.order_by("code"))
    people = make_people(
        run,
        [(names.name(rng), f"formerly.{copy}.{n}@demo.example") for n in range(len(began))],
        accounts=False,
    )
    posts = bulk_create_with_history(
        [
            Post(uuid=run.uuid(), person=person, reference=f"F{copy}-{n}")
            for n, person in enumerate(people)
        ],
        Post,
    )
    span = max(1, (run.today - LAST_TURNED).days - 90)
    return [
        Career(
            person,
            post,
            rng.choice(roles),
            run.sites[n % len(run.sites)],
            since,
            _turned(run, run.sites[n % len(run.sites)]),
            LAST_TURNED + timedelta(days=30 + rng.randrange(span)),
        )
        for n, (person, post, since) in enumerate(zip(people, posts, began, strict=True))
    ]


def _turned(run: Build, site: Site) -> date:
    """The day on which a site became a static centre."""
    months = LAST_TURNED.month - FIRST_TURNED.month + 1
    return FIRST_TURNED.replace(month=FIRST_TURNED.month + run.sites.index(site) % months)


def _terms(run: Build, career: Career) -> list[Draft]:
    """A post on a mobile unit, then at a static site, each as it was known at the time."""
    mobile = _term(career, PostTerm.Crew.MOBILE, None)
    ended = _term(career, PostTerm.Crew.MOBILE, mobile)
    static = _term(career, PostTerm.Crew.STATIC, None)
    gone = _term(career, PostTerm.Crew.STATIC, static)
    turned, told_on = career.turned, career.turned - timedelta(days=30)
    told = [
        (mobile, career.began, None, career.began),
        (ended, career.began, turned - DAY, told_on),
        (static, turned, None, told_on),
        (gone, turned, career.until, career.until - timedelta(days=30)),
    ]
    return [
        Draft(
            fact=fact,
            book=career.person.book,
            about_from=first,
            about_to=last,
            uuid=run.uuid(),
            known_from=known,
        )
        for fact, first, last, known in told
    ]


def _term(career: Career, crew: PostTerm.Crew, supersedes: PostTerm | None) -> PostTerm:
    return PostTerm(
        post=career.post, job_role=career.role, site=career.site, crew=crew, supersedes=supersedes
    )
