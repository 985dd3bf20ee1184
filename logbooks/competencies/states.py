"""Where one competency of one student stands: what its facts, in the order of the ledger, add up to."""

import enum
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from functools import reduce


class State(enum.StrEnum):
    """What the newest facts say."""

    OPEN = "open"
    ACHIEVED = "achieved"
    RETURNED = "returned"
    REVOKED = "revoked"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody was asked to sign, or the asking was taken back. The newest asking is the one that counts.

    `changed` is an asking of the portal's own: evidence of the newest sign-off was changed after it.
    """

    key: Hashable
    withdrawn: bool = False
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Signed:
    """Somebody signed; `request` is the asking that this answers, None when they signed what they saw."""

    key: Hashable
    achieved: bool
    request: Hashable | None = None


@dataclass(frozen=True, slots=True)
class Revoked:
    """A sign-off was revoked."""

    sign_off: Hashable


@dataclass(frozen=True, slots=True)
class Excused:
    """It was approved that the competency is not asked of the student, or that it is asked again."""

    cancelled: bool = False


Event = Asked | Signed | Revoked | Excused


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a competency stands: its newest sign-off and what became of it, and the asking that waits beside it."""

    sign_off: Hashable | None = None
    achieved: bool = False
    revoked: bool = False
    request: Hashable | None = None
    # Whether it is the portal that asks, about the newest sign-off.
    changed: bool = False
    excused: bool = False

    @property
    def state(self) -> State:
        """The state in one word. What does not apply stays so whatever was signed before."""
        if self.excused:
            return State.NOT_APPLICABLE
        if self.sign_off is None:
            return State.OPEN
        if self.revoked:
            return State.REVOKED
        return State.ACHIEVED if self.achieved else State.RETURNED


NOTHING = Standing()


def after(standing: Standing, event: Event) -> Standing:
    """Where it stands once one more thing was said.

    What is signed as achieved settles whatever was asked. Not yet settles the asking that it names: one that
    waits for somebody else goes on waiting beside it. What the portal asks is about the newest sign-off, and
    ends with it. Revoking touches only the newest sign-off, since an earlier one stands no more.
    """
    match event:
        case Asked():
            if event.withdrawn:
                return _nothing_asked(standing)
            return replace(standing, request=event.key, changed=event.changed)
        case Signed():
            newest = replace(standing, sign_off=event.key, achieved=event.achieved, revoked=False)
            stays = not event.achieved and not standing.changed
            if stays and event.request != standing.request:
                return newest
            return _nothing_asked(newest)
        case Revoked():
            if event.sign_off != standing.sign_off:
                return standing
            gone = replace(standing, revoked=True)
            return _nothing_asked(gone) if standing.changed else gone
        case Excused():
            return replace(standing, excused=not event.cancelled)


def _nothing_asked(standing: Standing) -> Standing:
    return replace(standing, request=None, changed=False)


def standing_of(events: Iterable[Event]) -> Standing:
    """What all the facts about a competency, oldest first, add up to."""
    return reduce(after, events, NOTHING)
