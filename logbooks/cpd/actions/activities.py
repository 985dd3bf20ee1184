"""Writing down what one learned by, changing it, taking it back."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from logbooks.cpd.models import FREE, Activity, Noticed
from school.core import clock
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.free_text import rule_no_nhs_number
from school.people.models import Person
from school.people.queries import identity

# A year of days and nights; more is a slip of the finger.
MOST_MINUTES = 366 * 24 * 60

CHANGED = (
    "This activity was changed since you opened it, in another window or on another device. "
    "Your words are still here: open it anew beside this page, then send what you want to keep."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """An activity as its person writes it. `learning` is a key of Learning; `minutes` is None where it is not said."""

    title: str
    learning: str
    starts_on: date
    ends_on: date
    minutes: int | None = None
    learned: str = ""
    practice: str = ""
    benefit: str = ""


def add_activity(
    *, by: Person, uuid: UUID, entered: Entered, keeps: Collection[UUID] = ()
) -> Activity:
    """Writes an activity under its UUID, and keeps what the portal noticed, by its keys; sent again it is the same one.

    Raises DomainError for days to come or the wrong way round and for an NHS number, and Conflict when
    the UUID was used with other words, or when what was noticed is kept or gone already.
    """
    rule_entered(entered)
    with transaction.atomic():
        before = Activity.objects.filter(uuid=uuid).first()
        if before is None:
            try:
                with transaction.atomic():
                    made = Activity.objects.create(person=by, uuid=uuid, **asdict(entered))
            except IntegrityError:
                # The same form came twice at once.
                before = Activity.objects.get(uuid=uuid)
            else:
                waiting = rule_still_noticed(by, keeps)
                Noticed.objects.filter(FREE, pk__in=waiting).update(activity=made)
                return made
    rule_same_sent_again(by, before, entered)
    return before


def change_activity(*, by: Person, activity: Activity, entered: Entered, seen: int) -> Activity:
    """Writes an activity anew; the version before stays in its history. `seen` is the version that was changed.

    Raises DomainError, NotAllowed, and Conflict when somebody changed it meanwhile.
    """
    rule_own(by, activity)
    rule_entered(entered)
    with transaction.atomic():
        held = Activity.objects.select_for_update().get(pk=activity.pk)
        if _content(held) != asdict(entered):
            rule_unchanged(held, seen)
            for name, value in asdict(entered).items():
                setattr(held, name, value)
            held.save()
    return held


def take_back(*, by: Person, activity: Activity) -> Activity:
    """The activity counts for nothing from now on, and stays. What the portal noticed for it waits again."""
    rule_own(by, activity)
    with transaction.atomic():
        held = Activity.objects.select_for_update().get(pk=activity.pk)
        if held.taken_back_at is None:
            held.taken_back_at = clock.now()
            held.save()
            Noticed.objects.filter(activity=held, undone=True).delete()
    return held


def bring_back(*, by: Person, activity: Activity) -> Activity:
    """An activity that was taken back counts again, with those of its parts that nothing else was made of meanwhile."""
    rule_own(by, activity)
    with transaction.atomic():
        held = Activity.objects.select_for_update().get(pk=activity.pk)
        if held.taken_back_at is not None:
            held.taken_back_at = None
            held.save()
    return held


def version(activity: Activity) -> int:
    """Which version of an activity it is now: the number of times that it was written."""
    return int(activity.history.count())


def _content(activity: Activity) -> dict[str, object]:
    return {name: getattr(activity, name) for name in Entered.__dataclass_fields__}


def rule_own(by: Person, activity: Activity) -> None:
    """CPD is its person's own: nobody else writes in it."""
    if activity.person_id not in identity(by):
        raise NotAllowed("This is somebody else’s CPD.")


def rule_entered(entered: Entered) -> None:
    """An activity has a title, has begun, ends on or after the day it began, and holds nobody's NHS number."""
    if not entered.title.strip():
        raise DomainError("Enter what it was.", field="title")
    if entered.starts_on > clock.today():
        raise DomainError("The first day must be today or in the past.", field="starts_on")
    if entered.ends_on < entered.starts_on:
        raise DomainError("The last day must be on or after the first day.", field="ends_on")
    if entered.ends_on > clock.today():
        raise DomainError("The last day must be today or in the past.", field="ends_on")
    if entered.minutes is not None and not 0 < entered.minutes <= MOST_MINUTES:
        raise DomainError("Enter how long it was, or leave it empty.", field="minutes")
    for field in ("title", "learned", "practice", "benefit"):
        rule_no_nhs_number(getattr(entered, field), field=field)


def rule_unchanged(held: Activity, seen: int) -> None:
    """Words that its writer has not seen are not written over."""
    if version(held) != seen:
        raise Conflict(CHANGED)


def rule_still_noticed(by: Person, keys: Collection[UUID]) -> list[int]:
    """What is kept waits still, and is one's own; gives its rows."""
    rows = Noticed.objects.select_for_update(of=("self",)).filter(
        FREE, person__in=identity(by), key__in=keys, dismissed=False
    )
    found = dict(rows.values_list("pk", "key"))
    if set(found.values()) != set(keys):
        raise Conflict(
            "A part of this draft was kept, dismissed or undone meanwhile. Open the drafts again."
        )
    return list(found)


def rule_same_sent_again(by: Person, before: Activity, entered: Entered) -> None:
    """What was sent before under a UUID is one's own, and says the same."""
    if before.person_id not in identity(by):
        raise NotAllowed("This cannot be saved.")
    if _content(before) != asdict(entered):
        raise Conflict(
            "This was saved before with other words. What was saved first stands: open it in your list to change it."
        )
