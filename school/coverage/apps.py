"""Training coverage as an app."""

from datetime import time

from django.apps import AppConfig


class CoverageConfig(AppConfig):
    """What training is required of whom, and who has it."""

    name = "school.coverage"
    label = "coverage"

    def ready(self) -> None:
        from school.core import jobs
        from school.core.files.offered import Offered, offer_kind, offer_section
        from school.core.registries import hear, offer_issued, offer_panels
        from school.courses.models import Equivalence
        from school.coverage import (
            irmer_work,
            publication_files,
            publishing_work,
            reminding,
            standing,
        )
        from school.coverage.imports import documented
        from school.coverage.imports.exemptions import EXEMPTIONS
        from school.coverage.imports.requirements import REQUIREMENTS
        from school.coverage.models import RequirementVersion
        from school.coverage.policies import REFUSAL, asking_hats
        from school.coverage.views import overview, passport
        from school.people.envelope import because

        command = "import_requirements FILE"
        offer_kind(Offered(REQUIREMENTS, asking_hats, REFUSAL, command=command))
        command = "import_requirements --exemptions FILE"
        offer_kind(Offered(EXEMPTIONS, asking_hats, REFUSAL, command=command))
        offer_section(documented.section)
        offer_panels("learning", passport.learning)
        offer_panels("home_later", overview.home)
        offer_issued(publication_files.issued)
        # Each makes work for everybody's state, which nobody who looks at a page should have to wait for.
        hear(RequirementVersion.KIND, standing.hear)
        hear(Equivalence.KIND, standing.hear)
        jobs.register("coverage.publish_due", publishing_work.publish_due, at=time(6, 20))
        # Before the digests of the day are put together.
        jobs.register("coverage.remind", reminding.remind, at=time(7, 10))
        because(reminding.OWN, "your post asks for training that is due")
        because(reminding.OTHERS, "you answer for people whose training is due")
        because("publication_sent", "the report was sent to you")
        jobs.register("coverage.old_irmer_pages", irmer_work.clear_old, at=time(3, 50))
