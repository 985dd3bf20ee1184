"""Reads of a person's own CPD: their activities, what waits for them as drafts, and what the checks look at."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from logbooks.cpd import noticed
from logbooks.cpd.checks import Gap, Period, Reason, Seen, gaps
from logbooks.cpd.findings import Finding, findings
from logbooks.cpd.measure import Measure, oldest
from logbooks.cpd.models import FREE, Activity, Evidence, GapReason, Noticed
from school.core import clock, days

BARE = Q(practice="") | Q(benefit="")


def activities(
    me: Collection[int], period: Period, chosen: Mapping[str, str] | None = None
) -> QuerySet[Activity]:
    """A person's activities, newest first; `chosen` are the filters of a list by name, `period` what one of them means."""
    chosen = chosen or {}
    state = chosen.get("state", "")
    rows = Activity.objects.filter(person__in=me, taken_back_at__isnull=state != "back")
    if state == "cycle":
        rows = within(rows, period)
    if state == "bare":
        rows = rows.filter(BARE)
    if chosen.get("learning"):
        rows = rows.filter(learning=chosen["learning"])
    for word in chosen.get("words", "").split():
        found = (
            Q(title__icontains=word)
            | Q(learned__icontains=word)
            | Q(practice__icontains=word)
            | Q(benefit__icontains=word)
        )
        rows = rows.filter(found)
    return rows.order_by("-starts_on", "-pk")


def within(rows: QuerySet[Activity], period: Period) -> QuerySet[Activity]:
    """Those of them that a period knows of: some day of theirs lies in it."""
    first, last = period
    return rows.filter(starts_on__lte=last, ends_on__gte=first)


def without_words(me: Collection[int]) -> QuerySet[Activity]:
    """A person's activities, newest first, with no more of them than title, days, type and length."""
    rows = Activity.objects.filter(person__in=me, taken_back_at=None)
    return rows.only("title", "learning", "starts_on", "ends_on", "minutes")


def evidence_of(activity: Activity) -> list[Evidence]:
    """The files that show an activity, without those taken back."""
    return list(activity.evidence.filter(taken_back_at=None))


# The checks


@dataclass(frozen=True, slots=True)
class Checked:
    """What the checks say of a period so far, and its gaps with the reasons that were given."""

    findings: Sequence[Finding]
    gaps: Sequence[Gap]
    reasons: Sequence[GapReason]

    @property
    def to_do(self) -> list[Finding]:
        """Those findings that ask for something or are worth a look."""
        return [one for one in self.findings if one.state != "ok"]


def checked(me: Collection[int], measure: Measure, today: date) -> Checked:
    """The checks of a person's period; two queries."""
    reasons = list(GapReason.objects.filter(person__in=me))
    given = [Reason(one.first, one.last) for one in reasons]
    asked = (seen(me, measure.period), given, measure.period, today, measure.scheme)
    return Checked(findings(*asked), gaps(*asked), reasons)


def seen(me: Collection[int], period: Period) -> list[Seen]:
    """What the checks look at of the activities of a period."""
    rows = within(Activity.objects.filter(person__in=me, taken_back_at=None), period)
    columns = ("starts_on", "ends_on", "learning", "minutes", "practice", "benefit")
    return [
        Seen(first, last, learning, minutes, bool(practice), bool(benefit))
        for first, last, learning, minutes, practice, benefit in rows.values_list(*columns)
    ]


# What the portal noticed


@dataclass(frozen=True, slots=True)
class Draft:
    """What the portal noticed of a kind in a month, offered as one activity."""

    kind: str
    month: date
    lines: Sequence[Noticed]

    @property
    def title(self) -> str:
        """What it is called: the thing itself where it is one, else its kind and month."""
        if len(self.lines) == 1:
            return self.lines[0].title[:200]
        return f"{noticed.KINDS[self.kind].title}, {days.month_and_year(self.month)}"

    @property
    def learning(self) -> str:
        """The type of learning that it usually is."""
        return noticed.KINDS[self.kind].learning.value

    @property
    def first(self) -> date:
        """The first of its days."""
        return min(line.day for line in self.lines)

    @property
    def last(self) -> date:
        """The last of its days."""
        return max(line.day for line in self.lines)

    @property
    def minutes(self) -> int | None:
        """How long it was in all, with what is usual for its kind where nobody knows; none where nothing is."""
        usual = noticed.KINDS[self.kind].minutes_each
        known = [line.minutes if line.minutes is not None else usual for line in self.lines]
        told = [minutes for minutes in known if minutes]
        return sum(told) if told else None

    @property
    def is_guess(self) -> bool:
        """Whether a part of how long it was is only what is usual."""
        usual = noticed.KINDS[self.kind].minutes_each
        return usual is not None and any(line.minutes is None for line in self.lines)

    @property
    def keys(self) -> list[str]:
        """What it is made of, by the keys of its lines."""
        return [str(line.key) for line in self.lines]


def waiting(me: Collection[int]) -> QuerySet[Noticed]:
    """What the portal noticed of a person and waits for them; nothing that no profile is about any more."""
    rows = Noticed.objects.filter(FREE, person__in=me, dismissed=False)
    return rows.filter(day__gte=oldest(clock.today()))


def drafts(rows: QuerySet[Noticed]) -> list[Draft]:
    """What was noticed as drafts: one a month for each kind, the newest month first."""
    found: dict[tuple[date, str], dict[object, Noticed]] = {}
    for row in rows.order_by("-day", "pk"):
        # Told of two persons who are one, it is one thing.
        found.setdefault((row.day.replace(day=1), row.kind), {}).setdefault(row.key, row)
    kinds = list(noticed.KINDS)
    order = sorted(found, key=lambda at: (-at[0].toordinal(), kinds.index(at[1])))
    return [Draft(kind, month, list(found[month, kind].values())) for month, kind in order]
