"""Standards side by side on marks that are kept: read from an address, and applied."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import QueryDict

from logbooks.osces import marks_kept
from logbooks.osces.analysis.compared import Applied, applied
from logbooks.osces.analysis.marks import Marks, tabled
from logbooks.osces.forms import StandardForm, WantedForm
from school.core.errors import DomainError
from school.core.forms import refuse

LETTERS = ("A", "B", "C")
# What is compared until an address says otherwise, and how marks are examined then.
FIRST = (
    "a-method=regression&a-percent=60&b-method=regression&b-percent=60&b-sem=1"
    "&c-method=regression&c-percent=60&c-sem=1&c-minimum=predicted"
)
EXAMINED = {"sem": "1", "group": "circuit"}


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The marks, what an address asks for, and what each standard that can be applied comes to, by letter."""

    marks: Marks
    examined: WantedForm
    forms: tuple[StandardForm, ...]
    found: Mapping[str, Applied]

    @property
    def valid(self) -> bool:
        """Whether everything in the address is understood."""
        return self.examined.is_bound and all(
            form.is_valid() for form in (self.examined, *self.forms)
        )


def asked(key: UUID, data: QueryDict) -> WhatIf:
    """What an address asks for; a standard that is not understood is left out, with its errors at its fields."""
    rows = marks_kept.marks(key)
    marks, examined = tabled(rows), _examined(data)
    told = data if any(re.match("[abc]-", name) for name in data) else QueryDict(FIRST)
    forms = tuple(StandardForm(told, letter=letter, marks=marks) for letter in LETTERS)
    found = {}
    if examined.is_valid():
        borderline = examined.wanted().borderline
        try:
            marks_kept.rule_grade_is_there(rows, borderline)
        except DomainError as error:
            refuse(examined, error)
        else:
            found = {
                form.letter: applied(marks, form.standard(), borderline)
                for form in forms
                if form.is_valid() and form.used
            }
    return WhatIf(marks, examined, forms, found)


def _examined(data: QueryDict) -> WantedForm:
    """How the marks are examined: only the borderline grade matters here, so the rest may be wrong or missing."""
    if not data:
        return WantedForm(initial=EXAMINED)
    given = EXAMINED | data.dict()
    form = WantedForm(given)
    wrong = EXAMINED.keys() & form.errors.keys()
    return WantedForm(given | {name: EXAMINED[name] for name in wrong}) if wrong else form
