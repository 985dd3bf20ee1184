"""PDFs that are brought as evidence: one as it is kept, and ones to be refused."""

from functools import cache
from io import BytesIO

import pikepdf

from school.core import evidence


def saved(pdf: pikepdf.Pdf) -> bytes:
    """A PDF as a file."""
    made = BytesIO()
    pdf.save(made)
    return made.getvalue()


@cache
def kept_pdf(words: str = "") -> bytes:
    """A PDF of one page as it is kept, so that keeping it changes nothing; other words make another file."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root.Lang = pikepdf.String(words)
        return evidence.taken_in(saved(pdf))
