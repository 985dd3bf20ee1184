"""Drafts of requirements: saved, thrown away, begun from the version that stands, and published."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from school.core import days
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.rows import is_as_seen, rule_same_row
from school.courses.models import Course
from school.coverage import policies, whom
from school.coverage.actions.publishing import Asking, versions_held, write_versions
from school.coverage.models import Requirement, RequirementDraft, RequirementVersion
from school.people.models import Person
from school.people.queries import hats

# What a version says of its renewal, its target and its source.
RULE = (
    "renewal",
    "active_months",
    "window_months",
    "window_days",
    "minimum_months",
    "due_on",
    "learning_minutes",
    "grace_days",
    "target_percent",
    "source",
)


def save_draft(
    *, by: Person, uuid: UUID, columns: Mapping[str, Any], changing: bool = False
) -> RequirementDraft:
    """Makes a draft under its UUID or, when `changing`, changes it. Made again with other content it is a Conflict."""
    rule_may_ask(by)
    rule_in_order(columns.get("starts"), columns.get("ends"))
    rule_fixed_has_a_day(columns)
    rule_one_name(columns["code"], columns["name"], uuid)
    _groups(columns.get("whom", ""))
    with transaction.atomic():
        draft, new = RequirementDraft.objects.select_for_update().get_or_create(
            uuid=uuid, defaults=columns
        )
        if not new and not changing:
            rule_same_row(draft, dict(columns))
        elif not new:
            for name, value in columns.items():
                setattr(draft, name, value)
            draft.save()
    return draft


def discard_draft(*, by: Person, draft: RequirementDraft) -> None:
    """Throws a draft away; its history stays."""
    rule_may_ask(by)
    draft.delete()


def begin_next(*, by: Person, requirement: Requirement, uuid: UUID) -> RequirementDraft:
    """A draft that says what the last version says, of a day that has still to be chosen."""
    rule_may_ask(by)
    versions = RequirementVersion.objects.standing().filter(requirement=requirement)
    last = versions.select_related("entry").order_by("-entry__about_from", "-pk").first()
    columns: dict[str, Any] = {
        name: getattr(requirement, name) for name in ("code", "name", "radiation")
    }
    if last is not None:
        columns |= {name: getattr(last, name) for name in RULE}
        columns |= {
            "whom": last.whom,
            "courses": last.courses.replace(",", "|"),
            "decided": True,
        }
    draft, _ = RequirementDraft.objects.get_or_create(uuid=uuid, defaults=columns)
    return draft


def publish_draft(*, by: Person, draft: UUID, seen: int) -> RequirementVersion:
    """A draft becomes a version of its requirement, under its own UUID, and is a draft no more.

    `seen` is the key of the newest row of its history that the publisher has read. Published already, the version is given again.
    """
    rule_may_ask(by)
    with transaction.atomic():
        found = RequirementDraft.objects.select_for_update().filter(uuid=draft).first()
        if found is None:
            done: RequirementVersion | None = RequirementVersion.objects.filter(
                entry__uuid=draft
            ).first()
            if done is None:
                raise Conflict(
                    "This draft is there no more: it was published or thrown away meanwhile."
                )
            return done
        rule_as_seen(found, seen)
        asking = asking_of(found)
        rule_says_something_new(asking)
        written = write_versions([asking], by=by.uuid)
        found.delete()
    version = written[0] if written else asking.before
    assert version is not None  # what says nothing new stands already
    return version


def asking_of(draft: RequirementDraft, names: whom.Names | None = None) -> Asking:
    """The version that a draft is to be; `names` may be known already. Raises DomainError for what is missing."""
    rule_decided(draft)
    if draft.starts is None:
        raise DomainError("Enter the first day.", field="starts")
    if not draft.source:
        raise DomainError("Enter where the rule stands.", field="source")
    return Asking(
        code=draft.code,
        name=draft.name,
        radiation=draft.radiation,
        groups=_groups(draft.whom, names),
        courses=rule_courses(draft),
        rule={name: getattr(draft, name) for name in RULE},
        starts=draft.starts,
        ends=draft.ends,
        before=versions_held().get((draft.code, draft.starts)),
        uuid=draft.uuid,
    )


def codes_of(draft: RequirementDraft) -> list[str]:
    """The codes of courses that a draft names."""
    return [code for code in draft.courses.split("|") if code]


def missing_courses(draft: RequirementDraft) -> list[str]:
    """The codes of courses that a draft names and the catalogue does not have."""
    codes = codes_of(draft)
    known = set(Course.objects.filter(code__in=codes).values_list("code", flat=True))
    return [code for code in codes if code not in known]


def rule_may_ask(by: Person) -> None:
    """What is required is said by workforce managers of the whole network."""
    if not policies.those_who_ask(hats(by)):
        raise NotAllowed(policies.REFUSAL)


def rule_in_order(starts: date | None, ends: date | None) -> None:
    """A version ends no earlier than it begins."""
    if starts and ends and ends < starts:
        raise DomainError(f"It begins on {days.long_date(starts)}.", field="ends")


def rule_fixed_has_a_day(columns: Mapping[str, Any]) -> None:
    """What renews to a fixed day says which, and by how many months it steps."""
    fixed = columns.get("renewal") == RequirementVersion.Renewal.FIXED
    if fixed and not (columns.get("due_on") and columns.get("active_months")):
        raise DomainError(
            "Enter the fixed day, and how many months lie between two of them.", field="due_on"
        )


def rule_one_name(code: str, name: str, uuid: UUID) -> None:
    """Two drafts of one requirement call it the same."""
    others = RequirementDraft.objects.filter(code=code).exclude(uuid=uuid).exclude(name=name)
    other = others.first()
    if other is not None:
        raise DomainError(
            f"Another draft calls this requirement “{other.name}”. Use its name, or another code.",
            field="name",
        )


def rule_decided(draft: RequirementDraft) -> None:
    """Nothing is published of which nobody has said how long it satisfies."""
    if not draft.decided:
        raise DomainError("Decide how long it satisfies.", field="shape")


def rule_courses(draft: RequirementDraft) -> list[Course]:
    """Every course that satisfies is in the catalogue, and there is one."""
    found = list(Course.objects.filter(code__in=codes_of(draft)).order_by("code"))
    missing = [code for code in codes_of(draft) if code not in {one.code for one in found}]
    if missing:
        raise DomainError(
            f"The catalogue has no course with the code “{missing[0]}”. Ask a School educator to add it, or choose another.",
            field="courses",
        )
    if not found:
        raise DomainError("Choose a course that satisfies it.", field="courses")
    return found


def rule_as_seen(draft: RequirementDraft, seen: int) -> None:
    """What is published is what was read before."""
    if not is_as_seen(draft, seen):
        raise Conflict("Somebody changed this draft meanwhile. Read it again, then publish it.")


def rule_says_something_new(asking: Asking) -> None:
    """A version that says what stands already is none; what its requirement is called, or is of, may be said alone."""
    if asking.before and asking.is_called(asking.before.requirement) and not asking.says_other:
        raise DomainError(
            "The version that stands from this day says the same. Change something, or throw the draft away."
        )


def _groups(words: str, names: whom.Names | None = None) -> list[dict[str, Any]]:
    try:
        return whom.read(words, names or whom.Names())
    except ValueError as error:
        raise DomainError(f"{str(error)[:1].upper()}{str(error)[1:]}.", field="whom") from None
