"""The record for people: a table for a spreadsheet, a PDF to read, and what each file of the ZIP is."""

import csv
import io
from collections.abc import Mapping
from datetime import date

from logbooks.cpd.learning import Learning
from logbooks.cpd.leaving.record import ActivityPart, DraftPart, Record
from logbooks.cpd.measure import measure
from school.core import clock, days
from school.core.files import writing
from school.core.forms import sentence
from school.people.models import Person
from school.people.queries import identity

COLUMNS = (
    "Title", "Type of learning", "First day", "Last day", "Minutes", "What I learned", "For my practice",
    "For those who use the service", "Evidence", "Taken back", "Reference",
)  # fmt: skip

README = """\
Your CPD record
===============

Everything that you wrote for CPD in the School of Oncology's portal, as it stood when this file was made.

record.json     The whole record for another portal. Sign in there, open "Bring your CPD record" and send
                the ZIP file as it is. Keep it unpacked as well: any program can read it.
activities.csv  Your activities as a table, for a spreadsheet or another CPD tool. Times are in minutes.
record.pdf      The same to read and print, with all your words.
evidence        The files that you put beside activities, named by the reference of each in record.json.
                The name of the file that you sent was never kept.
profiles        Your frozen profiles, named by their codes: the PDF, the document that it prints, and both with the evidence.

What you took back is in record.json and says when. A file that the portal no longer had is named there
without a place. Earlier versions of your words, what the portal noticed and you did not keep, and what
you shared with colleagues stay in the portal.
"""


def table(record: Record) -> bytes:
    """The activities as CSV, as other files of the portal are written but for when it was made."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in record.activities:
        evidence = "; ".join(held.title for held in one.evidence if held.taken_back_at is None)
        writer.writerow(
            writing.harmless(cell)
            for cell in (
                one.title, Learning(one.learning).words, one.starts_on, one.ends_on, one.minutes, one.learned,
                one.practice, one.benefit, evidence, one.taken_back_at, str(one.uuid),
            )
        )  # fmt: skip
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


def pdf(record: Record, person: Person) -> bytes:
    """The record as a tagged PDF, headed with the person's name."""
    # Loaded by whoever prints: it would cost every process half a second and 30 MB.
    from school.core import printing

    counted = [one for one in record.activities if one.taken_back_at is None]
    minutes = sum(one.minutes or 0 for one in counted)
    scheme = measure(identity(person), clock.today()).scheme
    headings = {one.key: one.heading for one in scheme.written}
    context = {
        "name": person.name,
        "number": len(counted),
        "time": days.in_words(minutes) if minutes else "",
        "activities": [_activity(one) for one in counted],
        "gaps": [
            {"days": period(one.first, one.last), "words": one.words} for one in record.gaps
        ],
        "drafts": [
            {"days": period(one.first, one.last), "texts": _texts(one, headings)}
            for one in record.drafts
            if any(one.texts.values())
        ],
        "profiles": [
            {
                "code": one.code,
                "days": period(one.first, one.last),
                "day": days.long_date(one.recorded_on),
            }
            for one in record.profiles
        ],
    }  # fmt: skip
    return printing.print_pdf("cpd_record.html", context)


def _texts(draft: DraftPart, headings: Mapping[str, str]) -> list[tuple[str, str]]:
    """The words of a draft under their headings; a part that the shape has no more is called by its key."""
    gone = sorted(draft.texts.keys() - headings.keys())
    named = {**headings, **{key: sentence(key.replace("_", " ")) for key in gone}}
    return [(named[key], draft.texts[key]) for key in named if draft.texts.get(key)]


def _activity(one: ActivityPart) -> dict[str, object]:
    return {
        "title": one.title,
        "learning": Learning(one.learning).words,
        "days": period(one.starts_on, one.ends_on),
        "time": days.in_words(one.minutes) if one.minutes else "",
        "words": [
            (heading, words)
            for heading, words in (
                ("What I learned", one.learned),
                ("For my practice", one.practice),
                ("For those who use the service", one.benefit),
            )
            if words
        ],
        "evidence": [held.title for held in one.evidence if held.taken_back_at is None],
    }


def period(first: date, last: date) -> str:
    """One day, or from one to another."""
    if first == last:
        return days.long_date(first)
    return f"{days.long_date(first)} to {days.long_date(last)}"
