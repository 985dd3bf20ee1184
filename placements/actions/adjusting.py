"""Minutes added to a stage or taken from it: one person proposes, a second agrees, and only then it counts."""

from uuid import UUID

from django.db import transaction

from placements import policies, standing
from placements.models import Adjustment, AdjustmentProposal, Enrolment, Stage, StageTally
from school.core import clock, days, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.ledger import Draft
from school.core.rows import rule_same_row
from school.people.models import Person
from school.people.queries import identity


def propose_adjustment(
    *, by: Person, enrolment: Enrolment, stage: Stage, minutes: int, reason: str, uuid: UUID
) -> AdjustmentProposal:
    """Keeps what one person wants to add (or, below zero, take away) until a second agrees."""
    rule_not_own_adjustment(by, enrolment)
    if minutes == 0:
        raise DomainError("Enter how many minutes to add, or to take away.", field="minutes")
    if not reason.strip():
        raise DomainError("Enter the reason. It is kept with the hours.", field="reason")
    sent = {
        "enrolment_id": enrolment.pk,
        "stage_id": stage.pk,
        "minutes": minutes,
        "reason": reason.strip(),
        "proposer_id": by.pk,
    }
    with transaction.atomic():
        rule_not_below_nothing(enrolment, stage, minutes)
        kept, new = AdjustmentProposal.objects.get_or_create(
            uuid=uuid, defaults={**sent, "proposed_on": clock.today()}
        )
        if not new:
            rule_same_row(kept, sent)
    return kept


def agree_adjustment(*, by: Person, proposal: AdjustmentProposal) -> Adjustment:
    """The second person agrees: the minutes count from now on, with both names. The proposal goes."""
    enrolment = proposal.enrolment
    rule_not_own_adjustment(by, enrolment)
    rule_second_person(by, proposal)
    today = clock.today()
    draft = Draft(
        fact=Adjustment(
            enrolment=enrolment, stage=proposal.stage, minutes=proposal.minutes, second_person=by
        ),
        book=enrolment.book,
        about_from=proposal.proposed_on,
        about_to=today,
        uuid=proposal.uuid,
        texts={"reason": proposal.reason},
    )
    with ledger.writing(enrolment.book, answering=[proposal.uuid]) as pen:
        done = pen.answered([draft], by=proposal.proposer.uuid)
        if done:
            return done[proposal.uuid]  # type: ignore[return-value]
        _still_open(proposal)
        rule_not_below_nothing(enrolment, proposal.stage, proposal.minutes)
        pen.append([draft], by=proposal.proposer.uuid)
        AdjustmentProposal.objects.filter(pk=proposal.pk).delete()
        standing.refresh_tallies([enrolment.pk])
    return draft.fact  # type: ignore[return-value]


def decline_adjustment(*, by: Person, proposal: AdjustmentProposal) -> None:
    """The proposal goes and nothing counts differently; its proposer may take it back so too."""
    rule_not_own_adjustment(by, proposal.enrolment)
    with transaction.atomic():
        _still_open(proposal)
        AdjustmentProposal.objects.filter(pk=proposal.pk).delete()


def rule_not_own_adjustment(by: Person, enrolment: Enrolment) -> None:
    """Nobody adjusts their own hours, whatever their roles."""
    if policies.owns(by, enrolment):
        raise NotAllowed("These are your own hours. Two other people adjust them.")


def rule_second_person(by: Person, proposal: AdjustmentProposal) -> None:
    """Who agrees is another person than who proposed, merged persons included."""
    if proposal.proposer_id in identity(by):
        raise NotAllowed("You proposed this yourself. A second person agrees to it.")


def rule_not_below_nothing(enrolment: Enrolment, stage: Stage, minutes: int) -> None:
    """No more is taken away than counts."""
    tally = StageTally.objects.filter(enrolment=enrolment, stage=stage).first()
    counted = tally.confirmed + tally.brought_forward + tally.adjusted if tally else 0
    if counted + minutes < 0:
        raise DomainError(
            f"{days.in_words(counted)} count in {stage}. You cannot take away more than that.",
            field="minutes",
        )


def _still_open(proposal: AdjustmentProposal) -> None:
    if not AdjustmentProposal.objects.select_for_update().filter(pk=proposal.pk).exists():
        raise Conflict("Somebody settled this meanwhile. Look at the record to see how it stands.")
