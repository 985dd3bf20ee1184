"""Which files of attainments may be imported, one kind for each source, and by whom."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.urls import reverse

from school.core.files.fates import Report
from school.core.files.offered import Offered
from school.courses import policies
from school.courses.imports.attainments import UNKNOWN_COURSE, kind_for
from school.courses.models import ImportSource
from school.people.middleware import Viewer
from school.people.queries import Hat

REFUSAL = "Only a School educator or a workforce manager of the whole network imports attainments."
# Titles that are said at once; what is left is asked for when the file is checked again.
AT_ONCE = 20


def hats_for(viewer: Viewer) -> list[Hat]:
    """The viewer's roles that let them import attainments."""
    return policies.importing_hats(viewer.hats)


def unknown_titles(report: Report) -> list[str]:
    """What rows that wait call a course that is not known in their source."""
    found = [
        finding.value for finding in report.ordered_findings() if finding.reason == UNKNOWN_COURSE
    ]
    return list(dict.fromkeys(found))


OWN = Offered(kind_for(), hats_for, REFUSAL, command="import_attainments FILE --source NAME")


def kinds() -> Sequence[Offered]:
    """A kind for each source, beside that of the portal's own columns."""
    return [_of(source) for source in ImportSource.objects.order_by("name")]


def _of(source: ImportSource) -> Offered:
    def settle(report: Report) -> str:
        titles = unknown_titles(report)[:AT_ONCE]
        if not titles:
            return ""
        query = urlencode([("title", title) for title in titles])
        return f"{reverse('import_source', args=[source.uuid])}?{query}"

    return Offered(kind_for(source), hats_for, REFUSAL, settle=settle)
