"""Alice's copy of her CPD record, a record that she brought, and a file of another tool with a row to correct."""

from logbooks.cpd import files
from logbooks.cpd.actions.importing import keep_file
from logbooks.cpd.leaving import packed, record, work
from logbooks.cpd.leaving.brought import TITLE
from logbooks.cpd.leaving.gathered import record_of
from school.core import documents, progress
from school.core.models import Progress
from tests.access.world import MAKERS, World
from tests.logbooks.cpd.leaving.made import zipped

FILE = b"Title,Date,Type\r\n,2026-03-03,Other\r\n"


def make(world: World) -> None:
    """The three, each Alice's own."""
    alice = world.people["alice"]
    copy = progress.start(owner=alice.uuid, title=work.TITLE)
    brought = progress.start(owner=alice.uuid, title=TITLE)
    Progress.objects.filter(pk__in=[copy.pk, brought.pk]).update(state=Progress.State.DONE)
    # A record of nobody: what others of the world made of Alice has files, which are not written here.
    data = zipped({packed.RECORD: record.written(record_of([]))})
    documents.keep(files.COPIES_FOLDER, f"{copy.uuid}.zip", data)
    documents.keep(files.BROUGHT_FOLDER, f"{brought.uuid}.zip", data)
    documents.keep(files.BROUGHT_FOLDER, f"{brought.uuid}.json", b"{}")
    file, _ = keep_file(by=alice, name="cpd.csv", data=FILE)
    world.things |= {"cpd_copy": copy, "cpd_brought": brought, "cpd_file": file}


MAKERS.append(make)
