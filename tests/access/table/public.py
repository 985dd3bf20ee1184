"""Public pages and their editor."""

from tests.access.table.row import (
    NO_PERMISSION,
    NOT_FOUND,
    PUBLIC,
    SIGNED_IN,
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
    r"documents/^(\d+)/(.*)$": Row(
        what="A document",
        get=SIGNED_IN,
        at=lambda world: f"documents/{world.document.pk}/{world.document.filename}",
    ),
    "documents/authenticate_with_password/<int:restriction_id>/": Row(
        what="Closed: nothing is shared by a password",
        get=to(others=NOT_FOUND),
        post=to(others=NOT_FOUND),
        at=lambda world: "documents/authenticate_with_password/1/",
    ),
    "admin/*": Row(
        what="The editor of the public pages, all that is below it included",
        get=to(others=NO_PERMISSION, school_educator=200, administrator=200),
        at=lambda world: "admin/",
    ),
}
