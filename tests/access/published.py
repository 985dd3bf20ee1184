"""The public pages with a document and a picture, and a piece of long work that Alice waits for."""

from django.core.files.base import ContentFile
from wagtail.documents.models import Document
from wagtail.images.models import Image, Rendition

from cms.setup import ensure_pages
from school.core import progress
from tests.access.world import MAKERS, World

# A picture of one dot.
DOT = bytes.fromhex("47494638376101000100800000ffffff0000002c00000000010001000002024401003b")


def make(world: World) -> None:
    """Publish what ships with the portal, keep two files, and start a piece of work."""
    ensure_pages()
    image = Image.objects.create(title="Door", file=ContentFile(DOT, "door.gif"))
    world.things |= {
        "document": Document.objects.create(title="Map", file=ContentFile(b"map", "map.pdf")),
        "picture": Rendition.objects.create(
            image=image,
            filter_spec="width-1",
            width=1,
            height=1,
            file=ContentFile(DOT, "door.width-1.gif"),
        ),
        "work": progress.start(owner=world.people["alice"].uuid, title="Import"),
    }


MAKERS.append(make)
