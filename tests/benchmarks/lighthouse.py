"""What Lighthouse says of the public pages, on the server as `make run` starts it: `python -m tests.benchmarks.lighthouse`.

Each page scores 100 for accessibility and for best practice, and 95 for performance in the median of five runs, on
the phone and the slow line that Lighthouse imitates. Exits 1 when one does not. Nothing beyond this machine is asked.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.benchmarks.crowd import serving
from tests.benchmarks.pages import manage, run
from tests.benchmarks.servers import ROOT

TOOL = ROOT / "tests" / "tools" / "lighthouse"
RUNS, PERFORMANCE = 5, 95
WHOLE = ("accessibility", "best-practices")
PATIENCE = 1800  # seconds for all pages, on two busy cores


def main() -> int:
    """Every page's scores, and whether each is met."""
    with tempfile.TemporaryDirectory(prefix="portal-lighthouse-") as folder:
        scores = measure(Path(folder))
    for path, said in scores.items():
        print(path, json.dumps(said))
    wrong = problems(scores)
    print("\n".join(wrong) or "As it should be.")
    return 1 if wrong else 0


def measure(folder: Path) -> dict[str, Any]:
    """The scores of every page by its path, from a database and a browser of their own."""
    environment = {
        "PORTAL_VAR_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "school.settings.dev",
        "DATABASE_URL": "",
    }
    manage(environment, "migrate", "--verbosity", "0")
    manage(environment, "prepare")
    manage(environment, "collectstatic", "--no-input", "--verbosity", "0")
    paths = run("tests.benchmarks.lighthouse", environment, "--gather")
    with serving(environment) as address:
        done = subprocess.run(
            ["node", "score.mjs", str(RUNS), *(address + path for path in paths)],
            cwd=TOOL, env={**os.environ, "HOME": str(folder), "CHROME_PATH": chromium()},
            capture_output=True, text=True, timeout=PATIENCE,
        )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    said = json.loads(done.stdout)
    return {path: said[address + path] for path in paths}


def chromium() -> str:
    """Debian's Chromium."""
    from school.install import find_program

    found = find_program("chromium")
    if found is None:
        raise RuntimeError("chromium is missing: `make test` installs it.")
    return str(found)


def problems(scores: dict[str, Any]) -> list[str]:
    """Every score that is too low, in a sentence with what Lighthouse noted."""
    wrong = []
    for path, said in scores.items():
        low = [f"{name} {said[name]}" for name in WHOLE if said[name] < 100]
        if statistics.median(said["performance"]) < PERFORMANCE:
            low.append(f"performance {said['performance']}")
        if low:
            wrong.append(f"{path}: {', '.join(low)}. {'; '.join(said['missed'])}")
    return wrong


def gather() -> list[str]:
    """A course with an event, a page for each, and a certificate, in the demo; the paths of the pages to score."""
    import django

    django.setup()
    from django.urls import reverse

    from cms.models import SitePage
    from school.core import badges, clock, seal
    from tests import factories
    from tests.cms.making import make_page
    from tests.courses import making
    from tests.courses.attained import attain, certify

    teacher = making.make_teacher()
    version = making.make_version("Introductory Day", by=teacher)
    event = making.make_event(version, by=teacher)
    page = make_page(event, body=[("text", "<p>Tea is on the landing from nine.</p>")])
    if not seal.certificate_file().exists():
        seal.make_key()
    if not badges.public_file().exists():
        badges.make_key()
    learner = factories.make_person("Amara Exampleton")
    day = clock.today() - timedelta(days=7)
    certificate = certify(attain(learner, version, day=day))
    return [
        "/",
        "/courses/",
        page.get_parent().url,
        page.url,
        SitePage.objects.live().earliest("pk").url,
        "/search/?words=day",
        reverse("check_certificate", args=[certificate.code]),
        reverse("account_login"),
    ]


if __name__ == "__main__":
    if sys.argv[1:] == ["--gather"]:
        print(json.dumps(gather()))
    else:
        sys.exit(main())
