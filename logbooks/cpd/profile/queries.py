"""Reads of profiles: the draft of a period with all that it is made of, the frozen ones, and what a stranger may learn."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from logbooks.cpd.checks import Period
from logbooks.cpd.files import EVIDENCE_FOLDER, ending_of, profile_file
from logbooks.cpd.measure import Measure
from logbooks.cpd.models import Activity, Evidence, GapReason, Profile, ProfileDraft
from logbooks.cpd.profile.document import (
    Document,
    Listed,
    Material,
    Piece,
    Why,
    content,
    is_same,
    mark,
)
from school.core import clock, documents
from school.core.registries import Issued
from school.people.middleware import Viewer
from school.people.models import Person
from school.people.queries import identity


def profiles(viewer: Viewer) -> QuerySet[Profile]:
    """The frozen profiles that the viewer may read: their own."""
    rows: QuerySet[Profile] = Profile.objects.filter(person__in=viewer.me)
    return rows.select_related("person")


def frozen(me: Collection[int]) -> list[Profile]:
    """The profiles that a person froze, the newest first; one that was brought stands where it was frozen."""
    rows = Profile.objects.filter(person__in=me).select_related("entry")
    return list(rows.order_by("-entry__known_from", "-pk"))


def opened(profile: Profile) -> Document | None:
    """What a frozen profile says; none when its file is gone or is not what was frozen."""
    data = profile_file(profile, "json")
    return json.loads(data) if data is not None else None


# What is being built ----------------------------------------------------------------------------


def draft_of(me: Collection[int], period: Period) -> ProfileDraft | None:
    """The draft of a period: the one that ends with it, or else the newest that ends in it.

    So a draft stays the same one when its person says later since when they are registered, or comes onto a
    register. A practice profile, which ends today, goes on with what was begun before its person left one.
    """
    rows = ProfileDraft.objects.filter(person__in=me, first__lte=period[1], last__gte=period[0])
    if period[1] != clock.today():
        rows = rows.filter(last__lte=period[1])
    found = list(rows.order_by("-last", "-pk"))
    return next((one for one in found if one.last == period[1]), found[0] if found else None)


def words_mark(draft: ProfileDraft | None) -> str:
    """A mark of the words of a draft, by which a page says which of them it was opened with."""
    return mark(draft.texts if draft else {})


def chosen_keys(draft: ProfileDraft | None) -> frozenset[int]:
    """The keys of the activities that a draft holds."""
    if draft is None:
        return frozenset()
    rows = ProfileDraft.chosen.through.objects.filter(profiledraft=draft)
    return frozenset(rows.values_list("activity_id", flat=True))


def choice_mark(chosen: Collection[int]) -> str:
    """A mark of what is chosen."""
    return mark(sorted(chosen))


def in_period(me: Collection[int], period: Period, today: date) -> QuerySet[Activity]:
    """The activities of a person that have a day of a period up to today and were not taken back."""
    return Activity.objects.filter(
        person__in=me,
        taken_back_at=None,
        starts_on__lte=min(period[1], today),
        ends_on__gte=period[0],
    )


@dataclass(frozen=True, slots=True)
class Counted:
    """How many activities there are, and how many of them are chosen."""

    all: int
    chosen: int


def counted(rows: QuerySet[Activity], chosen: Collection[int]) -> Counted:
    """How many activities there are, and how many of them are among those that are chosen."""
    return Counted(**rows.aggregate(all=Count("pk"), chosen=Count("pk", filter=Q(pk__in=chosen))))


def listed(rows: QuerySet[Activity]) -> list[Listed]:
    """Activities without their words, the oldest first; one query however many there are."""
    kept = Evidence.objects.filter(activity=OuterRef("pk"), taken_back_at=None)
    names = ("pk", "uuid", "title", "learning", "starts_on", "ends_on", "minutes")
    found = (
        rows.order_by("starts_on", "ends_on", "pk")
        .annotate(
            has_learned=~Q(learned=""),
            has_practice=~Q(practice=""),
            has_benefit=~Q(benefit=""),
            has_evidence=Exists(kept),
        )
        .values_list(*names, "has_learned", "has_practice", "has_benefit", "has_evidence")
    )
    # In the order of its fields.
    return [Listed(*row) for row in found]


def reflections(
    draft: ProfileDraft | None, me: Collection[int], period: Period, today: date
) -> list[Activity]:
    """The chosen activities with their words, the oldest first."""
    rows = in_period(me, period, today).filter(pk__in=chosen_keys(draft))
    return list(rows.order_by("starts_on", "pk"))


def material(
    person: Person, me: Collection[int], by: Measure, draft: ProfileDraft | None, today: date
) -> Material:
    """All that the profile of a period is made of today; four queries."""
    activities = listed(in_period(me, by.period, today))
    chosen = chosen_keys(draft) & {one.pk for one in activities}
    reasons = GapReason.objects.filter(person__in=me)
    return Material(
        person={
            "uuid": str(person.uuid),
            "name": person.name,
            "regulator": person.regulator,
            "registration_number": person.registration_number,
        },
        scheme=by.scheme,
        profession=by.profession.name if by.profession else "",
        period=by.period,
        today=today,
        texts=draft.texts if draft else {},
        activities=activities,
        chosen=chosen,
        evidence=_pieces(chosen),
        reasons=[Why(one.first, one.last, one.words) for one in reasons],
    )


def _pieces(chosen: Collection[int]) -> list[Piece]:
    rows = Evidence.objects.filter(activity__in=chosen, taken_back_at=None)
    return [
        Piece(
            one.uuid,
            one.activity_id,
            one.title,
            one.digest,
            one.content_type,
            ending_of(one.content_type),
            one.size,
            documents.path_of(EVIDENCE_FOLDER, str(one.uuid)).is_file(),
        )
        for one in rows
    ]


def said(made_of: Material) -> tuple[Document, str]:
    """What the profile would say, and a mark of it."""
    found = content(made_of)
    return found, mark(found)


# What was frozen --------------------------------------------------------------------------------


def same_as_newest(me: Collection[int], said: Document) -> Profile | None:
    """The profile of the same period that was frozen last, when it says the same and its files are there.

    Never one that was brought, which this portal does not vouch for.
    """
    newest = (
        Profile.objects.filter(
            person__in=me,
            entry__imported=False,
            entry__about_from=said["period"]["first"],
            entry__about_to=said["period"]["last"],
        )
        .order_by("-pk")
        .first()
    )
    if newest is None:
        return None
    before = opened(newest)
    whole = all(profile_file(newest, ending) is not None for ending in ("pdf", "zip"))
    return newest if whole and before is not None and is_same(before, said) else None


def issued(key: str) -> Issued | None:
    """What a stranger who holds a profile learns of it by its code, or by the SHA-256 of one of its files."""
    found = (
        Profile.objects.filter(
            Q(code=key) | Q(pdf_digest=key) | Q(json_digest=key) | Q(zip_digest=key)
        )
        .select_related("entry", "person")
        .first()
    )
    if found is None:
        return None
    digests = frozenset((found.pdf_digest, found.json_digest, found.zip_digest))
    if found.entry.imported:
        return Issued(
            digests=digests,
            holds=False,
            title="Brought from another portal",
            words="Whoever has it brought it here themselves, so this portal does not vouch for it. "
            "Ask the portal that issued it.",
            ours=False,
        )
    newer = Profile.objects.filter(
        person__in=identity(found.person),
        entry__imported=False,
        pk__gt=found.pk,
        entry__about_from__lte=found.entry.about_to,
        entry__about_to__gte=found.entry.about_from,
    ).exists()
    return Issued(
        digests=digests,
        holds=not newer,
        title="Issued by the School, and not the latest"
        if newer
        else "Issued by the School, and the latest",
        words="Another profile was frozen since for the same time. Ask whoever gave it to you for that one."
        if newer
        else "No other profile was frozen since for the same time. The portal does not say whose it is.",
    )
