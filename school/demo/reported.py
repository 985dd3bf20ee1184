"""The demo's published report: who was in date at the end of 2016, as it was known then."""

from datetime import date

from school.coverage.actions import reporting
from school.coverage.models import Publication, Report, Requirement
from school.demo.asked import SKILLS
from school.demo.run import Build

DAY = date(2016, 12, 31)


def build_reported(run: Build) -> Publication | None:
    """Drafted by the workforce manager, checked by a second one; none where the requirement of that day is not there."""
    requirement = Requirement.objects.filter(code=SKILLS).first()
    if requirement is None:
        return None
    manager, checker = run.personas["workforce_manager"], run.personas["workforce_manager_2"]
    report = reporting.draft_report(
        by=manager,
        uuid=run.uuid(),
        title="Dementia training at the end of 2016",
        for_whom="The commissioners",
        as_of=DAY,
        known_on=DAY,
        policy="adjusted",
        grouped_by=Report.By.REGION,
        audience=Report.Audience.OUTSIDE,
        requirements=[requirement],
    )
    checked = reporting.review_report(
        by=checker, report=report, seen=report.history.latest().history_id
    )
    publication = reporting.publish_report(by=manager, report=checked, uuid=run.uuid())
    reporting.make_files(publication=publication)
    return publication
