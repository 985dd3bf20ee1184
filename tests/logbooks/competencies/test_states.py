"""Where a competency stands: each kind of fact alone, and what holds after any of them."""

from hypothesis import given
from hypothesis import strategies as st

from logbooks.competencies.states import (
    NOTHING,
    Asked,
    Event,
    Excused,
    Revoked,
    Signed,
    State,
    after,
    standing_of,
)

keys = st.integers(1, 6)
events = st.lists(
    st.one_of(
        st.builds(Asked, keys, st.booleans(), st.booleans()),
        st.builds(Signed, keys, st.booleans(), st.none() | keys),
        st.builds(Revoked, keys),
        st.builds(Excused, st.booleans()),
    ),
    max_size=12,
)


def test_nothing_said_is_open() -> None:
    assert (NOTHING.state, NOTHING.request) == (State.OPEN, None)


def test_asking_waits_until_it_is_answered_or_taken_back() -> None:
    assert standing_of([Asked(1)]).request == 1
    assert standing_of([Asked(1), Asked(2)]).request == 2
    assert standing_of([Asked(1), Asked(2, withdrawn=True)]).request is None
    assert standing_of([Asked(1), Signed(2, True, 1)]).request is None
    assert standing_of([Asked(1), Signed(2, False)]).request == 1


def test_achieved_settles_what_was_asked_of_somebody_else() -> None:
    assert standing_of([Asked(1), Signed(2, True)]).request is None


def test_what_the_portal_asks_ends_with_the_sign_off_that_it_is_about() -> None:
    asked_again = [Signed(1, True), Asked(2, changed=True)]
    for end in (Revoked(1), Signed(3, True), Signed(3, False), Signed(3, False, 2)):
        after_it = standing_of([*asked_again, end])
        assert (after_it.request, after_it.changed) == (None, False)
    assert standing_of([*asked_again, Revoked(7)]).request == 2


def test_what_the_student_asks_goes_on_waiting_when_the_sign_off_before_is_revoked() -> None:
    standing = standing_of([Signed(1, False), Asked(2), Revoked(1)])
    assert (standing.state, standing.request) == (State.REVOKED, 2)


def test_newest_sign_off_is_the_state() -> None:
    assert standing_of([Signed(1, True)]).state == State.ACHIEVED
    assert standing_of([Signed(1, True), Signed(2, False)]).state == State.RETURNED
    assert standing_of([Signed(1, False), Signed(2, True)]).state == State.ACHIEVED


def test_revoking_the_newest_counts_and_signing_again_makes_it_good() -> None:
    assert standing_of([Signed(1, True), Revoked(1)]).state == State.REVOKED
    assert standing_of([Signed(1, True), Signed(2, True), Revoked(1)]).state == State.ACHIEVED
    assert standing_of([Signed(1, True), Revoked(1), Signed(2, True)]).state == State.ACHIEVED


def test_asking_again_leaves_the_sign_off_as_it_is() -> None:
    standing = standing_of([Signed(1, True), Asked(2)])
    assert (standing.state, standing.request, standing.sign_off) == (State.ACHIEVED, 2, 1)


def test_what_does_not_apply_comes_back_as_it_was() -> None:
    before = [Asked(1), Signed(2, False, 1), Asked(3)]
    excused = standing_of([*before, Excused()])
    assert excused.state == State.NOT_APPLICABLE
    assert after(excused, Excused(cancelled=True)) == standing_of(before)


@given(events)
def test_any_facts_say_what_the_newest_of_each_kind_says(found: list[Event]) -> None:
    standing = standing_of(found)
    signs = [event for event in found if isinstance(event, Signed)]
    newest = signs[-1] if signs else None
    assert standing.sign_off == (newest.key if newest else None)
    excused = [event for event in found if isinstance(event, Excused)]
    assert standing.excused == bool(excused and not excused[-1].cancelled)
    if newest is None:
        assert standing.state in (State.OPEN, State.NOT_APPLICABLE)
    else:
        last = len(found) - 1 - found[::-1].index(newest)
        revoked = Revoked(newest.key) in found[last:]
        assert (standing.achieved, standing.revoked) == (newest.achieved, revoked)


@given(events, events)
def test_going_on_from_what_is_kept_is_the_same_as_beginning_anew(
    first: list[Event], rest: list[Event]
) -> None:
    kept = standing_of(first)
    for event in rest:
        kept = after(kept, event)
    assert kept == standing_of([*first, *rest])
