"""`python -m tests.access` writes docs/access.md."""

import os
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "school.settings.dev")
django.setup()

from tests.access.document import written  # noqa: E402  (the table needs Django)

Path("docs/access.md").write_text(written())
