"""A profile as it is read and printed: every word of its pages, from the document alone."""

from datetime import date, datetime
from typing import Any

from logbooks.cpd.profile.document import FROZEN, Document
from logbooks.cpd.schemes import Kind
from logbooks.cpd.wordcount import count
from school.core import days, documents

SHOWN = 16  # characters of a file's hash, in print


def pdf(said: Document) -> bytes:
    """The pages as a PDF, not sealed yet."""
    # Loaded by whoever prints: it would cost every process half a second and 30 MB.
    from school.core import printing

    return printing.print_pdf("cpd_profile.html", printed(said))


def printed(said: Document) -> dict[str, Any]:
    """Every word and figure of the printed pages."""
    held = said[FROZEN]
    at = datetime.fromisoformat(held["at"])
    return {
        **documents.check(held["code"].replace("-", "")),
        **shown(said),
        "day": days.long_date(days.london_day(at)),
        "since": days.long_date(date.fromisoformat(said["scheme"]["from"])),
        "made": f"{days.long_date(days.london_day(at))} at {days.clock_time(at)}",
        "until": days.long_date(date.fromisoformat(held["until"])),
    }


def shown(said: Document) -> dict[str, Any]:
    """Every word and figure of a profile, frozen or not, ready for a page."""
    return {
        "person": said["person"],
        "profession": said["profession"],
        "scheme": said["scheme"],
        "period": dates(said["period"]["first"], said["period"]["last"]),
        "parts": [_part(one, said) for one in said["parts"]],
        "rows": rows(said),
        "number": len(said["activities"]),
        "chosen": [activity(one) for one in said["activities"] if one["chosen"]],
        "evidence": _evidence(said),
    }


def _part(part: Document, said: Document) -> dict[str, Any]:
    text = said["texts"][part["key"]] if part["kind"] == Kind.WORDS else ""
    return {
        **part,
        "paragraphs": [one for one in text.split("\n\n") if one.strip()],
        "words": count(text),
    }


def rows(said: Document) -> list[dict[str, Any]]:
    """The dated list, the oldest first, with each gap where it lies."""
    lines = [(one["from"], activity(one)) for one in said["activities"]]
    lines += [(one["from"], _gap(one)) for one in said["gaps"]]
    return [line for _, line in sorted(lines, key=lambda line: line[0])]


def activity(one: Document) -> dict[str, Any]:
    """One activity as a line."""
    return {
        **one,
        "dates": dates(one["from"], one["to"]),
        "time": days.in_words(one["minutes"]) if one["minutes"] else "",
    }


def _gap(one: Document) -> dict[str, Any]:
    return {
        "gap": True,
        "dates": dates(one["from"], one["to"]),
        "why": "; ".join(one["reasons"]),
    }


def _evidence(said: Document) -> list[dict[str, Any]]:
    titles = {one["uuid"]: one["title"] for one in said["activities"]}
    return [
        one | {"of": titles[one["activity"]], "hash": one["sha256"][:SHOWN]}
        for one in said["evidence"]
    ]


def dates(first: str, last: str) -> str:
    """ "3 November 2026", or "3 November 2026 to 5 November 2026"."""
    begins = days.long_date(date.fromisoformat(first))
    return begins if first == last else f"{begins} to {days.long_date(date.fromisoformat(last))}"
