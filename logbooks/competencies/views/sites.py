"""Sites by type of examination over the last 12 months, on a page and as a file."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from logbooks.competencies import sites_queries as reads
from logbooks.competencies.forms.sites import RegionForm
from placements.views.tutor import follower
from school.core import days
from school.core.files import writing

DEFINITION = (
    "Examinations: those that students whom you follow logged at the site and did not take back. Students and days: "
    "theirs there, a day counted once however many were there. A number is asked: the newest version of the framework "
    "asks students of a year who were there for so many examinations of the type."
)


@require_safe
def examinations_by_site(request: HttpRequest) -> HttpResponse:
    """Each site with what students met there, and what nobody did."""
    form, region, lines = _asked(request)
    first, last = reads.window()
    query = f"?{request.GET.urlencode()}" if region else ""
    context = {
        "form": form,
        "filtered": bool(region),
        "clear": reverse("examinations_by_site"),
        "said": f"{region or 'All regions'}: {len(lines)} site{'' if len(lines) == 1 else 's'}",
        "lines": lines,
        "missing": sum(bool(line.missing) for line in lines),
        "first": first,
        "last": last,
        "definition": DEFINITION,
        "csv": reverse("examinations_by_site_file", args=["csv"]) + query,
        "xlsx": reverse("examinations_by_site_file", args=["xlsx"]) + query,
    }
    return render(request, "competencies/sites.html", context)


@require_safe
def examinations_by_site_file(request: HttpRequest, format: str) -> HttpResponseBase:
    """The same as a file, with a row for each site and type."""
    if format not in writing.FORMATS:
        raise Http404
    _, region, lines = _asked(request)
    first, last = map(days.long_date, reads.window())
    about = writing.About(
        "Examinations by site", f"{region or 'all regions'}, {first} to {last}", DEFINITION
    )
    return writing.table_response(
        "examinations-by-site", reads.HEADS, reads.cells(lines), about, format
    )


def _asked(request: HttpRequest) -> tuple[RegionForm, str, list[reads.Line]]:
    """The filter and the sites that it leaves; 403 for whoever follows no students."""
    lines = reads.sites(follower(request))
    form = RegionForm(request.GET, regions=(line.region for line in lines))
    region = form.wanted()
    return form, region, [line for line in lines if region in ("", line.region)]
