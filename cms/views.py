"""Pictures of public pages, and what a search engine may look at."""

import mimetypes

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail.images import get_image_model
from wagtail.models import Page

from cms.models import HomePage


@login_not_required
@require_safe
@cache_control(public=True, max_age=86400)
def picture(request: HttpRequest, name: str) -> FileResponse:
    """A picture at the size that a page asked for; what was uploaded is not handed out."""
    renditions = get_image_model().get_rendition_model().objects
    found = renditions.filter(file=f"images/{name}").first()
    if found is None:
        raise Http404
    return FileResponse(found.file.open("rb"), content_type=mimetypes.guess_type(name)[0])


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Public pages by name; everything else is closed."""
    home = HomePage.objects.live().first()
    pages = home.get_children().live().public() if home else Page.objects.none()
    context = {
        "addresses": [page.get_url(request) for page in pages],
        "sitemap": request.build_absolute_uri("/sitemap.xml"),
    }
    return render(request, "cms/robots.txt", context, content_type="text/plain")


@login_not_required
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The address of every public page, and when it last changed."""
    home = HomePage.objects.live().first()
    pages = home.get_descendants(inclusive=True).live().public() if home else []
    context = {
        "pages": [
            (request.build_absolute_uri(page.get_url(request)), page.last_published_at)
            for page in pages
        ]
    }
    return render(request, "cms/sitemap.xml", context, content_type="application/xml")
