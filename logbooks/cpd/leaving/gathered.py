"""A person's record as it stands here, whoever they were before records of theirs were made one."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial

from logbooks.cpd import files
from logbooks.cpd.leaving.record import (
    ActivityPart,
    DraftPart,
    EvidencePart,
    GapPart,
    MappingPart,
    ProfilePart,
    Record,
    RegistrationPart,
)
from logbooks.cpd.models import (
    Activity,
    Evidence,
    GapReason,
    ImportedFile,
    Profile,
    ProfileDraft,
    Registration,
)

# Called once for each file that is looked for.
Step = Callable[[], None]


def nothing() -> None:
    """Steps that nobody follows."""


@dataclass(frozen=True, slots=True)
class Look:
    """How files are looked for; who only compares words does not look."""

    look: bool = True
    step: Step = nothing

    def sees(self, read: Callable[[], bytes | None]) -> bool:
        """Whether a file is there, whole."""
        if not self.look:
            return False
        self.step()
        return read() is not None


WORDS_ONLY = Look(look=False)


def count_of_files(me: Collection[int]) -> int:
    """How many files of evidence and of frozen profiles a record has."""
    evidence = Evidence.objects.filter(activity__person__in=me).count()
    return evidence + len(files.PROFILE_FILES) * Profile.objects.filter(person__in=me).count()


def record_of(me: Collection[int], step: Step = nothing) -> Record:
    """Everything that a person wrote for CPD; `me` are the keys of everyone that they are."""
    look = Look(step=step)
    activities = Activity.objects.filter(person__in=me).prefetch_related("evidence")
    drafts = ProfileDraft.objects.filter(person__in=me).prefetch_related("chosen")
    mappings = ImportedFile.objects.filter(person__in=me, written_at__isnull=False)
    return Record(
        registration=registration_of(me),
        activities=[activity_part(one, look) for one in activities],
        gaps=[gap_part(one) for one in GapReason.objects.filter(person__in=me)],
        drafts=[draft_part(one) for one in drafts],
        profiles=[profile_part(one, look) for one in Profile.objects.filter(person__in=me)],
        mappings=[mapping_part(one) for one in mappings],
    )


def registration_of(me: Collection[int]) -> RegistrationPart | None:
    """What a person's CPD is measured by; none where they never said."""
    found = Registration.objects.filter(person__in=me).order_by("pk").first()
    if found is None:
        return None
    return RegistrationPart(profession=found.profession, registered_on=found.registered_on)


def activity_part(activity: Activity, look: Look = WORDS_ONLY) -> ActivityPart:
    """An activity with its evidence, as the record says it."""
    return ActivityPart(
        **{
            name: getattr(activity, name)
            for name in ActivityPart.model_fields
            if name != "evidence"
        },
        evidence=sorted(
            (_evidence_part(one, look) for one in activity.evidence.all()),
            key=lambda one: str(one.uuid),
        ),
    )


def _evidence_part(evidence: Evidence, look: Look) -> EvidencePart:
    there = look.sees(partial(files.evidence_file, evidence))
    place = f"evidence/{evidence.uuid}.{files.ending_of(evidence.content_type)}"
    return EvidencePart(
        **{name: getattr(evidence, name) for name in EvidencePart.model_fields if name != "file"},
        file=place if there else None,
    )


def gap_part(gap: GapReason) -> GapPart:
    """A reason of a gap, as the record says it."""
    return GapPart(uuid=gap.uuid, first=gap.first, last=gap.last, words=gap.words)


def draft_part(draft: ProfileDraft) -> DraftPart:
    """A profile that is being written, as the record says it."""
    return DraftPart(
        uuid=draft.uuid,
        first=draft.first,
        last=draft.last,
        texts=draft.texts,
        chosen=sorted((one.uuid for one in draft.chosen.all()), key=str),
    )


def profile_part(profile: Profile, look: Look = WORDS_ONLY) -> ProfilePart:
    """A frozen profile, as the record says it; the day is the one on which it was frozen first."""
    there = [
        ending
        for ending in files.PROFILE_FILES
        if look.sees(partial(files.profile_file, profile, ending))
    ]
    entry = profile.entry
    return ProfilePart(
        uuid=entry.uuid,
        scheme=profile.scheme,
        code=profile.code,
        first=entry.about_from,
        last=entry.about_to or entry.about_from,
        recorded_on=entry.known_from,
        json_digest=profile.json_digest,
        pdf_digest=profile.pdf_digest,
        zip_digest=profile.zip_digest,
        files=there,
    )


def mapping_part(file: ImportedFile) -> MappingPart:
    """How a file of another tool was read, as the record says it."""
    return MappingPart(**{name: getattr(file, name) for name in MappingPart.model_fields})
