"""Files of sites, staff and absences as they are sent, and what an import says of them."""

import csv
import io
from typing import Any

import openpyxl

from school.core.files import importing
from school.core.files.fates import Report
from school.core.models import PORTAL

Rows = list[dict[str, Any]]


def as_csv(rows: Rows, codec: str = "utf-8") -> bytes:
    head = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, head)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(codec)


def as_xlsx(rows: Rows) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(list(rows[0]))
    for row in rows:
        book.active.append(list(row.values()))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def fates(report: Report) -> list[str]:
    return [str(report.fates[number]) for number in sorted(report.fates)]


def said(report: Report) -> list[str]:
    return [finding.sentence for finding in report.ordered_findings()]


def run(kind: importing.Kind, rows: Rows | bytes, **options: Any) -> Report:
    data = rows if isinstance(rows, bytes) else as_csv(rows)
    return importing.run(kind, data, "file.csv", by=PORTAL, **options)


def staff(**changed: Any) -> dict[str, Any]:
    return {
        "name": "Amara Holt",
        "email": "amara.holt@hospital.example",
        "staff identifier": "20418833",
        "regulator": "HCPC",
        "registration number": "RA51234",
        "post": "P-1",
        "job role": "Senior radiographer",
        "staff group": "Allied health",
        "site": "Freeman Hospital",
        "wte": "0.8",
        "crew": "static",
        "line manager": "",
        "from": "2024-09-02",
        "to": "",
        "recorded on": "2024-08-20",
    } | changed


RHYS = staff(
    name="Rhys Pemberton",
    email="rhys@hospital.example",
    post="P-2",
    **{"staff identifier": "20411180", "registration number": "RA40221", "recorded on": ""},
)
