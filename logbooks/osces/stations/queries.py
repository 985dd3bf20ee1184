"""Stations as those who run OSCEs see them: versions, open drafts, and the documents that they are."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from logbooks.osces.models import Station, StationVersion
from logbooks.osces.stations import document as documents
from logbooks.osces.stations.document import Document
from school.core import registries

YOURS = "You wrote on this draft, so somebody who did not reads and publishes it."


@dataclass(frozen=True, slots=True)
class Line:
    """A station in the list: its newest version with what that says, none before the first."""

    station: Station
    version: StationVersion | None
    document: Document


def listed() -> list[Line]:
    """Every station that is published or being written, by title; two queries."""
    rows = kept().order_by("title", "pk")
    return [Line(row, newest(row), shown(row)) for row in rows if newest(row) or row.draft]


def wrote(me: Collection[int]) -> Exists:
    """Whether any of these people wrote on the draft of a station. Who only opened the next version did not."""
    rows, none = Station.history.filter(id=OuterRef("id")), Station.State.NONE
    later = rows.filter(state=none, history_id__gt=OuterRef("history_id"))
    versions = StationVersion.objects.filter(station=OuterRef("id")).order_by("-number")
    opened = Coalesce(Subquery(versions.values("document")[:1]), Value(""))
    own = rows.filter(written_by__in=me).exclude(Q(state=none) | Q(draft=opened))
    return Exists(own.exclude(Exists(later)))


def waiting(me: Collection[int]) -> set[int]:
    """The stations, by primary key, whose draft waits for a second reader and was written on by none of these; one query."""
    rows = Station.objects.filter(~wrote(me), state=Station.State.IN_REVIEW)
    return set(rows.values_list("pk", flat=True))


def kept() -> QuerySet[Station]:
    """The stations with their versions, the newest first; two queries."""
    versions = StationVersion.objects.select_related("written_by", "reviewed_by")
    rows = Station.objects.select_related("written_by")
    return rows.prefetch_related(Prefetch("versions", versions.order_by("-number")))


def newest(station: Station) -> StationVersion | None:
    """The newest published version; none before the first."""
    return next(iter(station.versions.all()), None)


def shown(station: Station) -> Document:
    """What the newest version says, and before the first the draft."""
    version = newest(station)
    return documents.from_canonical(version.document if version else station.draft)


def drafted(station: Station) -> Document:
    """What the open draft says."""
    return documents.from_canonical(station.draft)


def competencies() -> Sequence[registries.Competency]:
    """What an item may name; one query."""
    return registries.competencies()


def problems(document: Document) -> list[str]:
    """Why a station cannot be published; one query."""
    return documents.problems(document, [one.code for one in competencies()])
