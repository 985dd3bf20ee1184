"""A site's scanner becomes static: the mobile term ends, the static one begins, and no unit comes any more."""

from datetime import date
from uuid import UUID

from school.core import days, ledger
from school.core.errors import DomainError
from school.people.models import Person, ScannerTerm, Site, UnitStay
from school.people.network import network_book

Kind = ScannerTerm.Kind


def make_static(*, site: Site, day: date, uuid: UUID, by: Person) -> ScannerTerm:
    """Records that a site's scanner is static from a day; stays of units from then on go or end the day before.

    `uuid` is the static term's own, made by the client. Raises DomainError when there is no mobile scanner to replace.
    """
    book = network_book()
    draft = ledger.Draft(
        fact=ScannerTerm(site=site, scanner_kind=Kind.STATIC),
        book=book,
        about_from=day,
        uuid=uuid,
    )
    with ledger.writing(book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return _term(done[uuid])
        mobile = rule_is_mobile(site, day)
        ended = ledger.Draft(
            fact=ScannerTerm(site=site, scanner_kind=Kind.MOBILE, supersedes=mobile),
            book=book,
            about_from=mobile.entry.about_from,
            about_to=day - days.DAY,
        )
        pen.append([ended, draft], by=by.uuid)
        for stay in UnitStay.objects.filter(site=site, ends__gte=day):
            if stay.starts >= day:
                stay.delete()
            else:
                stay.ends = day - days.DAY
                stay.save()
    return _term(draft.fact)


def rule_is_mobile(site: Site, day: date) -> ScannerTerm:
    """Only a mobile scanner that has begun, and that nothing follows, becomes static; answers with its term."""
    terms = list(ScannerTerm.objects.standing().filter(site=site).order_by("-entry__about_from"))
    newest: ScannerTerm | None = terms[0] if terms else None
    if newest is None or newest.scanner_kind != Kind.MOBILE:
        raise DomainError(
            f"The scanner of {site.name} is static from {days.long_date(newest.entry.about_from)} already."
            if newest
            else f"No scanner of {site.name} is recorded. Import the network’s file first.",
            field="day",
        )
    if newest.entry.about_from >= day:
        raise DomainError(
            f"The scanner of {site.name} is mobile from {days.long_date(newest.entry.about_from)}. "
            "The static one begins after that day.",
            field="day",
        )
    if newest.entry.about_to is not None and newest.entry.about_to < day - days.DAY:
        raise DomainError(
            f"The mobile scanner of {site.name} ended on {days.long_date(newest.entry.about_to)}. "
            "The static one begins the day after, or import the network’s file.",
            field="day",
        )
    return newest


def _term(fact: object) -> ScannerTerm:
    assert isinstance(fact, ScannerTerm)
    return fact
