"""Mobile units and where they stand: recorded, changed and taken off; a unit is at one site at a time."""

from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from school.core import days
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.rows import rule_same_row
from school.people.models import MobileUnit, Person, Site, UnitStay


def named_unit(*, name: str, by: Person) -> MobileUnit:
    """The unit of a name, whatever its letters' case; made when it is new."""
    del by  # the history keeps who it was
    name = " ".join(name.split())
    found = MobileUnit.objects.filter(name__iexact=name).first()
    return found or MobileUnit.objects.get_or_create(name=name)[0]


def record_stay(
    *, unit: MobileUnit, site: Site, starts: date, ends: date, uuid: UUID, by: Person
) -> UnitStay:
    """Records that a unit stands at a site; the same UUID again gives the first stay. Raises DomainError when it is elsewhere."""
    del by
    rule_stay_in_order(starts, ends)
    found = UnitStay.objects.filter(uuid=uuid).first()
    if found is not None:
        if (found.unit_id, found.site_id) != (unit.pk, site.pk):
            raise NotAllowed("This cannot be saved.")
        rule_same_row(found, {"starts": starts, "ends": ends})
        return found
    stay = UnitStay(uuid=uuid, unit=unit, site=site, starts=starts, ends=ends)
    _save(stay)
    return stay


def change_stay(*, stay: UnitStay, starts: date, ends: date, by: Person) -> UnitStay:
    """Gives a stay other days. Raises DomainError when the unit is elsewhere then."""
    del by
    rule_stay_in_order(starts, ends)
    stay.starts, stay.ends = starts, ends
    _save(stay)
    return stay


def remove_stay(*, stay: UnitStay, by: Person) -> None:
    """Takes a stay off; the history keeps that it was planned. One that was taken off already is gone."""
    del by
    if stay.pk is not None:
        stay.delete()


def rule_stay_in_order(starts: date, ends: date) -> None:
    """A stay begins before it ends."""
    if ends < starts:
        raise DomainError("The last day must not be before the first.", field="ends")


def _save(stay: UnitStay) -> None:
    try:
        with transaction.atomic():
            stay.save()
    except IntegrityError as error:
        raise Conflict(_elsewhere(stay), field="starts") from error


def _elsewhere(stay: UnitStay) -> str:
    other = (
        UnitStay.objects.filter(unit=stay.unit, starts__lte=stay.ends, ends__gte=stay.starts)
        .exclude(pk=stay.pk)
        .select_related("site")
        .first()
    )
    if other is None:
        return "Somebody else changed this meanwhile. Look again at how it stands."
    return (
        f"{stay.unit.name} is at {other.site.name} from {days.long_date(other.starts)} to "
        f"{days.long_date(other.ends)}. A unit is at one site at a time: change that stay first."
    )
