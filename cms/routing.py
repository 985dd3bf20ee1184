"""Where the tree of public pages begins: the portal has one."""

from typing import Any

from django.http import Http404, HttpRequest
from wagtail.models import Site


def root_path(request: HttpRequest) -> str:
    """The path of the home page in the tree, read once a request and kept where Wagtail looks for it."""
    kept: Any = request
    if not hasattr(kept, "_wagtail_cached_site_root_paths"):
        kept._wagtail_cached_site_root_paths = Site.get_site_root_paths()
    if not kept._wagtail_cached_site_root_paths:
        raise Http404
    return str(kept._wagtail_cached_site_root_paths[0].root_path)
