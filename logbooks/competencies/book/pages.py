"""A copy of the log book as it is printed: every word of its pages, from the document alone."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from logbooks.competencies.book.content import Document
from logbooks.competencies.map_queries import WAITING
from logbooks.competencies.models import CurrentCompetency, Role
from logbooks.competencies.reflection import paragraphs
from placements.statement_pdf import dates
from school.core import days, documents

State = CurrentCompetency.State
SHOWN = 16  # characters of a file's hash, in print


def pages(document: Document) -> str:
    """The pages as HTML."""
    # As in `pdf`: only whoever prints needs it.
    from django.template.loader import render_to_string

    return render_to_string("print/log_book.html", words(document))


def pdf(document: Document) -> bytes:
    """The pages as a PDF, not sealed yet."""
    # Loaded by whoever prints: it would cost every process half a second and 30 MB.
    from school.core import printing

    return printing.pdf_of(pages(document))


def words(document: Document) -> dict[str, Any]:
    """Every word and figure of the pages, ready to be printed."""
    copy, head = document["copy"], document["record_book"]
    made = datetime.fromisoformat(copy["made"])
    listed = [row["key"] for row in document["competencies"]]
    standing = [row for row in document["examinations"] if row["state"] == "stands"]
    numbers = {digest: number for number, digest in enumerate(document["wordings"], start=1)}
    return {
        **documents.check(copy["code"].replace("-", "")),
        "student": document["student"],
        "programme": document["programme"],
        "framework": document["framework"],
        "made": _moment(made),
        "day": days.long_date(days.london_day(made)),
        "head": head,
        "last": _checkpoint(document),
        "with_reflections": document["reflections"],
        "achieved": listed.count(State.ACHIEVED),
        "asked": len(listed) - listed.count(State.NOT_APPLICABLE),
        "counted": days.in_words(sum(row["counted"] for row in document["hours"])),
        "logged": len(standing),
        "groups": groups(document),
        "stages": [_stage(row, numbers) for row in document["stages"]],
        "results": [row | {"day": _day(row["day"]), "document": row["document"][:SHOWN]} for row in document["results"]],
        "exams": [row | {"day": _day(row["day"])} for row in document["exams"]],
        "moves": [row | {"day": _day(row["day"])} for row in document["moves"]],
        "hours": [_hours(row) for row in document["hours"]],
        "placements": [_placement(row) for row in document["placements"]],
        "seen": seen(standing),
        "roles": [role.label for role in Role],
        "cases": cases(document),
        "taken_back": [_case(row) for row in document["examinations"] if row["state"] == "taken back"],
        "reflections": reflections(standing),
        "signed": signed(document, numbers),
        "assessments": [_attempt(row) for row in document["assessments"]],
        "wordings": list(document["wordings"].values()),
    }  # fmt: skip


def _moment(at: datetime) -> str:
    return f"{days.long_date(days.london_day(at))} at {days.clock_time(at)}"


def _day(written: str) -> str:
    return days.long_date(date.fromisoformat(written))


def _known(written: str) -> str:
    """The day of an instant as the document holds it."""
    return days.long_date(days.london_day(datetime.fromisoformat(written)))


def _checkpoint(document: Document) -> dict[str, Any] | None:
    last = document["checkpoint"]
    return last and last | {"made": _moment(datetime.fromisoformat(last["made"]))}


# Competencies and hours -------------------------------------------------------------------------


def groups(document: Document) -> list[tuple[str, list[int]]]:
    """For each group how many are achieved, wait, are not yet, do not apply, and all; the last line is of all groups."""
    found: dict[str, list[str]] = {}
    for row in document["competencies"]:
        found.setdefault(row["group"], []).append(row["key"])
    lines = [(title, _counted(keys)) for title, keys in found.items()]
    if lines:
        lines.append(("All groups", [sum(column) for column in zip(*(n for _, n in lines), strict=True)]))  # fmt: skip
    return lines


def _counted(keys: list[str]) -> list[int]:
    told = [keys.count(state) for state in (State.ACHIEVED, WAITING, State.NOT_APPLICABLE)]
    achieved, waiting, excused = told
    return [achieved, waiting, len(keys) - sum(told), excused, len(keys)]


def _hours(row: Document) -> dict[str, Any]:
    low, high = days.in_hours(row["least"]), days.in_hours(row["most"])
    return {
        "title": f"Year {row['year']}, {row['level']}",
        "asks": low if low == high else f"{low} to {high}",
        "hours": _in_hours(row, "confirmed", "brought_forward", "adjusted", "counted", "awaiting", "queried", "simulated"),
    }  # fmt: skip


def _placement(row: Document) -> dict[str, Any]:
    first, last = (date.fromisoformat(row[name]) for name in ("from", "to"))
    return {
        "site": row["site"],
        "organisation": row["organisation"],
        "dates": dates(first, last),
        "year": row["year"],
        "state": row["state"],
        "hours": _in_hours(row, "confirmed", "awaiting", "absent", "cancelled_by_site"),
    }


def _in_hours(row: Document, *names: str) -> list[str]:
    return [days.in_hours(row[name]) for name in names]


# Examinations -----------------------------------------------------------------------------------


def seen(standing: list[Document]) -> list[tuple[str, list[int]]]:
    """For each kind of examination how many in each role, and all."""
    found: dict[str, list[int]] = {}
    roles = [role.label for role in Role]
    for row in standing:
        line = found.setdefault(row["examination"], [0] * (len(roles) + 1))
        line[roles.index(row["role"])] += 1
        line[-1] += 1
    return sorted(found.items())


def cases(document: Document) -> list[dict[str, Any]]:
    """The examinations that stand, the oldest first, each with the versions that it replaced."""
    before: dict[int, list[str]] = {}
    for row in document["examinations"]:
        if row["state"] == "corrected":
            said = f"{_day(row['day'])}, {row['tracer']}, {row['examination']}, {row['role']} (code {row['code']})"
            before.setdefault(row["case"], []).append(said)
    rows = [row for row in document["examinations"] if row["state"] == "stands"]
    rows.sort(key=lambda row: (row["day"], row["case"]))
    return [_case(row) | {"before": before.get(row["case"], [])} for row in rows]


def _case(row: Document) -> dict[str, Any]:
    patient = ", ".join(filter(None, (row["age_band"], row["sex"])))
    return {
        "number": row["case"],
        "day": _day(row["day"]),
        "kind": row["examination"],
        "tracer": row["tracer"],
        "patient": patient,
        "role": row["role"],
        "operator": row["operator"],
        "site": row["site"],
        "competencies": ", ".join(row["competencies"]),
        "code": row["code"],
        "recorded": _known(row["recorded"]),
        "files": [_file(file) for file in row["files"]],
    }


def _file(file: Document) -> str:
    said = f"{file['type']}, {file['bytes']:,} bytes, SHA-256 {file['sha256'][:SHOWN]}…"
    return f"{said}, taken away {_known(file['taken_away'])}" if file["taken_away"] else said


def reflections(standing: list[Document]) -> list[dict[str, Any]]:
    """The student's reflections, the oldest first."""
    rows = sorted(standing, key=lambda row: (row["day"], row["case"]))
    return [
        _case(row) | {"parts": paragraphs(row["model"], row["reflection"])}
        for row in rows
        if row["reflection"]
    ]


