"""The types of learning that an activity can be, in the order in which they are shown."""

from enum import StrEnum


class Learning(StrEnum):
    """How something was learned; the types that the Health and Care Professions Council tells apart."""

    WORK = "work-based"
    PROFESSIONAL = "professional"
    FORMAL = "formal"
    SELF = "self-directed"
    OTHER = "other"

    @property
    def words(self) -> str:
        """The type inside a sentence."""
        return "professional activity" if self is Learning.PROFESSIONAL else f"{self} learning"
