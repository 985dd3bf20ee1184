"""What the demo's staff have on record from before: the tiers of dementia training, from a file of the staff record."""

import random
from datetime import date, timedelta

from school.core.ledger import Draft
from school.courses.models import Attainment, CourseVersion
from school.demo.courses import taught
from school.demo.run import Build, write
from school.people.models import Person

# One in so many of the staff lacks the first tier, has the second, has the third.
LACKING, SECOND, THIRD = 7, 3, 21


def build_learned(run: Build) -> dict[int, list[Person]]:
    """The staff by the tiers that they have attained, each list in the order of the staff."""
    rng = random.Random(f"{run.seed} {run.today} {run.scale} learned")
    versions = {tier: taught(run, f"dementia-tier-{tier}") for tier in (1, 2, 3)}
    found: dict[int, list[Person]] = {1: [], 2: [], 3: []}
    drafts = []
    for number, term in enumerate(run.terms[0]):
        person: Person = term.fact.post.person  # type: ignore[attr-defined]
        if number % LACKING == LACKING - 1 and person not in run.personas.values():
            continue
        tiers = [1]
        tiers += [2] if number % SECOND == 0 and person not in run.personas.values() else []
        tiers += [3] if number % THIRD == 0 and 2 in tiers else []
        first = max(term.about_from, run.today - timedelta(days=1000))
        for tier in tiers:
            room = (run.today - first).days - 20 * (4 - tier)
            day = first + timedelta(days=5 + rng.randrange(max(1, room // 2)))
            drafts.append(_attained(run, person, versions[tier], day))
            found[tier].append(person)
            first = day
    write(drafts)
    return found


def _attained(run: Build, person: Person, version: CourseVersion, day: date) -> Draft:
    source = Attainment.Source.IMPORT
    return Draft(
        fact=Attainment(person=person, course_version=version, source=source),
        book=person.book,
        about_from=day,
        uuid=run.uuid(),
        known_from=day,
    )
