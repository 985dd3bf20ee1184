"""A file that is sent: there, with something in it, and of no more than its size."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from school.core.files.forms import MB, SentFile
from school.core.forms import SchoolForm


class _OneFile(SchoolForm):
    file = SentFile(most=2 * MB, accept=".csv", empty="one that holds rows", label="File")


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (None, "Choose the file"),
        (0, "The file is empty. Choose one that holds rows"),
        (2 * MB, ""),
        (2 * MB + 60_000, "The file has 2.1 MB. Choose one of at most 2 MB"),
    ],
)
def test_sent_file_is_there_and_of_no_more_than_its_size(size: int | None, said: str) -> None:
    files = {} if size is None else {"file": SimpleUploadedFile("rows.csv", b"a" * size)}
    form = _OneFile({}, files)
    assert form.errors.get("file", []) == ([said] if said else [])
