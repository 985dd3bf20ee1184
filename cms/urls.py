"""Addresses of the public pages. Wagtail's own sign-in pages are left out: there is one door, and it is elsewhere."""

from django.urls import path, re_path
from wagtail.urls import serve_pattern

from cms import views

urlpatterns = [
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("search/", views.search, name="search"),
    path("media/images/<str:name>", views.picture, name="picture"),
    # By the name under which Wagtail looks for a document's address.
    path(
        "documents/<int:document_id>/<str:document_filename>",
        views.document,
        name="wagtaildocs_serve",
    ),
    path(
        "write/courses/<uuid:target>/", views.write_page, {"kind": "courses"}, name="write_course"
    ),
    path("write/events/<uuid:target>/", views.write_page, {"kind": "events"}, name="write_event"),
    path("courses/<uuid:course>/", views.plain_course, name="plain_course"),
    path(
        "write/modules/<uuid:target>/", views.write_page, {"kind": "modules"}, name="write_module"
    ),
    re_path(serve_pattern, views.page, name="wagtail_serve"),
]
