"""A coordinator asks a site for places; whoever runs the site offers some or declines; a request can be taken back."""

from datetime import date
from uuid import UUID, uuid5

from django.db import transaction

from placements.actions.arranging import offer_places
from placements.actions.telling import page
from placements.models import PlaceOffer, PlaceRequest, Stage
from placements.requests_queries import amount, leads_of
from school.core import clock
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.rows import rule_same_row
from school.people import mail
from school.people.addresses import address_of
from school.people.models import Person, Site

State = PlaceRequest.State


def ask_for_places(
    *,
    by: Person,
    site: Site,
    stage: Stage,
    starts: date,
    ends: date,
    places: int,
    uuid: UUID,
    words: str = "",
) -> PlaceRequest:
    """Asks a site for places of a stage and tells its leads that something waits; the same UUID again gives the first request."""
    rule_request(starts, ends, places)
    sent = {
        "site_id": site.pk,
        "stage_id": stage.pk,
        "starts": starts,
        "ends": ends,
        "places": places,
        "words": words.strip(),
    }
    with transaction.atomic():
        request, new = PlaceRequest.objects.get_or_create(
            uuid=uuid, defaults={**sent, "asked_by": by, "asked_on": clock.today()}
        )
        if request.asked_by_id != by.pk:
            raise NotAllowed("This cannot be saved.")
        if not new:
            rule_same_row(request, sent)
        else:
            for lead in leads_of(site):
                _tell(request, lead, "places_asked", "A request for places waits for an answer")
    return request


def rule_request(starts: date, ends: date, places: int) -> None:
    """A request is of one place or more, begins before it ends, and is not over already."""
    if ends < starts:
        raise DomainError("The last day must not be before the first.", field="ends")
    if ends < clock.today():
        raise DomainError("The last day is over. Ask for days to come.", field="ends")
    if places < 1:
        raise DomainError("Ask for 1 place or more.", field="places")


def offer_asked(*, by: Person, request: PlaceRequest, places: int, words: str = "") -> PlaceRequest:
    """Offers all the places that were asked for, or fewer: they are free to be filled at once."""
    rule_no_more_than_asked(request, places)
    with transaction.atomic():
        kept = _locked(request)
        offer_uuid = uuid5(kept.uuid, "offer")
        if kept.offer and kept.answered_by_id == by.pk and kept.offer.places == places:
            return kept
        rule_waits(kept)
        offer = offer_places(
            by=by,
            site=kept.site,
            stage=kept.stage,
            starts=kept.starts,
            ends=kept.ends,
            places=places,
            uuid=offer_uuid,
        )
        return _answer(kept, State.OFFERED, by=by, words=words, offer=offer)


def decline(*, by: Person, request: PlaceRequest, words: str) -> PlaceRequest:
    """Declines a request, with the reason for the coordinator."""
    if not words.strip():
        raise DomainError(
            "Enter why, so that the coordinator knows what to ask for instead.", field="words"
        )
    with transaction.atomic():
        kept = _locked(request)
        if kept.state == State.DECLINED and kept.answered_by_id == by.pk:
            return kept
        rule_waits(kept)
        return _answer(kept, State.DECLINED, by=by, words=words)


def take_back(*, by: Person, request: PlaceRequest) -> PlaceRequest:
    """Takes a request back while it waits; the history keeps that it was asked, and by whom it was taken back."""
    del by
    with transaction.atomic():
        kept = _locked(request)
        if kept.state == State.TAKEN_BACK:
            return kept
        rule_waits(kept)
        kept.state = State.TAKEN_BACK
        kept.save()
    return kept


def rule_waits(request: PlaceRequest) -> None:
    """What was answered or taken back stays as it is."""
    if request.state != State.ASKED:
        raise Conflict(
            f"This request is {request.get_state_display()} already. Nothing was changed."
        )


def rule_no_more_than_asked(request: PlaceRequest, places: int) -> None:
    """An answer is of one place or more, and of no more than were asked for."""
    if not 1 <= places <= request.places:
        raise DomainError(
            f"{amount(request.places).capitalize()} {'was' if request.places == 1 else 'were'} asked for: "
            f"offer between 1 and {request.places}, or decline.",
            field="places",
        )


def _locked(request: PlaceRequest) -> PlaceRequest:
    rows = PlaceRequest.objects.select_for_update(of=("self",)).select_related("site", "stage")
    return rows.get(pk=request.pk)


def _answer(
    request: PlaceRequest,
    state: PlaceRequest.State,
    *,
    by: Person,
    words: str,
    offer: PlaceOffer | None = None,
) -> PlaceRequest:
    request.state, request.offer = state, offer
    request.answered_by, request.answered_on = by, clock.today()
    request.answer = words.strip()
    request.save()
    _tell(request, request.asked_by, "places_answered", "A site has answered a request for places")
    return request


def _tell(request: PlaceRequest, person: Person, kind: str, subject: str) -> None:
    """A mail that says only that there is something to read; nothing to those without an address."""
    to = address_of(person)
    if not to:
        return
    mail.owe(
        address=to,
        kind=kind,
        subject=subject,
        body=f"{subject}. Open it in the portal:\n{page('place_request', request.uuid)}",
        person=person,
        once_key=f"{kind}:{request.uuid}:{person.uuid}",
    )
