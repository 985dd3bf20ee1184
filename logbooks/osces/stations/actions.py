"""Stations written, read by a second person and published in versions that never change."""

from uuid import UUID

from django.db import transaction

from logbooks.osces import sealing
from logbooks.osces.models import Station, StationVersion
from logbooks.osces.stations import queries
from logbooks.osces.stations.document import Document
from school.core import clock
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.free_text import rule_no_nhs_number
from school.core.rows import rule_same_row
from school.people.models import Person
from school.people.queries import hats, identity
from school.people.roles import Permission

State = Station.State


class HasProblems(DomainError):
    """A station cannot be published, or an exam frozen, as it is; `problems` say why, each in a sentence."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def start(*, by: Person, document: Document, uuid: UUID) -> Station:
    """A new station; the same form sent twice makes one. Raises NotAllowed, and Conflict for other content under the UUID."""
    rule_runs_osces(by)
    content = sealing.canonical(document)
    rule_no_nhs_number(content, field="")
    with transaction.atomic():
        before = Station.objects.filter(uuid=uuid).first()
        if before is not None:
            rule_same_row(before, {"draft": content})
            return before
        return Station.objects.create(
            uuid=uuid, title=document.title, draft=content, state=State.DRAFT, written_by=by
        )


def begin_next(*, by: Person, station: Station) -> Station:
    """Opens the next version, which says what the newest does; the one that is open already stays."""
    rule_runs_osces(by)
    with transaction.atomic():
        station = _locked(station)
        if station.state == State.NONE:
            station.draft = sealing.canonical(queries.shown(station))
            station.state, station.written_by = State.DRAFT, by
            station.save()
    return station


def write(*, by: Person, station: Station, document: Document, seen: str) -> Station:
    """Writes the draft anew; `seen` is the digest of what was shown to the person who wrote. Raises Conflict when somebody else wrote meanwhile."""
    rule_runs_osces(by)
    content = sealing.canonical(document)
    rule_no_nhs_number(content, field="")
    with transaction.atomic():
        station = _locked(station)
        if station.draft == content:
            return station
        rule_being_written(station)
        rule_seen(station, seen)
        station.draft, station.written_by = content, by
        if queries.newest(station) is None:
            station.title = document.title
        station.save()
    return station


def submit(*, by: Person, station: Station, seen: str) -> Station:
    """Gives a draft to a second reader. Raises HasProblems, and DomainError where it says what is published already."""
    rule_runs_osces(by)
    with transaction.atomic():
        station = _locked(station)
        if station.state == State.IN_REVIEW:
            return station
        rule_being_written(station)
        rule_seen(station, seen)
        rule_no_problem(queries.drafted(station))
        rule_says_something_new(station)
        station.state = State.IN_REVIEW
        station.save()
    return station


def give_back(*, by: Person, station: Station) -> Station:
    """Gives a draft back to be written on."""
    rule_runs_osces(by)
    with transaction.atomic():
        station = _locked(station)
        if station.state == State.IN_REVIEW:
            station.state = State.DRAFT
            station.save()
    return station


def drop(*, by: Person, station: Station) -> Station:
    """Lets a draft go; it stays readable in its history, and what is published stays as it is."""
    rule_runs_osces(by)
    with transaction.atomic():
        station = _locked(station)
        if station.state != State.NONE:
            station.draft, station.state = "", State.NONE
            station.save()
    return station


def publish(*, by: Person, station: Station, uuid: UUID, seen: str) -> StationVersion:
    """Publishes what a second person has read, from today on; `uuid` is the version's own, made by the client.

    Raises NotAllowed for whoever wrote on the draft, HasProblems, and Conflict when it changed meanwhile.
    """
    rule_runs_osces(by)
    with transaction.atomic():
        station = _locked(station)
        before = StationVersion.objects.filter(uuid=uuid).first()
        if before is not None:
            rule_same_row(before, {"station": station})
            return before
        rule_in_review(station)
        rule_seen(station, seen)
        rule_second_person(by, station)
        document = queries.drafted(station)
        rule_no_problem(document)
        last = queries.newest(station)
        version = StationVersion.objects.create(
            uuid=uuid,
            station=station,
            number=last.number + 1 if last else 1,
            published_on=clock.today(),
            digest=sealing.digest(document),
            document=station.draft,
            written_by=station.written_by,
            reviewed_by=by,
        )
        station.title, station.draft, station.state = document.title, "", State.NONE
        station.save()
    return version


def _locked(station: Station) -> Station:
    return queries.kept().select_for_update(of=("self",)).get(pk=station.pk)


def rule_runs_osces(by: Person) -> None:
    """Stations and exams are kept by programme leads and School educators."""
    if not any(Permission.RUN_OSCES in hat.role.permissions for hat in hats(by)):
        raise NotAllowed(
            "Only programme leads and School educators write stations and exams of OSCEs."
        )


def rule_being_written(station: Station) -> None:
    """Only an open draft that is with no second reader is written on."""
    if station.state == State.IN_REVIEW:
        raise Conflict("A second reader has this draft. Give it back before you write on it.")
    if station.state == State.NONE:
        raise Conflict("No draft of this station is open. Begin the next version first.")


def rule_in_review(station: Station) -> None:
    """Only what waits for a second reader is published."""
    if station.state != State.IN_REVIEW:
        raise Conflict("This draft does not wait for a second reader. Look at it again.")


def rule_seen(station: Station, seen: str) -> None:
    """A draft is changed and published as it was shown."""
    if sealing.digest(queries.drafted(station)) != seen:
        raise Conflict("Somebody changed this draft meanwhile. Look at it as it is now.")


def rule_no_problem(document: Document) -> None:
    """A station without instructions, items or one borderline grade goes to nobody."""
    found = queries.problems(document)
    if found:
        raise HasProblems(found)


def rule_says_something_new(station: Station) -> None:
    """A version says something that the one before does not."""
    last = queries.newest(station)
    if last is not None and last.digest == sealing.digest(queries.drafted(station)):
        raise DomainError(
            f"This draft says the same as version {last.number}. Change it or drop it."
        )


def rule_second_person(by: Person, station: Station) -> None:
    """Whoever wrote on a draft does not publish it."""
    if Station.objects.filter(queries.wrote(identity(by)), pk=station.pk).exists():
        raise NotAllowed(queries.YOURS)
