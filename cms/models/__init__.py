"""The School's pages: home, sites, plain pages, and those of courses, events and learning material."""

from cms.models.modules import ModulePage, ModulePart
from cms.models.pages import FixedPage, HomePage, PlainPage, SchoolPage, SiteIndexPage, SitePage
from cms.models.reviewing import SecondReader
from cms.models.teaching import CourseIndexPage, CoursePage, EventPage, LearningPage

__all__ = [
    "CourseIndexPage",
    "CoursePage",
    "EventPage",
    "FixedPage",
    "HomePage",
    "LearningPage",
    "ModulePage",
    "ModulePart",
    "PlainPage",
    "SchoolPage",
    "SecondReader",
    "SiteIndexPage",
    "SitePage",
]
