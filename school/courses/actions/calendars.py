"""The secret address of somebody's calendar: made when first asked for, and made anew."""

from school.courses.models import CalendarFeed
from school.courses.models.calendars import new_token
from school.people.models import Person


def make_feed(*, by: Person) -> CalendarFeed:
    """Makes one's own address; asked for again it stays the same."""
    return CalendarFeed.objects.get_or_create(person=by)[0]


def renew_feed(*, by: Person) -> CalendarFeed:
    """Makes one's own address anew: the old one is found no more."""
    return CalendarFeed.objects.update_or_create(person=by, defaults={"token": new_token()})[0]