# Sign-offs and assessments ----------------------------------------------------------------------


def signed(document: Document, numbers: Mapping[str, int]) -> list[dict[str, Any]]:
    """Each competency that anything was said of, in the framework's order, with all that was said of it."""
    # A competency is one in all versions by its identifier; another may have its code in a later one.
    found = {
        row["identifier"]: {"code": row["code"], "title": row["title"], "state": row["state"]}
        for row in document["competencies"]
    }
    said: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    for row in (*document["sign_offs"], *document["not_applicable"]):
        here = found.setdefault(
            row["identifier"],
            {"code": row["competency"], "title": row["title"], "state": "of another version"},
        )
        line = _sign_off(row, numbers) if "outcome" in row else _excused(row)
        if (here["code"], here["title"]) != (row["competency"], row["title"]):
            words = f"{row['competency']} {row['title']} (version {row['framework_version']})"
            line["lines"].append(("Said of", words))
        said.setdefault(row["identifier"], []).append((row["entry"], line))
    return [
        one | {"said": [line for _, line in sorted(said[key], key=lambda pair: pair[0])]}
        for key, one in found.items()
        if key in said
    ]


def _sign_off(row: Document, numbers: Mapping[str, int]) -> dict[str, Any]:
    lines = [
        ("Revoked", _revoked(row["revoked"])),
        ("On the paper", _on_paper(row)),
        ("Level", row["level"]),
        ("Feedback", row["feedback"]),
        ("Next step", row["next_step"]),
        ("Why supervisor and assessor are one", row["exception"]),
        ("Evidence", "; ".join(map(_piece, row["evidence"]))),
    ]
    word = row["outcome"].capitalize()
    if row["revoked"]:
        word = f"{word}, revoked"
    elif row["replaced_by"]:
        word = f"{word}, followed by a newer one"
    return {
        "word": word,
        "day": _day(row["observed"]),
        "by": f"{row['by']}, {row['capacity']}, {row['site']}",
        "proved": f"{row['proved_by']}; sentence {numbers[row['wording']]}",
        "code": row["code"],
        "lines": [(label, text) for label, text in lines if text],
    }


