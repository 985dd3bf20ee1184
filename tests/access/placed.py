"""Alice's placement at Elm Hospital, supervised by Bob, with a shift that waits."""

from datetime import timedelta
from uuid import uuid4

from placements.models import (
    AdjustmentProposal,
    Cohort,
    Enrolment,
    PlaceOffer,
    SiteAudit,
    Supervision,
)
from school.core import clock, ledger
from school.core.ledger import Draft
from school.core.models import PORTAL, Book
from school.people.models import MailDomain, Scope
from school.people.network import network_book
from tests import factories
from tests.access.world import MAKERS, World


def make(world: World) -> None:
    """Enrol Alice, place her, and let her send yesterday's shift."""
    version = factories.make_network()
    programme = version.programme
    scope = Scope.objects.create(
        kind=Scope.Kind.COHORT, name="September 2024", parent=programme.scope
    )
    today = clock.today()
    year = timedelta(days=365)
    cohort = Cohort.objects.create(
        scope=scope, programme=programme, name="September 2024", starts=today - year
    )
    enrolment = Enrolment.objects.create(
        book=Book.objects.create(kind=Book.Kind.ENROLMENT),
        person=world.people["alice"],
        cohort=cohort,
        version=version,
        university=programme.university,
        student_number="S1",
        starts=today - year,
        ends=today + year,
    )
    MailDomain.objects.create(site=world.site, domain="trust.example")
    book = network_book()
    with ledger.writing(book) as pen:
        audit = Draft(
            fact=SiteAudit(site=world.site),
            book=book,
            about_from=today - year,
            about_to=today + year,
        )
        pen.append([audit], by=PORTAL)
    placement = factories.make_placement(
        enrolment, site=world.site, educator=world.people["bob"], inducted=False
    )
    note = factories.make_day_note(placement, today - timedelta(days=2))
    make_up = factories.plan_shift(placement, today + timedelta(days=2))
    make_up.makes_up = note
    make_up.save()
    world.things |= {
        "make_up": make_up,
        "enrolment": enrolment,
        "placement": placement,
        "shift": factories.make_shift(placement, today - timedelta(days=1)),
        "note": note,
        "offer": PlaceOffer.objects.get(site=world.site),
        "supervision": Supervision.objects.get(placement=placement),
        "proposal": AdjustmentProposal.objects.create(
            uuid=uuid4(),
            enrolment=enrolment,
            stage=placement.stage,
            minutes=60,
            reason="x",
            proposer=world.invited,
            proposed_on=today,
        ),
    }


MAKERS.append(make)
