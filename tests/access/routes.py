"""Every URL of the project, as the table of access names them."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def project_routes() -> list[str]:
    """The routes of all URL patterns, from the site's root, such as `hours/<uuid:shift>/`."""
    return sorted(set(_walk(get_resolver(), "")))


def _walk(resolver: URLResolver, before: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield route


def is_covered(route: str, row: str) -> bool:
    """Whether a row of the table speaks for a route; `admin/*` speaks for all below `admin/`."""
    return route.startswith(row.removesuffix("*")) if row.endswith("*") else route == row
