"""What training is required of whom, who is exempt, what each person had satisfied when, and what was published of it."""

from school.coverage.models.drafts import RequirementDraft as RequirementDraft
from school.coverage.models.publications import Frozen as Frozen
from school.coverage.models.publications import Publication as Publication
from school.coverage.models.publications import PublicationFiles as PublicationFiles
from school.coverage.models.publications import Report as Report
from school.coverage.models.publications import Schedule as Schedule
from school.coverage.models.publications import Sending as Sending
from school.coverage.models.publications import Withdrawal as Withdrawal
from school.coverage.models.reminders import Reminded as Reminded
from school.coverage.models.requirements import Accepted as Accepted
from school.coverage.models.requirements import Exemption as Exemption
from school.coverage.models.requirements import Requirement as Requirement
from school.coverage.models.requirements import RequirementVersion as RequirementVersion
from school.coverage.models.requirements import Whom as Whom
from school.coverage.models.standing import Satisfied as Satisfied
from school.coverage.models.standing import TakenIn as TakenIn
from school.coverage.models.tokens import ApiToken as ApiToken
