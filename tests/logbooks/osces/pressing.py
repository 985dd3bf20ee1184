"""Pages as a person uses them: by their buttons alone."""

import re

from django.test import Client


def press(client: Client, page: str, button: str) -> str:
    """Sends the form of a page that has a button, as a person would; what the next page says."""
    shown = client.get(page).content.decode()
    found = re.search(r'<form method="post" action="([^"]+)">((?:(?!</form>).)*?)' + button, shown, re.S)  # fmt: skip
    assert found, button
    hidden = dict(re.findall(r'name="(\w+)" value="([^"]*)"', found[2]))
    answer = client.post(found[1], hidden, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()
