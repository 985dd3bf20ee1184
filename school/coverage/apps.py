"""Training coverage as an app."""

from django.apps import AppConfig


class CoverageConfig(AppConfig):
    """What training is required of whom, and who has it."""

    name = "school.coverage"
    label = "coverage"

    def ready(self) -> None:
        from school.core.files.offered import Offered, offer_kind
        from school.coverage.imports.requirements import REQUIREMENTS
        from school.coverage.policies import REFUSAL, asking_hats

        command = "import_requirements FILE"
        offer_kind(Offered(REQUIREMENTS, asking_hats, REFUSAL, command=command))
