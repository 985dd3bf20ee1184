"""When mail may come: quiet hours and the moments of digests, on the London clock; pure."""

from datetime import date, datetime, time, timedelta

from school.core import days

# After the task that tells practice educators what is new, so that it is in the digest of its day.
DIGEST_AT = time(7, 30)

# London's clocks skip this hour on a Sunday in March.
SKIPPED = time(1)


def is_quiet(moment: datetime, begins: time | None, ends: time | None) -> bool:
    """Whether a London clock shows a time in the quiet hours, which may run over midnight.

    They begin at `begins` and are over at `ends`. In the hour that happens twice they hold twice.
    """
    if begins is None or ends is None:
        return False
    shown = days.local(moment).time()
    if begins < ends:
        return begins <= shown < ends
    return shown >= begins or shown < ends


def out_of_quiet(moment: datetime, begins: time | None, ends: time | None) -> datetime:
    """The moment itself, or the end of the quiet hours that it falls in."""
    if begins is None or ends is None or not is_quiet(moment, begins, ends):
        return moment
    here = days.local(moment)
    over_midnight = begins > ends and here.time() >= begins
    day = here.date() + days.DAY if over_midnight else here.date()
    end = _end(day, ends)
    # The hour that happens twice, in its second turn.
    return end if end > moment else days.instant(day, ends, second=True)


def _end(day: date, ends: time) -> datetime:
    if days.wall_time(day, ends) is days.WallTime.MISSING:
        return days.instant(day, SKIPPED)
    return days.instant(day, ends)


def next_digest(moment: datetime, *, weekly: bool) -> datetime:
    """The next moment, after this one, at which a digest is put together: each day, or each Monday."""
    day = days.london_day(moment)
    if weekly:
        day = days.monday(day)
    step = timedelta(days=7 if weekly else 1)
    due = days.instant(day, DIGEST_AT)
    return due if due > moment else days.instant(day + step, DIGEST_AT)
