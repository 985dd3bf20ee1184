"""Pictures and documents of pages, search, courses without a page, what robots may read, and how a page is begun."""

import mimetypes
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods, require_safe
from wagtail import views as wagtail_views
from wagtail.documents import get_document_model
from wagtail.documents.views.serve import serve
from wagtail.images import get_image_model
from wagtail.models import Page

from cms import actions, policies, ranges, routing, searching, teaching
from cms.models import HomePage
from cms.models.teaching import viewer_of
from school.core import registries
from school.courses import policies as courses
from school.courses.models import Course, Event, Module


@login_not_required
def page(request: HttpRequest, path: str) -> HttpResponseBase:
    """The published page at an address, however deep, looked up at once and served as Wagtail does."""
    root, parts = routing.root_path(request), [part for part in path.split("/") if part]
    if parts:
        rows = Page.objects.filter(slug=parts[-1], url_path=f"{root}{'/'.join(parts)}/")
        found = rows.first()
        found = found.specific if found else None
    else:
        found = HomePage.objects.filter(url_path=root).first()
    if found is None:
        raise Http404
    request._wagtail_route_for_request = found.route(request, [])  # type: ignore[attr-defined]
    response: HttpResponseBase = wagtail_views.serve(request, path)
    return response


@login_not_required
@require_safe
def picture(request: HttpRequest, name: str) -> FileResponse:
    """A picture at the size that a page asked for; what was uploaded is not handed out."""
    renditions = get_image_model().get_rendition_model().objects
    found = renditions.filter(file=f"images/{name}").select_related("image").first()
    if found is None:
        raise Http404
    pages = policies.holders(found.image)
    # The index of references is written a moment after a page: until then a picture is on no page.
    everybody = not pages or any(page.live and policies.is_open(page) for page in pages)
    if not everybody and not policies.may_have(viewer_of(request), pages):
        raise Http404
    response = FileResponse(found.file.open("rb"), content_type=mimetypes.guess_type(name)[0])
    # What is not for everybody is kept in nobody else's store.
    patch_cache_control(response, **{"public" if everybody else "private": True}, max_age=86400)
    return response


@login_not_required
@require_safe
def document(request: HttpRequest, document_id: int, document_filename: str) -> HttpResponseBase:
    """A document of a page, for whoever may read the page; any other stays closed."""
    found = get_object_or_404(get_document_model(), pk=document_id)
    if not policies.may_have(viewer_of(request), policies.holders(found)):
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        raise Http404
    part = ranges.part_asked(request, found.file, found.content_type)
    return part or serve(request, document_id, document_filename)


@login_not_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What is found by words among courses, events and public pages."""
    words = request.GET.get("words", "")
    context = {"words": words, "found": searching.search(words, request)}
    return render(request, "cms/search.html", context)


@login_not_required
@require_safe
def plain_course(request: HttpRequest, course: UUID) -> HttpResponse:
    """What the record says of a course, until a second reader has approved a page for it."""
    rows = courses.courses(viewer_of(request)).select_related("page")
    found = get_object_or_404(rows, uuid=course)
    page = teaching.address_of(found, request)
    if page:
        return redirect(page)
    return render(request, "cms/course.html", teaching.about_course(found, request, request.path))


@require_http_methods(["GET", "HEAD", "POST"])
def write_page(request: HttpRequest, kind: str, target: UUID) -> HttpResponse:
    """The page of a course, an event or a module in the editor; one that is not begun yet is begun by a POST."""
    viewer = viewer_of(request)
    decision = policies.may_write_pages(viewer)
    if not decision:
        raise PermissionDenied(decision.reason)
    found: Course | Event | Module
    if kind == "courses":
        found = course = get_object_or_404(courses.courses(viewer), uuid=target)
    elif kind == "events":
        events = courses.events(viewer).select_related("version__course")
        found = event = get_object_or_404(events, uuid=target)
        course = event.version.course
    else:
        modules = Module.objects.filter(version__course__in=courses.courses(viewer)).select_related(
            "version__course"
        )
        found = module = get_object_or_404(modules, uuid=target)
        course = module.version.course
    page = getattr(found, "page", None)
    if page is None and request.method == "POST":
        page = actions.begin_page(of=found, by=request.user)  # type: ignore[arg-type]
    if page is not None:
        return redirect("wagtailadmin_pages:edit", page.pk)
    context = {
        "named": course.title,
        "starts": getattr(found, "starts", None),
        "is_module": kind == "modules",
        # The page of an event or a module stands below its course's.
        "first": registries.desk(course) if found != course and not hasattr(course, "page") else "",
    }
    return render(request, "cms/write.html", context)


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
    context = {
        "pages": [
            (request.build_absolute_uri(page.get_url(request)), page.last_published_at)
            for page in searching.public_pages()
        ]
    }
    return render(request, "cms/sitemap.xml", context, content_type="application/xml")
