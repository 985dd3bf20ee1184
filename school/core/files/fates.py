"""What becomes of each row of a file that comes in: new, same, changed, waits or refused; and the report of it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Fate(StrEnum):
    """The one fate that a row has."""

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"
    WAITS = "waits"
    REFUSED = "refused"


MEANING = {
    Fate.NEW: "not held yet; written when the import is carried out",
    Fate.SAME: "held already with the same content, or said on that day and corrected by a later row since, or said by an earlier row of the file; nothing is written",
    Fate.CHANGED: "held with other content; the new content is written, the old one stays as history",
    Fate.WAITS: "matches nobody, or two; nothing is written until that is settled",
    Fate.REFUSED: "cannot be used as it stands",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What is so with one cell of one row, and what to do."""

    number: int
    column: str
    value: str
    reason: str
    remedy: str

    @property
    def sentence(self) -> str:
        """The finding as a line of the report."""
        where = f"Row {self.number}"
        if self.column:
            where += f", column “{self.column}”"
        if self.value:
            where += f", value “{self.value}”"
        return f"{where}: {self.reason}. {self.remedy}"


@dataclass(slots=True)
class Report:
    """What an import found, and whether it was written."""

    kind: str
    file: str
    understood: str
    left_aside: tuple[str, ...] = ()
    fates: dict[int, Fate] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    written: bool = False
    # Whether rows that were refused are to be left out and all others written.
    without_refused: bool = False

    def give(self, number: int, fate: Fate) -> None:
        """Gives a row its fate."""
        self.fates[number] = fate

    def say(self, fate: Fate, findings: Sequence[Finding]) -> None:
        """Rows with something to say: they wait or are refused; refused outweighs waits."""
        for finding in findings:
            if self.fates.get(finding.number) != Fate.REFUSED:
                self.fates[finding.number] = fate
        self.findings.extend(findings)

    @property
    def counts(self) -> dict[Fate, int]:
        """How many rows have each fate, in the order of the fates."""
        counted = Counter(self.fates.values())
        return {fate: counted[fate] for fate in Fate}

    @property
    def total(self) -> int:
        """How many rows there are."""
        return len(self.fates)

    @property
    def to_write(self) -> int:
        """How many rows a commit writes."""
        return self.counts[Fate.NEW] + self.counts[Fate.CHANGED]

    def ordered_findings(self) -> list[Finding]:
        """The findings in the order of the rows."""
        return sorted(self.findings, key=lambda finding: finding.number)

    def summary(self) -> str:
        """The counts in one sentence."""
        counts = self.counts
        rows = "1 row" if self.total == 1 else f"{self.total:,} rows"
        parts = ", ".join(f"{counts[fate]:,} {fate}" for fate in Fate)
        return f"{rows}: {parts}."

    def outcome(self) -> str:
        """What was written, and what to do if nothing was."""
        refused = self.counts[Fate.REFUSED]
        if self.written:
            left = f" {refused:,} refused left out." if refused else ""
            waits = self.counts[Fate.WAITS]
            waiting = f" Not written, since they wait: {waits:,}." if waits else ""
            rows = "1 row" if self.to_write == 1 else f"{self.to_write:,} rows"
            return f"Written: {rows}.{left}{waiting}"
        if refused:
            return (
                "Nothing was written. Correct the rows that were refused, "
                "or write all others and leave those out."
            )
        return "Nothing was written: this was a dry run."

    def lines(self) -> Iterator[str]:
        """The report as text, the same on a terminal and in a file."""
        yield f"{self.kind}: {self.file}"
        yield f"Read as {self.understood}."
        if self.left_aside:
            yield f"Columns left aside: {', '.join(self.left_aside)}."
        yield self.summary()
        for finding in self.ordered_findings():
            yield f"{self.fates[finding.number].capitalize()}. {finding.sentence}"
        yield self.outcome()

    def table(self) -> tuple[list[str], list[list[Any]]]:
        """The rows that wait or are refused, as a table to take away."""
        head = ["row", "fate", "column", "value", "reason", "what to do"]
        rows = [
            [f.number, str(self.fates[f.number]), f.column, f.value, f.reason, f.remedy]
            for f in self.ordered_findings()
        ]
        return head, rows

    def as_json(self) -> dict[str, Any]:
        """The report as it is kept beside the file."""
        return {
            **{
                name: getattr(self, name)
                for name in ("kind", "file", "understood", "written", "without_refused")
            },
            "left_aside": list(self.left_aside),
            "fates": [[number, str(fate)] for number, fate in self.fates.items()],
            "findings": [asdict(finding) for finding in self.findings],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Report":
        """A report that was kept."""
        return cls(
            kind=data["kind"],
            file=data["file"],
            understood=data["understood"],
            left_aside=tuple(data["left_aside"]),
            fates={number: Fate(fate) for number, fate in data["fates"]},
            findings=[Finding(**finding) for finding in data["findings"]],
            written=data["written"],
            without_refused=data["without_refused"],
        )
