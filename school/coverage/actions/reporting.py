"""Reports of training coverage: drafted by one person, checked by another, published with frozen rows, taken back."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid5

from django.db import transaction

from school.core import clock, documents, ledger
from school.core.codes import new_code
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.ledger import Draft
from school.core.models import PORTAL
from school.core.rows import is_as_seen
from school.coverage import frozen, publication_files, standing
from school.coverage.models import (
    Frozen,
    Publication,
    PublicationFiles,
    Report,
    Requirement,
    Schedule,
    Withdrawal,
)
from school.coverage.policies import UNPUBLISHED, publishing_hats
from school.people.models import Person, Site
from school.people.network import network_book
from school.people.queries import hats, identity


def draft_report(
    *,
    by: Person,
    uuid: UUID,
    title: str,
    for_whom: str,
    as_of: date,
    known_on: date,
    policy: str,
    grouped_by: str,
    audience: str,
    requirements: Sequence[Requirement] = (),
    sites: Sequence[Site] = (),
) -> Report:
    """Keeps a report to be checked; a change of it has to be checked again. None named are all requirements, or sites."""
    rule_publishes(by)
    if known_on > clock.today():
        raise DomainError("Nothing is known from the future.", field="known_on")
    with transaction.atomic():
        report = Report.objects.select_for_update().filter(uuid=uuid).first()
        if report is None:
            report = Report(uuid=uuid)
        else:
            rule_unpublished(report)
        report.title, report.for_whom = title, for_whom
        report.as_of, report.known_on = as_of, known_on
        report.policy, report.grouped_by, report.audience = policy, grouped_by, audience
        # Whoever changed it last has drafted it, so that somebody else checks the change.
        report.drafted_by, report.reviewed_by, report.reviewed_at = by, None, None
        report.save()
        report.requirements.set(requirements)
        report.sites.set(sites)
    return report


def review_report(*, by: Person, report: Report, seen: int) -> Report:
    """Another person has checked what a report asks and whom it goes to; a second time it changes nothing.

    `seen` is the key of the newest row of its history that they have read.
    """
    rule_publishes(by)
    with transaction.atomic():
        found = Report.objects.select_for_update().get(pk=report.pk)
        if found.reviewed_by_id == by.pk:
            return found
        rule_unpublished(found)
        rule_another_person(by, found)
        rule_as_seen(found, seen)
        found.reviewed_by, found.reviewed_at = by, clock.now()
        found.save()
    return found


def publish_report(*, by: Person, report: Report, uuid: UUID) -> Publication:
    """Freezes what a checked report asks, as it stands once every write under way has ended.

    Sent again under its UUID it gives the first answer. Raises NotAllowed, Conflict, DomainError.
    """
    rule_publishes(by)
    # What the kept state lacks is worked out before anybody has to wait for it.
    standing.bring_up()
    with transaction.atomic():
        mark = standing.hold()
        done = Publication.objects.filter(entry__uuid=uuid, entry__actor=by.uuid).first()
        if done is not None:
            return done  # type: ignore[no-any-return]
        found = Report.objects.select_for_update().get(pk=report.pk)
        rule_unpublished(found)
        rule_reviewed(found)
        return _freeze(found, found.as_of, found.known_on, mark, by=by.uuid, uuid=uuid)


def publish_month(*, schedule: Schedule, as_of: date) -> Publication:
    """Publishes a report again, as of the last day of a month and as known today; once each month, whoever asks."""
    uuid = uuid5(schedule.report.uuid, as_of.isoformat())
    standing.bring_up()
    with transaction.atomic():
        mark = standing.hold()
        done = Publication.objects.filter(entry__uuid=uuid).first()
        if done is not None:
            return done  # type: ignore[no-any-return]
        return _freeze(schedule.report, as_of, clock.today(), mark, by=PORTAL, uuid=uuid)


def _freeze(
    report: Report, as_of: date, known_on: date, mark: int, *, by: UUID, uuid: UUID
) -> Publication:
    """Writes the fact and its rows, inside the transaction that holds the ledger still."""
    parts = [(name, text, frozen.digest_of(text)) for name, text in frozen.parts(report, as_of, known_on)]  # fmt: skip
    rule_somebody(parts)
    book = network_book()
    fact = Publication(
        report=report,
        known_on=known_on,
        policy=report.policy,
        grouped_by=report.grouped_by,
        audience=report.audience,
        drafted_by=report.drafted_by,
        reviewed_by=report.reviewed_by,
        watermark=mark,
        code=new_code(),
        rows_digest=frozen.digest((name, digest) for name, _, digest in parts),
    )
    with ledger.writing(book) as pen:
        pen.append([Draft(fact=fact, book=book, about_from=as_of, uuid=uuid)], by=by)
        Frozen.objects.bulk_create(
            Frozen(publication=fact, part=name, text=text, digest=digest)
            for name, text, digest in parts
        )
    return fact


def make_files(*, publication: Publication) -> PublicationFiles:
    """Makes the documents of a publication from its frozen rows, and keeps them; once, whoever asks."""
    made = publication_files.made(publication)
    book = network_book()
    with ledger.writing(book) as pen:
        done = PublicationFiles.objects.filter(publication=publication).first()
        if done is not None:
            return done  # type: ignore[no-any-return]
        fact = PublicationFiles(
            publication=publication,
            **{f"{kind}_digest": documents.digest(data) for kind, data in made.items()},
        )
        for kind, data in made.items():
            publication_files.keep(publication, kind, data)
        pen.append([Draft(fact=fact, book=book, about_from=clock.today())], by=PORTAL)
    return fact


def withdraw_publication(
    *, by: Person, publication: Publication, reason: str, uuid: UUID
) -> Withdrawal:
    """A publication is taken back: it stays readable, and its page and its code say so."""
    rule_publishes(by)
    book = network_book()
    draft = Draft(
        fact=Withdrawal(publication=publication),
        book=book,
        about_from=clock.today(),
        uuid=uuid,
        texts={"reason": reason},
    )
    with ledger.writing(book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        rule_not_withdrawn(publication)
        pen.append([draft], by=by.uuid)
    return draft.fact  # type: ignore[return-value]


def rule_publishes(by: Person) -> None:
    """Who drafts, checks and publishes sees the training of the whole network."""
    if not publishing_hats(hats(by)):
        raise NotAllowed(UNPUBLISHED)


def rule_another_person(by: Person, report: Report) -> None:
    """Nobody checks their own draft, by whatever record they are known."""
    if report.drafted_by_id in identity(by):
        raise NotAllowed("You drafted this report, so somebody else checks it.")


def rule_as_seen(report: Report, seen: int) -> None:
    """What is checked is what was read before."""
    if not is_as_seen(report, seen):
        raise Conflict("Somebody changed this report meanwhile. Read it again, then check it.")


def rule_reviewed(report: Report) -> None:
    """Only what a second person has checked goes out."""
    if report.reviewed_by_id is None:
        raise DomainError("Nobody has checked this report yet, so it cannot be published.")


def rule_unpublished(report: Report) -> None:
    """A report that was published stays as it was."""
    if Publication.objects.filter(report=report).exists():
        raise Conflict("This report was published meanwhile, and stays as it is. Draft another.")


def rule_somebody(parts: Sequence[tuple[str, str, str]]) -> None:
    """There is somebody of whom something was required."""
    if [name for name, *_ in parts] == [Frozen.FIGURES]:
        raise DomainError(
            "Nothing was required of anybody on that day, as it was known then, so there is nothing to publish."
        )


def rule_not_withdrawn(publication: Publication) -> None:
    """A publication is taken back once."""
    if Withdrawal.objects.filter(publication=publication).exists():
        raise Conflict("This publication was withdrawn meanwhile.")
