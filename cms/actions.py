"""What lets a writer of pages into Wagtail's editor."""

from django.contrib.auth.models import Group

from school.people.models import User

# Wagtail gives rights on pages and images to groups only; cms.setup says what this one may.
WRITERS = "School pages"


def enter_editor(*, by: User) -> None:
    """Makes somebody whose roles allow it a member of the writers' group; again, it does nothing.

    Membership opens nothing by itself: cms.middleware asks the roles of today at every request.
    """
    if not by.groups.filter(name=WRITERS).exists():
        by.groups.add(Group.objects.get(name=WRITERS))
