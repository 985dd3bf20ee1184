"""What happens before the first day: what a site asks and tells, checks that were shown, and who is told what is missing."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db import transaction

from placements.arriving_queries import induction_list
from placements.models import Check, CheckKind, Enrolment, SiteCheck, SiteGuide
from school.core import clock, days, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.ledger import Draft
from school.people.models import Person, Site
from school.people.queries import identity

NOT_COVERED = "Not covered: "

# What a site asks and tells ----------------------------------------------------------------------


def set_site(
    *, by: Person, site: Site, checks: Mapping[str, int | None], guide: Mapping[str, str]
) -> None:
    """Says which checks a site asks for, with the months each is accepted, and writes its guide."""
    del by  # the history keeps who it was
    with transaction.atomic():
        Site.objects.select_for_update().get(pk=site.pk)
        rows = {row.kind: row for row in SiteCheck.objects.filter(site=site)}
        for kind, row in rows.items():
            if kind not in checks:
                row.delete()
        for kind, months in checks.items():
            found = rows.get(kind) or SiteCheck(site=site, kind=CheckKind(kind))
            if found.pk is None or found.months != months:
                found.months = months
                found.save()
        kept = SiteGuide.objects.filter(site=site).first() or SiteGuide(site=site)
        changed = {name: words for name, words in guide.items() if getattr(kept, name) != words}
        for name, words in changed.items():
            setattr(kept, name, words)
        if changed or kept.pk is None:
            kept.save()


# Checks ------------------------------------------------------------------------------------------


def record_check(
    *,
    by: Person,
    enrolment: Enrolment,
    kind: str,
    site: Site,
    since: date,
    until: date | None,
    reference: str,
    uuid: UUID,
    corrects: Check | None = None,
) -> Check:
    """Records that a student showed a check to somebody, or corrects what was recorded.

    `site` is where it was shown: a check that holds everywhere keeps no site, and one without a last
    day gets that of the site's months.
    """
    rule_not_own_check(by, enrolment)
    months = SiteCheck.objects.filter(site=site, kind=kind).values_list("months", flat=True).first()
    if until is None and months:
        until = days.add_months(since, months)
    rule_check_dates(since, until)
    fact = Check(
        enrolment=enrolment,
        check_kind=CheckKind(kind),
        site=site if kind in Check.LOCAL else None,
        person=by,
        supersedes=corrects,
    )
    return _write(by, fact, since, until, uuid, {"reference": reference.strip()})


def withdraw_check(*, by: Person, check: Check, uuid: UUID) -> Check:
    """Takes back a check that was recorded by mistake; both stay on record."""
    rule_not_own_check(by, check.enrolment)
    fact = Check(
        enrolment=check.enrolment,
        check_kind=check.check_kind,
        site=check.site,
        person=by,
        withdrawn=True,
        supersedes=check,
    )
    return _write(by, fact, check.entry.about_from, check.entry.about_to, uuid, {})


def _write(
    by: Person, fact: Check, since: date, until: date | None, uuid: UUID, texts: Mapping[str, str]
) -> Check:
    book = fact.enrolment.book
    draft = Draft(fact=fact, book=book, about_from=since, about_to=until, uuid=uuid, texts=texts)
    with ledger.writing(book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        rule_check_stands(fact.supersedes)
        pen.append([draft], by=by.uuid)
    return fact


def rule_not_own_check(by: Person, enrolment: Enrolment) -> None:
    """Nobody records that they showed a check to themselves."""
    if enrolment.person_id in identity(by):
        raise NotAllowed("Somebody else records that you showed this.")


def rule_check_dates(since: date, until: date | None) -> None:
    """A check holds from a day that has come, to one that is not before it."""
    if since > clock.today():
        raise DomainError(
            "The day must not lie in the future. Record the check once it holds.", field="since"
        )
    if until is not None and until < since:
        raise DomainError("The last day must not be before the first.", field="until")


def rule_check_stands(check: Check | None) -> None:
    """What was corrected or withdrawn already is not changed again."""
    if check is not None and Check.objects.filter(supersedes=check).exists():
        raise Conflict("This check was changed since you opened the page.")


# Induction ---------------------------------------------------------------------------------------


def gone_through(site: Site, covered: Sequence[str]) -> str:
    """What an induction went through, a line for each thing on the site's list; what was left out says so."""
    guide = SiteGuide.objects.filter(site=site).first()
    return "\n".join(
        line if line in covered else f"{NOT_COVERED}{line}" for line in induction_list(guide)
    )
