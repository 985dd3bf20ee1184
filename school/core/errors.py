"""What an action raises when a rule says no; a page shows the message as it stands."""


class DomainError(Exception):
    """A rule refused. `message` says what is so and what to do; `field` names the form field it is about."""

    status = 422

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotAllowed(DomainError):
    """The person may not do this at all."""

    status = 403


class Conflict(DomainError):
    """The same client-made UUID came again with other content, or the record moved on meanwhile."""

    status = 409


class NotYet(DomainError):
    """What is asked for is being worked out by a worker; asked again after a while it is there."""

    status = 503
    again_after = 15  # seconds
