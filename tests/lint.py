"""Everything that is checked without running the portal, in one list; tests/architecture runs the same list."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

CHECKS = {
    "style": ["ruff", "check", "--quiet"],
    "format": ["ruff", "format", "--check", "--quiet"],
    "types": ["mypy"],
    "imports": ["lint-imports", "--no-cache"],
    "templates": ["djlint", "--quiet", "--lint"],
    "template-format": ["djade", "--target-version", "5.2", "--check"],
    "dependencies": ["deptry", ".", "--no-ansi"],
    "migrations": ["python", "manage.py", "makemigrations", "--check", "--dry-run"],
}


def run(name: str) -> subprocess.CompletedProcess[str]:
    """Run one check on the tree; its output says what is wrong and where."""
    program, *arguments = CHECKS[name]
    if program in {"djlint", "djade"}:
        arguments += templates()
    with tempfile.TemporaryDirectory() as var:  # what a database holds here changes no verdict
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "school.settings.test",
            "PORTAL_VAR_DIR": var,
            "DATABASE_URL": "",
        }
        return subprocess.run(
            [str(BIN / program), *arguments],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )


def templates() -> list[str]:
    """The project's own templates."""
    return sorted(
        str(path.relative_to(ROOT))
        for app in ("school", "placements", "logbooks", "cms")
        for path in (ROOT / app).rglob("templates/**/*.html")
    )


def main() -> None:
    """Run every check, print what failed, and exit 1 when one did."""
    failed = []
    for name in CHECKS:
        done = run(name)
        print(f"{'ok  ' if done.returncode == 0 else 'FAIL'} {name}", flush=True)
        if done.returncode:
            failed.append(name)
            print(done.stdout + done.stderr, flush=True)
    sys.exit(f"Failed: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
