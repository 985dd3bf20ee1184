"""Runs a piece of work in a process of its own, which finishes even when the process that asked for it is killed."""

import logging
import os
import signal
import threading
from collections.abc import Callable

from django.db import connections

logger = logging.getLogger(__name__)

# Held while any other thread of the process uses the database: neither SQLite nor libpq survives
# a fork in the middle of a call, and SQLite must not be open at all.
QUIET = threading.Lock()

CUT_OFF = 70  # the status of work that raised or was ended


def run(work: Callable[[], int], *, longest: int) -> int:
    """Do `work` in a forked process and give what it returned (0 to 69), or CUT_OFF.

    The child has a session and database connections of its own, ignores the signals that ask
    its parent to stop, and is ended by the kernel after `longest` seconds unless `work` lifts that
    with `no_longer_limited`. The work must have committed whatever it did.
    """
    with QUIET:
        connections.close_all()
        child = os.fork()
    if child == 0:
        status = CUT_OFF
        try:
            os.setsid()
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
                signal.signal(number, signal.SIG_IGN)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(longest)
            status = work()
        except BaseException:
            logger.exception("Work in a process of its own failed")
        finally:
            # Not sys.exit: the parent's exit handlers are the parent's.
            os._exit(status)
    _, ended = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(ended) if os.WIFEXITED(ended) else CUT_OFF


def no_longer_limited() -> None:
    """Lift the limit on the time of the work under way."""
    signal.alarm(0)
