#!/usr/bin/env python
"""Django's command line for the portal; without DJANGO_SETTINGS_MODULE it uses the local demo settings."""

import os
import sys


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "school.settings.dev")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
