"""The programme, who is placed where, the hours they report, and what was decided about them."""

from placements.models.confirming import (
    ConfirmationLink,
    QueryReply,
    ShiftDecision,
    Wording,
)
from placements.models.hours import (
    Adjustment,
    AdjustmentProposal,
    BroughtForward,
    DayNote,
    DayType,
    HoursRule,
    PlannedShift,
    Shift,
    WeekClosed,
)
from placements.models.placing import (
    Induction,
    Override,
    Placement,
    PlacementStep,
    PlaceOffer,
    SiteAudit,
    Supervision,
)
from placements.models.programme import (
    Cohort,
    Enrolment,
    Programme,
    ProgrammeVersion,
    Stage,
    StageTask,
)
from placements.models.standing import CurrentShift, StageTally

__all__ = [
    "Adjustment",
    "AdjustmentProposal",
    "BroughtForward",
    "Cohort",
    "ConfirmationLink",
    "CurrentShift",
    "DayNote",
    "DayType",
    "Enrolment",
    "HoursRule",
    "Induction",
    "Override",
    "PlaceOffer",
    "Placement",
    "PlacementStep",
    "PlannedShift",
    "Programme",
    "ProgrammeVersion",
    "QueryReply",
    "Shift",
    "ShiftDecision",
    "SiteAudit",
    "Stage",
    "StageTally",
    "StageTask",
    "Supervision",
    "WeekClosed",
    "Wording",
]
