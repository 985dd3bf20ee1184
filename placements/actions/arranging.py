"""What a coordinator arranges around placements: places that sites offer, audits, and a student placed with a rota."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from placements.actions.placing import place_student
from placements.actions.rota import Pattern, plan_rota, planned_by
from placements.models import DayType, Enrolment, Placement, PlaceOffer, SiteAudit, Stage
from school.core import clock, days, ledger
from school.core.errors import Conflict, DomainError
from school.core.ledger import Draft
from school.core.rows import rule_same_row
from school.people.models import Person, Site
from school.people.network import network_book

# ARC / SLEC: a placement site's quality audit holds for two years.
AUDIT_MONTHS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Rota:
    """The pattern that a placement begins with, and why a breach of it may stand."""

    pattern: Pattern
    day_type: DayType
    reason: str = ""


def place_with_rota(
    *,
    by: Person,
    enrolment: Enrolment,
    stage: Stage,
    site: Site,
    starts: date,
    ends: date,
    uuid: UUID,
    confirmed: bool = False,
    rota: Rota | None = None,
) -> Placement:
    """Puts a student on a place together with its rota, or does neither. Raises DomainError as both do."""
    with transaction.atomic():
        known = Placement.objects.filter(uuid=uuid).exists()
        placement = place_student(
            by=by,
            enrolment=enrolment,
            stage=stage,
            site=site,
            starts=starts,
            ends=ends,
            uuid=uuid,
            confirmed=confirmed,
        )
        if rota is not None and not known:
            plan_rota(
                by=by,
                placement=placement,
                shifts=planned_by(rota.pattern, placement, rota.day_type),
                reason=rota.reason,
            )
    return placement


@dataclass(frozen=True, slots=True)
class Wanted:
    """A student, the site where they shall be, and the placement's own UUID, made by the client."""

    enrolment: Enrolment
    site: Site
    uuid: UUID


class PlacesRefused(DomainError):
    """Why some students of a cohort cannot be placed as asked: sentences by the UUIDs of their enrolments."""

    def __init__(self, found: dict[UUID, str]) -> None:
        super().__init__(" ".join(found.values()))
        self.found = found


def place_cohort(
    *,
    by: Person,
    wanted: Sequence[Wanted],
    stage: Stage,
    starts: date,
    ends: date,
    confirmed: bool = False,
) -> list[Placement]:
    """Puts several students on places together, or none. Raises PlacesRefused with everything that speaks against it."""
    placed, against = [], {}
    # Every book and site is taken in one order, so that two coordinators wait for each other once.
    with ledger.writing(*(one.enrolment.book for one in wanted)):
        list(
            Site.objects.select_for_update()
            .filter(pk__in={one.site.pk for one in wanted})
            .order_by("pk")
        )
        for one in wanted:
            try:
                placed.append(
                    place_student(
                        by=by,
                        enrolment=one.enrolment,
                        stage=stage,
                        site=one.site,
                        starts=starts,
                        ends=ends,
                        uuid=one.uuid,
                        confirmed=confirmed,
                    )
                )
            except DomainError as error:
                against[one.enrolment.uuid] = error.message
        if against:
            raise PlacesRefused(against)
    return placed


def offer_places(
    *, by: Person, site: Site, stage: Stage, starts: date, ends: date, places: int, uuid: UUID
) -> PlaceOffer:
    """A site offers places of a stage between two days; the same UUID again gives the first offer."""
    rule_offer(starts, ends, places)
    del (
        by
    )  # the history keeps who it was; the parameter keeps the rule that every write names its actor
    sent = {
        "site_id": site.pk,
        "stage_id": stage.pk,
        "starts": starts,
        "ends": ends,
        "places": places,
    }
    with transaction.atomic():
        Site.objects.select_for_update().get(pk=site.pk)
        offer, new = PlaceOffer.objects.get_or_create(uuid=uuid, defaults=sent)
        if not new:
            rule_same_row(offer, sent)
    return offer


def change_offer(
    *, by: Person, offer: PlaceOffer, starts: date, ends: date, places: int
) -> PlaceOffer:
    """Gives an offer other dates or another number, as long as everybody who is placed keeps a place.

    Closing an offer is giving it an earlier last day. Raises DomainError naming the first day that would be short.
    """
    rule_offer(starts, ends, places)
    del by
    with transaction.atomic():
        Site.objects.select_for_update().get(pk=offer.site_id)
        kept = PlaceOffer.objects.select_for_update().get(pk=offer.pk)
        kept.starts, kept.ends, kept.places = starts, ends, places
        rule_places_kept(kept)
        kept.save()
    return kept


def rule_offer(starts: date, ends: date, places: int) -> None:
    """An offer begins before it ends and is of one place or more."""
    if ends < starts:
        raise DomainError("The last day must not be before the first.", field="ends")
    if places < 1:
        raise DomainError(
            "An offer is of 1 place or more. To end it, give it a last day.", field="places"
        )


def rule_places_kept(offer: PlaceOffer) -> None:
    """No day from today on loses a place that a student has."""
    first = clock.today()
    offers = [
        offer,
        *PlaceOffer.objects.filter(site=offer.site, stage=offer.stage).exclude(pk=offer.pk),
    ]
    taken = list(
        Placement.objects.filter(site=offer.site, stage=offer.stage, ends__gte=first).exclude(
            state=Placement.State.WITHDRAWN
        )
    )
    turns = {first} | {row.starts for row in taken} | {row.ends + days.DAY for row in offers}
    for day in sorted(turn for turn in turns if turn >= first):
        used = sum(row.starts <= day <= row.ends for row in taken)
        free = sum(row.places for row in offers if row.starts <= day <= row.ends)
        if used > free:
            raise DomainError(
                f"{offer.site.name} would have {free} {'place' if free == 1 else 'places'} for {offer.stage} on "
                f"{days.long_date(day)}, and {used} are taken. Move or withdraw a placement first.",
                field="ends" if day > offer.ends else "places",
            )


def record_audit(*, by: Person, site: Site, day: date, uuid: UUID) -> SiteAudit:
    """Records that a site was audited on a day; the audit holds for 24 months."""
    if day > clock.today():
        raise DomainError("The audit cannot lie in the future.", field="day")
    book = network_book()
    draft = Draft(
        fact=SiteAudit(site=site),
        book=book,
        about_from=day,
        about_to=days.add_months(day, AUDIT_MONTHS),
        uuid=uuid,
    )
    with ledger.writing(book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        if SiteAudit.objects.filter(site=site, entry__about_from=day).exists():
            raise Conflict(f"An audit of {site.name} on {days.long_date(day)} is recorded already.")
        pen.append([draft], by=by.uuid)
    return draft.fact  # type: ignore[return-value]
