"""How a whole history is loaded from the command line, for the documentation of imports."""

SECTION = """## A whole history from the command line

Each row of these files says on which day its source recorded it, so that any day can be asked about afterwards as it was
known then. In this order, since each speaks of the ones before; `--commit` writes:

    manage.py import_network network.csv --commit
    manage.py import_people people.csv --absences absences.csv --commit
    manage.py import_courses courses.csv --commit
    manage.py import_requirements requirements.csv --exemptions exemptions.csv --commit
    manage.py import_attainments attainments.csv --source ESR --commit
    manage.py coverage --as-of 2025-12-31 --known-on 2026-01-05 --by site

What a source knew later of the same thing, such as the last day of a post that had none, stands in a second file, which is
loaded after the first; loaded again, in that order, both change nothing.

A post that changed is one row for each term, and an attainment that became void has the day in `voided on`. Somebody merged, a
course that counts as another, and what a source calls a course in its own words are said on their pages."""


def section() -> str:
    """The section."""
    return SECTION
