"""What is published of online modules, for the record of who learned what."""

from collections.abc import Collection

from django.db.models import Q

from cms.models import ModulePage, ModulePart
from cms.models.modules import lessons_of
from school.core.registries import Lessons


def lessons(modules: Collection[int]) -> dict[int, Lessons]:
    """The published pages of modules, by the modules' primary keys; two queries."""
    pages = list(ModulePage.objects.live().filter(module__in=modules))
    if not pages:
        return {}
    below = Q()
    for page in pages:
        below |= Q(path__startswith=page.path)
    parts: dict[str, list[ModulePart]] = {}
    for part in ModulePart.objects.live().filter(below).order_by("path"):
        parts.setdefault(part.path[: -ModulePart.steplen], []).append(part)
    return {page.module_id: lessons_of(page, parts.get(page.path, [])) for page in pages}
