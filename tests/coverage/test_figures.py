"""The figures of coverage and how they are written."""

from school.core.share import Share
from school.coverage.counting import Tally
from school.coverage.figures import Policy, figures
from school.coverage.states import State


def test_adjusted_leaves_out_the_exempt_starters_and_the_long_away() -> None:
    [figure] = figures(
        [
            Tally("North", 1, State.IN_DATE, people=12, away=2),
            Tally("North", 1, State.EXPIRED, people=4, away=1),
            Tally("North", 1, State.MISSING, people=3, away=0),
            Tally("North", 1, State.IN_GRACE, people=2, away=1),
            Tally("North", 1, State.EXEMPT, people=1, away=0),
        ]
    )
    assert figure.share(Policy.HEADCOUNT) == Share(12, 22)
    assert figure.share(Policy.ADJUSTED) == Share(10, 16, not_applicable=6)
