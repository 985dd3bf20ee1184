"""Results of OSCEs: one's own, those of an exam, and appeals."""

from collections.abc import Callable

from tests.access import released as released  # makes an exam whose results are released
from tests.access.table.osces import DONE, EXAMINERS, READERS, UNFILLED
from tests.access.table.row import NOT_FOUND, OWN, OWN_UNFILLED, SENT, SIGNED_IN, Row, to
from tests.access.world import World


def own(page: str = "") -> Callable[[World], str]:
    """The address of a page of Alice's result."""
    return lambda world: f"osces/results/{world.candidate.uuid}/{page}"


def sat(page: str = "") -> Callable[[World], str]:
    """The address of a page of the results of the exam that she sat."""
    return lambda world: f"osces/exams/{world.sat_exam.uuid}/results/{page}"


ROWS: dict[str, Row] = {
    "osces/results/": Row(what="One's own released OSCE results", get=SIGNED_IN),
    "osces/results/<uuid:candidate>/": Row(
        what="One of them; 404 before it is released and for everybody else", get=OWN, at=own()
    ),
    "osces/results/<uuid:candidate>/appeal/": Row(
        what="Appeal against it; once that is done, back to the result",
        get=to(others=NOT_FOUND, alice=SENT),
        post=OWN_UNFILLED,
        at=own("appeal/"),
    ),
    "osces/exams/<uuid:exam>/results/": Row(
        what="Results by number, by name once released, with the standard", get=READERS, at=sat()
    ),
    "osces/exams/<uuid:exam>/results/release/": Row(
        what="Release them to the candidates",
        post=DONE,
        at=sat("release/"),
        data=lambda world: {"standard": world.standard.entry.uuid},
    ),
    "osces/exams/<uuid:exam>/results/<int:number>/": Row(
        what="How each mark of a candidate came about",
        get=READERS,
        at=lambda world: f"osces/exams/{world.sat_exam.uuid}/results/{world.candidate.number}/",
    ),
    "osces/appeals/": Row(what="Appeals against OSCE results", get=EXAMINERS),
    "osces/appeals/<uuid:appeal>/": Row(
        what="Answer an appeal",
        post=UNFILLED,
        at=lambda world: f"osces/appeals/{world.osce_appeal.entry.uuid}/",
    ),
}
