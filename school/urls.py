"""Every address of the portal."""

from django.urls import URLPattern, URLResolver, include, path
from wagtail.admin import urls as wagtailadmin_urls

from logbooks.competencies.urls import urlpatterns as competencies_urls
from logbooks.cpd.urls import urlpatterns as cpd_urls
from logbooks.osces.urls import urlpatterns as osces_urls
from placements.urls import urlpatterns as placements_urls
from school.courses.urls import urlpatterns as courses_urls
from school.coverage.urls import urlpatterns as coverage_urls
from school.home.urls import urlpatterns as home_urls
from school.people.urls import account_urls, closed_urls, people_urls, system_urls

urlpatterns: list[URLPattern | URLResolver] = [
    *closed_urls,
    path("account/", include(account_urls)),
    path("people/", include(people_urls)),
    *system_urls,
    path("admin/", include(wagtailadmin_urls)),
    *home_urls,
    *placements_urls,
    *courses_urls,
    *competencies_urls,
    *osces_urls,
    *cpd_urls,
    *coverage_urls,
    path("", include("cms.urls")),
]
