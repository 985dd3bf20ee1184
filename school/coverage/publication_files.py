"""The documents of a publication: one table of what may be shown, as PDF, XLSX and CSV, and where they are kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from school.core import days, documents
from school.core.files import writing
from school.core.registries import Issued
from school.core.share import Share
from school.coverage import frozen, suppression
from school.coverage.figures import Figure, Policy
from school.coverage.frozen import Asked, Published
from school.coverage.models import Publication, PublicationFiles
from school.coverage.suppression import Count, Shown
from school.people.models import Person

FOLDER = "publications"
KINDS = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
HIDDEN = "hidden"
TOGETHER = "All together"
CHECKED = (
    ("Published by the School", "The School published this report of training coverage."),
    ("Published by the School, and withdrawn since", "This report no longer holds."),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: a group, its figure and the other of the two; a figure is none where it is hidden.

    `has_other` is whether the other figure stands in the table at all.
    """

    name: str
    region: str
    figure: Count | None
    other: Count | None
    has_other: bool = True

    @property
    def cells(self) -> list[Any]:
        """In date, of how many, per cent, and the first two of the other figure."""
        other = _cells(self.other)[:2] if self.has_other else ["", ""]
        return [*_cells(self.figure), *other]


@dataclass(frozen=True, slots=True)
class Column:
    """All that is shown of a requirement: the rows of its groups, and that of everybody once."""

    asked: Asked
    rows: Sequence[Row]
    together: Row


def _cells(count: Count | None) -> list[Any]:
    if count is None:
        return [HIDDEN] * 3
    return [count.numerator, count.of, Share(count.numerator, count.of).cell]


def other(policy: Policy) -> Policy:
    """The other of the two figures."""
    return Policy.HEADCOUNT if policy is Policy.ADJUSTED else Policy.ADJUSTED


def columns(published: Published, *, inside: bool = False) -> list[Column]:
    """Every requirement as it may be shown where it goes: outside the School without small cells.

    `inside` shows all of one that goes outside, to people of the School.
    """
    beside, outside = other(published.policy), published.outside and not inside
    whole = [_whole(published, one, beside) for one in published.requirements]
    may = (
        suppression.shown(whole)
        if outside
        else [Shown(tuple(one.cells), one.total, one.beside) for one in whole]
    )
    found = []
    for asked, told in zip(published.requirements, may, strict=True):
        rows = [
            Row(
                group.name,
                group.region,
                cell,
                None if outside else _count(published.figure(group.key, asked.code), beside),
                not outside,
            )
            for group, cell in zip(published.groups, told.cells, strict=True)
        ]
        found.append(Column(asked, rows, Row(TOGETHER, "", told.total, told.beside)))
    return found


def _whole(published: Published, asked: Asked, beside: Policy) -> suppression.Column:
    """All counts of a requirement."""
    figures = [published.figure(group.key, asked.code) for group in published.groups]
    everybody = published.figure("", asked.code)
    return suppression.Column(
        [_count(one, published.policy) for one in figures],
        _count(everybody, published.policy),
        _count(everybody, beside),
    )


def _count(figure: Figure, policy: Policy) -> Count:
    share = figure.share(policy)
    return Count(share.numerator, share.denominator)


def heads(published: Published) -> list[str]:
    """The columns of the table."""
    second = other(published.policy).value.capitalize()
    group = published.grouped_by.capitalize()
    return [group, "Requirement", "In date", "Of", "Per cent", f"{second}: in date", f"{second}: of"]  # fmt: skip


def rows(published: Published) -> Iterator[list[Any]]:
    """The table, row by row: of each requirement its groups, and everybody once."""
    for column in columns(published):
        for row in [*column.rows, column.together]:
            yield [row.name, column.asked.name, *row.cells]


def about(publication: Publication, published: Published) -> writing.About:
    """What the files say of themselves."""
    return writing.About(
        title=f"{published.title}, for {published.for_whom}",
        filtered="; ".join(asked(published)),
        definition=" ".join(published.conventions),
        made=publication.entry.recorded_at,
    )


def asked(published: Published) -> list[str]:
    """What was asked, as phrases."""
    return [
        f"as of {days.long_date(published.as_of)}",
        f"as known on {days.long_date(published.known_on)}",
        f"the {published.policy.value} figure",
        f"sites: {', '.join(published.sites)}" if published.sites else "every site",
    ]


def totals(publication: Publication) -> list[str]:
    """A line for each requirement: of everybody once, as it may be shown."""
    return [
        f"{column.asked.name}: {_said(column.together.figure)}"
        for column in columns(frozen.opened(publication))
    ]


def _said(count: Count | None) -> str:
    if count is None:
        return HIDDEN
    percent = Share(count.numerator, count.of).tenths
    return f"{count.numerator} of {count.of} in date" + (f", {percent} %" if percent else "")


# Files ----------------------------------------------------------------------------------------------


def made(publication: Publication) -> dict[str, bytes]:
    """Each document as a file, from the frozen rows alone."""
    # Loaded by whoever prints: it would cost every process half a second and 30 MB.
    from school.core import printing

    published = frozen.opened(publication)
    said, named = about(publication, published), heads(published)
    with writing.workbook(named, rows(published), said) as book:
        xlsx = book.read()
    return {
        "pdf": printing.print_pdf("coverage_report.html", words(publication, published)),
        "xlsx": xlsx,
        "csv": b"".join(writing.csv_chunks(named, rows(published), said)),
    }


def words(publication: Publication, published: Published) -> dict[str, Any]:
    """Every word and figure of the PDF."""
    made_at = publication.entry.recorded_at
    people = Person.objects.in_bulk([publication.drafted_by_id, publication.reviewed_by_id])
    return {
        "published": published,
        "asked": asked(published),
        "other": other(published.policy).value.capitalize(),
        "columns": columns(published),
        "drafted_by": people[publication.drafted_by_id].name,
        "reviewed_by": people[publication.reviewed_by_id].name,
        "issued": days.long_date(days.london_day(made_at)),
        "made": f"{days.long_date(days.london_day(made_at))} at {days.clock_time(made_at)}",
        "digest": publication.rows_digest,
        **documents.check(publication.code),
    }


def keep(publication: Publication, kind: str, data: bytes) -> None:
    """Keeps a document."""
    documents.keep(FOLDER, f"{publication.uuid}.{kind}", data)


def kept(files: PublicationFiles, kind: str) -> bytes | None:
    """A document; none when it is gone or is not what was made."""
    expected = getattr(files, f"{kind}_digest")
    return documents.kept(FOLDER, f"{files.publication.uuid}.{kind}", expected)


def issued(key: str) -> Issued | None:
    """What a stranger learns of a publication by its code, or by the SHA-256 of one of its documents."""
    names = [f"{kind}_digest" for kind in KINDS]
    of_files = Q()
    for name in names:
        of_files |= Q(**{f"files__{name}": key})
    found = Publication.objects.select_related("files").filter(Q(code=key) | of_files).first()
    if found is None:
        return None
    files = getattr(found, "files", None)
    digests = frozenset(getattr(files, name) for name in names) if files else frozenset()
    withdrawn = getattr(found, "withdrawal", None) is not None
    return Issued(digests, not withdrawn, *CHECKED[withdrawn])
