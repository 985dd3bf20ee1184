"""The School in the demo: what it teaches, who came and comes, and what its people have on record."""

from datetime import timedelta
from io import BytesIO

from PIL import Image, ImageDraw

from school.courses.actions import claiming
from school.courses.models import Course
from school.demo import coming, courses, learned, pages, past
from school.demo.diary import Diary
from school.demo.run import Build


def build_learning(run: Build) -> None:
    """Courses, events to come and of the past, attainments, a claim, and the public pages of it all."""
    courses.build_courses(run)
    diary = Diary(run, learned.build_learned(run))
    over, open_still = past.build_past(diary)
    ahead = coming.build_coming(diary)
    diary.made.write()
    past.keep_registers(diary, over, open_still)
    _claim(run)
    pages.build_pages(run, ahead)


def _claim(run: Build) -> None:
    """The radiographer among the personas learned something at a university, and shows a picture of the paper."""
    claiming.claim_attainment(
        by=run.personas["practice_educator"],
        course=Course.objects.get(code="teaching-students"),
        day=run.today - timedelta(days=120),
        given_by="University of Cumbria",
        data=_paper(),
        uuid=run.uuid(),
        note="Two days on supervising students, with an assessment. The paper names the outcomes on its back.",
    )


def _paper() -> bytes:
    """A picture of a certificate that nobody could take for a real one."""
    picture = Image.new("RGB", (900, 640), "#fbf8f2")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((30, 30, 870, 610), outline="#7a6a55", width=4)
    for line, (text, size) in enumerate(
        (
            ("Certificate of attendance", 48),
            ("Dilys Sampleby", 40),
            ("Supervising students on placement, two days", 28),
            ("An invented paper of the demo", 22),
        )
    ):
        draw.text((450, 140 + 110 * line), text, fill="#2b2b2b", anchor="mm", font_size=size)
    held = BytesIO()
    picture.save(held, format="PNG")
    return held.getvalue()
