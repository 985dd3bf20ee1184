"""What the header of every page shows: name, hat and the links of that hat."""

from typing import Any

from django.http import HttpRequest


def chrome(request: HttpRequest) -> dict[str, Any]:
    """Context processor; empty for visitors."""
    return {}
