"""What is said when a file as a whole cannot be read."""

from school.core.errors import DomainError


class FileRefused(DomainError):
    """The file cannot be read at all; nothing of it was used."""

    def __init__(self, message: str) -> None:
        super().__init__(message, field="file")
