"""The addresses of the pages for an inspector under IR(ME)R."""

from django.urls import URLPattern, path

from school.coverage.views import irmer

urlpatterns: list[URLPattern] = [
    path("coverage/irmer/", irmer.sites, name="irmer_sites"),
    path("coverage/irmer/<slug:site>/", irmer.site, name="irmer_site"),
    path("coverage/irmer/<slug:site>/file/<str:format>/", irmer.site_file, name="irmer_file"),
    path("coverage/irmer/<slug:site>/pdf/", irmer.make_pdf, name="irmer_make_pdf"),
    path("coverage/irmer/<slug:site>/pdf/<uuid:work>/", irmer.pdf, name="irmer_pdf"),
]
