"""Where competencies stand: kept beside their facts in the same transaction, or rebuilt from them."""

from collections.abc import Iterable, Sequence

from django.db import connection

from logbooks.competencies import states
from logbooks.competencies.models import (
    CurrentCompetency,
    NotApplicable,
    Revocation,
    SignOff,
    SignOffRequest,
)
from logbooks.competencies.states import Asked, Event, Excused, Revoked, Signed, Standing
from placements.models import Enrolment
from school.core import engine

Spoken = SignOffRequest | SignOff | Revocation | NotApplicable
# A competency of a student, by the keys of the enrolment and of the competency.
Key = tuple[int, int]

COLUMNS = ("state", "sign_off_id", "request_id")
ACHIEVED = SignOff.Outcome.ACHIEVED


def rows_of(enrolments: Iterable[int], competencies: Iterable[int]) -> dict[Key, CurrentCompetency]:
    """Where competencies of some enrolments stand, with all that the rules read of them; one query."""
    rows = CurrentCompetency.objects.filter(
        enrolment__in=list(enrolments), competency__in=list(competencies)
    ).select_related(
        "sign_off__entry",
        "sign_off__person",
        "sign_off__revocation",
        "request__entry",
        "request__assessor",
    )
    return {(row.enrolment_id, row.competency_id): row for row in rows}


def standing_of(row: CurrentCompetency | None) -> Standing:
    """What a row of `rows_of` says; nothing was said where there is none."""
    if row is None:
        return states.NOTHING
    signed = row.sign_off
    return Standing(
        sign_off=row.sign_off_id,
        achieved=signed is not None and signed.outcome == ACHIEVED,
        revoked=signed is not None and hasattr(signed, "revocation"),
        request=row.request_id,
        excused=row.state == CurrentCompetency.State.NOT_APPLICABLE,
    )


def settle(rows: dict[Key, CurrentCompetency], facts: Sequence[Spoken]) -> None:
    """Keeps what facts just written, in their order, make of the rows that `rows_of` gave before them."""
    found = {key: standing_of(row) for key, row in rows.items()}
    touched: dict[Key, Standing] = {}
    for fact in facts:
        key = key_of(fact)
        touched[key] = found[key] = states.after(found.get(key, states.NOTHING), event_of(fact))
    new: list[CurrentCompetency] = []
    old: list[CurrentCompetency] = []
    for key, standing in touched.items():
        row = rows.get(key)
        (new if row is None else old).append(_fill(row, key, standing))
    CurrentCompetency.objects.bulk_create(new)
    engine.update(connection, old, COLUMNS)


def key_of(fact: Spoken) -> Key:
    """Which competency of whom a fact is about."""
    about = fact.sign_off if isinstance(fact, Revocation) else fact
    return about.enrolment_id, about.competency_id


def event_of(fact: Spoken) -> Event:
    """What a fact says, by the primary keys of the facts that it names."""
    match fact:
        case SignOffRequest():
            return Asked(fact.pk, fact.withdrawn)
        case SignOff():
            return Signed(fact.pk, fact.outcome == ACHIEVED, fact.request_id)
        case Revocation():
            return Revoked(fact.sign_off_id)
    return Excused(fact.cancelled)


def _fill(row: CurrentCompetency | None, key: Key, standing: Standing) -> CurrentCompetency:
    if row is None:
        row = CurrentCompetency(enrolment_id=key[0], competency_id=key[1])
    row.state = CurrentCompetency.State(standing.state.value)
    row.sign_off_id = standing.sign_off
    row.request_id = standing.request
    return row


# Rebuilding -------------------------------------------------------------------------------------


def expected(enrolment: Enrolment) -> dict[int, Standing]:
    """Where the competencies of an enrolment stand by its facts alone, by the competency's key; four queries."""
    # By the keys of the facts, which ascend in the order they were written.
    found: dict[int, list[tuple[int, Event]]] = {}
    own = {"enrolment": enrolment}
    for pk, about, withdrawn in SignOffRequest.objects.filter(**own).values_list(
        "pk", "competency", "withdrawn"
    ):
        found.setdefault(about, []).append((pk, Asked(pk, withdrawn)))
    for pk, about, outcome, request in SignOff.objects.filter(**own).values_list(
        "pk", "competency", "outcome", "request"
    ):
        found.setdefault(about, []).append((pk, Signed(pk, outcome == ACHIEVED, request)))
    for pk, about, signed in Revocation.objects.filter(sign_off__enrolment=enrolment).values_list(
        "pk", "sign_off__competency", "sign_off"
    ):
        found.setdefault(about, []).append((pk, Revoked(signed)))
    for pk, about, cancelled in NotApplicable.objects.filter(**own).values_list(
        "pk", "competency", "cancelled"
    ):
        found.setdefault(about, []).append((pk, Excused(cancelled)))
    return {
        about: states.standing_of(event for _, event in sorted(events, key=lambda pair: pair[0]))
        for about, events in found.items()
    }


def rebuild(enrolment: Enrolment) -> list[str]:
    """Makes where the competencies of an enrolment stand anew from its facts; says what differed."""
    wanted = {
        about: _fill(None, (enrolment.pk, about), standing)
        for about, standing in expected(enrolment).items()
    }
    rows = CurrentCompetency.objects.filter(enrolment=enrolment)
    kept = {row.competency_id: row for row in rows}
    wrong = [
        f"Competency {about}: what is kept differs from its facts."
        for about in sorted(wanted.keys() | kept.keys())
        if _values(wanted.get(about)) != _values(kept.get(about))
    ]
    if wrong:
        rows.delete()
        CurrentCompetency.objects.bulk_create(wanted.values())
    return wrong


def _values(row: CurrentCompetency | None) -> list[object] | None:
    return None if row is None else [getattr(row, name) for name in COLUMNS]
