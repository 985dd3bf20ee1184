"""Makes a clone ready to run or to test: virtual environment, pinned packages, system libraries, database, data.

Runs on the system's Python before anything is installed, so it imports the standard library only.
Each step leaves a stamp of what it was made from and is skipped while that has not changed.
"""

import argparse
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from ctypes.util import find_library
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
VAR = Path(os.environ.get("PORTAL_VAR_DIR", ROOT / "var"))
SOURCES = ("school", "placements", "logbooks", "cms")

# The libraries WeasyPrint draws with when it prints a document, each with the Debian package that brings it.
LIBRARIES = {
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz": "libharfbuzz0b",
    "harfbuzz-subset": "libharfbuzz-subset0",
    "fontconfig": "libfontconfig1",
}
FONTS = {"/usr/share/fonts/truetype/dejavu": "fonts-dejavu-core"}
# The programs that the tests start.
PROGRAMS = {
    "chromium": "chromium",
    "pdftotext": "poppler-utils",
    "initdb": "postgresql",
    "khal": "khal",
}


def main() -> None:
    """Carry out the steps for `setup` or `tests`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("purpose", choices=["setup", "tests"])
    purpose = parser.parse_args().purpose
    system_packages(PROGRAMS if purpose == "tests" else {})
    python_packages("requirements-dev.txt" if purpose == "tests" else "requirements.txt")
    if purpose == "setup":
        database()
        static_files()


def system_packages(programs: dict[str, str]) -> None:
    """Install the system packages that are missing when root; otherwise stop with the line that would."""
    missing = [package for library, package in LIBRARIES.items() if not find_library(library)]
    missing += [package for folder, package in FONTS.items() if not Path(folder).is_dir()]
    missing += [package for program, package in programs.items() if not find_program(program)]
    if not VENV.exists() and importlib.util.find_spec("ensurepip") is None:
        missing.append(f"python{sys.version_info.major}.{sys.version_info.minor}-venv")
    if not missing:
        return
    if shutil.which("apt-get") is None:
        sys.exit(
            f"Install these with your system's package manager, then start again: {' '.join(missing)}"
        )
    line = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if os.geteuid() != 0:
        sys.exit(
            f"System packages are missing. Run this line, then start again:\n\n  sudo {' '.join(line)}\n"
        )
    say(f"Installing system packages: {' '.join(missing)}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update", "-qq"], env=quiet)
    run([*line[:2], "-qq", *line[2:]], env=quiet)


def find_program(name: str) -> str | None:
    """Where a program is, looking also where Debian keeps PostgreSQL's server programs."""
    found = shutil.which(name)
    if found:
        return found
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(kept[-1]) if kept else None


def python_packages(lock: str) -> None:
    """Make the virtual environment and install what the lock file pins, hash by hash.

    The development lock holds everything the other one holds, so installing it satisfies both.
    """
    stamp = VENV / "portal-installed.json"
    locks = {name: digest([ROOT / name]) for name in ("requirements.txt", "requirements-dev.txt")}
    held = json.loads(stamp.read_text()) if stamp.exists() and PYTHON.exists() else {}
    if held.get(lock) == locks[lock]:
        return
    if not PYTHON.exists():
        say("Making the virtual environment")
        run([sys.executable, "-m", "venv", str(VENV)])
    say(f"Installing the packages pinned in {lock}")
    run([str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
         "--no-input", "--require-hashes", "-r", str(ROOT / lock)])  # fmt: skip
    installed = locks if lock == "requirements-dev.txt" else {**held, lock: locks[lock]}
    stamp.write_text(json.dumps(installed))


def database() -> None:
    """Create or migrate the database and load what the portal ships with and the demo network."""
    made_from = digest(code_files())
    stamp = VAR / "stamps" / "database"
    elsewhere = bool(os.environ.get("DATABASE_URL"))
    present = (VAR / "portal.sqlite3").exists()
    if not elsewhere and present and is_stamped(stamp, made_from):
        return
    say("Preparing the database")
    VAR.mkdir(parents=True, exist_ok=True)
    manage("migrate", "--verbosity=0", "--no-input")
    manage("prepare")
    if not elsewhere:
        set_stamp(stamp, made_from)


def static_files() -> None:
    """Collect and compress the static files into var/static."""
    made_from = digest([ROOT / "requirements.txt", *static_sources()])
    stamp = VAR / "stamps" / "static"
    if (VAR / "static").exists() and is_stamped(stamp, made_from):
        return
    say("Collecting static files")
    manage("collectstatic", "--verbosity=0", "--no-input", "--clear")
    set_stamp(stamp, made_from)


def code_files() -> Iterator[Path]:
    """The project's code and data: everything that could change what the database should hold."""
    yield ROOT / "requirements.txt"
    for source in SOURCES:
        for path in sorted((ROOT / source).rglob("*")):
            if path.is_file() and not {"templates", "static", "__pycache__"} & set(path.parts):
                yield path


def static_sources() -> Iterator[Path]:
    """The project's own static files, and the settings that say how they are stored."""
    yield from sorted(path for path in (ROOT / "static").rglob("*") if path.is_file())
    yield from sorted((ROOT / "school" / "settings").glob("*.py"))
    for source in SOURCES:
        yield from sorted(path for path in (ROOT / source).rglob("static/**/*") if path.is_file())


def digest(paths: Iterator[Path] | list[Path]) -> str:
    """One SHA-256 over the names and contents of files."""
    whole = hashlib.sha256()
    for path in paths:
        whole.update(f"{path.relative_to(ROOT)}\0".encode())
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def is_stamped(stamp: Path, made_from: str) -> bool:
    """Whether a step was last carried out on exactly these inputs."""
    return stamp.exists() and stamp.read_text() == made_from


def set_stamp(stamp: Path, made_from: str) -> None:
    """Remember what a step was carried out on."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(made_from)


def manage(*arguments: str) -> None:
    """Run one management command in the virtual environment."""
    run([str(PYTHON), "manage.py", *arguments])


def run(command: list[str], env: dict[str, str] | None = None) -> None:
    """Run a command without input and stop when it fails."""
    done = subprocess.run(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL)
    if done.returncode:
        sys.exit(f"This failed, and nothing after it was done: {' '.join(command)}")


def say(line: str) -> None:
    """Tell the reader what is being done, at once."""
    print(line, flush=True)


if __name__ == "__main__":
    main()
