"""How many queries measured pages take, transaction control left out; prints them as JSON.

python -m tests.benchmarks.queries NAME…
"""

import json
import sys
from types import SimpleNamespace
from typing import Any

import django

CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET ")


def main(names: list[str]) -> list[int]:
    """The counts of the measures with these names, in their order."""
    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tests.benchmarks import acts, catalogue, cpd, log_books, osces, pages, population

    asking: dict[str, list[Any]] = {}
    paths: dict[str, str] = {}
    if any(measure.name in names for measure in acts.PLACEMENTS):
        [block] = population.main(1)
        paths |= population.paths()
        for turn, measure in enumerate(acts.PLACEMENTS):
            asking[measure.name] = [
                placed(block, measure, number)
                for number in (-2, min(turn, population.STUDENTS - 1))
            ]
    if any(measure.name in names for measure in acts.COURSES):
        made = catalogue.main(2)
        paths |= made["paths"]
        for measure in acts.COURSES:
            asking[measure.name] = list(pages.learners(made["turns"], measure))
    if any(measure.name in names for measure in acts.LOG_BOOKS):
        made = log_books.main(2)
        paths |= made["paths"]
        for measure in acts.LOG_BOOKS:
            asking[measure.name] = list(pages.logs(made["turns"], measure))
    if any(measure.name in names for measure in acts.OSCES):
        made = osces.main(2)
        for measure in acts.OSCES:
            asking[measure.name] = [acts.Marking(**turn) for turn in made[measure.who]]
    if any(measure.name in names for measure in acts.CPD):
        made = cpd.main(2)
        paths |= made["paths"]
        for measure in acts.CPD:
            asking[measure.name] = [acts.Keeper(session) for session in made["sessions"]]

    class Counting:
        """Answers requests like tests.benchmarks.servers.Server, and keeps the queries of the last."""

        last = 0

        def request(
            self, path: str, session: str, form: dict[str, Any] | None = None, *, data: Any = None
        ) -> Any:
            client = Client(SERVER_NAME="127.0.0.1")
            if session:
                client.cookies["sessionid"] = session
            with CaptureQueriesContext(connection) as captured:
                if data is not None:
                    answer = client.post(path, data, content_type="application/json")
                else:
                    answer = client.post(path, form) if form is not None else client.get(path)
            self.last = sum(
                not query["sql"].startswith(CONTROL) for query in captured.captured_queries
            )
            return SimpleNamespace(status=answer.status_code, body=answer.content.decode(), cpu=0.0)

    counts = []
    by_name = {measure.name: measure for measure in acts.EVERY}
    for name in names:
        server: Any = Counting()
        # Twice, since the first fills what each process keeps.
        for person in asking[name]:
            by_name[name].act(server, paths, person)
        counts.append(server.last)
    return counts


def placed(block: dict[str, Any], measure: Any, number: int) -> Any:
    """Who asks for a page about placements."""
    from tests.benchmarks.acts import Person

    student = block["students"][number]
    asking = student if measure.who == "student" else block[measure.who]
    return Person(asking, student, block["records"][number])


if __name__ == "__main__":
    print(json.dumps({"counts": main(sys.argv[1:])}))
