"""Recurring work about people: mail that is due, and addresses that are good again."""

from django_tasks import task

from school.people import addresses, digests, mail

# A minute's work; what is left is due in the next minute still.
MOST = 200


@task()
def send_due_mail() -> int:
    """Hand over what waits: put off by the server, or left by a killed worker; and put together the digests that are due."""
    sent = mail.send_due(MOST)
    digests.gather_due(MOST)  # each queues its own sending
    return sent


@task()
def clear_addresses() -> int:
    """Take away the marks of addresses that mail arrives at again, or that nobody has any more."""
    return addresses.clear()
