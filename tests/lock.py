"""Compiles the lock files: every version pinned with its hashes, and no address in them."""

import subprocess
import sys

OPTIONS = [
    *("--universal", "--python-version", "3.11", "--generate-hashes", "--upgrade", "--quiet"),
    *("--no-header", "--no-emit-index-url", "--no-emit-find-links", "--no-emit-index-annotation"),
]


def main() -> None:
    """Pin what runs first, then what tests it beside exactly those versions."""
    compile_ = [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", *OPTIONS]
    subprocess.run([*compile_, "-o", "requirements.txt"], check=True)
    subprocess.run(
        [*compile_, "--group", "dev", "-c", "requirements.txt", "-o", "requirements-dev.txt"],
        check=True,
    )


if __name__ == "__main__":
    main()
