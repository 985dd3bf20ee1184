"""The staff of the demo's sites, and the people a newcomer signs in as."""

from datetime import timedelta

from simple_history.utils import bulk_create_with_history

from school.core import ledger
from school.core.ledger import Draft
from school.core.models import PORTAL, Book
from school.demo import names
from school.demo.personas import PERSONAS
from school.demo.run import Build, write
from school.people import roles
from school.people.models import (
    JobRole,
    Person,
    Post,
    PostTerm,
    RoleGrant,
    Scope,
    User,
)
from school.people.network import network_book

JOBS = (
    ("pet-ct-radiographer", "PET-CT radiographer", "Allied health professionals"),
    ("senior-pet-ct-radiographer", "Senior PET-CT radiographer", "Allied health professionals"),
    ("pet-ct-technologist", "PET-CT technologist", "Healthcare scientists"),
    ("imaging-support-worker", "Imaging support worker", "Additional clinical services"),
    ("administrator", "Administrator", "Administrative and clerical"),
)
# The personas who have a post at the site.
POSTED = ("practice_educator", "site_lead", "radiation_protection")
EDUCATORS_A_SITE = 2
STAFF_A_SITE = 6


def make_people(run: Build, wanted: list[tuple[str, str]], *, accounts: bool) -> list[Person]:
    """Persons with these names and addresses, each with a record book, and an account when asked."""
    users: list[User | None] = [None] * len(wanted)
    if accounts:
        made = [User(email=email) for _, email in wanted]
        for user in made:
            user.set_unusable_password()
        users = list(bulk_create_with_history(made, User, batch_size=2000))
    books = Book.objects.bulk_create(Book(uuid=run.uuid(), kind=Book.Kind.PERSON) for _ in wanted)
    people = [
        Person(uuid=run.uuid(), book=book, user=user, name=name, email=email)
        for (name, email), book, user in zip(wanted, books, users, strict=True)
    ]
    return list(bulk_create_with_history(people, Person, batch_size=2000))


def build_personas(run: Build) -> None:
    """The people a newcomer signs in as."""
    people = make_people(run, [(p.name, p.email) for p in PERSONAS], accounts=True)
    run.personas = {persona.key: person for persona, person in zip(PERSONAS, people, strict=True)}


def build_staff(run: Build, copy: int) -> None:
    """About 170 staff with posts at the sites, at each two practice educators, a lead and one who protects from radiation."""
    wanted = [
        (names.name(run.rng), f"staff.{copy}.{site.slug}.{n}@demo.example")
        for site in run.sites
        for n in range(STAFF_A_SITE)
    ]
    staff = make_people(run, wanted, accounts=True)
    for code, title, group in JOBS:
        JobRole.objects.get_or_create(code=code, defaults={"title": title, "staff_group": group})
    jobs = list(JobRole.objects.order_by("code"))
    posts = bulk_create_with_history(
        [
            Post(uuid=run.uuid(), person=person, reference=f"P{copy}-{n}")
            for n, person in enumerate(staff)
        ],
        Post,
        batch_size=2000,
    )
    terms, granted = [], []
    for n, (person, post) in enumerate(zip(staff, posts, strict=True)):
        number, place = divmod(n, STAFF_A_SITE)
        site = run.sites[number]
        here = copy == 0 and number == run.home
        began = run.today - timedelta(days=200 + run.rng.randrange(3000))
        terms.append(
            Draft(
                fact=PostTerm(
                    post=post,
                    job_role=jobs[run.rng.randrange(len(jobs))],
                    site=site,
                    whole_time_hundredths=run.rng.choice([100, 100, 100, 80, 60]),
                    crew=PostTerm.Crew.STATIC,
                    line_manager=run.personas["site_lead"] if here else None,
                ),
                book=person.book,
                about_from=began,
                uuid=run.uuid(),
                known_from=began,
            )
        )
        if place < EDUCATORS_A_SITE:
            if here and place == 0:
                person = run.personas["practice_educator"]
            run.educators.setdefault((copy, number), []).append(person)
            granted.append((person, roles.PRACTICE_EDUCATOR, site.scope))
        elif place == EDUCATORS_A_SITE:
            lead = run.personas["site_lead"] if here else person
            run.leads[copy, number] = lead
            granted.append((lead, roles.SITE_LEAD, site.scope))
        elif place == EDUCATORS_A_SITE + 1 and copy == 0:
            keeper = run.personas["radiation_protection"] if here else person
            granted.append((keeper, roles.RADIATION_PROTECTION_SUPERVISOR, site.scope))
    if copy == 0:
        terms += _persona_posts(run)
    run.terms[copy] = terms
    write(terms)
    grant(run, granted)


def _persona_posts(run: Build) -> list[Draft]:
    """The personas who work at the site, with its lead as their manager."""
    lead = run.personas["site_lead"]
    people = [run.personas[key] for key in POSTED]
    posts = bulk_create_with_history(
        [Post(uuid=run.uuid(), person=person, reference=f"D-{person.pk}") for person in people],
        Post,
    )
    began = run.today - timedelta(days=1000)
    return [
        Draft(
            fact=PostTerm(
                post=post,
                job_role=JobRole.objects.get(code="senior-pet-ct-radiographer"),
                site=run.sites[run.home],
                crew=PostTerm.Crew.STATIC,
                line_manager=None if person == lead else lead,
            ),
            book=person.book,
            about_from=began,
            uuid=run.uuid(),
            known_from=began,
        )
        for person, post in zip(people, posts, strict=True)
    ]


def grant(run: Build, wanted: list[tuple[Person, roles.Role, Scope]]) -> None:
    """Gives roles from a year ago on."""
    book = network_book()
    since = run.today - timedelta(days=365)
    with ledger.writing(book) as pen:
        pen.append(
            [
                Draft(
                    fact=RoleGrant(person=person, role=role.key, scope=scope),
                    book=book,
                    about_from=since,
                    uuid=run.uuid(),
                    known_from=since,
                )
                for person, role, scope in wanted
            ],
            by=PORTAL,
        )
