"""Hours that stand on a paper sheet, entered by hand under the rules of `import_hours`."""

from collections.abc import Mapping

from placements.imports.hours import HoursRow, plan_of
from placements.models import Enrolment
from school.core import ledger
from school.core.errors import DomainError
from school.core.files import rows
from school.core.files.fates import Fate, Finding
from school.core.files.reading import RawRow
from school.people.models import Person


def enter_paper(
    *, by: Person, enrolment: Enrolment, sheet: Mapping[str, str], replaces: bool = False
) -> Fate:
    """Writes what stands on a sheet, by the fields of HoursRow; answers whether it was new, changed or there already.

    Raises DomainError with what `import_hours` would say of the row, and when hours of the same days
    are held already and nobody said that this takes their place.
    """
    row = _checked(enrolment, sheet)
    with ledger.writing(enrolment.book):
        plan = plan_of(enrolment, row, by.uuid)
        for finding in (*plan.refused, *plan.waiting):
            raise _error(finding)
        fate = plan.fates[1]
        rule_replaces(fate, replaces)
        plan.ready(by.uuid)()
    return fate


def rule_replaces(fate: Fate, replaces: bool) -> None:
    """Hours held of the same days, site and part are replaced only by somebody who says so."""
    if fate == Fate.CHANGED and not replaces:
        raise DomainError(
            "Hours of these days, this site and this part are held already, and they differ. "
            "Tick that this takes their place.",
            field="replaces",
        )


def _checked(enrolment: Enrolment, sheet: Mapping[str, str]) -> HoursRow:
    values = {**sheet, "student_number": enrolment.student_number}
    cells = {rows.title(HoursRow, name): text for name, text in values.items()}
    good, found = rows.check(HoursRow, [RawRow(1, cells)])
    for finding in found:
        raise _error(finding)
    return good[0].row


def _error(finding: Finding) -> DomainError:
    fields = {rows.title(HoursRow, name): name for name in HoursRow.model_fields}
    return DomainError(
        f"{finding.column.capitalize()}: {finding.reason}.", field=fields.get(finding.column, "")
    )
