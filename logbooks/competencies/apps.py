"""The competency log book."""

from django.apps import AppConfig


class CompetenciesConfig(AppConfig):
    """Frameworks, the log of examinations, and sign-off."""

    name = "logbooks.competencies"

    def ready(self) -> None:
        from logbooks.competencies import (
            books_queries,
            documented,
            done,
            frameworks_queries,
            panels,
            paper,
        )
        from logbooks.competencies.actions import links
        from logbooks.competencies.actions.books import forget_erased
        from logbooks.competencies.models import Assessment, Revocation, SignOff, StageSignOff
        from school.core.files.offered import offer_kind, offer_section
        from school.core.models import Erasure
        from school.core.registries import (
            hear,
            offer_competencies,
            offer_done,
            offer_issued,
            offer_panels,
        )
        from school.people.envelope import because
        from school.people.mail import mail_refused

        offer_panels("home_later", panels.home)
        offer_kind(paper.SIGN_OFFS)
        offer_section(documented.section)
        offer_issued(books_queries.issued)
        offer_competencies(frameworks_queries.offered)
        hear(Erasure.KIND, forget_erased)
        offer_done(SignOff.KIND, done.signed)
        offer_done(Revocation.KIND, done.revoked)
        offer_done(StageSignOff.KIND, done.stages_signed)
        offer_done(Assessment.KIND, done.assessed)
        mail_refused("sign_off_link", links.note_refused)
        mail_refused("sign_off_code", links.note_refused)
        because("sign_off_receipt", "you sign in students’ log books")
        because("signing_pin", "the PIN is yours")
        because("sign_off_closed", "the log book is yours")
        because("sign_off_asked", "you sign in students’ log books")
        because("sign_off_signed", "the log book is yours")
        because("sign_off_revoked", "the log book is yours")
        because("not_applicable", "the log book is yours")
        for kind in (
            "stage_signed",
            "stage_revoked",
            "result_recorded",
            "version_moved",
            "paper_signed",
        ):
            because(kind, "the log book is yours")
        because("assessment_given", "the log book is yours")
        because("second_assessor_asked", "you assess students at your site")
        because("assessment_opened", "it is your assessment, or you gave it")
