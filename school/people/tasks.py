"""Recurring work about people: mail that is due, and addresses that are good again."""

from django_tasks import task

from school.people import addresses, digests, mail

# A minute's work; what is left is due in the next minute still.
MOST = 200


@task()
def send_due_mail() -> int:
    """Put together the digests that are due, and hand over what waits: put off by the server, or left by a killed worker."""
    digests.gather_due(MOST)
    return mail.send_due(MOST)


@task()
def clear_addresses() -> int:
    """Take away the marks of addresses that mail arrives at again, or that nobody has any more."""
    return addresses.clear()
