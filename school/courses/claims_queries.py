"""Reads about claims: whose the viewer may see, which wait for them, and what each says."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from school.core import documents, ledger
from school.courses import policies
from school.courses.models import Claim
from school.people.middleware import Viewer

RELATED = ("entry", "person__book", "person__user", "course", "decision__attainment__entry")

# Where the files of claims are kept.
FOLDER = "claims"


def claims(viewer: Viewer) -> QuerySet[Claim]:
    """The viewer's own claims, and those of the people whose records they keep."""
    learners = policies.learners(viewer).filter(pk=OuterRef("person"))
    rows: QuerySet[Claim] = Claim.objects.filter(Q(person__in=viewer.me) | Exists(learners))
    return rows.select_related(*RELATED)


def waiting(viewer: Viewer) -> QuerySet[Claim]:
    """The claims that wait for the viewer to decide, the oldest first; never their own."""
    rows = claims(viewer).filter(decision=None).exclude(person__in=viewer.me)
    return rows.order_by("pk")


def own(viewer: Viewer) -> QuerySet[Claim]:
    """The viewer's own claims that wait or were declined, the newest first."""
    rows: QuerySet[Claim] = Claim.objects.filter(
        Q(decision=None) | Q(decision__attainment=None), person__in=viewer.me
    )
    return rows.select_related(*RELATED).order_by("-pk")


def givers(rows: Sequence[Claim]) -> dict[int, str]:
    """Who gave the training, by the claims' keys; one query."""
    words = ledger.private_texts(rows, "words")
    return {key: text.partition("\n")[0] for key, text in words.items()}


def words_of(claim: Claim) -> tuple[str, str]:
    """Who gave the training, and what the person added; both empty once they were erased."""
    given_by, _, note = ledger.private_text(claim, "words").partition("\n")
    return given_by, note


def file_of(claim: Claim, uuid: UUID) -> bytes | None:
    """The evidence; none when it is gone or is not what was sent."""
    return documents.kept(FOLDER, str(uuid), claim.digest)
