"""Documents as PDF that also speak: tagged to PDF/UA-1, set in the School's type, made without a network."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

STATIC = "static:"
STYLES = Path(settings.BASE_DIR) / "school" / "templates" / "print" / "print.css"


class OwnFiles(URLFetcher):
    """Gives the project's own static files, by `static:path`, and nothing else."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        found = finders.find(url.removeprefix(STATIC)) if url.startswith(STATIC) else None
        if not isinstance(found, str):
            raise NotOwnFile(f"A printed document asked for {url}; it may use static files only.")
        return URLFetcherResponse(url, Path(found).read_bytes())


class NotOwnFile(FatalURLFetchingError):
    """A template asked for something that is not a static file of the project."""


def print_pdf(template: str, context: dict[str, Any]) -> bytes:
    """A template under print/ as a PDF."""
    return pdf_of(render_to_string(f"print/{template}", context))


def pdf_of(page: str) -> bytes:
    """A page of HTML as a PDF."""
    fetcher, fonts = OwnFiles(), FontConfiguration()
    styles = CSS(
        string=STYLES.read_text(encoding="utf-8"),
        base_url=STATIC,
        url_fetcher=fetcher,
        font_config=fonts,
    )
    document = HTML(string=page, base_url=STATIC, url_fetcher=fetcher)
    pdf: bytes = document.write_pdf(stylesheets=[styles], font_config=fonts, pdf_variant="pdf/ua-1")
    return pdf
