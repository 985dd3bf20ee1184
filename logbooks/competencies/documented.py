"""The documentation of files of frameworks: formats, limits, and what is said of each file."""

from logbooks.competencies.document import LONGEST, MOST_PARTS
from logbooks.competencies.formats import FORMATS
from logbooks.competencies.forms.frameworks import MAX_BYTES


def section() -> str:
    """The section as Markdown."""
    formats = "\n".join(f"| `{one.key}` | {one.name} |" for one in FORMATS.values())
    return f"""## Competency frameworks

`manage.py import_framework FILE --format FORMAT` · `manage.py export_framework CODE --format FORMAT`

| format | what it is |
|---|---|
{formats}

A framework is one file, read whole: at most {MAX_BYTES // 1024 // 1024} MB on the page and {MOST_PARTS:,} groups and competencies. Codes have at most {LONGEST["code"]} characters, titles {LONGEST["title"]}. Without `--commit` the command says what it would write and writes nothing; with it the framework becomes a draft, which a programme lead reads and publishes. A published version never changes. The page for leads, under Competency frameworks, reads the same files.

What is said of a file has one of three sorts. A **problem** refuses the file until somebody mends it: two entries under one identifier, an entry that is in itself, a level or a subject that is not there, no source, a code that an earlier version gave to another competency (examinations say by code what they touch). A **repair** was made while reading, and names the entry and what was changed: an entry without a code gets one, a code that is there twice gets a number, a name that is there twice in the same group gets its code behind it, an entry in something that is not there goes under “Place not found”, a CASE item that says nothing of its place stands at the top, texts lose HTML and characters that nothing shows. A **loss** is what the format, or the portal, does not hold. What the portal has exported is read again without a repair; CASE files keep what only CASE knows."""
