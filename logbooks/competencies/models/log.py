"""The log: which examinations a student saw or did, with what, in which role, and under whom."""

from django.db import models
from django.db.models import PROTECT, Q

from logbooks.competencies.models.frameworks import Competency
from placements.models import Enrolment, Placement
from school.core.models import Fact
from school.people.models import Person


class ExaminationType(models.Model):
    """A kind of examination. A changed one is a new code.

    `tracers` are the codes of those it is done with, a space between; with any when empty.
    """

    APPEND_ONLY = True

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    tracers = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=300)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name


class Tracer(models.Model):
    """What is given to be seen. With a rare one neither age band nor sex is kept: together they would name somebody."""

    APPEND_ONLY = True

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    rare = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=300)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a student did at an examination, from least to most."""

    OBSERVED = "observed", "observed"
    ASSISTED = "assisted", "assisted"
    DIRECT = "direct", "performed under direct supervision"
    INDIRECT = "indirect", "performed under indirect supervision"


class RequiredCount(models.Model):
    """How many examinations a competency asks for, in a role or one that asks more; of every type when `examination` is empty."""

    APPEND_ONLY = True

    competency = models.ForeignKey(Competency, on_delete=PROTECT, related_name="counts")
    examination = models.ForeignKey(ExaminationType, on_delete=PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=10, choices=Role)
    number = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(number__gte=1), name="competencies_count_from_1")
        ]

    def __str__(self) -> str:
        return f"{self.number} of {self.examination or 'any'}, {self.role}"


class LogEntry(Fact):
    """An examination that a student saw or did on a day of a placement. In the enrolment's book.

    A correction supersedes; `withdrawn` takes it back. `case_number` is given out by the portal and is the
    same in every correction; no column can hold who the patient was. `touched` are the codes of the
    competencies it touches, in the order of their framework, one a line.
    """

    KIND = "competencies.log_entry"
    PAYLOAD = {
        1: (
            "placement__uuid",
            "examination__code",
            "tracer__code",
            "role",
            "operator__uuid",
            "age_band",
            "sex",
            "case_number",
            "touched",
            "model",
            "withdrawn",
            "device_time",
            "reflection_hash",
            "supersedes__entry__uuid",
        )
    }
    # The number is given by the portal: at a retry it would give the next.
    NOT_CONTENT = frozenset({"device_time", "case_number"})

    class AgeBand(models.TextChoices):
        """Ten years at least, so that nobody is told by it."""

        UNDER_16 = "under_16", "under 16"
        TO_39 = "16_39", "16 to 39"
        TO_64 = "40_64", "40 to 64"
        TO_79 = "65_79", "65 to 79"
        FROM_80 = "80_over", "80 and over"

    class Sex(models.TextChoices):
        """As recorded for the examination."""

        FEMALE = "female", "female"
        MALE = "male", "male"

    class Model(models.TextChoices):
        """The model of reflection that guided the words."""

        WHAT = "what", "What, so what, now what"
        GIBBS = "gibbs", "Gibbs’ reflective cycle"
        FREE = "free", "in one’s own way"

    enrolment = models.ForeignKey(Enrolment, on_delete=PROTECT, related_name="log_entries")
    placement = models.ForeignKey(Placement, on_delete=PROTECT, related_name="log_entries")
    examination = models.ForeignKey(ExaminationType, on_delete=PROTECT, related_name="+")
    tracer = models.ForeignKey(Tracer, on_delete=PROTECT, related_name="+")
    role = models.CharField(max_length=10, choices=Role)
    operator = models.ForeignKey(Person, on_delete=PROTECT, related_name="+")
    age_band = models.CharField(max_length=10, choices=AgeBand, blank=True)
    sex = models.CharField(max_length=10, choices=Sex, blank=True)
    case_number = models.PositiveIntegerField()
    touched = models.CharField(max_length=2000, blank=True)
    model = models.CharField(max_length=10, choices=Model, blank=True)
    withdrawn = models.BooleanField(default=False)
    device_time = models.DateTimeField(null=True)
    reflection_hash = models.CharField(max_length=64, blank=True)
    supersedes = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="superseded_by"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "case_number"],
                condition=Q(supersedes=None),
                name="competencies_case_number_once",
            )
        ]


class EvidenceFile(Fact):
    """A picture or a PDF that a student put beside an examination; `withdrawn` takes it away. In the enrolment's book.

    It belongs to the case, whichever version it was put beside. `digest` is the SHA-256 of the file as it
    is kept, without a camera's notes; its name is not kept, since it may hold a patient's.
    """

    KIND = "competencies.evidence_file"
    PAYLOAD = {
        1: (
            "examination__entry__uuid",
            "digest",
            "content_type",
            "size",
            "withdrawn",
            "supersedes__entry__uuid",
        )
    }

    examination = models.ForeignKey(LogEntry, on_delete=PROTECT, related_name="files")
    digest = models.CharField(max_length=64)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    withdrawn = models.BooleanField(default=False)
    supersedes = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="superseded_by"
    )
