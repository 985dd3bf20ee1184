"""Recurring work about people: mail that is due."""

from django_tasks import task

from school.people import mail

# A minute's work; what is left is due in the next minute still.
MOST = 200


@task()
def send_due_mail() -> int:
    """Hand over what waits: put off by the server, or left by a killed worker."""
    return mail.send_due(MOST)
