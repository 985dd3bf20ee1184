"""What a placement asks before its first day, as lines that a page shows with a sign."""

from placements.arriving_queries import INDUCTION, Readiness, label
from placements.readiness import Answer, State
from school.core import days

SIGNS = {State.HELD: "done", State.EXPIRES: "notice", State.MISSING: "breach"}


def tasks_of(ready: Readiness) -> list[dict[str, str]]:
    """Each check that the site asks for, and the induction, as components/task_list.html takes them."""
    found = [_check(one) for one in ready.answers]
    if ready.inducted:
        return [*found, {"title": INDUCTION, "state": "recorded", "word": "Recorded"}]
    late = {"title": INDUCTION, "state": "breach", "word": "Missing"}
    to_come = {"title": INDUCTION, "state": "not-started", "word": "On your first day"}
    if ready.started:
        to_come["word"] = "Due today"
    return [*found, late if ready.induction_late else to_come]


def _check(answer: Answer) -> dict[str, str]:
    until = days.long_date(answer.until) if answer.until else ""
    words = {State.HELD: "Done", State.EXPIRES: "Expires", State.MISSING: "Missing"}
    hints = {
        State.HELD: f"Holds until {until}",
        State.EXPIRES: f"Holds until {until}, which is before the placement ends",
        State.MISSING: f"Ran out on {until}",
    }
    return {
        "title": label(answer),
        "hint": hints[answer.state] if until else "",
        "state": SIGNS[answer.state],
        "word": words[answer.state],
    }
