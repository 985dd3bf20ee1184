"""The invented people that a newcomer signs in as: one for each role."""

from dataclasses import dataclass

from school.people import roles
from school.people.roles import Role

PASSWORD = "only in the demo 2026"
# The same authenticator secret for every persona whose role asks for a second factor.
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SITE = "Cumberland Infirmary"


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody to sign in as; `where` is the kind of scope the role is granted on."""

    key: str
    name: str
    role: Role
    where: str

    @property
    def email(self) -> str:
        return f"{self.key.replace('_', '.')}@demo.example"


PERSONAS = (
    Persona("student", "Amara Exampleton", roles.STUDENT, "cohort"),
    Persona("student_2", "Ben Placeholder", roles.STUDENT, "cohort"),
    Persona("practice_educator", "Dilys Sampleby", roles.PRACTICE_EDUCATOR, "site"),
    Persona("site_lead", "Farid Standin", roles.SITE_LEAD, "site"),
    Persona("radiation_protection", "Maya Notreal", roles.RADIATION_PROTECTION_SUPERVISOR, "site"),
    Persona("coordinator", "Esme Fictionby", roles.COORDINATOR, "network"),
    Persona("university_tutor", "Greta Testwell", roles.UNIVERSITY_TUTOR, "programme"),
    Persona("programme_lead", "Hassan Modelby", roles.PROGRAMME_LEAD, "programme"),
    Persona("school_educator", "Ines Draftly", roles.SCHOOL_EDUCATOR, "network"),
    Persona("workforce_manager", "Jonah Protoford", roles.WORKFORCE_MANAGER, "network"),
    Persona("report_viewer", "Keira Figment", roles.REPORT_VIEWER, "network"),
    # Whoever drafts a report needs somebody else to check it.
    Persona("workforce_manager_2", "Noor Notional", roles.WORKFORCE_MANAGER, "network"),
    # So does whoever writes a station or an exam.
    Persona("school_educator_2", "Owen Pretendly", roles.SCHOOL_EDUCATOR, "network"),
    Persona("external_examiner", "Petra Mockford", roles.EXTERNAL_EXAMINER, "network"),
    Persona("administrator", "Lewis Anonby", roles.ADMINISTRATOR, "network"),
)
