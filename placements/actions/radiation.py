"""What protects from radiation: a declaration in confidence, who is told that there is one, and dose readings."""

from datetime import date
from uuid import UUID, uuid5

from placements import radiation_queries as queries
from placements.actions.telling import tell_to_read
from placements.models import DoseReading, Enrolment, Placement, PregnancyDeclaration
from school.core import clock, days, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.ledger import Draft
from school.people.models import Person, Site
from school.people.queries import identity

# Declaring ---------------------------------------------------------------------------------------


def declare(*, by: Person, enrolment: Enrolment, words: str, uuid: UUID) -> PregnancyDeclaration:
    """A student declares a pregnancy in their own words, in place of what they wrote before.

    The radiation protection supervisors of the sites of their placements are told that there is something to read.
    """
    rule_own_declaration(by, enrolment)
    if not words.strip():
        raise DomainError("Enter what you declare.", field="words")
    return _declare(by, enrolment, uuid, words=words.strip())


def take_back(*, by: Person, enrolment: Enrolment, uuid: UUID) -> PregnancyDeclaration:
    """A student takes their declaration back. Raises Conflict when none stands."""
    rule_own_declaration(by, enrolment)
    return _declare(by, enrolment, uuid, withdrawn=True)


def _declare(
    by: Person, enrolment: Enrolment, uuid: UUID, *, words: str = "", withdrawn: bool = False
) -> PregnancyDeclaration:
    book = enrolment.book
    with ledger.writing(book, answering=[uuid]) as pen:
        before = PregnancyDeclaration.objects.standing().filter(enrolment=enrolment).first()
        fact = PregnancyDeclaration(enrolment=enrolment, withdrawn=withdrawn, supersedes=before)
        today = clock.today()
        draft = Draft(fact=fact, book=book, about_from=today, uuid=uuid, texts={"words": words})
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        if withdrawn and (before is None or before.withdrawn):
            raise Conflict("There is no declaration to take back.")
        pen.append([draft], by=by.uuid)
        tell_supervisors(fact)
    return fact


def rule_own_declaration(by: Person, enrolment: Enrolment) -> None:
    """Only the student declares, or takes it back."""
    if enrolment.person_id not in identity(by):
        raise NotAllowed("Only the student can write this.")


def tell_supervisors(fact: PregnancyDeclaration) -> int:
    """Tell those who may read a declaration that there is something to read, once each, and not what or whose."""
    placed = Placement.objects.filter(queries.to_come(fact.enrolment)).select_related("site")
    told = 0
    for site in {row.site_id: row.site for row in placed}.values():
        for person in queries.supervisors(site):
            told += _tell(person, fact)
    return told


def _tell(person: Person, fact: PregnancyDeclaration) -> bool:
    return tell_to_read(person, str(uuid5(fact.entry.uuid, str(person.uuid)))) is not None


# Doses -------------------------------------------------------------------------------------------


def record_dose(
    *,
    by: Person,
    enrolment: Enrolment,
    site: Site,
    first: date,
    last: date,
    microsieverts: int,
    uuid: UUID,
    corrects: DoseReading | None = None,
) -> DoseReading:
    """Records what a student's badge showed over the days it was worn at a site, or corrects such a reading."""
    rule_worn(first, last)
    rule_at_site(enrolment, site, first, last)
    book = enrolment.book
    fact = DoseReading(
        enrolment=enrolment, site=site, microsieverts=microsieverts, supersedes=corrects
    )
    draft = Draft(fact=fact, book=book, about_from=first, about_to=last, uuid=uuid)
    with ledger.writing(book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        rule_not_corrected(corrects)
        rule_read_once(enrolment, site, first, last, corrects)
        pen.append([draft], by=by.uuid)
    return fact


def rule_worn(first: date, last: date) -> None:
    """A badge is read after the days it was worn."""
    if last < first:
        raise DomainError("The last day must not be before the first.", field="last")
    if last > clock.today():
        raise DomainError("The last day must not lie in the future.", field="last")


def rule_at_site(enrolment: Enrolment, site: Site, first: date, last: date) -> None:
    """The student was placed at the site on one of the days."""
    if not Placement.objects.filter(
        enrolment=enrolment, site=site, starts__lte=last, ends__gte=first
    ).exists():
        raise DomainError(
            f"{enrolment.person.name} was not placed at {site.name} on these days.", field="first"
        )


def rule_read_once(
    enrolment: Enrolment, site: Site, first: date, last: date, corrects: DoseReading | None
) -> None:
    """No day of a badge counts twice at a site: a reading that is there already is corrected."""
    rows = DoseReading.objects.standing().filter(
        enrolment=enrolment, site=site, entry__about_from__lte=last, entry__about_to__gte=first
    )
    other = rows.exclude(pk=corrects.pk if corrects else None).first()
    if other is not None:
        entry = other.entry
        raise DomainError(
            f"A reading from {days.long_date(entry.about_from)} to {days.long_date(entry.about_to)} "
            "is recorded already. Correct it instead.",
            field="first",
        )


def rule_not_corrected(corrects: DoseReading | None) -> None:
    """A reading is corrected once; the next correction is of what stands then."""
    if corrects is not None and DoseReading.objects.filter(supersedes=corrects).exists():
        raise Conflict("This reading was corrected since you opened the page.")
