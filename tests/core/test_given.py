"""Files that people put into the portal, given out again."""

import pytest

from school.core.given import kept_file


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Certificate 1", 'attachment; filename="Certificate-1.pdf"'),
        ('a"\r\nSet-Cookie: b', 'attachment; filename="a---Set-Cookie--b.pdf"'),
        ("学", "attachment; filename*=utf-8''%E5%AD%A6.pdf"),
    ],
)
def test_file_is_sent_to_be_kept_whatever_its_name(name: str, said: str) -> None:
    assert kept_file(b"%PDF-1.7", name)["Content-Disposition"] == said
