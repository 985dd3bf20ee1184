"""Public pages and their editor."""

from tests.access.table.row import (
    NO_PERMISSION,
    NOT_FOUND,
    PUBLIC,
    Row,
    to,
)

ROWS: dict[str, Row] = {
    # Public pages and their editor
    r"^((?:[\w\-]+/)*)$": Row(what="The public pages", get=PUBLIC, at=lambda world: "sites/"),
    "robots.txt": Row(what="What search engines may read", get=PUBLIC),
    "sitemap.xml": Row(what="Every public page", get=PUBLIC),
    "media/images/<str:name>": Row(
        what="A picture at the size of a page",
        get=PUBLIC,
        at=lambda world: f"media/{world.picture.file.name}",
    ),
    "search/": Row(what="Search over courses, events and public pages", get=PUBLIC),
    "courses/<uuid:course>/": Row(
        what="What the record says of a course that has no page yet",
        get=PUBLIC,
        at=lambda world: f"courses/{world.course.uuid}/",
    ),
    "documents/<int:document_id>/<str:document_filename>": Row(
        what="A document that no page holds; one that a page holds follows the page’s rule",
        get=to(others=NOT_FOUND, school_educator=200, administrator=200),
        at=lambda world: f"documents/{world.document.pk}/{world.document.filename}",
    ),
    "write/courses/<uuid:target>/": Row(
        what="Begin the public page of a course",
        get=to(others=NO_PERMISSION, school_educator=200, administrator=200),
        post=to(others=NO_PERMISSION, school_educator=302, administrator=302),
        at=lambda world: f"write/courses/{world.course.uuid}/",
    ),
    "write/events/<uuid:target>/": Row(
        what="Begin the public page of an event, below its course’s",
        get=to(others=NO_PERMISSION, school_educator=200, administrator=200),
        post=to(others=NO_PERMISSION, school_educator=422, administrator=422),
        at=lambda world: f"write/events/{world.event.uuid}/",
    ),
    "admin/*": Row(
        what="The editor of the public pages, all that is below it included",
        get=to(others=NO_PERMISSION, school_educator=200, administrator=200),
        at=lambda world: "admin/",
    ),
}
