"""Publications go to people: who got which and when is a fact, and the mail goes with it; monthly ones too."""

from collections.abc import Iterable, Sequence
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from school.core import clock, days, ledger
from school.core.codes import grouped
from school.core.documents import address
from school.core.errors import DomainError
from school.core.ledger import Draft
from school.core.models import PORTAL
from school.coverage import publication_files
from school.coverage.actions.reporting import rule_not_withdrawn, rule_publishes
from school.coverage.models import Publication, Report, Schedule, Sending
from school.coverage.policies import readers
from school.people import mail
from school.people.models import Person
from school.people.network import network_book
from school.people.telling import tell


def send_publication(
    *, by: Person, publication: Publication, person: Person | None, address: str, uuid: UUID
) -> Sending:
    """Sends a publication to a person of the portal, or to an address outside.

    The person gets a link to its page; the address gets its totals and where its code is checked. Raises
    DomainError where neither or both are given, or the person may not see it.
    """
    rule_publishes(by)
    rule_one_recipient(person, address, publication)
    return _send([(person, address, uuid)], publication, by=by.uuid)[0]


def send_month(*, publication: Publication, schedule: Schedule, words: str) -> list[Sending]:
    """Sends a monthly publication to its people with a note of what moved; once to each, whoever asks.

    Who may not see it any more is passed over.
    """
    chosen = readers(schedule.report).filter(pk__in=schedule.recipients.values("pk"))
    wanted = [(one, "", uuid5(publication.uuid, str(one.uuid))) for one in chosen.order_by("pk")]
    return _send(wanted, publication, by=PORTAL, words=words)


def _send(
    wanted: Sequence[tuple[Person | None, str, UUID]],
    publication: Publication,
    *,
    by: UUID,
    words: str = "",
) -> list[Sending]:
    book = network_book()
    drafts = [
        Draft(
            fact=Sending(publication=publication, person=person),
            book=book,
            about_from=clock.today(),
            uuid=uuid,
            texts={"address": address} if address else {},
        )
        for person, address, uuid in wanted
    ]
    with ledger.writing(book, answering=[uuid for *_, uuid in wanted]) as pen:
        done = pen.answered(drafts, by=by) if drafts else {}
        new = [draft for draft in drafts if draft.uuid not in done]
        if new:
            rule_not_withdrawn(publication)
        pen.append(new, by=by)
        for (person, address, uuid), draft in zip(wanted, drafts, strict=True):
            if draft in new:
                _tell(publication, person, address, uuid, words)
    return [done.get(draft.uuid, draft.fact) for draft in drafts]  # type: ignore[misc]


def _tell(publication: Publication, person: Person | None, to: str, uuid: UUID, words: str) -> None:
    title = publication.report.title
    subject = f"{title}: training coverage at {days.long_date(publication.entry.about_from)}"
    if person is not None:
        page = f"{settings.WAGTAILADMIN_BASE_URL}{reverse('publication', args=[publication.uuid])}"
        said = words or "A report of training coverage was published for you to read."
        tell(person, "publication_sent", subject, said, page, once_key=f"publication:{uuid}")
        return
    lines = "\n".join(publication_files.totals(publication))
    mail.owe(
        address=to,
        kind="publication_sent",
        subject=subject,
        body=(
            f"The School of Oncology published “{title}”, for {publication.report.for_whom}.\n\n{lines}\n\n"
            f"Its code is {grouped(publication.code)}. Whether it holds can be checked by anybody:\n"
            f"{address(publication.code)}"
        ),
        once_key=f"publication:{uuid}",
    )


def save_schedule(
    *,
    by: Person,
    report: Report,
    day_of_month: int,
    recipients: Iterable[Person],
    active: bool = True,
) -> Schedule:
    """A published report is published each month and sent to people who may see it, or no longer."""
    rule_publishes(by)
    chosen = list(recipients)
    rule_may_see(chosen, report)
    rule_published(report)
    with transaction.atomic():
        found = Schedule.objects.select_for_update().filter(report=report).first()
        schedule = found or Schedule(report=report)
        schedule.day_of_month, schedule.active = day_of_month, active
        schedule.save()
        schedule.recipients.set(chosen)
    return schedule


def rule_one_recipient(person: Person | None, address: str, publication: Publication) -> None:
    """It goes to a person or to an address, and inside ones go to people alone."""
    if (person is None) == (not address):
        raise DomainError("Choose a person, or enter an address: one of the two.", field="person")
    if person is not None:
        rule_may_see([person], publication.report)
    elif not publication.goes_outside:
        raise DomainError(
            "This was published for people of the School: nothing in it is hidden. Publish another for "
            "outside the School and send that.",
            field="address",
        )


def rule_may_see(people: Sequence[Person], report: Report) -> None:
    """Only who may see a publication is told of it."""
    keys = {person.pk for person in people}
    allowed = set(readers(report).filter(pk__in=keys).values_list("pk", flat=True))
    unable = sorted(person.name for person in people if person.pk not in allowed)
    if unable:
        raise DomainError(f"{unable[0]} may not see this report.", field="recipients")


def rule_published(report: Report) -> None:
    """What is repeated was checked and published once."""
    if not Publication.objects.filter(report=report).exists():
        raise DomainError("Publish the report once; from then on it can be repeated each month.")
