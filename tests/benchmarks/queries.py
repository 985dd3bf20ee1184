"""How many queries each measured page takes, transaction control left out; prints them as JSON."""

import json
from types import SimpleNamespace
from typing import Any

import django

CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET ")


def main() -> list[int]:
    """The counts, in the order of tests.benchmarks.pages.MEASURES."""
    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tests.benchmarks import pages, population

    [block] = population.main(1)
    paths = population.paths()
    counts = []

    class Counting:
        """Answers requests like tests.benchmarks.servers.Server, and keeps the queries of the last."""

        last = 0

        def request(self, path: str, session: str, form: dict[str, Any] | None = None) -> Any:
            client = Client(SERVER_NAME="127.0.0.1")
            client.cookies["sessionid"] = session
            with CaptureQueriesContext(connection) as captured:
                answer = client.post(path, form) if form is not None else client.get(path)
            self.last = sum(
                not query["sql"].startswith(CONTROL) for query in captured.captured_queries
            )
            return SimpleNamespace(status=answer.status_code, body=answer.content.decode(), cpu=0.0)

    for turn, measure in enumerate(pages.MEASURES):
        number = min(turn, population.STUDENTS - 1)
        server: Any = Counting()
        # Twice, since the first fills what each process keeps.
        for one in (-2, number):
            student = block["students"][one]
            asking = student if measure.who == "student" else block[measure.who]
            person = pages.Person(asking, student, block["records"][one])
            measure.act(server, paths, person)
        counts.append(server.last)
    return counts


if __name__ == "__main__":
    print(json.dumps({"counts": main()}))
