"""Writing what a person brings from another portal into their record here."""

from django.db import IntegrityError, connection

from logbooks.cpd import files
from logbooks.cpd.leaving.compared import Comparison, compared
from logbooks.cpd.leaving.record import (
    ActivityPart,
    DraftPart,
    GapPart,
    MappingPart,
    ProfilePart,
    RegistrationPart,
)
from logbooks.cpd.leaving.unpacked import DAMAGED, Archive, Refused
from logbooks.cpd.models import (
    Activity,
    Evidence,
    GapReason,
    ImportedFile,
    Profile,
    ProfileDraft,
    Registration,
)
from school.core import documents, engine, ledger
from school.core.errors import Conflict
from school.core.ledger import Draft, Pen
from school.core.prepared import Rows
from school.people.models import Person
from school.people.queries import identity

MOVED = "Somebody wrote in these records meanwhile. Nothing was written: look at it again."


def bring(*, by: Person, archive: Archive, faults: dict[str, str]) -> Comparison:
    """Writes all that is new of a record, whole or not at all; gives what was held against what.

    Brought again it writes nothing. UUIDs and days stay what they were; a frozen profile is known from
    the day on which it was frozen. `faults` are what `brought.look_through` found. Raises Conflict when the records change meanwhile, and Refused when
    the file did.
    """
    keys = [one.uuid for one in archive.record.profiles]
    try:
        with ledger.writing(by.book, answering=keys) as pen:
            # Files are written before rows: two who bring the same code or UUID must not write over each other's.
            engine.alone(connection, engine.BRINGING_LOCK)
            found = compared(archive.record, identity(by), faults)
            _write_activities(by, archive, found.new(ActivityPart))
            for gap in found.new(GapPart):
                GapReason.objects.create(person=by, **gap.model_dump())
            for draft in found.new(DraftPart):
                _write_draft(by, draft)
            for mapping in found.new(MappingPart):
                ImportedFile.objects.create(person=by, **mapping.model_dump())
            for registration in found.new(RegistrationPart):
                Registration.objects.create(person=by, **registration.model_dump())
            _write_profiles(by, archive, found.new(ProfilePart), pen)
    except IntegrityError as error:
        raise Conflict(MOVED) from error
    return found


def _write_activities(by: Person, archive: Archive, parts: list[ActivityPart]) -> None:
    activities, evidence = [], []
    for part in parts:
        made = Activity(person=by, **part.model_dump(exclude={"evidence"}))
        activities.append(made)
        for one in part.evidence:
            evidence.append(Evidence(activity=made, **one.model_dump(exclude={"file"})))
            if one.file:
                _keep(archive, one.file, one.digest, files.EVIDENCE_FOLDER, str(one.uuid))
    Rows(activities, by.user).insert()
    Rows(evidence, by.user).insert()


def _write_draft(by: Person, part: DraftPart) -> None:
    made = ProfileDraft(person=by, **part.model_dump(exclude={"chosen"}))
    made.save()
    made.chosen.set(Activity.objects.filter(person__in=identity(by), uuid__in=part.chosen))


def _write_profiles(by: Person, archive: Archive, parts: list[ProfilePart], pen: Pen) -> None:
    drafts = []
    for part in parts:
        for place, digest in part.places.items():
            _keep(archive, place, digest, files.PROFILE_FOLDER, place.rpartition("/")[2])
        fact = Profile(
            person=by,
            scheme=part.scheme,
            code=part.code,
            json_digest=part.json_digest,
            pdf_digest=part.pdf_digest,
            zip_digest=part.zip_digest,
        )
        drafts.append(
            Draft(
                fact=fact,
                book=by.book,
                about_from=part.first,
                about_to=part.last,
                uuid=part.uuid,
                known_from=part.recorded_on,
            )
        )
    pen.append(drafts, by=by.uuid)


def _keep(archive: Archive, place: str, digest: str, folder: str, name: str) -> None:
    """Keeps a file as it is; its digest was checked once and is checked again."""
    data = archive.file(place, digest)
    if data is None:
        raise Refused(DAMAGED)
    documents.keep(folder, name, data)
