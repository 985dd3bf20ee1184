"""One fact of every kind of CPD."""

from logbooks.cpd import models as cpd
from school.core.ledger import Draft
from school.core.models import Fact
from tests import records


def kept(network: records.Network) -> list[Fact]:
    """A frozen profile."""
    alice = network.alice
    fact = cpd.Profile(
        person=alice,
        scheme="hcpc 2018-01-01",
        code=f"CPD{network.key}"[:20].upper(),
        json_digest="a" * 64,
        pdf_digest="b" * 64,
        zip_digest="c" * 64,
    )
    draft = Draft(fact=fact, book=alice.book, about_from=records.DAY, about_to=records.DAY)
    return records.write(draft)
