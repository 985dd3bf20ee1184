"""What is filled in to keep a framework: a file of it, the steps of a draft, and one competency."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar
from uuid import uuid4

from django import forms

from logbooks.competencies.document import LONGEST, MOST_COUNTED, Competency, Count, Document
from logbooks.competencies.formats import FORMATS
from logbooks.competencies.models import ExaminationType, Role
from logbooks.competencies.schedule_3 import SUBJECTS
from school.core.files.forms import MB, SentFile
from school.core.forms import SchoolForm

MAX_BYTES = MB
DESCRIPTION = 5_000
# Counts that a form offers; more where a competency has more.
COUNTS = 4


class FileForm(SchoolForm):
    """A file that holds a framework."""

    nouns: ClassVar[Mapping[str, str]] = {"file": "the file", "format": "what it is"}
    format = forms.ChoiceField(
        label="What the file is",
        widget=forms.RadioSelect,
        choices=[(one.key, one.name) for one in FORMATS.values()],
    )
    file = SentFile(
        most=MAX_BYTES,
        accept=".csv,.json,.txt",
        empty="one that holds a framework",
        label="File",
        help_text="At most 1 MB",
    )


class KeepForm(forms.Form):
    """What was read from a file, on its way to become a draft: read and checked again as a file is."""

    content = forms.CharField(widget=forms.HiddenInput, strip=False)
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    # The open draft that it takes the place of, as it was shown.
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class StepForm(forms.Form):
    """A step of a draft: the draft as it was shown, and the UUID of what the step makes."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    uuid = forms.UUIDField(widget=forms.HiddenInput, required=False)


class CompetencyForm(SchoolForm):
    """One competency of a draft."""

    nouns: ClassVar[Mapping[str, str]] = {
        "title": "what somebody is seen to do",
        "group": "the group",
    }
    code = forms.CharField(label="Code", max_length=LONGEST["code"], help_text="Such as A12")
    title = forms.CharField(
        label="What somebody is seen to do", max_length=LONGEST["title"], widget=forms.Textarea
    )
    description = forms.CharField(
        label="Description", max_length=DESCRIPTION, required=False, widget=forms.Textarea
    )
    group = forms.ChoiceField(label="Group")
    part_of = forms.ChoiceField(label="Year and task", required=False)
    level = forms.ChoiceField(label="Level asked for", required=False)
    schedule_3 = forms.MultipleChoiceField(
        label="Subjects of IR(ME)R 2017, Schedule 3",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=list(SUBJECTS.items()),
    )
    source = forms.CharField(label="Source", max_length=LONGEST["source"], required=False)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    # The identifier of one that is added.
    uuid = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        document: Document,
        tasks: Mapping[tuple[int, str], str],
        competency: Competency | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.competency = competency
        groups = [(group.code, f"{group.code} {group.title}") for group in document.groups]
        self.fields["group"].choices = [("", "Choose"), *groups]  # type: ignore[attr-defined]
        self.fields["level"].choices = [  # type: ignore[attr-defined]
            ("", "None"),
            *((level.code, level.title) for level in document.levels),
        ]
        self.fields["part_of"].choices = list(_parts_of(tasks, competency))  # type: ignore[attr-defined]
        had = len(competency.counts) if competency else 0
        self.rows = range(1, max(COUNTS, had + 1) + 1)
        types = [("", "Any type"), *ExaminationType.objects.values_list("code", "name")]
        for row in self.rows:
            self._add_count(row, types)

    def _add_count(self, row: int, types: list[tuple[str, str]]) -> None:
        number = forms.IntegerField(
            label=f"Examinations asked for ({row})",
            required=False,
            min_value=1,
            max_value=MOST_COUNTED,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "nhsuk-input--width-4"}),
        )
        self.fields[f"number_{row}"] = number
        self.fields[f"type_{row}"] = forms.ChoiceField(
            label=f"of the type ({row})", required=False, choices=types
        )
        self.fields[f"role_{row}"] = forms.ChoiceField(
            label=f"in the role, or one that asks more ({row})",
            required=False,
            choices=list(Role.choices),
        )

    def wanted(self) -> Competency:
        """The competency as it was typed."""
        data = self.cleaned_data
        year, _, task = data["part_of"].partition(" ")
        before = self.competency
        return Competency(
            identifier=before.identifier if before else data["uuid"] or uuid4(),
            code=" ".join(data["code"].split()),
            title=data["title"],
            parent=data["group"],
            description=data["description"],
            year=int(year) if year else None,
            task=task,
            level=data["level"],
            counts=tuple(
                Count(data[f"number_{row}"], data[f"role_{row}"], data[f"type_{row}"])
                for row in self.rows
                if data[f"number_{row}"]
            ),
            schedule_3=tuple(data["schedule_3"]),
            source=data["source"],
            kept=before.kept if before else "",
        )


def _parts_of(
    tasks: Mapping[tuple[int, str], str], competency: Competency | None
) -> Iterator[tuple[str, str]]:
    yield "", "None"
    for year in sorted({year for year, _ in tasks}):
        yield f"{year} ", f"Year {year}, no task"
        for (of, code), title in tasks.items():
            if of == year:
                yield f"{year} {code}", f"Year {year}: {title}"
    if competency is not None and competency.year:
        held = f"{competency.year} {competency.task}"
        if (competency.year, competency.task) not in tasks and competency.task:
            yield held, f"Year {competency.year}: {competency.task}, which no programme has"


def competency_initial(competency: Competency | None, seen: str) -> dict[str, Any]:
    """How the form of a competency begins."""
    if competency is None:
        return {"seen": seen, "uuid": uuid4()}
    counts: dict[str, Any] = {}
    for row, count in enumerate(competency.counts, start=1):
        counts |= {
            f"number_{row}": count.number,
            f"type_{row}": count.examination,
            f"role_{row}": count.role,
        }
    return {
        "code": competency.code,
        "title": competency.title,
        "description": competency.description,
        "group": competency.parent,
        "part_of": f"{competency.year} {competency.task}" if competency.year else "",
        "level": competency.level,
        "schedule_3": list(competency.schedule_3),
        "source": competency.source,
        "seen": seen,
        **counts,
    }
