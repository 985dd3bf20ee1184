"""Standards side by side on marks that are kept: read from an address, and applied."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict

from logbooks.osces.analysis.compared import Applied, applied
from logbooks.osces.analysis.marks import Marks
from logbooks.osces.examined.forms import StandardForm, WantedForm
from logbooks.osces.examined.kept import rule_grade_is_there
from logbooks.osces.examined.source import Source
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


def asked(source: Source, data: QueryDict) -> WhatIf:
    """What an address asks for; a standard that is not understood is left out, with its errors at its fields."""
    marks, examined = source.marks, _examined(data, source)
    told = data if any(re.match("[abc]-", name) for name in data) else QueryDict(FIRST)
    forms = tuple(
        StandardForm(told, letter=letter, marks=marks, given=source.given) for letter in LETTERS
    )
    found = {}
    if examined.is_valid():
        borderline = examined.wanted().borderline
        try:
            if source.borderline is None:
                rule_grade_is_there(source.rows, borderline)
        except DomainError as error:
            refuse(examined, error)
        else:
            found = {
                form.letter: applied(marks, form.standard(), borderline, source.given)
                for form in forms
                if form.is_valid() and form.used
            }
    return WhatIf(marks, examined, forms, found)


def _examined(data: QueryDict, source: Source) -> WantedForm:
    """How the marks are examined: only the borderline grade matters here, so the rest may be wrong or missing."""
    if not data and source.borderline is None:
        return WantedForm(initial=EXAMINED)
    given = EXAMINED | data.dict()
    form = WantedForm(given, borderline=source.borderline)
    wrong = EXAMINED.keys() & form.errors.keys()
    mended = given | {name: EXAMINED[name] for name in wrong}
    return WantedForm(mended, borderline=source.borderline) if wrong else form
