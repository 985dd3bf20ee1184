"""Where competencies stand: kept beside their facts in the same transaction, or rebuilt from them.

A competency is one in all the versions of its framework, known by its `identifier`: what is kept of it names
the competency of the version that the student works towards, whichever version the facts are of.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from logbooks.competencies import queries, states
from logbooks.competencies.models import (
    Competency,
    CurrentCompetency,
    NotApplicable,
    Revocation,
    SignOff,
    SignOffRequest,
)
from logbooks.competencies.states import Asked, Event, Excused, Revoked, Signed, Standing
from placements.models import Enrolment
from school.core import engine
from school.core.compiled import compiled

Spoken = SignOffRequest | SignOff | Revocation | NotApplicable
# A competency of a student, by the keys of the enrolment and of the competency, in whichever version a fact names it.
Key = tuple[int, int]

COLUMNS = ("state", "sign_off_id", "request_id")
ACHIEVED = SignOff.Outcome.ACHIEVED
CHANGED = SignOffRequest.Because.CHANGED


def rows_of(
    enrolments: Iterable[int], competencies: Iterable[Competency]
) -> dict[Key, CurrentCompetency]:
    """Where competencies of some enrolments stand, with all that the rules read of them; one query.

    The keys are of the competencies that are asked for, also where those are of an earlier version.
    """
    asked: dict[UUID, list[int]] = {}
    for one in competencies:
        asked.setdefault(one.identifier, []).append(one.pk)
    rows = _rows(enrolments=list(enrolments), identifiers=list(asked))
    return {(row.enrolment_id, pk): row for row in rows for pk in asked[row.competency.identifier]}


@compiled
def _rows(enrolments: Any, identifiers: Any) -> QuerySet[CurrentCompetency]:
    rows = CurrentCompetency.objects.filter(
        enrolment__in=enrolments, competency__identifier__in=identifiers
    )
    return rows.select_related(
        "competency",
        "sign_off__entry",
        "sign_off__person",
        "sign_off__revocation",
        "request__entry",
        "request__assessor",
    )


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
        changed=row.request is not None and row.request.because == CHANGED,
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
            return Asked(fact.pk, fact.withdrawn, fact.because == CHANGED)
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
    """Where the competencies of an enrolment stand by its facts alone, by the competency's key; six queries.

    What the student's version does not have stays with the newest version that it was spoken of in.
    """
    # By the keys of the facts, which ascend in the order they were written.
    found: dict[UUID, list[tuple[int, Event]]] = {}
    places: dict[UUID, int] = {}

    def heard(pk: int, about: int, identifier: UUID, event: Event) -> None:
        found.setdefault(identifier, []).append((pk, event))
        places[identifier] = max(places.get(identifier, 0), about)

    own = {"enrolment": enrolment}
    which = ("pk", "competency", "competency__identifier")
    for pk, about, one, withdrawn, because in SignOffRequest.objects.filter(**own).values_list(
        *which, "withdrawn", "because"
    ):
        heard(pk, about, one, Asked(pk, withdrawn, because == CHANGED))
    for pk, about, one, outcome, request in SignOff.objects.filter(**own).values_list(
        *which, "outcome", "request"
    ):
        heard(pk, about, one, Signed(pk, outcome == ACHIEVED, request))
    for pk, about, one, signed in Revocation.objects.filter(
        sign_off__enrolment=enrolment
    ).values_list("pk", "sign_off__competency", "sign_off__competency__identifier", "sign_off"):
        heard(pk, about, one, Revoked(signed))
    for pk, about, one, cancelled in NotApplicable.objects.filter(**own).values_list(
        *which, "cancelled"
    ):
        heard(pk, about, one, Excused(cancelled))
    version = queries.version_of(enrolment) if found else None
    if version is not None:
        rows = version.competencies.filter(identifier__in=list(found))
        places |= dict(rows.values_list("identifier", "pk"))
    return {
        places[one]: states.standing_of(
            event for _, event in sorted(events, key=lambda pair: pair[0])
        )
        for one, events in found.items()
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