def _revoked(row: Document | None) -> str:
    """From when, by whom and why a sign-off was revoked; empty when it was not."""
    if row is None:
        return ""
    reason = f": {row['reason']}" if row["reason"] else ""
    return f"from {_day(row['from'])} on, by {row['by']}{reason} (code {row['code']})"


def _on_paper(row: Document) -> str:
    """Who signed on paper, and how the hash of its scan begins; empty when it was signed here."""
    if not row["scan"]:
        return ""
    return (
        f"signed by {row['on_paper_by'] or 'a name that was erased'}, scan {row['scan'][:SHOWN]}…"
    )


def _stage(row: Document, numbers: Mapping[str, int]) -> dict[str, Any]:
    lines = [
        ("Revoked", _revoked(row["revoked"])),
        ("Changed since", "; ".join(row["changed_since"])),
        ("Feedback", row["feedback"]),
        ("Why supervisor and assessor are one", row["exception"]),
    ]
    return {
        "title": f"Year {row['year']}, {row['level']}",
        "day": _day(row["day"]),
        "by": f"{row['by']}, {row['capacity']}, {row['site']}",
        "hours": days.in_hours(row["minutes"]),
        "facts": len(row["rests_on"]),
        "proved": f"{row['proved_by']}; sentence {numbers[row['wording']]}",
        "code": row["code"],
        "lines": [(label, text) for label, text in lines if text],
    }


def _piece(piece: Document) -> str:
    case = f"{'file beside ' if piece['file'] else ''}case {piece['case']}"
    since = ""
    if piece["corrected_since"]:
        since = ", taken away since" if piece["file"] else ", corrected since"
    return f"{case} ({piece['hash'][:8]}{since})"


def _excused(row: Document) -> dict[str, Any]:
    return {
        "word": "Asked again" if row["asked_again"] else "Not applicable",
        "day": _day(row["day"]),
        "by": row["by"],
        "proved": "",
        "code": row["code"],
        "lines": [("Reason", row["reason"])] if row["reason"] else [],
    }


def _attempt(row: Document) -> dict[str, Any]:
    parts = row["assessors"]
    return {
        "title": f"{row['form']}, version {row['version']}, attempt {row['attempt']}",
        "outcome": "Passed" if row["passed"] else "Not passed",
        "day": _day(row["day"]),
        "site": row["site"],
        "code": row["code"],
        "parts": parts,
        "read": row["read_by_student"] and _known(row["read_by_student"]["recorded"]),
        "items": [
            rated[0] | {"ratings": [one["rating"] for one in rated]}
            for rated in zip(*(part["ratings"] for part in parts), strict=True)
        ],
    }
