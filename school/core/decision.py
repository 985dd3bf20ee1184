"""The answer of a policy or a rule: allowed or not, and why."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decision:
    """Falsy when refused; `reason` is a sentence for the person who was refused."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Decision(True)


def refused(reason: str) -> Decision:
    """A refusal with the sentence to show."""
    return Decision(False, reason)
