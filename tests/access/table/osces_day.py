"""OSCEs: the day of an exam, for those who run OSCEs; its clock and their own conflicts for its examiners, too."""

from collections.abc import Callable

from tests.access import banked as banked  # makes an exam with a timetable
from tests.access.table.osces import DONE, EXAMINERS, UNFILLED
from tests.access.table.row import NO_PERMISSION, NOT_FOUND, Row, to
from tests.access.world import World

# Whoever examines in the exam may, and nobody of the cast does.
EXAMINING = to(others=NOT_FOUND, programme_lead=200, school_educator=200)
UNSAID = to(others=NOT_FOUND, programme_lead=422, school_educator=422)
REFUSED = to(others=NO_PERMISSION, programme_lead=422, school_educator=422)
NO_SESSION = to(others=NO_PERMISSION, programme_lead=NOT_FOUND, school_educator=NOT_FOUND)


def held(page: str = "") -> Callable[[World], str]:
    """The address of a page of the exam that has a timetable."""
    return lambda world: f"osces/exams/{world.exam_day.exam.uuid}/{page}"


ROWS: dict[str, Row] = {
    "osces/exams/<uuid:exam>/day/": Row(
        what="What is ready for the day of an exam", get=EXAMINERS, at=held("day/")
    ),
    "osces/exams/<uuid:exam>/day/candidates/": Row(
        what="Candidates; add a cohort",
        get=EXAMINERS,
        post=UNFILLED,
        at=held("day/candidates/"),
    ),
    "osces/exams/<uuid:exam>/day/candidates/<uuid:candidate>/": Row(
        what="A candidate’s needs; withdraw them",
        get=EXAMINERS,
        post=DONE,
        at=lambda world: (
            f"osces/exams/{world.exam_day.exam.uuid}/day/candidates/{world.exam_day.candidates[0].uuid}/"
        ),
    ),
    "osces/exams/<uuid:exam>/day/sessions/new/": Row(
        what="Write a session with circuits and examiners",
        get=EXAMINERS,
        post=UNFILLED,
        at=held("day/sessions/new/"),
    ),
    "osces/exams/<uuid:exam>/day/sessions/<int:number>/": Row(
        what="Write on a session",
        get=NO_SESSION,
        post=NO_SESSION,
        at=held("day/sessions/1/"),
    ),
    "osces/exams/<uuid:exam>/day/conflicts/": Row(
        what="Who must not meet whom; for an examiner of the exam their own",
        get=EXAMINING,
        post=UNSAID,
        at=held("day/conflicts/"),
    ),
    "osces/exams/<uuid:exam>/day/announce/": Row(
        what="Work out a timetable and announce it", post=REFUSED, at=held("day/announce/")
    ),
    "osces/exams/<uuid:exam>/day/timetable/": Row(
        what="The timetable of an exam", get=EXAMINERS, at=held("day/timetable/")
    ),
    "osces/exams/<uuid:exam>/day/door/": Row(
        what="Numbers and times to hang at the door", get=EXAMINERS, at=held("day/door/")
    ),
    "osces/exams/<uuid:exam>/day/again/": Row(
        what="Plan the rest of the day again",
        get=EXAMINERS,
        post=UNFILLED,
        at=held("day/again/"),
    ),
    "osces/exams/<uuid:exam>/floor/": Row(
        what="The board of the floor", get=EXAMINERS, at=held("floor/")
    ),
    "osces/exams/<uuid:exam>/clock/": Row(
        what="The clock of the room; for an examiner of the exam, too",
        get=to(others=NO_PERMISSION, bob=200, programme_lead=200, school_educator=200),
        at=held("clock/"),
    ),
}
